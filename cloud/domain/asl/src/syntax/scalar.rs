//! Fields that can be written in more than one way.

use serde_json::Number;

/// `InputPath`, `OutputPath` or `ResultPath`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathField {
    /// `null`: nothing is taken, or nothing is kept.
    Null,
    /// A path.
    Path(String),
}

/// A number, or where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// As written.
    Number(Number),
    /// JSONata between `{%` and `%}`, with them.
    Expression(String),
    /// The value of the `…Path` field.
    Path(String),
}

/// A text, or where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// As written.
    Literal(String),
    /// JSONata between `{%` and `%}`, with them.
    Expression(String),
    /// The value of the `…Path` field.
    Path(String),
}

impl PathField {
    /// The path, unless it is `null`.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Null => None,
            Self::Path(path) => Some(path),
        }
    }
}

impl Quantity {
    /// The number, if it is written and whole and not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The number, if it is written.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            _ => None,
        }
    }
}

impl Text {
    /// A text of a JSONata state: an expression if it is between `{%` and `%}`, else itself.
    pub fn from_template(text: &str) -> Self {
        if is_expression(text) {
            Self::Expression(text.to_owned())
        } else {
            Self::Literal(text.to_owned())
        }
    }

    /// The text as it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Literal(text) | Self::Expression(text) | Self::Path(text) => text,
        }
    }
}

/// Whether the whole text is `{% … %}`.
pub(crate) fn is_expression(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}
