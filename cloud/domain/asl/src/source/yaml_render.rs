//! Values as YAML in block style.

use super::flow_style::quote;
use super::yaml_scalar::is_plain;
use serde_json::Value;

/// Columns by which YAML is indented.
const UNIT: usize = 2;

/// A whole document, without the last line break.
pub(super) fn document(value: &Value, newline: &str) -> String {
    block(value, 0, newline)
}

/// A name with its value; `column` is where the name starts.
pub(super) fn entry(key: &str, value: &Value, column: usize, newline: &str) -> String {
    format!("{}:{}", text(key), after_key(value, column, newline))
}

/// An item of a sequence; `column` is where its dash is.
pub(super) fn item(value: &Value, column: usize, newline: &str) -> String {
    if let Some(lines) = literal(value, column, newline) {
        return format!("- {lines}");
    }
    format!("- {}", block(value, column + UNIT, newline))
}

/// What follows the colon of a name that starts at `column`.
pub(super) fn after_key(value: &Value, column: usize, newline: &str) -> String {
    if let Some(lines) = literal(value, column, newline) {
        return format!(" {lines}");
    }
    match is_inline(value) {
        true => format!(" {}", inline(value)),
        false => format!(
            "{newline}{}{}",
            " ".repeat(column + UNIT),
            block(value, column + UNIT, newline)
        ),
    }
}

/// A value whose first character is at `column`.
// Values to be written come from the wire or from a text, both of which bound their depth.
pub(super) fn block(value: &Value, column: usize, newline: &str) -> String {
    let separator = format!("{newline}{}", " ".repeat(column));
    match value {
        Value::Object(map) if !map.is_empty() => map
            .iter()
            .map(|(key, value)| entry(key, value, column, newline))
            .collect::<Vec<_>>()
            .join(&separator),
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .map(|value| item(value, column, newline))
            .collect::<Vec<_>>()
            .join(&separator),
        other => inline(other),
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

/// A text of several lines after `|`, its lines indented below `column`.
pub(super) fn literal(value: &Value, column: usize, newline: &str) -> Option<String> {
    let string = value.as_str()?;
    let body = string.strip_suffix('\n').unwrap_or(string);
    let readable = body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n', '\t'])
        && !body.chars().any(|c| c.is_control() && c != '\n');
    if !readable || quote(body).contains("\\u") {
        return None;
    }
    let indent = " ".repeat(column + UNIT);
    let mut out = match string.len() == body.len() {
        true => "|-".to_owned(),
        false => "|".to_owned(),
    };
    for line in body.split('\n') {
        out.push_str(newline);
        if !line.is_empty() {
            out.push_str(&indent);
            out.push_str(line);
        }
    }
    Some(out)
}
