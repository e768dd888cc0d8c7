//! Recorded tests of single states.

use crate::compare::agrees;
use crate::data::text;
use crate::simulate::names;
use awm_interpreter::{TestAnswer, TestRefused, TestRequest, test_state};
use serde_json::{Value, json};

/// What is wrong with the answer to a recorded test, if anything.
pub fn answered_difference(case: &Value) -> Option<String> {
    let expected = case.get("expected").unwrap_or(&Value::Null);
    let answer = match run(case) {
        Ok(answer) => answer,
        Err(refused) => return Some(format!("refused: {refused}")),
    };
    let optional = |text: Option<String>| text.map_or(Value::Null, Value::String);
    let level = case
        .pointer("/request/inspectionLevel")
        .and_then(Value::as_str);
    let inspection = match level {
        None | Some("INFO") => Value::Null,
        Some(_) => Value::Object(answer.inspection),
    };
    let actual = [
        ("status", Value::String(answer.status.as_str().to_owned())),
        ("error", optional(answer.error)),
        ("cause", optional(answer.cause)),
        ("nextState", optional(answer.next)),
        ("output", answer.output.unwrap_or(Value::Null)),
        ("inspectionData", inspection),
    ];
    actual.into_iter().find_map(|(field, actual)| {
        let expected = expected.get(field).unwrap_or(&Value::Null);
        (!agrees(expected, &actual))
            .then(|| format!("{field}: recorded {expected}, but got {actual}"))
    })
}

/// What is wrong with how a recorded test was refused, if anything.
pub fn refused_difference(case: &Value) -> Option<String> {
    let expected = case.get("expected").unwrap_or(&Value::Null);
    let message = match text(expected, "message") {
        "" => text(expected, "exception_value"),
        message => message,
    };
    let message = message
        .strip_prefix(
            "An error occurred (ValidationException) when calling the TestState operation: ",
        )
        .unwrap_or(message);
    match run(case) {
        Err(TestRefused(refused)) if refused == message => None,
        Err(refused) => Some(format!("recorded `{message}`, but got `{refused}`")),
        Ok(_) => Some(format!("recorded `{message}`, but it was answered")),
    }
}

fn run(case: &Value) -> Result<TestAnswer, TestRefused> {
    let mut request = case.get("request").cloned().unwrap_or(Value::Null);
    stand_in(&mut request, case.get("expected").unwrap_or(&Value::Null));
    let mut names = names();
    names.execution_id = "arn:<partition>:states:<region>:111111111111:express:<x>:<y>".to_owned();
    names.role = "arn:<partition>:iam::111111111111:role/<z>".into();
    test_state(TestRequest::from_api(&request, names, 1_700_000_000_000)?)
}

/// Where AWS called a service, the recording tells what that gave: in the inspection, else in how the test ended.
fn stand_in(request: &mut Value, expected: &Value) {
    let called = request.get("mock").is_none() && expected.get("status").is_some();
    let state = request.get("stateName").and_then(Value::as_str);
    let definition = request.get("definition").cloned().unwrap_or(Value::Null);
    let tested = state
        .and_then(|name| definition.get("States")?.get(name))
        .unwrap_or(&definition);
    if !called || tested.get("Type").and_then(Value::as_str) != Some("Task") {
        return;
    }
    let result = expected.pointer("/inspectionData/result");
    let mock = match (
        result.or_else(|| expected.get("output")),
        expected.get("error"),
    ) {
        (Some(result), None) => {
            let text = match result {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            json!({ "result": text, "fieldValidationMode": "NONE" })
        }
        _ => {
            json!({ "errorOutput": { "error": expected.get("error"), "cause": expected.get("cause") } })
        }
    };
    if let Some(request) = request.as_object_mut() {
        request.insert("mock".to_owned(), mock);
    }
}
