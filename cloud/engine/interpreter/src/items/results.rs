//! What is told of child executions.

use super::{ChildOutcome, ChildResult, Transformation};
use crate::execution::rfc3339;
use serde_json::{Map, Value, json};

/// A file's content of results: one array, or a line for each.
pub(crate) fn content(
    results: &[&ChildResult],
    transformation: Transformation,
    lines: bool,
) -> Vec<u8> {
    let values = results
        .iter()
        .flat_map(|result| transformed(result, transformation));
    if lines {
        let mut text = String::new();
        for value in values {
            text.push_str(&value.to_string());
            text.push('\n');
        }
        return text.into_bytes();
    }
    Value::from_iter(values).to_string().into_bytes()
}

/// What is left of a result after its transformation: a flattened array is several. What did not succeed is told as it is.
pub(crate) fn transformed(result: &ChildResult, transformation: Transformation) -> Vec<Value> {
    match (&result.outcome, transformation) {
        (ChildOutcome::Succeeded(output), Transformation::Compact) => vec![Value::clone(output)],
        (ChildOutcome::Succeeded(output), Transformation::Flatten) => match &**output {
            Value::Array(items) => items.clone(),
            other => vec![other.clone()],
        },
        _ => vec![entry(result)],
    }
}

/// All that is known of a child execution, in AWS's form: data as JSON text.
fn entry(result: &ChildResult) -> Value {
    let mut entry = Map::new();
    let status = match &result.outcome {
        ChildOutcome::Succeeded(_) => "SUCCEEDED",
        ChildOutcome::Failed(_) => "FAILED",
        ChildOutcome::Aborted => "ABORTED",
        ChildOutcome::Pending => "PENDING",
    };
    let mut tell = |name: &str, value: Value| entry.insert(name.to_owned(), value);
    if let ChildOutcome::Failed(failure) = &result.outcome {
        tell("Cause", json!(failure.cause));
        tell("Error", json!(failure.error));
    }
    let begun = result.outcome != ChildOutcome::Pending;
    if begun {
        tell("ExecutionArn", json!(result.execution));
    }
    tell("Input", json!(result.input.to_string()));
    tell("InputDetails", json!({ "Included": true }));
    if begun {
        tell("Name", json!(result.name));
        if let ChildOutcome::Succeeded(output) = &result.outcome {
            tell("Output", json!(output.to_string()));
        }
        tell("OutputDetails", json!({ "Included": true }));
        tell("RedriveCount", json!(0));
        if matches!(result.outcome, ChildOutcome::Succeeded(_)) {
            tell("RedriveStatus", json!("NOT_REDRIVABLE"));
            tell(
                "RedriveStatusReason",
                json!("Execution is SUCCEEDED and cannot be redriven"),
            );
        } else {
            tell("RedriveStatus", json!("REDRIVABLE"));
        }
        tell("StartDate", json!(rfc3339(result.started_at)));
    }
    tell("StateMachineArn", json!(result.machine));
    tell("Status", json!(status));
    if begun {
        tell("StopDate", json!(rfc3339(result.stopped_at)));
    }
    Value::Object(entry)
}
