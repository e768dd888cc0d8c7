//! Functions of text and objects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::borrow::Cow;

/// Characters that Base64 and hashing take.
const MAX_TEXT: usize = 10_000;

/// Takes the backslash away before `'`, `{`, `}` and `\`.
pub(crate) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    text
}

pub(super) fn format(template: &Value, arguments: &[Cow<'_, Value>]) -> Result<Value, String> {
    let Value::String(template) = template else {
        return Err("Invalid arguments in States.Format".to_owned());
    };
    let mut text = String::with_capacity(template.len());
    let mut arguments = arguments.iter();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '{' if chars.peek() == Some(&'}') => {
                chars.next();
                let argument = arguments
                    .next()
                    .ok_or("Invalid arguments in States.Format")?;
                write_plain(argument, &mut text);
            }
            '{' | '}' => return Err("Invalid arguments in States.Format".to_owned()),
            _ => text.push(c),
        }
    }
    if arguments.next().is_some() {
        return Err("Invalid arguments in States.Format".to_owned());
    }
    Ok(Value::String(text))
}

/// Writes a value as Java's maps and lists write themselves: `{Arg1=1, Arg2=[]}`.
fn write_plain(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => into.push_str(text),
        Value::Array(list) => {
            into.push('[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    into.push_str(", ");
                }
                write_plain(item, into);
            }
            into.push(']');
        }
        Value::Object(map) => {
            into.push('{');
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    into.push_str(", ");
                }
                into.push_str(key);
                into.push('=');
                write_plain(item, into);
            }
            into.push('}');
        }
        _ => into.push_str(&value.to_string()),
    }
}

pub(super) fn string_to_json(value: &Value) -> Result<Value, String> {
    let Value::String(text) = value else {
        return Err("Invalid arguments in States.StringToJson".to_owned());
    };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    // Nothing is nested deeper than the parser's own limit, so dropping it is safe.
    serde_json::from_str(text)
        .map(without_negative_zero)
        .map_err(|_| format!("Invalid JSON string: {text}"))
}

fn without_negative_zero(value: Value) -> Value {
    match value {
        Value::Number(n) if n.as_f64() == Some(0.0) => 0.into(),
        other => other,
    }
}

/// Splits at any of the characters of the separator; nothing between two of them is no part.
pub(super) fn string_split(value: &Value, separators: &Value) -> Result<Value, String> {
    let (Value::String(text), Value::String(separators)) = (value, separators) else {
        return Err("Invalid arguments in States.StringSplit".to_owned());
    };
    if separators.is_empty() {
        return Ok([text.as_str()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect());
    }
    Ok(text
        .split(|c| separators.contains(c))
        .filter(|part| !part.is_empty())
        .collect())
}

/// Whether Base64 and hashing take a text. The limit counts characters, not bytes.
pub(super) fn fits(text: &str) -> bool {
    text.len() <= MAX_TEXT || text.chars().count() <= MAX_TEXT
}

pub(super) fn base64_encode(value: &Value) -> Result<Value, String> {
    match value {
        Value::String(text) if fits(text) => Ok(Value::String(STANDARD.encode(text))),
        _ => Err("Invalid arguments in States.Base64Encode".to_owned()),
    }
}

pub(super) fn base64_decode(value: &Value) -> Result<Value, String> {
    let wrong = || "Invalid arguments in States.Base64Decode".to_owned();
    match value {
        Value::String(text) if fits(text) => {
            let bytes = STANDARD.decode(text).map_err(|_| wrong())?;
            Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
        }
        _ => Err(wrong()),
    }
}

pub(super) fn json_merge(first: &Value, second: &Value, deep: &Value) -> Result<Value, String> {
    match (first, second, deep) {
        (Value::Object(first), Value::Object(second), Value::Bool(false)) => {
            let mut merged = first.clone();
            merged.extend(
                second
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
            Ok(Value::Object(merged))
        }
        _ => Err("Invalid arguments in States.JsonMerge".to_owned()),
    }
}
