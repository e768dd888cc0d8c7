//! Payload templates: `Parameters` with `"key.$": "$.path"`, and `Arguments` with `{% … %}` in them.

use crate::intrinsic::{Intrinsic, IntrinsicError};
use crate::jsonata::{Expression, Session, expression_of};
use crate::path::{Path, Root, Scope};
use crate::random::Randomness;
use serde_json::{Map, Value};

/// Levels that a template may have.
const MAX_LEVELS: u32 = 200;

/// Why a template can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateSyntaxError {
    /// What is wrong, and with what.
    pub message: String,
    /// The keys and indexes that lead to it.
    pub at: Vec<String>,
}

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
    /// An object; a key with its template.
    Object(Vec<(String, PathTemplate)>),
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
                Ok(PathTemplate::Object(fields))
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

    fn is_literal(&self) -> bool {
        matches!(self, PathTemplate::Literal(_))
    }

    /// Every path in it.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            PathTemplate::Literal(_) => Vec::new(),
            PathTemplate::Object(fields) => {
                fields.iter().flat_map(|(_, field)| field.paths()).collect()
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
            PathTemplate::Object(fields) => {
                let mut map = Map::with_capacity(fields.len());
                for (key, field) in fields {
                    map.insert(key.clone(), field.evaluate(scope, random)?);
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

/// A template of a JSONata state.
#[derive(Debug, PartialEq)]
pub enum QueryTemplate {
    /// A value as it is.
    Literal(Value),
    /// An object; a key with its template.
    Object(Vec<(String, QueryTemplate)>),
    /// An array.
    Array(Vec<QueryTemplate>),
    /// `{% … %}`
    Expression(Box<Expression>),
}

/// Why a template of expressions gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryTemplateError {
    /// The evaluation failed.
    #[error(
        "The JSONata expression '{expression}' specified for the field '{field}' threw an error during evaluation. {message}"
    )]
    Failed {
        /// The expression as written.
        expression: String,
        /// The field, such as `Output/total`.
        field: String,
        /// JSONata's own words.
        message: String,
    },
    /// The expression has no value.
    #[error(
        "The JSONata expression '{expression}' specified for the field '{field}' returned nothing (undefined)."
    )]
    Undefined {
        /// The expression as written.
        expression: String,
        /// The field, such as `Output/total`.
        field: String,
    },
}

impl QueryTemplateError {
    /// The field that the error is in, such as `Output/total`.
    pub fn field(&self) -> &str {
        match self {
            QueryTemplateError::Failed { field, .. }
            | QueryTemplateError::Undefined { field, .. } => field,
        }
    }
}

impl QueryTemplate {
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
                    fields.push((key.clone(), Self::parse_at(value, at)?));
                    at.pop();
                }
                if fields.iter().all(|(_, field)| field.is_literal()) {
                    return Ok(QueryTemplate::Literal(value.clone()));
                }
                Ok(QueryTemplate::Object(fields))
            }
            Value::Array(list) => {
                let mut items = Vec::with_capacity(list.len());
                for (index, item) in list.iter().enumerate() {
                    at.push(index.to_string());
                    items.push(Self::parse_at(item, at)?);
                    at.pop();
                }
                if items.iter().all(QueryTemplate::is_literal) {
                    return Ok(QueryTemplate::Literal(value.clone()));
                }
                Ok(QueryTemplate::Array(items))
            }
            Value::String(text) => match expression_of(text) {
                None => Ok(QueryTemplate::Literal(value.clone())),
                Some(source) => Expression::parse(source)
                    .map(|expression| QueryTemplate::Expression(Box::new(expression)))
                    .map_err(|error| TemplateSyntaxError {
                        message: error.message,
                        at: at.clone(),
                    }),
            },
            _ => Ok(QueryTemplate::Literal(value.clone())),
        }
    }

    /// Whether there is no expression in it.
    pub fn is_literal(&self) -> bool {
        matches!(self, QueryTemplate::Literal(_))
    }

    /// The expression, if the template is one and nothing else.
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            QueryTemplate::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    /// Every expression in it.
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            QueryTemplate::Literal(_) => Vec::new(),
            QueryTemplate::Object(fields) => fields
                .iter()
                .flat_map(|(_, field)| field.expressions())
                .collect(),
            QueryTemplate::Array(items) => {
                items.iter().flat_map(QueryTemplate::expressions).collect()
            }
            QueryTemplate::Expression(expression) => vec![expression],
        }
    }

    /// The template filled in; `field` is its name, such as `Output`.
    pub fn evaluate(
        &self,
        field: &str,
        session: &mut Session,
    ) -> Result<Value, QueryTemplateError> {
        Ok(match self {
            QueryTemplate::Literal(value) => value.clone(),
            QueryTemplate::Object(fields) => {
                let mut map = Map::with_capacity(fields.len());
                for (key, value) in fields {
                    let value = value.evaluate(&format!("{field}/{key}"), session)?;
                    map.insert(key.clone(), value);
                }
                Value::Object(map)
            }
            QueryTemplate::Array(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    list.push(item.evaluate(&format!("{field}[{index}]"), session)?);
                }
                Value::Array(list)
            }
            QueryTemplate::Expression(expression) => {
                let value =
                    session
                        .evaluate(expression)
                        .map_err(|error| QueryTemplateError::Failed {
                            expression: expression.source().to_owned(),
                            field: field.to_owned(),
                            message: error.message,
                        })?;
                value.ok_or_else(|| QueryTemplateError::Undefined {
                    expression: expression.source().to_owned(),
                    field: field.to_owned(),
                })?
            }
        })
    }
}

fn check_level(at: &[String]) -> Result<(), TemplateSyntaxError> {
    if at.len() as u32 > MAX_LEVELS {
        return Err(TemplateSyntaxError {
            message: format!("more than {MAX_LEVELS} levels"),
            at: at.to_vec(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{PathTemplate, QueryTemplate};
    use crate::jsonata::{Bindings, Session};
    use crate::path::Scope;
    use crate::random::Seeded;
    use serde_json::{Value, json};

    #[test]
    fn paths_fill_a_template() {
        let (input, context) = (json!({ "a": [1], "b": "x" }), json!({ "c": 2 }));
        let scope = Scope {
            input: &input,
            context: &context,
            variables: &(),
        };
        let fill = |template: Value| {
            PathTemplate::parse(&template)
                .unwrap()
                .evaluate(&scope, &mut Seeded::new(1))
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            fill(
                json!({ "x.$": "$.a", "y": [{ "z.$": "$$.c" }, "$.a"], "f.$": "States.Format('{}', $.b)" })
            ),
            Ok(json!({ "x": [1], "y": [{ "z": 2 }, "$.a"], "f": "x" }))
        );
        assert_eq!(
            fill(json!({ "x.$": "$.none" })),
            Err("The JSONPath '$.none' specified for the field 'x.$' could not be found in the input '{\"a\":[1],\"b\":\"x\"}'".to_owned())
        );
        assert!(PathTemplate::parse(&json!({ "x.$": 1 })).is_err());
        assert!(PathTemplate::parse(&json!({ "x.$": "none" })).is_err());
    }

    #[test]
    fn expressions_fill_a_template() {
        let input = json!({ "n": 2 });
        let states: [(&'static str, &Value); 1] = [("input", &input)];
        let bindings = Bindings {
            states: &states,
            variables: &(),
            now: 0,
        };
        let mut session = Session::new(bindings, &mut Seeded::new(1));
        let mut fill = |template: Value| {
            QueryTemplate::parse(&template)
                .unwrap()
                .evaluate("Output", &mut session)
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            fill(json!({ "a": ["{% $states.input.n * 2 %}", "text"], "$.b": null })),
            Ok(json!({ "a": [4, "text"], "$.b": null }))
        );
        assert_eq!(
            fill(json!({ "a": { "b": "{% $none %}" } })),
            Err("The JSONata expression '$none' specified for the field 'Output/a/b' returned nothing (undefined).".to_owned())
        );
    }
}
