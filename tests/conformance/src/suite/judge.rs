//! Whether an answer is what the suite expects.

use super::cases::{Case, Expected};
use super::process::Answer;
use crate::compare::same_value;
use serde_json::Value;

/// Codes of the limits of depth and time, which the suite named otherwise before release 2.2.
const LIMITS: [&str; 4] = ["U1001", "D1011", "D1012", "D2015"];

/// What is wrong, if anything.
pub(super) fn difference(case: &Case, answer: &Answer) -> Option<String> {
    let got = match answer {
        Answer::Value(value) => value.to_string(),
        Answer::Undefined => "nothing".to_owned(),
        Answer::Error(message) => format!("the error `{message}`"),
        Answer::Broken(told) => return Some(told.clone()),
    };
    let (agrees, wanted) = match (&case.expected, answer) {
        (Expected::Value { value, unordered }, answer) => {
            let same = matches!(answer, Answer::Value(actual) if same(value, actual, *unordered));
            (same, value.to_string())
        }
        (Expected::Undefined, answer) => {
            (matches!(answer, Answer::Undefined), "nothing".to_owned())
        }
        (Expected::Error(code), answer) => {
            let same = matches!(answer, Answer::Error(message) if is_code(code, message));
            (same, format!("the error {code}"))
        }
        (Expected::AnyError, answer) => (matches!(answer, Answer::Error(_)), "an error".to_owned()),
    };
    (!agrees).then(|| format!("expected {wanted}, but got {got}"))
}

fn same(expected: &Value, actual: &Value, unordered: bool) -> bool {
    match (expected, actual) {
        (Value::Array(expected), Value::Array(actual)) if unordered => {
            let mut left: Vec<&Value> = actual.iter().collect();
            expected.len() == actual.len()
                && expected.iter().all(|item| {
                    let found = left.iter().position(|other| same_value(item, other));
                    found.map(|index| left.remove(index)).is_some()
                })
        }
        _ => same_value(expected, actual),
    }
}

/// Whether the first code in a message is the one, which the crate does not always put first.
fn is_code(code: &str, message: &str) -> bool {
    let mut words = message.split(|c: char| !c.is_ascii_alphanumeric());
    let told = words.find(|word| {
        word.split_at_checked(1).is_some_and(|(letter, digits)| {
            "SDTU".contains(letter)
                && digits.len() == 4
                && digits.bytes().all(|digit| digit.is_ascii_digit())
        })
    });
    told.is_some_and(|told| told == code || LIMITS.contains(&told) && LIMITS.contains(&code))
}
