//! Whether an answer is one that the operation could give.

use crate::shapes::{self, Service};
use crate::{Target, names};
use serde_json::{Map, Value};

/// How strictly a mocked answer is looked at: TestState's `fieldValidationMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// What is required is there, and what is there conforms.
    #[default]
    Strict,
    /// What is there conforms.
    Present,
    /// Anything goes.
    None,
}

/// Why an answer does not conform: AWS's words after `Mock result schema validation error: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConforming {
    /// A required member is not there.
    #[error("Required field '{0}' is missing")]
    Missing(String),
    /// A member is of another type.
    #[error("Field '{field}' must be {wanted}")]
    Type {
        /// The member.
        field: String,
        /// The type with its article.
        wanted: &'static str,
    },
    /// A text is none of those that are known.
    #[error("Field '{0}' is not an expected value")]
    Unexpected(String),
    /// A number is too small.
    #[error("Field '{0}' is less than the minimum value")]
    Less(String),
    /// A number is too large.
    #[error("Field '{0}' is greater than the maximum value")]
    Greater(String),
}

/// Holds an answer to the operation's model. Members that the model does not know are let through, as are services and operations
/// that are not known.
pub fn validate(target: &Target, answer: &Value, mode: Mode) -> Result<(), NotConforming> {
    if mode == Mode::None {
        return Ok(());
    }
    let Some(service) = shapes::service(&target.service) else {
        return Ok(());
    };
    let Some(output) = service.output(&target.operation) else {
        return Ok(());
    };
    let check = Check {
        service: &service,
        java_names: target.java_names,
        strict: mode == Mode::Strict,
    };
    check.value(answer, output, "")
}

struct Check<'a> {
    service: &'a Service,
    java_names: bool,
    strict: bool,
}

impl Check<'_> {
    /// The depth is that of the answer, which whoever parsed it has bounded.
    fn value(&self, value: &Value, shape: &Value, field: &str) -> Result<(), NotConforming> {
        let wrong = |wanted| {
            Err(NotConforming::Type {
                field: field.to_owned(),
                wanted,
            })
        };
        match self.service.resolve(shape) {
            Value::String(kind) => match (kind.as_str(), value) {
                ("s", Value::String(_)) | ("n", Value::Number(_)) | ("b", Value::Bool(_)) => Ok(()),
                ("s", _) => wrong("a string"),
                ("n", _) => wrong("a number"),
                ("b", _) => wrong("a boolean"),
                _ => Ok(()),
            },
            Value::Array(shape) => self.composed(value, shape, field),
            Value::Object(members) => match value {
                Value::Object(fields) => self.structure(fields, members),
                _ => wrong("an object"),
            },
            _ => Ok(()),
        }
    }

    fn composed(&self, value: &Value, shape: &[Value], field: &str) -> Result<(), NotConforming> {
        let wrong = |wanted| NotConforming::Type {
            field: field.to_owned(),
            wanted,
        };
        let kind = shape.first().and_then(Value::as_str).unwrap_or_default();
        let of = shape.get(1).unwrap_or(&Value::Null);
        match kind {
            "e" => {
                let text = value.as_str().ok_or_else(|| wrong("a string"))?;
                let known = shape.iter().skip(1).any(|known| known == text);
                match known {
                    true => Ok(()),
                    false => Err(NotConforming::Unexpected(field.to_owned())),
                }
            }
            "r" => {
                let number = value.as_f64().ok_or_else(|| wrong("a number"))?;
                let bound = |index: usize| shape.get(index).and_then(Value::as_f64);
                if bound(1).is_some_and(|least| number < least) {
                    Err(NotConforming::Less(field.to_owned()))
                } else if bound(2).is_some_and(|most| number > most) {
                    Err(NotConforming::Greater(field.to_owned()))
                } else {
                    Ok(())
                }
            }
            "l" => {
                let items = value.as_array().ok_or_else(|| wrong("an array"))?;
                items
                    .iter()
                    .try_for_each(|item| self.value(item, of, field))
            }
            "m" => {
                let entries = value.as_object().ok_or_else(|| wrong("an object"))?;
                entries
                    .values()
                    .try_for_each(|entry| self.value(entry, of, field))
            }
            _ => Ok(()),
        }
    }

    fn structure(
        &self,
        fields: &Map<String, Value>,
        members: &Map<String, Value>,
    ) -> Result<(), NotConforming> {
        let spelled = |member: &str| {
            let member = member.trim_end_matches('!');
            match self.java_names {
                true => names::as_in_java(member),
                false => names::capitalised(member),
            }
        };
        if self.strict {
            let missing = members
                .keys()
                .filter(|member| member.ends_with('!'))
                .map(|member| spelled(member))
                .find(|name| !fields.contains_key(name));
            if let Some(name) = missing {
                return Err(NotConforming::Missing(name));
            }
        }
        for (name, value) in fields {
            let shape = members
                .iter()
                .find(|(member, _)| *name == spelled(member))
                .map(|(_, shape)| shape);
            if let Some(shape) = shape {
                self.value(value, shape, name)?;
            }
        }
        Ok(())
    }
}
