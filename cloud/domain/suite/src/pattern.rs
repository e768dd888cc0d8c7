//! What a value is expected to be, and where it is something else.

use crate::placeholder::Placeholder;
use crate::read::{At, Problems, kind_of};
use awm_asl::jsonata::{Bindings, Expression, Session, expression_of};
use awm_asl::path::Variables;
use awm_asl::pointer::{join, join_index};
use awm_asl::random::Seeded;
use regex::Regex;
use serde::Serialize;
use serde_json::Value;

/// What a value is expected to be: itself, or by an operator, a placeholder or a condition at any depth.
#[derive(Clone, Debug)]
pub struct Pattern {
    form: Form,
    /// As written.
    written: Value,
}

#[derive(Clone, Debug)]
enum Form {
    Value,
    Object {
        fields: Vec<(String, Pattern)>,
        open: bool,
    },
    Array(Vec<Pattern>),
    Placeholder(Placeholder),
    Regex(Regex),
    Condition(std::sync::Arc<Expression>),
    OneOf(Vec<Pattern>),
    Not(Box<Pattern>),
    Contains(Vec<Pattern>),
}

/// What conditions read beside `$value`.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// `$input`: the input of the run.
    pub input: &'a Value,
    /// What `$now()` tells: milliseconds since the Unix epoch.
    pub now: i64,
}

/// A place where a value is not what was expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mismatch {
    /// The JSON Pointer into the value.
    pub pointer: String,
    /// What was expected, in words or as JSON.
    pub expected: String,
    /// What came; none for nothing.
    pub actual: Option<Value>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Pattern {
    /// Reads a pattern from its value.
    pub(crate) fn read(at: &At<'_>, problems: &mut Problems) -> Option<Self> {
        read(at, false, problems)
    }

    /// A pattern that only the value itself matches.
    pub fn exactly(value: Value) -> Self {
        Self {
            form: Form::Value,
            written: value,
        }
    }

    /// The pattern that a value is written for; none if it is no pattern.
    pub fn of(value: &Value) -> Option<Self> {
        read(&At::root(value), false, &mut Vec::new())
    }

    /// As a file has it: a value that would be read as something else is set within `$exactly`.
    pub fn to_value(&self) -> Value {
        if matches!(self.form, Form::Value) && !is_plain(&self.written) {
            return serde_json::json!({ "$exactly": self.written });
        }
        self.written.clone()
    }

    /// As written.
    pub fn written(&self) -> &Value {
        &self.written
    }

    /// Where a value is something else; nothing if it is as expected.
    pub fn check(&self, value: &Value, given: Given<'_>) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.compare(value, given, "", &mut found);
        found
    }

    /// Where a value that may be missing is something else.
    pub fn check_optional(&self, value: Option<&Value>, given: Given<'_>) -> Vec<Mismatch> {
        match value {
            Some(value) => self.check(value, given),
            None if self.may_be_absent() => Vec::new(),
            None => vec![Mismatch {
                pointer: String::new(),
                expected: self.told(),
                actual: None,
            }],
        }
    }

    fn may_be_absent(&self) -> bool {
        matches!(self.form, Form::Placeholder(Placeholder::Absent))
    }

    fn told(&self) -> String {
        match &self.form {
            Form::Placeholder(word) => word.name().to_owned(),
            Form::Regex(regex) => format!("text that matches `{regex}`"),
            Form::Condition(expression) => format!("`{}` to hold", expression.source()),
            _ => self.written.to_string(),
        }
    }

    // The depth of a pattern is bounded by that of the file that it was read from.
    fn compare(&self, value: &Value, given: Given<'_>, pointer: &str, found: &mut Vec<Mismatch>) {
        let holds = match &self.form {
            Form::Value => return compare_values(&self.written, value, pointer, found),
            Form::Object { fields, open } => {
                if let Value::Object(map) = value {
                    for (name, pattern) in fields {
                        let at = join(pointer, name);
                        match map.get(name) {
                            Some(value) => pattern.compare(value, given, &at, found),
                            None if pattern.may_be_absent() => {}
                            None => found.push(missing(at, pattern.told())),
                        }
                    }
                    let known = |name: &str| fields.iter().any(|(known, _)| known == name);
                    for (name, value) in map.iter().filter(|(name, _)| !*open && !known(name)) {
                        found.push(superfluous(join(pointer, name), value));
                    }
                    return;
                }
                false
            }
            Form::Array(patterns) => {
                if let Value::Array(items) = value {
                    for (index, pattern) in patterns.iter().enumerate() {
                        let at = join_index(pointer, index);
                        match items.get(index) {
                            Some(item) => pattern.compare(item, given, &at, found),
                            None => found.push(missing(at, pattern.told())),
                        }
                    }
                    for (index, item) in items.iter().enumerate().skip(patterns.len()) {
                        found.push(superfluous(join_index(pointer, index), item));
                    }
                    return;
                }
                false
            }
            Form::Placeholder(word) => word.holds(value),
            Form::Regex(regex) => value.as_str().is_some_and(|text| regex.is_match(text)),
            Form::Condition(expression) => match condition(expression, value, given) {
                Ok(holds) => holds,
                Err(why) => {
                    found.push(Mismatch {
                        pointer: pointer.to_owned(),
                        expected: format!("{}, but {why}", self.told()),
                        actual: Some(value.clone()),
                    });
                    return;
                }
            },
            Form::OneOf(patterns) => patterns
                .iter()
                .any(|pattern| pattern.check(value, given).is_empty()),
            Form::Not(pattern) => !pattern.check(value, given).is_empty(),
            Form::Contains(patterns) => match value {
                Value::Array(items) => {
                    let lacking = patterns.iter().filter(|pattern| {
                        !items
                            .iter()
                            .any(|item| pattern.check(item, given).is_empty())
                    });
                    found.extend(lacking.map(|pattern| Mismatch {
                        pointer: pointer.to_owned(),
                        expected: format!("an item {}", pattern.told()),
                        actual: Some(value.clone()),
                    }));
                    return;
                }
                Value::String(text) => patterns.iter().all(|pattern| {
                    pattern
                        .written
                        .as_str()
                        .is_some_and(|part| text.contains(part))
                }),
                _ => false,
            },
        };
        if !holds {
            found.push(Mismatch {
                pointer: pointer.to_owned(),
                expected: self.told(),
                actual: Some(value.clone()),
            });
        }
    }
}

/// Whether a value stands for itself.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => Placeholder::named(text).is_none() && expression_of(text).is_none(),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(map) => {
            let operator = map.len() == 1 && map.keys().any(|name| name.starts_with('$'));
            !operator && map.values().all(is_plain)
        }
        _ => true,
    }
}

fn missing(pointer: String, expected: String) -> Mismatch {
    Mismatch {
        pointer,
        expected,
        actual: None,
    }
}

fn superfluous(pointer: String, value: &Value) -> Mismatch {
    Mismatch {
        pointer,
        expected: "nothing".to_owned(),
        actual: Some(value.clone()),
    }
}

/// Compares by value: `1` is `1.0`, and the order of fields says nothing.
pub(crate) fn compare_values(
    expected: &Value,
    actual: &Value,
    pointer: &str,
    found: &mut Vec<Mismatch>,
) {
    match (expected, actual) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, expected) in a {
                let at = join(pointer, name);
                match b.get(name) {
                    Some(actual) => compare_values(expected, actual, &at, found),
                    None => found.push(missing(at, expected.to_string())),
                }
            }
            for (name, value) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
                found.push(superfluous(join(pointer, name), value));
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for (index, expected) in a.iter().enumerate() {
                let at = join_index(pointer, index);
                match b.get(index) {
                    Some(actual) => compare_values(expected, actual, &at, found),
                    None => found.push(missing(at, expected.to_string())),
                }
            }
            for (index, item) in b.iter().enumerate().skip(a.len()) {
                found.push(superfluous(join_index(pointer, index), item));
            }
        }
        (Value::Number(a), Value::Number(b)) if a == b || a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        _ => found.push(Mismatch {
            pointer: pointer.to_owned(),
            expected: expected.to_string(),
            actual: Some(actual.clone()),
        }),
    }
}

struct Names<'a>([(&'static str, &'a Value); 2]);

impl Variables for Names<'_> {
    fn variable(&self, name: &str) -> Option<&Value> {
        let mut all = self.0.iter();
        all.find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }
    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }
}

fn condition(expression: &Expression, value: &Value, given: Given<'_>) -> Result<bool, String> {
    let names = Names([("value", value), ("input", given.input)]);
    let bindings = Bindings {
        states: &[],
        variables: &names,
        now: given.now,
    };
    let answer = Session::new(bindings, &mut Seeded::new(0))
        .evaluate(expression)
        .map_err(|error| error.to_string())?;
    match answer {
        Some(Value::Bool(holds)) => Ok(holds),
        Some(other) => Err(format!("it gives {}, not a boolean", kind_of(&other))),
        None => Err("it gives nothing".to_owned()),
    }
}

fn read(at: &At<'_>, open: bool, problems: &mut Problems) -> Option<Pattern> {
    let form = match at.value {
        Value::String(text) => match (Placeholder::named(text), expression_of(text)) {
            (Some(word), _) => Form::Placeholder(word),
            (None, Some(source)) => Form::Condition(parse(at, source, problems)?),
            (None, None) => Form::Value,
        },
        Value::Array(_) => {
            let items = at.items("a list", problems);
            let all = items.iter().map(|item| read(item, open, problems));
            Form::Array(all.collect::<Option<_>>()?)
        }
        Value::Object(map) => {
            let mut names = map.keys();
            match (names.next(), names.next()) {
                (Some(name), None) if name.starts_with('$') => {
                    return operator(at, name, problems);
                }
                _ => {}
            }
            let entries = at.entries("an object", problems);
            let all = entries
                .iter()
                .map(|(name, at)| Some(((*name).to_owned(), read(at, open, problems)?)));
            Form::Object {
                fields: all.collect::<Option<_>>()?,
                open,
            }
        }
        _ => Form::Value,
    };
    Some(Pattern {
        form,
        written: at.value.clone(),
    })
}

const OPERATORS: &str = "$exactly, $subset, $jsonata, $regex, $oneOf, $not, $contains";

fn operator(at: &At<'_>, name: &str, problems: &mut Problems) -> Option<Pattern> {
    let (_, inner) = at.entries("an operator", problems).into_iter().next()?;
    let form = match name {
        "$exactly" => return Some(Pattern::exactly(inner.value.clone())),
        "$subset" => {
            let pattern = read(&inner, true, problems)?;
            return Some(Pattern {
                written: at.value.clone(),
                ..pattern
            });
        }
        "$jsonata" => {
            let text = inner.text("`$jsonata`", problems)?;
            let source = expression_of(&text).unwrap_or(&text);
            Form::Condition(parse(&inner, source, problems)?)
        }
        "$regex" => {
            let text = inner.text("`$regex`", problems)?;
            match Regex::new(&text) {
                Ok(regex) => Form::Regex(regex),
                Err(error) => {
                    let why = error.to_string();
                    let why = why.lines().last().unwrap_or_default().trim();
                    problems
                        .push(inner.problem(format!("`{text}` is no regular expression: {why}")));
                    return None;
                }
            }
        }
        "$not" => Form::Not(Box::new(read(&inner, false, problems)?)),
        "$oneOf" | "$contains" => {
            let open = name == "$contains";
            let items = match open {
                true => inner.one_or_more(),
                false => inner.items("`$oneOf`", problems),
            };
            let all: Option<Vec<_>> = items
                .iter()
                .map(|item| read(item, open, problems))
                .collect();
            match open {
                true => Form::Contains(all?),
                false => Form::OneOf(all?),
            }
        }
        _ => {
            problems.push(inner.problem(format!("`{name}` is no operator; known are {OPERATORS}")));
            return None;
        }
    };
    Some(Pattern {
        form,
        written: at.value.clone(),
    })
}

fn parse(at: &At<'_>, source: &str, problems: &mut Problems) -> Option<std::sync::Arc<Expression>> {
    match Expression::parse(source) {
        Ok(expression) => Some(expression.into()),
        Err(error) => {
            problems.push(at.problem(format!("`{source}` is no JSONata: {error}")));
            None
        }
    }
}
