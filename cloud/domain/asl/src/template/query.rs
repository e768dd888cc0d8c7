//! Templates of JSONata states.

use super::{TemplateSyntaxError, check_level};
use crate::jsonata::{Expression, Session, expression_of};
use serde_json::{Map, Value};

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
        "The JSONata expression '{expression}' specified for the field '{field}' threw an error during evaluation{}{message}",
        separator(message)
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

/// AWS sets errors that have a code off with a full stop, and others with a colon.
fn separator(message: &str) -> &'static str {
    let code = message.get(..5).map(|code| code.split_at(1));
    match code {
        Some((letter, digits))
            if letter.bytes().all(|c| c.is_ascii_uppercase())
                && digits.bytes().all(|c| c.is_ascii_digit()) =>
        {
            ". "
        }
        _ => ": ",
    }
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
