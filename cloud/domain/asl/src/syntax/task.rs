//! What a Task state has of its own.

use super::{Quantity, Text};
use serde_json::Value;

/// Work that is done outside of the machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    /// What does it: an ARN, or a substitution such as `${AwmRetrieve}`. Empty when missing, which is an error.
    pub resource: String,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`.
    pub timeout: Option<Quantity>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`.
    pub heartbeat: Option<Quantity>,
    /// The role to assume, as written: an object with `RoleArn` or `RoleArn.$`.
    pub credentials: Option<Value>,
}

impl Task {
    /// The name in a substitution: `AwmRetrieve` for `${AwmRetrieve}`.
    pub fn substitution(&self) -> Option<&str> {
        substitution(&self.resource)
    }

    /// The role, if it is given as a text.
    pub fn role(&self) -> Option<Text> {
        let object = self.credentials.as_ref()?.as_object()?;
        match (object.get("RoleArn"), object.get("RoleArn.$")) {
            (Some(Value::String(role)), _) => Some(Text::from_template(role)),
            (_, Some(Value::String(path))) => Some(Text::Path(path.clone())),
            _ => None,
        }
    }
}

/// The name in a deploy-time substitution that is the whole text: `${Name}`.
pub(crate) fn substitution(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | '#'));
    plain.then_some(name)
}
