//! Recorded executions: how they ended, what they asked of services, and their histories.

use crate::compare::agrees;
use crate::data::text;
use crate::functions::Functions;
use crate::simulate::{Recorded, Simulated, simulate};
use awm_interpreter::{Failure, Options, Outcome, Program};
use serde_json::Value;
use std::sync::Arc;

/// Runs a case. An error tells what kept it from running.
pub fn run(case: &Value) -> Result<Simulated, String> {
    run_with(case, Options::default())
}

/// Runs a case without having its history told.
pub fn run_without_history(case: &Value) -> Result<Simulated, String> {
    let options = Options {
        history: false,
        ..Options::default()
    };
    run_with(case, options)
}

fn run_with(case: &Value, options: Options) -> Result<Simulated, String> {
    let definition = with_arns(case.get("definition").unwrap_or(&Value::Null));
    let program = Program::from_definition(&definition).map_err(|errors| {
        errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    })?;
    let input = case.get("input").cloned().unwrap_or(Value::Null);
    Ok(simulate(Arc::new(program), input, recorded(case), options))
}

/// The definition with an ARN where the recording has a placeholder for an activity's.
pub(crate) fn with_arns(definition: &Value) -> Value {
    let text = definition.to_string().replace(
        "<<create_activity>.activityArn>",
        "arn:aws:states:us-east-1:111111111111:activity:recorded",
    );
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// What a case tells of services.
pub fn recorded(case: &Value) -> Recorded {
    let mut recorded = Recorded {
        express: text(case, "type") == "EXPRESS",
        functions: Functions::of(case),
        ..Recorded::default()
    };
    let mocks = case.get("mocks").and_then(Value::as_object);
    for (state, answers) in mocks.into_iter().flatten() {
        let answers = answers.as_array().into_iter().flatten().map(answer);
        recorded.answers.insert(state.clone(), answers.collect());
    }
    let history = case.get("history").and_then(Value::as_array);
    if recorded.answers.is_empty() {
        recorded.any = history.into_iter().flatten().filter_map(told).collect();
    }
    recorded.submissions = history
        .into_iter()
        .flatten()
        .filter(|event| text(event, "type") == "TaskSubmitted")
        .filter_map(|event| event.pointer("/taskSubmittedEventDetails/output").cloned())
        .collect();
    recorded.items = items(case);
    recorded.written = find_written(case.pointer("/expected/output"));
    recorded
}

/// What a Map state reads, or why it can't: files were not recorded. Where the items went through unchanged, the output or what left
/// the Map tells what they were.
fn items(case: &Value) -> Option<Result<Vec<Value>, Failure>> {
    if case.pointer("/expected/error").and_then(Value::as_str) == Some("States.ItemReaderFailed") {
        return Some(answer(case.get("expected").unwrap_or(&Value::Null)).map(|_| Vec::new()));
    }
    let history = case.get("history").and_then(Value::as_array);
    let left = history
        .into_iter()
        .flatten()
        .filter(|event| text(event, "type") == "MapStateExited")
        .filter_map(|event| event.pointer("/stateExitedEventDetails/output"));
    case.pointer("/expected/output")
        .into_iter()
        .chain(left)
        .find_map(Value::as_array)
        .map(|items| Ok(items.iter().flat_map(unbatched).collect()))
}

/// What a Map state's results were written as.
fn find_written(value: Option<&Value>) -> Option<Value> {
    match value? {
        found @ Value::Object(map) if map.contains_key("ResultWriterDetails") => {
            Some(found.clone())
        }
        Value::Object(map) => map.values().find_map(|value| find_written(Some(value))),
        Value::Array(list) => list.iter().find_map(|value| find_written(Some(value))),
        _ => None,
    }
}

/// The answer that an event tells of.
fn told(event: &Value) -> Option<Result<Value, Failure>> {
    let kind = text(event, "type");
    let (_, details) = event
        .as_object()?
        .iter()
        .find(|(key, _)| key.ends_with("EventDetails"))?;
    let of_work = ["Task", "LambdaFunction", "Activity"]
        .iter()
        .find_map(|work| kind.strip_prefix(work))?;
    match of_work {
        "Succeeded" => Some(Ok(details.get("output")?.clone())),
        "Failed" | "TimedOut" => {
            let cause = details.get("cause").map(|cause| match cause {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            Some(Err(Failure::named(
                details.get("error").and_then(Value::as_str),
                cause.as_deref(),
            )))
        }
        _ => None,
    }
}

fn unbatched(item: &Value) -> Vec<Value> {
    match item.get("Items").and_then(Value::as_array) {
        Some(items) => items.clone(),
        None => vec![item.clone()],
    }
}

fn answer(answer: &Value) -> Result<Value, Failure> {
    match answer.get("output") {
        Some(output) => Ok(output.clone()),
        None => Err(Failure::named(
            answer.get("error").and_then(Value::as_str),
            answer.get("cause").and_then(Value::as_str),
        )),
    }
}

/// What is wrong with how it ended, if anything.
pub fn outcome_difference(case: &Value, outcome: Option<&Outcome>) -> Option<String> {
    let Some(outcome) = outcome else {
        return Some("it never ended".to_owned());
    };
    let expected = case.get("expected").unwrap_or(&Value::Null);
    let optional = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
    let actual = [
        ("status", status(outcome)),
        ("output", outcome.output.clone().unwrap_or(Value::Null)),
        ("error", optional(&outcome.error)),
        ("cause", optional(&outcome.cause)),
    ];
    actual.into_iter().find_map(|(field, actual)| {
        let expected = expected.get(field).unwrap_or(&Value::Null);
        (!agrees(expected, &actual))
            .then(|| format!("{field}: recorded {expected}, but got {actual}"))
    })
}

/// The status as the API names it.
pub(crate) fn status(outcome: &Outcome) -> Value {
    serde_json::to_value(outcome.status).unwrap_or_default()
}

/// What is wrong with the calls of services, if anything.
pub fn calls_difference(case: &Value, simulated: &Simulated) -> Option<String> {
    let expected = case.get("expected_calls").and_then(Value::as_array)?;
    let definition = case.get("definition").unwrap_or(&Value::Null);
    // What child executions ask for stands in their own histories, which were not recorded.
    let mut left: Vec<_> = simulated
        .calls
        .iter()
        .filter(|call| !is_in_child(definition, &call.state))
        .collect();
    if expected.len() != left.len() {
        return Some(format!(
            "calls: recorded {}, but got {}",
            expected.len(),
            left.len()
        ));
    }
    for call in expected {
        let parameters = call.get("parameters").unwrap_or(&Value::Null);
        let found = left.iter().position(|made| {
            *made.name == *text(call, "state") && agrees(parameters, &made.arguments)
        });
        match found {
            Some(index) => {
                left.remove(index);
            }
            None => {
                let got: Vec<String> = left.iter().map(|made| made.arguments.to_string()).collect();
                return Some(format!(
                    "call: recorded {parameters}, but got {}",
                    got.join(" ")
                ));
            }
        }
    }
    None
}

/// Whether a state, by its pointer, is run by child executions of a distributed Map.
fn is_in_child(definition: &Value, state: &str) -> bool {
    state.match_indices("/ItemProcessor/").any(|(at, _)| {
        let mode = state.get(..at).and_then(|map| {
            definition
                .pointer(map)?
                .pointer("/ItemProcessor/ProcessorConfig/Mode")
        });
        mode.and_then(Value::as_str) == Some("DISTRIBUTED")
    })
}
