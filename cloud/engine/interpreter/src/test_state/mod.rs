//! A single state, tested as Step Functions' TestState does it.

mod inspection;
mod refusal;
mod wire;

use crate::execution::{Inspected, MockedState};
use crate::program::Node;
use crate::{Execution, Failure, Names, Options, Program};
use awm_api::Timestamp;
use awm_asl::{MachineType, Severity, validate_value};
use awm_services::Mode;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is to be tested. [`TestRequest::from_api`] reads it from the API's request.
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
    /// How a mocked result is held to the service's model.
    pub mode: Mode,
    /// Retries that were made before.
    pub retries: Option<u32>,
    /// The state in a Map or Parallel state that a mocked error comes from.
    pub error_caused_by: Option<String>,
    /// Iterations that failed.
    pub failed_iterations: Option<usize>,
    /// What the state's `ItemReader` reads, as it is in the file.
    pub reader_data: Option<String>,
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
    /// The state and the rule of a Choice state that was followed; see [`Execution::exercised`].
    pub exercised: BTreeSet<String>,
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
    let machine = request.definition.get("States").is_some();
    let invalid = |told: &str| TestRefused(format!("Invalid State Machine Definition: '{told}'"));
    let found = validate_value(&definition, MachineType::Standard);
    let errors: Vec<String> = found
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        // A state alone is no machine that must have an end.
        .filter(|diagnostic| machine || !diagnostic.unlocated)
        .map(|found| match found.unlocated {
            true => format!("{}: {}", found.code, found.message),
            false => format!("{}: {} at {}", found.code, found.message, found.pointer),
        })
        .collect();
    if !errors.is_empty() {
        return Err(invalid(&errors.join(", ")));
    }
    let program = Program::from_definition(&definition)
        .map_err(|errors| invalid(&errors.first().map(ToString::to_string).unwrap_or_default()))?;
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
    refusal::check(&node, &request)?;
    let mut execution = Execution::new(
        Arc::new(program),
        request.input,
        request.names,
        Options::default(),
        0,
        request.now,
    );
    execution.remember_exercised();
    let inspected = execution
        .inspect(MockedState {
            flow,
            node: index,
            variables: request.variables,
            context: request.context,
            retries: request.retries.unwrap_or_default(),
            failed_iterations: request.failed_iterations.unwrap_or_default(),
            reader_data: request.reader_data,
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
        inspection: inspection::of(node, &inspected),
        exercised: inspected.exercised,
        output: inspected.output,
        next: inspected.next.map(|next| next.to_string()),
    }
}
