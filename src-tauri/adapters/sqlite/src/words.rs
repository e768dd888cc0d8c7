//! Enums as the words they have on the wire.

use crate::Fault;
use awm_ports::StoreError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The word of a plain enum, such as `SUCCEEDED`.
pub(crate) fn to_word(value: impl Serialize) -> Result<String, Fault> {
    match serde_json::to_value(value)? {
        Value::String(word) => Ok(word),
        other => Err(StoreError::Damaged(format!("`{other}` is not a word")).into()),
    }
}

/// The enum of a word.
pub(crate) fn from_word<T: DeserializeOwned>(word: String) -> Result<T, Fault> {
    Ok(serde_json::from_value(Value::String(word))?)
}

/// A row that is not there, as an error.
pub(crate) fn or_missing<T>(
    found: Option<T>,
    what: &'static str,
    id: &str,
) -> Result<T, StoreError> {
    found.ok_or_else(|| StoreError::NotFound {
        what,
        id: id.to_owned(),
    })
}
