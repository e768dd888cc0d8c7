//! The text of a definition: read as a value, edited in place.

use crate::{
    Format,
    change::{ChangeError, Edit},
    pointer::split_last,
};
use serde_json::Value;

/// The definition that a text says.
pub(crate) fn read(format: Format, text: &str) -> Result<Value, ChangeError> {
    let _ = format;
    serde_json::from_str(text).map_err(|error| ChangeError::Text {
        line: error.line(),
        message: error.to_string(),
    })
}

/// The text after edits.
pub(crate) fn edit(format: Format, text: &str, edits: &[Edit]) -> Result<String, ChangeError> {
    let mut value = read(format, text)?;
    for edit in edits {
        edit_value(&mut value, edit);
    }
    serde_json::to_string_pretty(&value).map_err(|error| ChangeError::Text {
        line: 1,
        message: error.to_string(),
    })
}

fn edit_value(whole: &mut Value, edit: &Edit) {
    match edit {
        Edit::Replace(pointer, value) => {
            if let Some(place) = whole.pointer_mut(pointer) {
                *place = value.clone();
            }
        }
        Edit::Insert {
            object,
            key,
            value,
            after,
        } => {
            if let Some(Value::Object(members)) = whole.pointer_mut(object) {
                let index = after
                    .as_ref()
                    .and_then(|after| members.keys().position(|known| known == after));
                members.shift_insert(
                    index.map_or(members.len(), |index| index + 1),
                    key.clone(),
                    value.clone(),
                );
            }
        }
        Edit::Append(pointer, value) => {
            if let Some(Value::Array(items)) = whole.pointer_mut(pointer) {
                items.push(value.clone());
            }
        }
        Edit::Remove(pointer) => {
            let Some((parent, key)) = split_last(pointer) else {
                return;
            };
            match whole.pointer_mut(parent) {
                Some(Value::Object(members)) => {
                    members.shift_remove(&key);
                }
                Some(Value::Array(items)) => {
                    if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                        items.remove(index);
                    }
                }
                _ => {}
            }
        }
        Edit::Rename(pointer, to) => {
            let Some((parent, key)) = split_last(pointer) else {
                return;
            };
            if let Some(Value::Object(members)) = whole.pointer_mut(parent) {
                let renamed = std::mem::take(members).into_iter();
                *members = renamed
                    .map(|(known, value)| (if known == key { to.clone() } else { known }, value))
                    .collect();
            }
        }
    }
}
