//! Templates of JSONPath states.

use super::{TemplateSyntaxError, check_level};
use crate::intrinsic::{Intrinsic, IntrinsicError};
use crate::path::{Path, Root, Scope};
use crate::random::Randomness;
use serde_json::{Map, Value};

/// The value of a key that ends with `.$`: a path or a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// `$.a.b`
    Path(Path),
    /// `States.Format(…)`
    Intrinsic(Intrinsic),
}

/// Why a template of paths gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathTemplateError {
    /// A path names nothing.
    #[error(
        "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{input}'"
    )]
    NotFound {
        /// The path as written.
        path: String,
        /// The key as written, such as `name.$`.
        field: String,
        /// The data that was searched, as JSON.
        input: String,
    },
    /// A call failed.
    #[error(transparent)]
    Intrinsic(#[from] IntrinsicError),
}

impl Reference {
    /// Reads a path or a call.
    pub fn parse(text: &str) -> Result<Self, String> {
        if Intrinsic::is_call(text) {
            Intrinsic::parse(text)
                .map(Reference::Intrinsic)
                .map_err(|error| error.to_string())
        } else {
            Path::parse(text)
                .map(Reference::Path)
                .map_err(|error| error.to_string())
        }
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Reference::Path(path) => vec![path],
            Reference::Intrinsic(call) => call.paths(),
        }
    }

    /// The value; `field` is for the error.
    pub fn evaluate(
        &self,
        field: &str,
        scope: &Scope<'_>,
        random: &mut dyn Randomness,
    ) -> Result<Value, PathTemplateError> {
        match self {
            Reference::Path(path) => match path.evaluate(scope) {
                Ok(value) => Ok(value.into_owned()),
                // An index past the end of an array is null here, and here only.
                Err(error) if error.past_the_end => Ok(Value::Null),
                Err(_) => Err(PathTemplateError::NotFound {
                    path: path.text().to_owned(),
                    field: field.to_owned(),
                    input: match path.root() {
                        Root::Context => scope.context.to_string(),
                        _ => scope.input.to_string(),
                    },
                }),
            },
            Reference::Intrinsic(call) => Ok(call.evaluate(scope, random)?),
        }
    }
}

/// A template of a JSONPath state.
#[derive(Clone, Debug, PartialEq)]
pub enum PathTemplate {
    /// A value as it is.
    Literal(Value),
    /// An object: its keys, each with null, and what they stand for, in their order.
    Object(Map<String, Value>, Vec<PathTemplate>),
    /// An array.
    Array(Vec<PathTemplate>),
    /// What a key that ends with `.$` stands for; the key as written.
    Reference(String, Box<Reference>),
}

impl PathTemplate {
    /// Reads a template.
    pub fn parse(value: &Value) -> Result<Self, TemplateSyntaxError> {
        Self::parse_at(value, &mut Vec::new())
    }

    fn parse_at(value: &Value, at: &mut Vec<String>) -> Result<Self, TemplateSyntaxError> {
        check_level(at)?;
        match value {
            Value::Object(map) => {
                let mut fields = Vec::with_capacity(map.len());
                for (key, value) in map {
                    at.push(key.clone());
                    fields.push(match key.strip_suffix(".$") {
                        Some(name) => (name.to_owned(), Self::parse_reference(key, value, at)?),
                        None => (key.clone(), Self::parse_at(value, at)?),
                    });
                    at.pop();
                }
                if fields.iter().all(|(_, field)| field.is_literal()) {
                    return Ok(PathTemplate::Literal(value.clone()));
                }
                Ok(Self::object(fields))
            }
            Value::Array(list) => {
                let mut items = Vec::with_capacity(list.len());
                for (index, item) in list.iter().enumerate() {
                    at.push(index.to_string());
                    items.push(Self::parse_at(item, at)?);
                    at.pop();
                }
                if items.iter().all(PathTemplate::is_literal) {
                    return Ok(PathTemplate::Literal(value.clone()));
                }
                Ok(PathTemplate::Array(items))
            }
            _ => Ok(PathTemplate::Literal(value.clone())),
        }
    }

    fn parse_reference(
        key: &str,
        value: &Value,
        at: &[String],
    ) -> Result<Self, TemplateSyntaxError> {
        let reference = match value {
            Value::String(text) => Reference::parse(text),
            other => Err(format!("`{other}` is neither a path nor a call")),
        };
        reference
            .map(|reference| PathTemplate::Reference(key.to_owned(), Box::new(reference)))
            .map_err(|message| TemplateSyntaxError {
                message,
                at: at.to_vec(),
            })
    }

    fn object(fields: Vec<(String, PathTemplate)>) -> Self {
        let mut keys = Map::with_capacity(fields.len());
        let mut values: Vec<PathTemplate> = Vec::with_capacity(fields.len());
        for (key, field) in fields {
            // `a` and `a.$` are one key: the later one counts, at the place of the earlier one.
            if !keys.contains_key(&key) {
                keys.insert(key, Value::Null);
                values.push(field);
                continue;
            }
            let place = keys.keys().position(|known| *known == key);
            if let Some(value) = place.and_then(|place| values.get_mut(place)) {
                *value = field;
            }
        }
        PathTemplate::Object(keys, values)
    }

    fn is_literal(&self) -> bool {
        matches!(self, PathTemplate::Literal(_))
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            PathTemplate::Literal(_) => Vec::new(),
            PathTemplate::Object(_, fields) => {
                fields.iter().flat_map(PathTemplate::paths).collect()
            }
            PathTemplate::Array(items) => items.iter().flat_map(PathTemplate::paths).collect(),
            PathTemplate::Reference(_, reference) => reference.paths(),
        }
    }

    /// The template filled in.
    pub fn evaluate(
        &self,
        scope: &Scope<'_>,
        random: &mut dyn Randomness,
    ) -> Result<Value, PathTemplateError> {
        Ok(match self {
            PathTemplate::Literal(value) => value.clone(),
            PathTemplate::Object(keys, fields) => {
                // A copy of the keys keeps their hashes; inserting each would make them again.
                let mut map = keys.clone();
                for (value, field) in map.values_mut().zip(fields) {
                    *value = field.evaluate(scope, random)?;
                }
                Value::Object(map)
            }
            PathTemplate::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(item.evaluate(scope, random)?);
                }
                Value::Array(list)
            }
            PathTemplate::Reference(field, reference) => {
                reference.evaluate(field, scope, random)?
            }
        })
    }
}
