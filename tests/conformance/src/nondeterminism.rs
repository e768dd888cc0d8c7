//! What AWS itself does otherwise each time.

use crate::executions::status;
use awm_interpreter::Outcome;
use serde_json::Value;

/// What makes values differ from run to run, and what to say of it.
const SOURCES: [(&str, &str); 7] = [
    ("States.MathRandom", "`States.MathRandom` draws a number"),
    ("States.UUID", "`States.UUID` makes an id"),
    ("$random", "`$random` draws a number"),
    ("$shuffle", "`$shuffle` draws an order"),
    ("$uuid", "`$uuid` makes an id"),
    ("$now", "`$now` tells the time of the run"),
    ("$millis", "`$millis` tells the time of the run"),
];

/// Why a case that is marked as nondeterministic is so.
pub(crate) fn reason(case: &Value) -> Option<String> {
    if case.get("nondeterministic").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let definition = case.get("definition").map(Value::to_string);
    let definition = definition.unwrap_or_default();
    let reasons: Vec<&str> = SOURCES
        .iter()
        .filter(|(source, _)| definition.contains(source))
        .map(|(_, reason)| *reason)
        .collect();
    Some(if reasons.is_empty() {
        "the recording is marked so, and its definition doesn't tell why".to_owned()
    } else {
        reasons.join(", ")
    })
}

/// Whether it ended the same way, with data of the same form: all that can be asked where values are drawn.
pub(crate) fn alike(case: &Value, outcome: Option<&Outcome>) -> bool {
    let Some(outcome) = outcome else { return false };
    let expected = case.get("expected").unwrap_or(&Value::Null);
    let output = outcome.output.as_ref().unwrap_or(&Value::Null);
    expected.get("status") == Some(&status(outcome))
        && same_form(expected.get("output").unwrap_or(&Value::Null), output)
}

fn same_form(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_form(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same_form(a, b)))
        }
        // A name stands for what was drawn, whatever its type.
        (Value::String(_), actual) => !actual.is_array() && !actual.is_object(),
        (expected, actual) => std::mem::discriminant(expected) == std::mem::discriminant(actual),
    }
}
