//! How a field's value is written in a box of the form, and read back.

use super::fields::Language;
use serde_json::{Number, Value};

/// How a box is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// A string, as it is.
    Text,
    /// A number; in JSONata also an expression.
    Number,
    /// A number from 0 to 100; in JSONata also an expression.
    Percentage,
    /// A path, an intrinsic function, or `null`.
    Path,
    /// A point in time; in JSONata also an expression.
    Timestamp,
    /// Any JSON; in JSONata also an expression without quotes.
    Json,
}

/// The value as it stands in the box.
pub fn show(codec: Codec, value: &Value) -> String {
    match (codec, value) {
        (Codec::Json, Value::String(text)) if is_expression(text) => text.clone(),
        (Codec::Json, value) => serde_json::to_string_pretty(value).unwrap_or_default(),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

/// The value that the box stands for: none for an empty box (the field goes), or why it isn't one.
pub fn read(codec: Codec, text: &str, language: Language) -> Result<Option<Value>, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    if language == Language::Jsonata && codec != Codec::Text && is_expression(trimmed) {
        return Ok(Some(Value::String(trimmed.to_owned())));
    }
    match codec {
        Codec::Text => Ok(Some(Value::String(text.to_owned()))),
        Codec::Number => number(trimmed)
            .map(Some)
            .ok_or_else(|| wanted("a number", language)),
        Codec::Percentage => match number(trimmed) {
            Some(value) if value.as_f64().is_some_and(|n| (0.0..=100.0).contains(&n)) => {
                Ok(Some(value))
            }
            _ => Err(wanted("a number from 0 to 100", language)),
        },
        Codec::Path if trimmed == "null" => Ok(Some(Value::Null)),
        Codec::Path if trimmed.starts_with('$') || trimmed.starts_with("States.") => {
            Ok(Some(Value::String(trimmed.to_owned())))
        }
        Codec::Path => {
            Err("a path starts with `$`, an intrinsic function with `States.`".to_owned())
        }
        Codec::Timestamp if is_timestamp(trimmed) => Ok(Some(Value::String(trimmed.to_owned()))),
        Codec::Timestamp => Err(wanted("a time such as `2026-03-01T09:00:00Z`", language)),
        Codec::Json => serde_json::from_str(trimmed).map(Some).map_err(|error| {
            if trimmed.contains('\n') {
                format!(
                    "not JSON at line {}, column {}",
                    error.line(),
                    error.column()
                )
            } else {
                format!("not JSON at column {}", error.column())
            }
        }),
    }
}

fn wanted(what: &str, language: Language) -> String {
    match language {
        Language::JsonPath => format!("{what} is wanted"),
        Language::Jsonata => format!("{what} or `{{% an expression %}}` is wanted"),
    }
}

/// Whether a string is a JSONata expression.
pub fn is_expression(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{%") && text.ends_with("%}") && text.len() >= 4
}

fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
}

/// Whether a text looks like RFC 3339 as the language wants it: upper-case T, and an upper-case Z or an offset.
fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let digits = |text: &str, lengths: &[usize], mark: char| {
        let parts: Vec<&str> = text.split(mark).collect();
        parts.len() == lengths.len()
            && parts.iter().zip(lengths).all(|(part, length)| {
                part.len() == *length && part.bytes().all(|b| b.is_ascii_digit())
            })
    };
    let Some((clock, zone)) = time
        .find(['Z', '+', '-'])
        .and_then(|at| time.split_at_checked(at))
    else {
        return false;
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let zoned = zone == "Z"
        || zone
            .get(1..)
            .is_some_and(|offset| digits(offset, &[2, 2], ':'));
    digits(date, &[4, 2, 2], '-')
        && digits(clock, &[2, 2, 2], ':')
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && zoned
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(codec: Codec, language: Language, text: &str, expected: Result<Option<Value>, &str>) {
        let got = read(codec, text, language);
        assert_eq!(got, expected.map_err(str::to_owned), "{codec:?} {text:?}");
        if let Ok(Some(value)) = got {
            assert_eq!(
                read(codec, &show(codec, &value), language),
                Ok(Some(value)),
                "shown and read again"
            );
        }
    }

    #[test]
    fn boxes_are_read_as_the_language_writes_them() {
        use Language::{JsonPath as P, Jsonata as N};
        check(Codec::Text, P, "", Ok(None));
        check(Codec::Text, P, "{% no %}", Ok(Some(json!("{% no %}"))));
        check(Codec::Number, P, " 3 ", Ok(Some(json!(3))));
        check(Codec::Number, P, "2.5", Ok(Some(json!(2.5))));
        check(Codec::Number, P, "{% 1 %}", Err("a number is wanted"));
        check(Codec::Number, N, "{% 1 %}", Ok(Some(json!("{% 1 %}"))));
        check(
            Codec::Number,
            N,
            "NaN",
            Err("a number or `{% an expression %}` is wanted"),
        );
        check(
            Codec::Percentage,
            P,
            "101",
            Err("a number from 0 to 100 is wanted"),
        );
        check(Codec::Path, P, "null", Ok(Some(Value::Null)));
        check(
            Codec::Path,
            P,
            "$$.State.Name",
            Ok(Some(json!("$$.State.Name"))),
        );
        check(
            Codec::Path,
            P,
            "a.b",
            Err("a path starts with `$`, an intrinsic function with `States.`"),
        );
        check(
            Codec::Json,
            N,
            "{% $states.input %}",
            Ok(Some(json!("{% $states.input %}"))),
        );
        check(
            Codec::Json,
            N,
            r#"{"a": "{% 1 %}"}"#,
            Ok(Some(json!({"a": "{% 1 %}"}))),
        );
        check(
            Codec::Json,
            P,
            "{\"a\":\n 1,}",
            Err("not JSON at line 2, column 4"),
        );
        check(Codec::Json, P, "\"text\"", Ok(Some(json!("text"))));
    }

    #[test]
    fn times_are_rfc_3339_with_capitals() {
        for good in ["2026-03-01T09:00:00Z", "2026-03-01T09:00:00.123+01:00"] {
            check(
                Codec::Timestamp,
                Language::JsonPath,
                good,
                Ok(Some(json!(good))),
            );
        }
        for bad in [
            "2026-03-01",
            "2026-03-01t09:00:00Z",
            "2026-03-01T09:00:00",
            "2026-3-1T09:00:00Z",
            "T",
            "TZ",
            "2026-03-01T09:00:00é",
        ] {
            assert!(
                read(Codec::Timestamp, bad, Language::JsonPath).is_err(),
                "{bad}"
            );
        }
    }
}
