//! Reading values with every problem told at its place.

use crate::Problem;
use awm_asl::pointer::{join, join_index};
use serde_json::{Map, Value};

/// A value and where it is.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

/// An object whose fields are taken one by one; what is left over is a problem.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    pub(crate) pointer: String,
    known: Vec<&'static str>,
}

/// What was found wrong so far.
pub(crate) type Problems = Vec<Problem>;

impl<'a> At<'a> {
    pub(crate) fn root(value: &'a Value) -> Self {
        Self {
            value,
            pointer: String::new(),
        }
    }

    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.pointer.clone(), message)
    }

    /// The fields of an object.
    pub(crate) fn fields(&self, what: &str, problems: &mut Problems) -> Option<Fields<'a>> {
        match self.value {
            Value::Object(map) => Some(Fields {
                map,
                pointer: self.pointer.clone(),
                known: Vec::new(),
            }),
            other => {
                problems.push(
                    self.problem(format!("{what} must be an object, not {}", kind_of(other))),
                );
                None
            }
        }
    }

    /// The entries of an object whose names are the author's.
    pub(crate) fn entries(&self, what: &str, problems: &mut Problems) -> Vec<(&'a str, At<'a>)> {
        let Some(fields) = self.fields(what, problems) else {
            return Vec::new();
        };
        let entries = fields.map.iter();
        entries
            .map(|(name, value)| {
                let pointer = join(&self.pointer, name);
                (name.as_str(), At { value, pointer })
            })
            .collect()
    }

    /// The items of an array; a value that is none stands for an array of itself.
    pub(crate) fn one_or_more(&self) -> Vec<At<'a>> {
        match self.value {
            Value::Array(items) => self.items_of(items),
            _ => vec![self.clone()],
        }
    }

    /// The items of an array.
    pub(crate) fn items(&self, what: &str, problems: &mut Problems) -> Vec<At<'a>> {
        match self.value {
            Value::Array(items) => self.items_of(items),
            other => {
                problems
                    .push(self.problem(format!("{what} must be a list, not {}", kind_of(other))));
                Vec::new()
            }
        }
    }

    fn items_of(&self, items: &'a [Value]) -> Vec<At<'a>> {
        let at = |(index, value)| At {
            value,
            pointer: join_index(&self.pointer, index),
        };
        items.iter().enumerate().map(at).collect()
    }

    pub(crate) fn text(&self, what: &str, problems: &mut Problems) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            other => {
                problems
                    .push(self.problem(format!("{what} must be a string, not {}", kind_of(other))));
                None
            }
        }
    }

    pub(crate) fn texts(&self, what: &str, problems: &mut Problems) -> Vec<String> {
        self.one_or_more()
            .iter()
            .filter_map(|item| item.text(what, problems))
            .collect()
    }

    pub(crate) fn whole_number(&self, what: &str, problems: &mut Problems) -> Option<u64> {
        let number = self.value.as_u64();
        if number.is_none() {
            problems.push(self.problem(format!("{what} must be a whole number from 0")));
        }
        number
    }
}

impl<'a> Fields<'a> {
    /// A field, if it is there.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<At<'a>> {
        self.known.push(name);
        Some(At {
            value: self.map.get(name)?,
            pointer: join(&self.pointer, name),
        })
    }

    pub(crate) fn text(&mut self, name: &'static str, problems: &mut Problems) -> Option<String> {
        self.take(name)?.text(&format!("`{name}`"), problems)
    }

    /// Tells of fields that nobody took.
    pub(crate) fn finish(self, problems: &mut Problems) {
        for name in self.map.keys() {
            if self.known.contains(&name.as_str()) {
                continue;
            }
            let near = nearest(name, self.known.iter().copied());
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", self.known.join(", ")),
            };
            problems.push(Problem::new(
                join(&self.pointer, name),
                format!("`{name}` is not known here; {hint}"),
            ));
        }
    }
}

/// What a value is, in words.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The known name that is meant by one with a slip or two.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_lowercase();
    let most = (name.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, by one row.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.chars().zip(row.iter_mut().skip(1)) {
            let above = *cell;
            let value = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(left + 1);
            (diagonal, left) = (above, value);
            *cell = value;
        }
    }
    row.last().copied().unwrap_or_default()
}
