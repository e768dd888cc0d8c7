//! [`Path`] to value.

use super::{Function, Path, Root, Scope, Step};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Why a path names nothing: what AWS writes after `Invalid path '…' : `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PathError {
    /// The words.
    pub message: String,
    /// Whether an index is past the end of an array, which templates put up with.
    pub past_the_end: bool,
}

impl PathError {
    fn new(message: String) -> Self {
        Self {
            message,
            past_the_end: false,
        }
    }
}

pub(super) fn evaluate<'a>(path: &Path, scope: &Scope<'a>) -> Result<Cow<'a, Value>, PathError> {
    let root: &'a Value = match &path.root {
        Root::Input => scope.input,
        Root::Context => scope.context,
        Root::Variable(name) => scope
            .variables
            .variable(name)
            .ok_or_else(|| PathError::new(format!("No results for path: ${name}")))?,
    };
    let found = if path.is_definite() {
        Cow::Borrowed(descend(path, root)?)
    } else {
        let found = matches(root, root, &path.steps)
            .filter(|found| is_moderate(found))
            .ok_or_else(|| PathError::new("the path leads to too many values".to_owned()))?;
        Cow::Owned(Value::Array(
            found.into_iter().map(Cow::into_owned).collect(),
        ))
    };
    let found = match path.steps.last() {
        // Several names at the end make an object of these.
        Some(Step::Names(names)) if names.len() > 1 && path.is_definite() => {
            Cow::Owned(pick(&found, names))
        }
        _ => found,
    };
    match path.function {
        None => Ok(found),
        Some(function) => apply(function, &found).map(Cow::Owned).ok_or_else(|| {
            PathError::new(
                "Aggregation function attempted to calculate value using empty array".to_owned(),
            )
        }),
    }
}

/// Goes down a path that can name one place only.
fn descend<'a>(path: &Path, root: &'a Value) -> Result<&'a Value, PathError> {
    let mut current = root;
    for (index, step) in path.steps.iter().enumerate() {
        let is_leaf = index + 1 == path.steps.len();
        let next = match step {
            Step::Names(names) => {
                let Value::Object(map) = current else {
                    return Err(PathError::new(format!(
                        "Expected to find an object with property {} in path {} but found '{}'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
                        fragment(step),
                        canonical(&path.steps, index),
                        class_name(current),
                    )));
                };
                match names.as_slice() {
                    [name] => get(map, name),
                    _ => Some(current),
                }
            }
            Step::Indexes(indexes) => {
                let Value::Array(list) = current else {
                    return Err(PathError::new(format!(
                        "Filter: {} can only be applied to arrays. Current context is: {}",
                        fragment(step),
                        current,
                    )));
                };
                indexes
                    .first()
                    .and_then(|at| list.get(place(*at, list.len())?))
            }
            _ => None,
        };
        current = match next {
            Some(next) => next,
            None if is_leaf || matches!(step, Step::Indexes(_)) => {
                return Err(PathError {
                    message: format!(
                        "No results for path: {}",
                        canonical(&path.steps, path.steps.len())
                    ),
                    past_the_end: matches!(step, Step::Indexes(_)),
                });
            }
            None => {
                return Err(PathError::new(format!(
                    "Missing property in path {}",
                    canonical(&path.steps, index + 1)
                )));
            }
        };
    }
    Ok(current)
}

/// A field of an object. In a small one it is quicker to look at each name than to hash the one that is looked for.
fn get<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    const SMALL: usize = 8;
    if map.len() > SMALL {
        return map.get(name);
    }
    map.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// Values that steps may lead to. Data of 256 KiB has fewer; only steps that lead to the same again and again reach more.
const MAX_FOUND: usize = 500_000;

/// Values, with those in them, that a path may give.
const MAX_VALUES: usize = 2_000_000;

/// Whether what was found, which is about to be copied, has no more values than a path may give.
fn is_moderate(found: &[Cow<'_, Value>]) -> bool {
    let mut left = MAX_VALUES;
    let mut waiting: Vec<&Value> = found.iter().map(|value| &**value).collect();
    while let Some(value) = waiting.pop() {
        let Some(rest) = left.checked_sub(1) else {
            return false;
        };
        left = rest;
        match value {
            Value::Array(list) => waiting.extend(list),
            Value::Object(map) => waiting.extend(map.values()),
            Value::String(text) => left = left.saturating_sub(text.len() / 64),
            _ => {}
        }
    }
    true
}

/// Everything that steps lead to; none if that is too much.
fn matches<'a>(start: &'a Value, root: &'a Value, steps: &[Step]) -> Option<Vec<Cow<'a, Value>>> {
    let mut current = vec![start];
    for (index, step) in steps.iter().enumerate() {
        let is_leaf = index + 1 == steps.len();
        let mut next = Vec::new();
        for value in current {
            match (step, value) {
                (Step::Names(names), Value::Object(_)) if is_leaf && names.len() > 1 => {
                    // Kept whole here; picked below.
                    next.push(value);
                }
                (Step::Names(names), Value::Object(map)) => {
                    next.extend(names.iter().filter_map(|name| map.get(name)));
                }
                (Step::Indexes(indexes), Value::Array(list)) => next.extend(
                    indexes
                        .iter()
                        .filter_map(|at| list.get(place(*at, list.len())?)),
                ),
                (Step::Slice(from, to), Value::Array(list)) => {
                    let (from, to) = bounds(*from, *to, list.len());
                    next.extend(list.get(from..to).unwrap_or_default());
                }
                (Step::Wildcard, Value::Array(list)) => next.extend(list),
                (Step::Wildcard, Value::Object(map)) => next.extend(map.values()),
                (Step::Descend, _) => descendants(value, &mut next),
                (Step::Filter(filter), Value::Array(list)) => {
                    next.extend(list.iter().filter(|item| filter.holds(item, root)));
                }
                (Step::Filter(filter), Value::Object(_)) if filter.holds(value, root) => {
                    next.push(value);
                }
                _ => {}
            }
            if next.len() > MAX_FOUND {
                return None;
            }
        }
        current = next;
    }
    Some(match steps.last() {
        Some(Step::Names(names)) if names.len() > 1 => current
            .into_iter()
            .map(|value| Cow::Owned(pick(value, names)))
            .collect(),
        _ => current.into_iter().map(Cow::Borrowed).collect(),
    })
}

/// What steps lead to, for a filter: a value if they can name one place only, else the list if it holds something.
pub(super) fn find<'a>(
    start: &'a Value,
    root: &'a Value,
    steps: &[Step],
    function: Option<Function>,
) -> Option<Cow<'a, Value>> {
    let mut found = matches(start, root, steps)?;
    let value = if steps.iter().all(Step::is_definite) {
        found.pop()?
    } else if found.is_empty() {
        return None;
    } else {
        Cow::Owned(Value::Array(
            found.into_iter().map(Cow::into_owned).collect(),
        ))
    };
    match function {
        None => Some(value),
        Some(function) => apply(function, &value).map(Cow::Owned),
    }
}

/// A value and all below it, parents first.
fn descendants<'a>(value: &'a Value, into: &mut Vec<&'a Value>) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(list) => {
                into.push(value);
                waiting.extend(list.iter().rev());
            }
            Value::Object(map) => {
                into.push(value);
                let at = waiting.len();
                waiting.extend(map.values());
                if let Some(new) = waiting.get_mut(at..) {
                    new.reverse();
                }
            }
            _ => {}
        }
    }
}

fn pick(value: &Value, names: &[String]) -> Value {
    Value::Object(
        names
            .iter()
            .filter_map(|name| Some((name.clone(), value.get(name)?.clone())))
            .collect(),
    )
}

fn place(index: i64, length: usize) -> Option<usize> {
    if index < 0 {
        length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
    } else {
        usize::try_from(index).ok()
    }
}

fn bounds(from: Option<i64>, to: Option<i64>, length: usize) -> (usize, usize) {
    let clamp = |index: i64| -> usize {
        if index < 0 {
            place(index, length).unwrap_or(0)
        } else {
            usize::try_from(index).unwrap_or(length).min(length)
        }
    };
    let from = from.map_or(0, clamp);
    let to = to.map_or(length, clamp);
    (from, to.max(from))
}

/// The path as AWS writes it, such as `$['a'][0]`; the first `count` steps of it.
fn canonical(steps: &[Step], count: usize) -> String {
    steps
        .iter()
        .take(count)
        .fold("$".to_owned(), |text, step| text + &fragment(step))
}

fn fragment(step: &Step) -> String {
    match step {
        Step::Names(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
            format!("[{}]", names.join(","))
        }
        Step::Indexes(indexes) => {
            let indexes: Vec<String> = indexes.iter().map(i64::to_string).collect();
            format!("[{}]", indexes.join(","))
        }
        Step::Slice(from, to) => format!(
            "[{}:{}]",
            from.map(|n| n.to_string()).unwrap_or_default(),
            to.map(|n| n.to_string()).unwrap_or_default()
        ),
        Step::Wildcard => "[*]".to_owned(),
        Step::Descend => "..".to_owned(),
        Step::Filter(_) => "[?]".to_owned(),
    }
}

/// The name that AWS's JSON library has for a kind of value.
fn class_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "com.fasterxml.jackson.databind.node.NullNode",
        Value::Bool(_) => "com.fasterxml.jackson.databind.node.BooleanNode",
        Value::Number(n) if n.is_f64() => "com.fasterxml.jackson.databind.node.DoubleNode",
        Value::Number(_) => "com.fasterxml.jackson.databind.node.IntNode",
        Value::String(_) => "com.fasterxml.jackson.databind.node.TextNode",
        Value::Array(_) => "com.fasterxml.jackson.databind.node.ArrayNode",
        Value::Object(_) => "com.fasterxml.jackson.databind.node.ObjectNode",
    }
}

fn apply(function: Function, value: &Value) -> Option<Value> {
    let list = value.as_array();
    let numbers = || -> Option<Vec<f64>> {
        let numbers: Vec<f64> = list?.iter().filter_map(Value::as_f64).collect();
        (!numbers.is_empty()).then_some(numbers)
    };
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    match function {
        Function::Length => match value {
            Value::Array(list) => Some(list.len().into()),
            Value::Object(map) => Some(map.len().into()),
            Value::String(text) => Some(text.chars().count().into()),
            _ => None,
        },
        Function::Keys => value
            .as_object()
            .map(|map| map.keys().map(String::as_str).collect()),
        Function::First => list?.first().cloned(),
        Function::Last => list?.last().cloned(),
        Function::Concat => Some(Value::String(
            list?.iter().filter_map(Value::as_str).collect(),
        )),
        Function::Min => Some(numbers()?.into_iter().fold(f64::INFINITY, f64::min).into()),
        Function::Max => Some(
            numbers()?
                .into_iter()
                .fold(f64::NEG_INFINITY, f64::max)
                .into(),
        ),
        Function::Sum => Some(numbers()?.iter().sum::<f64>().into()),
        Function::Average => Some(mean(&numbers()?).into()),
        Function::Deviation => {
            let numbers = numbers()?;
            let mean = mean(&numbers);
            let spread: Vec<f64> = numbers.iter().map(|n| (n - mean).powi(2)).collect();
            Some(
                (spread.iter().sum::<f64>() / spread.len() as f64)
                    .sqrt()
                    .into(),
            )
        }
    }
}
