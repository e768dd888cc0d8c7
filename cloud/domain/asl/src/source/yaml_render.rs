//! Values as YAML in block style.

use super::flow_style::quote;
use super::yaml_scalar::is_plain;
use serde_json::Value;

/// What a dash and its space take.
const DASH: usize = 2;

/// How a text is laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) newline: &'static str,
    /// Columns by which a mapping is indented below its name.
    pub(super) mapping: usize,
    /// Columns by which a sequence is indented below its name.
    pub(super) sequence: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            newline: "\n",
            mapping: 2,
            sequence: 2,
        }
    }
}

impl Layout {
    /// A name with its value; `column` is where the name starts.
    pub(super) fn entry(self, key: &str, value: &Value, column: usize) -> String {
        format!("{}:{}", text(key), self.after_key(value, column))
    }

    /// An item of a sequence; `column` is where its dash is.
    pub(super) fn item(self, value: &Value, column: usize) -> String {
        match self.literal(value, column) {
            Some(lines) => format!("- {lines}"),
            None => format!("- {}", self.block(value, column + DASH)),
        }
    }

    /// What follows the colon of a name that starts at `column`.
    pub(super) fn after_key(self, value: &Value, column: usize) -> String {
        if let Some(lines) = self.literal(value, column) {
            return format!(" {lines}");
        }
        if is_inline(value) {
            return format!(" {}", inline(value));
        }
        let inner = match value {
            Value::Array(_) => column + self.sequence,
            _ => column + self.mapping,
        };
        let block = self.block(value, inner);
        format!("{}{}{block}", self.newline, " ".repeat(inner))
    }

    /// A value whose first character is at `column`.
    // Values to be written come from the wire or from a text, both of which bound their depth.
    pub(super) fn block(self, value: &Value, column: usize) -> String {
        let separator = format!("{}{}", self.newline, " ".repeat(column));
        match value {
            Value::Object(map) if !map.is_empty() => map
                .iter()
                .map(|(key, value)| self.entry(key, value, column))
                .collect::<Vec<_>>()
                .join(&separator),
            Value::Array(items) if !items.is_empty() => items
                .iter()
                .map(|value| self.item(value, column))
                .collect::<Vec<_>>()
                .join(&separator),
            other => inline(other),
        }
    }

    /// A text of several lines after `|`, its lines indented below `column`.
    pub(super) fn literal(self, value: &Value, column: usize) -> Option<String> {
        let string = value.as_str()?;
        let body = string.strip_suffix('\n').unwrap_or(string);
        let readable = body.contains('\n')
            && !body.ends_with('\n')
            && !body.starts_with([' ', '\n', '\t'])
            && !body.chars().any(|c| c.is_control() && c != '\n');
        if !readable || quote(body).contains("\\u") {
            return None;
        }
        let indent = " ".repeat(column + self.mapping);
        let mut out = match string.len() == body.len() {
            true => "|-".to_owned(),
            false => "|".to_owned(),
        };
        for line in body.split('\n') {
            out.push_str(self.newline);
            if !line.is_empty() {
                out.push_str(&indent);
                out.push_str(line);
            }
        }
        Some(out)
    }
}

/// A scalar or an empty container, on one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(string) => text(string),
        other => other.to_string(),
    }
}

/// Whether a value takes no lines of its own.
pub(super) fn is_inline(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

/// A text as a plain scalar, or in double quotes.
pub(super) fn text(string: &str) -> String {
    match is_plain(string) {
        true => string.to_owned(),
        false => quote(string),
    }
}
