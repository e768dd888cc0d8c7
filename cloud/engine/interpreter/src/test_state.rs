//! A single state, tested as Step Functions' TestState does it.

use crate::execution::{Inspected, MockedState};
use crate::program::{Kind, Node, Service};
use crate::{Execution, Failure, Names, Options, Program};
use awm_api::Timestamp;
use awm_asl::{MachineType, Severity, validate_value};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What is to be tested.
#[derive(Clone, Debug)]
pub struct TestRequest {
    /// A state, or a machine with the state.
    pub definition: Value,
    /// The state's name in the machine.
    pub state: Option<String>,
    /// The state's input.
    pub input: Value,
    /// The context object in place of one that is made.
    pub context: Option<Value>,
    /// Variables by name.
    pub variables: Map<String, Value>,
    /// What stands in for the state's work: a result, or a failure.
    pub mock: Option<Result<Value, Failure>>,
    /// Retries that were made before.
    pub retries: u32,
    /// Iterations that failed.
    pub failed_iterations: Option<usize>,
    /// What the state's `ItemReader` reads.
    pub items: Option<Vec<Value>>,
    /// What the state is called in the context object and in messages.
    pub names: Names,
    /// The time of the test.
    pub now: Timestamp,
}

/// Why a test is not made: AWS's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TestRefused(pub String);

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// Well.
    Succeeded,
    /// With an error.
    Failed,
    /// With an error that is tried again.
    Retriable,
    /// With an error that was caught.
    CaughtError,
}

/// What a test told.
#[derive(Clone, Debug, PartialEq)]
pub struct TestAnswer {
    /// How it ended.
    pub status: TestStatus,
    /// The output, if there is one.
    pub output: Option<Value>,
    /// The error's name.
    pub error: Option<String>,
    /// The error's cause.
    pub cause: Option<String>,
    /// The state that would follow.
    pub next: Option<String>,
    /// The data at the state's stations, by TestState's names such as `afterInputPath`.
    pub inspection: Map<String, Value>,
}

impl TestStatus {
    /// AWS's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Retriable => "RETRIABLE",
            Self::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// Tests a state. Work is never done: a Task, Map or Parallel state needs a mock.
pub fn test_state(request: TestRequest) -> Result<TestAnswer, TestRefused> {
    let refuse = |message: &str| TestRefused(message.to_owned());
    let definition = as_machine(&request.definition);
    let program = Program::from_definition(&definition).map_err(|errors| {
        let told = validate_value(&definition, MachineType::Standard)
            .into_iter()
            .find(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|found| format!("{}: {} at {}", found.code, found.message, found.pointer))
            .or_else(|| errors.first().map(ToString::to_string))
            .unwrap_or_default();
        TestRefused(format!("Invalid State Machine Definition: '{told}'"))
    })?;
    let name = match &request.state {
        Some(name) => name.as_str(),
        None => definition
            .get("StartAt")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    };
    let (flow, index) =
        find(&program, name).ok_or_else(|| refuse("State not found in definition"))?;
    let node = Arc::clone(
        program
            .node(flow, index)
            .ok_or_else(|| refuse("State not found in definition"))?,
    );
    check(&node, &request)?;
    let execution = Execution::new(
        Arc::new(program),
        request.input,
        request.names,
        Options::default(),
        0,
        request.now,
    );
    let inspected = execution
        .inspect(MockedState {
            flow,
            node: index,
            variables: request.variables,
            context: request.context,
            retries: request.retries,
            failed_iterations: request.failed_iterations.unwrap_or_default(),
            items: request.items,
            mock: request.mock,
        })
        .ok_or_else(|| refuse("State not found in definition"))?;
    Ok(answer(&node, inspected))
}

/// A machine around a state alone, with states for the names that it goes to.
fn as_machine(definition: &Value) -> Value {
    if definition.get("States").is_some() {
        return definition.clone();
    }
    let mut states = Map::new();
    for name in targets(definition) {
        states.insert(name, json!({ "Type": "Succeed" }));
    }
    states.insert("StateName".to_owned(), definition.clone());
    json!({ "StartAt": "StateName", "States": states })
}

fn targets(state: &Value) -> Vec<String> {
    let of = |value: &Value, field: &str| -> Option<String> {
        value.get(field).and_then(Value::as_str).map(str::to_owned)
    };
    let mut names: Vec<String> = [of(state, "Next"), of(state, "Default")]
        .into_iter()
        .flatten()
        .collect();
    for list in ["Choices", "Catch"] {
        let entries = state.get(list).and_then(Value::as_array);
        names.extend(
            entries
                .into_iter()
                .flatten()
                .filter_map(|entry| of(entry, "Next")),
        );
    }
    names
}

fn find(program: &Program, name: &str) -> Option<(usize, usize)> {
    program.flows.iter().enumerate().find_map(|(flow, states)| {
        let index = states.nodes.iter().position(|node| *node.name == *name)?;
        Some((flow, index))
    })
}

/// What TestState refuses.
fn check(node: &Node, request: &TestRequest) -> Result<(), TestRefused> {
    let refuse = |message: String| Err(TestRefused(message));
    let nested = matches!(node.kind, Kind::Map(_) | Kind::Parallel(_));
    let Some(mock) = &request.mock else {
        if request.failed_iterations.is_some() {
            return refuse(
                "TestState does not support MapIterationFailureCount when a mock is not specified."
                    .to_owned(),
            );
        }
        if nested {
            return refuse("TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]".to_owned());
        }
        return check_context(node, request.context.as_ref());
    };
    if !nested && !matches!(node.kind, Kind::Task(_)) {
        return refuse(format!(
            "State type '{}' is not supported when a mock is specified",
            node.type_name()
        ));
    }
    if let Ok(result) = mock {
        match &node.kind {
            Kind::Map(map) if map.writer.is_some() && !result.is_object() => {
                return refuse("Mocked result must be a JSON object.".to_owned());
            }
            Kind::Map(map) if map.writer.is_none() && !result.is_array() => {
                return refuse("Mocked result must be an array.".to_owned());
            }
            Kind::Parallel(branches) => match result.as_array() {
                None => return refuse("Mocked result must be an array.".to_owned()),
                Some(results) if results.len() != branches.len() => {
                    return refuse("Mocked result must contain the same number of items as number of Parallel branches.".to_owned());
                }
                Some(_) => {}
            },
            _ => {}
        }
    }
    check_context(node, request.context.as_ref())
}

fn check_context(node: &Node, context: Option<&Value>) -> Result<(), TestRefused> {
    const FIELDS: [(&str, &[&str]); 5] = [
        (
            "Execution",
            &[
                "Id",
                "Input",
                "Name",
                "RoleArn",
                "StartTime",
                "RedriveCount",
                "RedriveTime",
            ],
        ),
        ("State", &["Name", "EnteredTime", "RetryCount"]),
        ("StateMachine", &["Id", "Name"]),
        ("Task", &["Token"]),
        ("Map", &["Item"]),
    ];
    let refuse = |message: String| {
        Err(TestRefused(format!(
            "Invalid Context object provided: {message}"
        )))
    };
    let parts = context.and_then(Value::as_object);
    for (part, value) in parts.into_iter().flatten() {
        let Some((_, fields)) = FIELDS.iter().find(|(known, _)| known == part) else {
            return refuse(format!("Field '{part}' is not allowed"));
        };
        for (field, value) in value.as_object().into_iter().flatten() {
            if !fields.contains(&field.as_str()) {
                return refuse(format!("Field '{field}' is not allowed"));
            }
            let is_text = !matches!(
                field.as_str(),
                "Input" | "RetryCount" | "RedriveCount" | "Item"
            );
            if is_text && !value.is_string() {
                return refuse(format!("{part}.{field} must be a string"));
            }
        }
        let waits = matches!(
            &node.kind,
            Kind::Task(task) if matches!(task.service, Service::Integration { waits: true, .. })
        );
        if part == "Task" && !waits {
            return refuse("Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern".to_owned());
        }
    }
    Ok(())
}

fn answer(node: &Node, inspected: Inspected) -> TestAnswer {
    let failure = inspected.failure.as_ref();
    let status = match (failure, inspected.retrier, inspected.catcher) {
        (None, ..) => TestStatus::Succeeded,
        (Some(_), Some((_, Some(_))), _) => TestStatus::Retriable,
        (Some(_), _, Some(_)) => TestStatus::CaughtError,
        (Some(_), ..) => TestStatus::Failed,
    };
    TestAnswer {
        status,
        error: failure.and_then(|failure| failure.error.clone()),
        cause: failure.and_then(|failure| failure.cause.clone()),
        inspection: inspection(node, &inspected),
        output: inspected.output,
        next: inspected.next.map(|next| next.to_string()),
    }
}

/// The stations that TestState tells of a state of that type and language.
fn inspection(node: &Node, inspected: &Inspected) -> Map<String, Value> {
    let data = &inspected.data;
    let mut told = Map::new();
    let mut tell = |name: &str, value: Option<&Value>| {
        if let Some(value) = value {
            told.insert(name.to_owned(), value.clone());
        }
    };
    tell("input", data.input.as_ref());
    if node.jsonata {
        if matches!(node.kind, Kind::Task(_)) && node.arguments.is_some() {
            tell("afterArguments", data.arguments.as_ref());
        }
    } else {
        let with_result = matches!(node.kind, Kind::Pass(Some(_)));
        if !with_result && !matches!(node.kind, Kind::Parallel(_)) {
            tell("afterInputPath", data.after_input_path.as_ref());
        }
        if matches!(node.kind, Kind::Task(_) | Kind::Pass(None)) {
            let arguments = data.arguments.as_ref().or(data.after_input_path.as_ref());
            tell("afterParameters", arguments);
        }
        if with_result || matches!(node.kind, Kind::Task(_)) {
            tell("result", data.result.as_ref());
        }
        tell("afterItemsPath", inspected.items.as_ref());
        tell("afterResultSelector", data.after_result_selector.as_ref());
        tell("afterResultPath", data.after_result_path.as_ref());
    }
    for (name, number) in [
        ("maxConcurrency", inspected.concurrency),
        ("toleratedFailureCount", inspected.tolerated_count),
        ("toleratedFailurePercentage", inspected.tolerated_percentage),
    ] {
        tell(name, number.map(Value::from).as_ref());
    }
    let mut details = Map::new();
    if let Some((index, delay)) = inspected.retrier {
        details.insert("retryIndex".to_owned(), index.into());
        if let Some(delay) = delay {
            details.insert("retryBackoffIntervalSeconds".to_owned(), delay.into());
        }
    }
    if let Some(index) = inspected.catcher {
        details.insert("catchIndex".to_owned(), index.into());
    }
    if !details.is_empty() {
        told.insert("errorDetails".to_owned(), Value::Object(details));
    }
    told
}
