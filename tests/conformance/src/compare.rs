//! Whether an answer is what was recorded, as the recording's README has it normalised.

use serde_json::Value;

/// Words that stand for anything in a recording.
const ANYTHING: [&str; 11] = [
    "date",
    "timestamp",
    "start-date",
    "stop-date",
    "snf_role_arn",
    "RandomNumberGenerated",
    "generated-uuid",
    "x-amzn-RequestId",
    "X-Amzn-Trace-Id",
    "activity_arn",
    "map_run_arn",
];

/// Fields that say nothing about the machine.
const IGNORED: [&str; 7] = [
    "RedriveCount",
    "redriveCount",
    "redriveStatus",
    "SdkHttpMetadata",
    "SdkResponseMetadata",
    "X-Amzn-Trace-Id",
    "workerName",
];

/// Whether `actual` is what was recorded: numbers by value, placeholders as anything, JSON within text by value.
pub fn agrees(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => texts_agree(a, b),
        (Value::String(a), _) if ANYTHING.contains(&a.as_str()) => true,
        (Value::String(a), _) if is_placeholder(a) => true,
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let present = |key: &str| !IGNORED.contains(&key);
            a.iter()
                .filter(|(key, _)| present(key))
                .all(|(key, a)| b.get(key).is_some_and(|b| agrees(a, b)))
                && b.keys()
                    .filter(|key| present(key))
                    .all(|key| a.contains_key(key))
        }
        (Value::Object(_) | Value::Array(_), Value::String(text)) => {
            serde_json::from_str(text).is_ok_and(|actual| agrees(expected, &actual))
        }
        (Value::String(text), Value::Object(_) | Value::Array(_)) => {
            serde_json::from_str(text).is_ok_and(|expected| agrees(&expected, actual))
        }
        _ => expected == actual,
    }
}

/// Whether two values are the same, numbers by value.
pub fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same_value(a, b)))
        }
        _ => one == other,
    }
}

fn texts_agree(expected: &str, actual: &str) -> bool {
    if expected == actual || ANYTHING.contains(&expected) {
        return true;
    }
    // A placeholder within a placeholder.
    let expected = &*expected.replace("<<task_token>:1>", "<task_token>");
    // TestState tells data as text.
    if serde_json::from_str::<Value>(expected).is_ok_and(|expected| expected == *actual) {
        return true;
    }
    if let (Ok(a @ (Value::Object(_) | Value::Array(_))), Ok(b)) = (
        serde_json::from_str::<Value>(expected),
        serde_json::from_str::<Value>(actual),
    ) {
        return agrees(&a, &b);
    }
    glob(expected, actual) || glob(actual, expected)
}

fn is_placeholder(text: &str) -> bool {
    matches!(pieces(text).as_slice(), [first, last] if first.is_empty() && last.is_empty())
}

/// Whether `text` is `pattern` with something in place of each `<placeholder>`.
fn glob(pattern: &str, text: &str) -> bool {
    let pieces = pieces(pattern);
    let [first, middle @ .., last] = pieces.as_slice() else {
        return false;
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    for piece in middle {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// What is between the placeholders; one piece if there are none.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find('<')) {
        let open = from + open;
        let inner = text.get(open + 1..).unwrap_or_default();
        let length = inner
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.')))
            .unwrap_or(inner.len());
        if length > 0
            && inner
                .get(length..)
                .is_some_and(|after| after.starts_with('>'))
        {
            pieces.extend(text.get(start..open));
            start = open + length + 2;
            from = start;
        } else {
            from = open + 1;
        }
    }
    pieces.extend(text.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::agrees;
    use serde_json::json;

    #[test]
    fn placeholders_stand_for_anything() {
        let yes = [
            (json!(1), json!(1.0)),
            (json!("arn:<partition>:x"), json!("arn:aws:x")),
            (json!("<uuid:1>"), json!("abc")),
            (json!("{\"a\": \"<uuid:1>\"}"), json!("{\"a\":\"b\"}")),
            (json!({ "a": 1, "RedriveCount": 3 }), json!({ "a": 1 })),
            (json!("input '<json-input:1>'"), json!("input '{\"a\":1}'")),
        ];
        for (expected, actual) in yes {
            assert!(agrees(&expected, &actual), "{expected} {actual}");
        }
        let no = [
            (json!("a < b > c"), json!("a x c")),
            (json!({ "a": 1 }), json!({ "a": 1, "b": 2 })),
            (json!("arn:<partition>:x"), json!("arn:aws:y")),
        ];
        for (expected, actual) in no {
            assert!(!agrees(&expected, &actual), "{expected} {actual}");
        }
    }
}
