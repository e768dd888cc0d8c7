//! TestState's request and answer as the API has them.

use super::{TestAnswer, TestRefused, TestRequest};
use crate::{Failure, Names};
use awm_api::Timestamp;
use awm_services::Mode;
use serde_json::{Map, Value, json};

impl TestRequest {
    /// Reads the API's request. What the API holds as JSON text (`definition`, `input`, `variables`, `context`, `mock.result`) may
    /// also be JSON itself, which is easier to write by hand. A refusal is in AWS's words.
    pub fn from_api(request: &Value, names: Names, now: Timestamp) -> Result<Self, TestRefused> {
        check_lengths(request)?;
        let at = |pointer: &str| request.pointer(pointer);
        let refuse = |message: &str| TestRefused(message.to_owned());
        let definition = parsed(at("/definition"))
            .filter(Value::is_object)
            .ok_or_else(|| refuse("Definition must be a valid JSON object"))?;
        let mock = mock(request)?;
        if mock.is_some() && at("/revealSecrets") == Some(&Value::Bool(true)) {
            return Err(refuse(
                "TestState does not support RevealSecrets when a mock is specified.",
            ));
        }
        let mode = match at("/mock/fieldValidationMode").and_then(Value::as_str) {
            Some("PRESENT") => Mode::Present,
            Some("NONE") => Mode::None,
            _ => Mode::Strict,
        };
        let number = |pointer: &str| at(pointer).and_then(Value::as_u64);
        Ok(Self {
            definition,
            state: at("/stateName").and_then(Value::as_str).map(str::to_owned),
            input: input(at("/input")),
            context: parsed(at("/context")),
            variables: match parsed(at("/variables")) {
                Some(Value::Object(variables)) => variables,
                _ => Map::new(),
            },
            mock,
            mode,
            retries: number("/stateConfiguration/retrierRetryCount")
                .map(|count| u32::try_from(count).unwrap_or(u32::MAX)),
            error_caused_by: at("/stateConfiguration/errorCausedByState")
                .and_then(Value::as_str)
                .map(str::to_owned),
            failed_iterations: number("/stateConfiguration/mapIterationFailureCount")
                .map(|count| usize::try_from(count).unwrap_or(usize::MAX)),
            reader_data: at("/stateConfiguration/mapItemReaderData").map(|data| match data {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            }),
            names,
            now,
        })
    }
}

impl TestAnswer {
    /// The API's answer; data is JSON text, as there. `level` is the request's `inspectionLevel`.
    pub fn to_api(&self, level: Option<&str>) -> Value {
        let mut answer = Map::new();
        let mut tell = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                answer.insert(name.to_owned(), Value::String(value));
            }
        };
        tell("output", self.output.as_ref().map(Value::to_string));
        tell("error", self.error.clone());
        tell("cause", self.cause.clone());
        tell("nextState", self.next.clone());
        tell("status", Some(self.status.as_str().to_owned()));
        if matches!(level, Some("DEBUG" | "TRACE")) {
            let told = |(name, value): (&String, &Value)| {
                let value = match name.as_str() {
                    "errorDetails"
                    | "maxConcurrency"
                    | "toleratedFailureCount"
                    | "toleratedFailurePercentage" => value.clone(),
                    _ => Value::String(value.to_string()),
                };
                (name.clone(), value)
            };
            let inspection = self.inspection.iter().map(told).collect();
            answer.insert("inspectionData".to_owned(), Value::Object(inspection));
        }
        Value::Object(answer)
    }
}

/// What may be JSON text or JSON.
fn parsed(value: Option<&Value>) -> Option<Value> {
    match value? {
        Value::String(text) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    }
}

/// Text that is no JSON is taken as a text.
fn input(value: Option<&Value>) -> Value {
    match value {
        None => json!({}),
        Some(Value::String(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()))
        }
        Some(other) => other.clone(),
    }
}

fn mock(request: &Value) -> Result<Option<Result<Value, Failure>>, TestRefused> {
    let refuse = |message: &str| Err(TestRefused(message.to_owned()));
    let (result, error) = (
        request.pointer("/mock/result"),
        request.pointer("/mock/errorOutput"),
    );
    match (result, error) {
        (Some(_), Some(_)) => refuse(
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ),
        (Some(_), None) => match parsed(result) {
            Some(result) => Ok(Some(Ok(result))),
            None => refuse("Mocked result must be valid JSON"),
        },
        (None, Some(error)) => Ok(Some(Err(Failure::named(
            error.get("error").and_then(Value::as_str),
            error.get("cause").and_then(Value::as_str),
        )))),
        (None, None) => Ok(None),
    }
}

/// What AWS's clients refuse before they send a request.
fn check_lengths(request: &Value) -> Result<(), TestRefused> {
    let mut problems = Vec::new();
    for (pointer, name) in [
        ("/definition", "definition"),
        ("/roleArn", "roleArn"),
        ("/stateName", "stateName"),
        (
            "/stateConfiguration/errorCausedByState",
            "stateConfiguration.errorCausedByState",
        ),
    ] {
        if request.pointer(pointer).and_then(Value::as_str) == Some("") {
            problems.push(format!(
                "Invalid length for parameter {name}, value: 0, valid min length: 1"
            ));
        }
    }
    for name in ["retrierRetryCount", "mapIterationFailureCount"] {
        let value = request.pointer(&format!("/stateConfiguration/{name}"));
        if let Some(value) = value.filter(|value| value.as_i64().is_some_and(|number| number < 0)) {
            problems.push(format!(
                "Invalid value for parameter stateConfiguration.{name}, value: {value}, valid min value: 0"
            ));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(TestRefused(format!(
        "Parameter validation failed:\n{}",
        problems.join("\n")
    )))
}
