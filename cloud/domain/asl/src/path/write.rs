//! Putting a value at a reference path: what `ResultPath` does.

use super::{Path, Root, Step};
use serde_json::{Map, Value};

/// Why a value can't be put there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Unable to apply ReferencePath {path} to input {input}")]
pub struct WriteError {
    /// The path as written.
    pub path: String,
    /// The data, as JSON.
    pub input: String,
}

pub(super) fn write(path: &Path, target: Value, value: Value) -> Result<Value, WriteError> {
    if !path.is_reference() || *path.root() != Root::Input || !fits(&path.steps, &target) {
        return Err(WriteError {
            path: path.text().to_owned(),
            input: target.to_string(),
        });
    }
    let mut target = target;
    put(&mut target, &path.steps, value);
    Ok(target)
}

pub(super) fn take(path: &Path, target: &mut Value) -> Option<Value> {
    if !path.is_reference() || *path.root() != Root::Input {
        return None;
    }
    let mut place = target;
    for step in &path.steps {
        place = match (step, place) {
            (Step::Names(names), Value::Object(map)) => map.get_mut(names.first()?)?,
            (Step::Indexes(indexes), Value::Array(list)) => {
                list.get_mut(usize::try_from(*indexes.first()?).ok()?)?
            }
            _ => return None,
        };
    }
    Some(place.take())
}

/// Goes down the steps, of which a path has few, and puts the value at their end.
fn put(place: &mut Value, steps: &[Step], value: Value) {
    let Some((step, below)) = steps.split_first() else {
        *place = value;
        return;
    };
    match (step, &mut *place) {
        (Step::Names(names), Value::Object(map)) => {
            if let Some(name) = names.first() {
                put(
                    map.entry(name.as_str()).or_insert(Value::Null),
                    below,
                    value,
                );
            }
        }
        (Step::Names(_), _) => {
            *place = Value::Object(Map::new());
            put(place, steps, value);
        }
        (Step::Indexes(indexes), Value::Array(list)) => {
            let at = indexes.first().and_then(|at| usize::try_from(*at).ok());
            if let Some(item) = at.and_then(|at| list.get_mut(at)) {
                put(item, below, value);
            }
        }
        _ => {}
    }
}

/// Whether the steps can be gone in `target`: names in objects or beyond what is there, indexes in arrays.
fn fits(steps: &[Step], target: &Value) -> bool {
    let mut place = Some(target);
    for step in steps {
        place = match (step, place) {
            (Step::Names(names), Some(Value::Object(map))) => {
                names.first().and_then(|name| map.get(name))
            }
            (Step::Names(_), None) => None,
            (Step::Indexes(indexes), Some(Value::Array(list))) => {
                let at = indexes.first().and_then(|at| usize::try_from(*at).ok());
                match at.and_then(|at| list.get(at)) {
                    Some(item) => Some(item),
                    None => return false,
                }
            }
            _ => return false,
        };
    }
    true
}
