//! YAML 1.2's core schema: what a plain scalar stands for.

use serde_json::{Number, Value};

/// The value of a plain scalar. Numbers that JSON cannot write stay texts.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).unwrap_or_else(|| Value::String(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Value> {
    let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).ok().map(Value::from);
    if let Some(digits) = text.strip_prefix("0x") {
        return digits
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then(|| radix(digits, 16))
            .flatten();
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return digits
            .bytes()
            .all(|digit| (b'0'..=b'7').contains(&digit))
            .then(|| radix(digits, 8))
            .flatten();
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = unsigned.starts_with(|c: char| c.is_ascii_digit())
        || (unsigned.starts_with('.') && unsigned.len() > 1);
    let plain = unsigned
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if !starts || !plain {
        return None;
    }
    let digits_only = unsigned.bytes().all(|digit| digit.is_ascii_digit());
    if digits_only {
        let signed = text.strip_prefix('+').unwrap_or(text);
        if let Ok(number) = signed.parse::<i64>() {
            return Some(Value::from(number));
        }
        if let Ok(number) = signed.parse::<u64>() {
            return Some(Value::from(number));
        }
    }
    Number::from_f64(text.parse().ok()?).map(Value::Number)
}

/// Whether a text can be written without quotes and stays that text, for readers of YAML 1.1 too.
pub(super) fn is_plain(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '/'));
    let inner = text.chars().all(|c| {
        c.is_alphanumeric()
            || matches!(c, '_' | '$' | '/' | '.' | '-' | ' ' | '(' | ')' | '+' | '=')
    });
    let word = text.to_ascii_lowercase();
    let reserved = matches!(
        word.as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "null" | "true" | "false"
    );
    starts && inner && !text.ends_with(' ') && !reserved
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_stand_for_values() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("True", json!(true)),
            ("no", json!("no")),
            ("12", json!(12)),
            ("-3", json!(-3)),
            ("+3", json!(3)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("1.5e3", json!(1500.0)),
            (".5", json!(0.5)),
            (".inf", json!(".inf")),
            (".", json!(".")),
            ("1.2.3", json!("1.2.3")),
            ("2016-03-14T01:59:00Z", json!("2016-03-14T01:59:00Z")),
            ("-", json!("-")),
            ("1e999", json!("1e999")),
        ] {
            assert_eq!(resolve(text), value, "{text}");
            if is_plain(text) {
                assert_eq!(resolve(text), json!(text));
            }
        }
    }
}
