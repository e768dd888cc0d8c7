//! Recorded tests of single states.

use crate::compare::agrees;
use crate::data::text;
use crate::simulate::names;
use awm_interpreter::{Failure, TestAnswer, TestRefused, TestRequest, test_state};
use serde_json::Value;

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
    let request = case.get("request").unwrap_or(&Value::Null);
    let at = |pointer: &str| request.pointer(pointer);
    let parsed = |pointer: &str| -> Option<Value> {
        match at(pointer)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    };
    let mock = match (at("/mock/result"), at("/mock/errorOutput")) {
        (Some(_), _) => Some(Ok(parsed("/mock/result")
            .ok_or_else(|| TestRefused("Mocked result must be valid JSON".to_owned()))?)),
        (None, Some(error)) => Some(Err(Failure::named(
            error.get("error").and_then(Value::as_str),
            error.get("cause").and_then(Value::as_str),
        ))),
        (None, None) => None,
    };
    if mock.is_some() && at("/revealSecrets") == Some(&Value::Bool(true)) {
        return Err(TestRefused(
            "TestState does not support RevealSecrets when a mock is specified.".to_owned(),
        ));
    }
    let number = |pointer: &str| at(pointer).and_then(Value::as_u64);
    let mut names = names();
    names.execution_id = "arn:<partition>:states:<region>:111111111111:express:<x>:<y>".to_owned();
    names.role = "arn:<partition>:iam::111111111111:role/<z>".to_owned();
    let Some(definition) = parsed("/definition") else {
        return Err(TestRefused(
            "Definition must be a valid JSON object".to_owned(),
        ));
    };
    test_state(TestRequest {
        definition,
        state: at("/stateName").and_then(Value::as_str).map(str::to_owned),
        input: at("/input")
            .cloned()
            .unwrap_or_else(|| serde_json::json!({})),
        context: parsed("/context"),
        variables: match parsed("/variables") {
            Some(Value::Object(variables)) => variables,
            _ => serde_json::Map::new(),
        },
        mock,
        retries: number("/stateConfiguration/retrierRetryCount")
            .and_then(|count| u32::try_from(count).ok())
            .unwrap_or_default(),
        failed_iterations: number("/stateConfiguration/mapIterationFailureCount")
            .and_then(|count| usize::try_from(count).ok()),
        items: parsed("/stateConfiguration/mapItemReaderData")
            .and_then(|items| items.as_array().cloned()),
        names,
        now: 1_700_000_000_000,
    })
}
