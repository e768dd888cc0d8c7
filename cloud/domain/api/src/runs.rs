//! Runs: executions of a workflow on this machine.

use crate::{PageRequest, Timestamp, mocks::MockedCall};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Starts a run and answers as soon as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStart {
    /// The workflow; its newest saved document is run.
    pub workflow_id: String,
    /// The input.
    pub input: Value,
    /// Mocks by state path, in place of those in the document, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mocks: Option<BTreeMap<String, Mock>>,
    /// Who asked for it.
    #[serde(default)]
    pub source: RunSource,
}

/// Starts a run of a document that is not in the workspace, such as a file on the command line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunDocument {
    /// The name that the run is listed under.
    pub name: String,
    /// `awm_flow::Document` as JSON.
    pub document: Value,
    /// The input.
    pub input: Value,
    /// Mocks by state path, in place of those in the document, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mocks: Option<BTreeMap<String, Mock>>,
    /// Mocks by state path that tell calls apart; they go before `mocks`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calls: BTreeMap<String, Vec<MockedCall>>,
    /// Who asked for it.
    #[serde(default)]
    pub source: RunSource,
}

/// What stands in for a Task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Mock {
    /// The task returns this value.
    Return {
        /// The task's result.
        value: Value,
    },
    /// The task fails with this error.
    Fail {
        /// The error name, such as `States.Timeout`.
        error: String,
        /// The cause.
        #[serde(default)]
        cause: String,
    },
}

/// Who asked for a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunSource {
    /// The editor's Run button.
    #[default]
    Editor,
    /// A turn of a conversation.
    Chat,
    /// The command line.
    Cli,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunStatus {
    /// Going on.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ran longer than the machine's `TimeoutSeconds`.
    TimedOut,
    /// Stopped on request, or cut off by the end of the process.
    Aborted,
}

/// A row of the list of runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run's id.
    pub id: String,
    /// The workflow that was run; empty when the document was not in the workspace.
    pub workflow_id: String,
    /// Its name at the time.
    pub workflow_name: String,
    /// The revision that was run.
    pub revision: u64,
    /// How it stands.
    pub status: RunStatus,
    /// Who asked for it.
    pub source: RunSource,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Events stored so far.
    pub events: u64,
    /// The error name, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The cause, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// Stops a run that goes on, as StopExecution does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunStop {
    /// The run.
    pub id: String,
    /// The error name that its end reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The cause that its end reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// Goes on with a run that failed, was stopped, timed out or was cut off, as RedriveExecution does: in the same run, with the
/// document and the input that it had, where it was not done. Refused with `BadRequest` if that can't be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRedrive {
    /// The run.
    pub id: String,
    /// Mocks by state path, in place of those in the run's document, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mocks: Option<BTreeMap<String, Mock>>,
}

/// Takes a recorded execution in as a run that is over: to be looked at, and to be redriven if it failed. A history without its end,
/// or of which pages are missing, is refused with `BadRequest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunImportHistory {
    /// The name that the run is listed under.
    pub name: String,
    /// `awm_flow::Document` as JSON, with the definition that was run.
    pub document: Value,
    /// What `GetExecutionHistory` answered: `{"events": […]}`, or the list.
    pub history: Value,
    /// Who asked for it.
    #[serde(default)]
    pub source: RunSource,
}

/// Asks for runs, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunList {
    /// Only of this workflow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    /// Only in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RunStatus>,
    /// Only from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<RunSource>,
    /// Only started at or after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Only with this text in the workflow's name, the run's id or its error.
    #[serde(default)]
    pub text: String,
    /// Which part.
    #[serde(default)]
    pub page: PageRequest,
}

/// Asks for one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunGet {
    /// The run.
    pub id: String,
}

/// One run with everything that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The row of the list.
    pub summary: RunSummary,
    /// `awm_flow::Document` as it was run, as JSON.
    pub document: Value,
    /// The input.
    pub input: Value,
    /// The output, when it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// All events, in order.
    pub events: Vec<RunEvent>,
}

/// One event of a run's history, as Step Functions' `HistoryEvent`, with what the screens need beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEvent {
    /// The event's number, from 1.
    pub id: u64,
    /// The event that led to this one; 0 for none.
    pub previous: u64,
    /// When it happened.
    pub at: Timestamp,
    /// The event type as AWS names it, such as `PassStateEntered`.
    pub kind: String,
    /// The content of the type's `…EventDetails` object.
    pub details: Value,
    /// The visit of a state that the event belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
}

/// One visit of one state, told with each of its events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// The visit's number within the run: the id of its `…StateEntered` event.
    pub id: u64,
    /// The state as a JSON Pointer into the definition, such as `/States/Ask`.
    pub state: String,
    /// The state's name.
    pub name: String,
    /// The Map iterations and Parallel branches it is in, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<u32>,
    /// The data at its stations, as far as known: told when it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Box<VisitData>>,
}

/// A state's data at its stations, like TestState's `inspectionData`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitData {
    /// The raw input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Arc<Value>>,
    /// After `InputPath`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_input_path: Option<Arc<Value>>,
    /// After `Parameters` or `Arguments`: what the work got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Arc<Value>>,
    /// What the work gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Arc<Value>>,
    /// After `ResultSelector`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_result_selector: Option<Arc<Value>>,
    /// After `ResultPath`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_result_path: Option<Arc<Value>>,
    /// The output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Arc<Value>>,
    /// The variables in scope at the state's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<Value>,
    /// Attempts after the first.
    #[serde(skip_serializing_if = "is_zero")]
    pub retries: u32,
    /// The error name, when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The cause, when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Whether a mock stood in.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mocked: bool,
    /// The outputs of the child executions that succeeded, by index, where a Map Run did not: a redrive does not do them again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Value>,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// Watches a run: first what is stored, then what happens, to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunWatch {
    /// The run.
    pub id: String,
    /// The last event that the caller has; 0 for none.
    #[serde(default)]
    pub after: u64,
}

/// What a watcher is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RunUpdate {
    /// Something happened, and is stored.
    Event {
        /// What.
        event: RunEvent,
    },
    /// A task tells how far it is, or streams text; not stored.
    Progress {
        /// The visit.
        visit: u64,
        /// The state as a JSON Pointer.
        state: String,
        /// The text.
        text: String,
    },
    /// The run's row changed; the last update has a status other than `Running`.
    Summary {
        /// The row.
        summary: RunSummary,
        /// The output, when it succeeded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<Value>,
    },
}
