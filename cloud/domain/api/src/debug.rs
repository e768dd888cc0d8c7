//! Debugging: a run that is held, looked into, changed and taken back.
//!
//! A session lives in the memory of whoever answers the table, and ends with it; nothing of it is stored. It is held at first.
//! States are named by their JSON Pointer in the definition, such as `/States/Each/ItemProcessor/States/Inner`.

use crate::Timestamp;
use crate::runs::{Mock, RunEvent, RunStatus, VisitData};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Begins a session, held before the first state. Answers with its state, which has its id. There are at most 16: the one that was
/// asked least lately makes room.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebugStart {
    /// A workflow of the workspace; its newest saved document is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    /// Or a document, `awm_flow::Document` as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Value>,
    /// What the document is called.
    pub name: String,
    /// The input of the machine, or of the state in `start_at`.
    pub input: Value,
    /// Mocks by state, in place of those in the document, if given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mocks: Option<BTreeMap<String, Mock>>,
    /// Where to hold.
    pub breakpoints: Vec<Breakpoint>,
    /// The state to start at in place of the machine's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<String>,
    /// The variables that the first state sees.
    pub variables: Map<String, Value>,
    /// Wait and Retry wait by the clock; otherwise they take no time, which goes on as if they did.
    pub real_time: bool,
    /// The seed of random numbers; the same one gives the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// Asks for a session's state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DebugGet {
    /// The session.
    pub id: String,
    /// Only events above this id; 0 for all.
    #[serde(default)]
    pub after: u64,
}

/// Tells a session what to do. What makes it go is answered when it holds again or has ended, which may take as long as its
/// tasks; everything else at once. While it goes, only `pause`, `breakpoints` and `add_breakpoint` are taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DebugCommand {
    /// The session.
    pub id: String,
    /// What to do.
    pub action: DebugAction,
    /// The answer has only events above this id; 0 for all.
    #[serde(default)]
    pub after: u64,
}

/// Evaluates JSONata or a path where a line of states stands. Nothing changes by it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DebugEvaluate {
    /// The session.
    pub id: String,
    /// The line; the chosen one if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<u64>,
    /// JSONata, with or without `{% %}`, or a path such as `$.a`. `$states.input` is the state's input, `$name` a variable.
    pub expression: String,
}

/// What an expression gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DebugValue {
    /// The value.
    pub value: Value,
}

/// Ends a session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DebugStop {
    /// The session.
    pub id: String,
}

/// A session has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebugStopped {
    /// Whether there was one.
    pub stopped: bool,
}

/// Where to hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakpoint {
    /// Its number; 0 asks for one.
    #[serde(default)]
    pub id: u64,
    /// Where.
    #[serde(flatten)]
    pub at: BreakAt,
    /// JSONata that must be true there, over the state's input and variables. One that gives no boolean holds nothing; the
    /// problem is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// It is kept, but holds nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// It goes once it has held.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
}

/// A place to hold at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum BreakAt {
    /// Before a state is entered.
    Enter {
        /// The state.
        state: String,
    },
    /// When a task has answered, before the answer is taken.
    Result {
        /// The state.
        state: String,
    },
    /// After a state is left.
    Exit {
        /// The state.
        state: String,
    },
    /// Between two states.
    Transition {
        /// The state that was left.
        from: String,
        /// The state that is entered next.
        to: String,
    },
    /// Before an error is raised, whether it will be tried again, caught, or neither.
    Error {
        /// Its name; none for any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Only in this state.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
}

/// What a session is told to do. `thread` is the chosen line of states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DebugAction {
    /// Go on to the next breakpoint or the end.
    Continue,
    /// Hold as soon as may be.
    Pause,
    /// Go on to the next state of the chosen line; what is in the state is run, the other lines are held.
    Step,
    /// Go into a branch or an iteration of the state that the chosen line is about to enter.
    StepInto {
        /// Which; the first if none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<u32>,
    },
    /// Go on until what the chosen line is in has ended.
    StepOut,
    /// Go on to a state.
    RunTo {
        /// The state.
        state: String,
    },
    /// Choose a line.
    Select {
        /// Its number.
        thread: u64,
    },
    /// Give the state that the chosen line is about to enter another input.
    SetInput {
        /// The input.
        value: Value,
    },
    /// Set variables of the chosen line.
    SetVariables {
        /// By name.
        values: Map<String, Value>,
    },
    /// Give the task that the chosen line is about to enter, or that has answered, this result in place of its own.
    SetResult {
        /// The result.
        value: Value,
    },
    /// Let that task fail.
    SetError {
        /// The error name.
        error: String,
        /// The cause.
        #[serde(default)]
        cause: String,
    },
    /// Go back to before the last states that the chosen line entered. Tasks that were done are remembered.
    Back {
        /// How many states.
        #[serde(default = "one")]
        states: u32,
    },
    /// Go back to before an event.
    GoTo {
        /// The event's id.
        event: u64,
    },
    /// Begin anew at a state, which is taken for the first.
    RunFrom {
        /// The state.
        state: String,
        /// Its input; if none, what it had when it was entered last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        input: Option<Value>,
        /// Its variables; if none, those that it saw when it was entered last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        variables: Option<Map<String, Value>>,
    },
    /// Put these breakpoints in place of all.
    Breakpoints {
        /// All.
        breakpoints: Vec<Breakpoint>,
    },
    /// Add a breakpoint, or put it in place of the one with its number.
    AddBreakpoint {
        /// Which.
        breakpoint: Breakpoint,
    },
}

fn one() -> u32 {
    1
}

/// How a session stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DebugState {
    /// The session.
    pub id: String,
    /// Whether it goes.
    pub status: DebugStatus,
    /// Why it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HoldReason>,
    /// The chosen line of states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<u64>,
    /// All lines of states, the machine's own first.
    pub threads: Vec<DebugThread>,
    /// The breakpoints.
    pub breakpoints: Vec<BreakpointState>,
    /// The time in the run.
    pub now: Timestamp,
    /// The id of the newest event.
    pub newest: u64,
    /// The events above the id that was asked for.
    pub events: Vec<RunEvent>,
    /// How often the run was taken back: whoever keeps events asks for all again when this has changed.
    pub rewound: u64,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<DebugOutcome>,
}

/// Whether a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DebugStatus {
    /// It goes.
    Running,
    /// It is held.
    Held,
    /// The run is over; it can be taken back.
    Ended,
}

/// Why a session holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum HoldReason {
    /// It has just begun, or begun anew.
    Start,
    /// At a breakpoint.
    Breakpoint {
        /// Its number.
        id: u64,
    },
    /// At a breakpoint: an error is about to be raised.
    Error {
        /// The breakpoint's number.
        id: u64,
        /// The state.
        state: String,
        /// The error name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// The cause.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    },
    /// The step is done.
    Step,
    /// The line that was stepped has ended.
    LineEnded,
    /// It was asked to.
    Asked,
    /// It was taken back.
    Back,
    /// Nothing goes on and nothing is waited for.
    Stuck,
}

/// A line of states: the machine's own, a branch's, an iteration's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DebugThread {
    /// Its number.
    pub id: u64,
    /// What it is in, outermost first; the last is the state itself.
    pub frames: Vec<DebugFrame>,
    /// What it does.
    pub place: DebugPlace,
    /// The state that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The state's raw input.
    pub input: Value,
    /// The variables that it sees.
    pub variables: Map<String, Value>,
    /// The state's data at its stations: of the chosen line's next state as they would be if it were entered now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Box<VisitData>>,
    /// The answer of its task, which is taken next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<DebugAnswer>,
    /// Attempts after the first.
    #[serde(default)]
    pub retries: u32,
}

/// A state on a line's way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebugFrame {
    /// The state as a JSON Pointer.
    pub state: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// The branch or iteration that is in it, if this is not the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
}

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DebugPlace {
    /// It is about to enter its state.
    Entering,
    /// A Wait state waits.
    Waiting,
    /// It waits to try again.
    Retrying,
    /// Its task works.
    Working,
    /// Its task has answered.
    Answered,
    /// Branches or iterations go on.
    Within,
    /// Items are read, or results written.
    Transferring,
}

/// What a task answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DebugAnswer {
    /// A result.
    Result {
        /// The value.
        value: Value,
    },
    /// An error.
    Error {
        /// The error name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
        /// The cause.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
    },
}

/// A breakpoint and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakpointState {
    /// It.
    #[serde(flatten)]
    pub breakpoint: Breakpoint,
    /// How often it held.
    pub hits: u64,
    /// Why its condition can't be told, or that no state is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DebugOutcome {
    /// Any but `Running`.
    pub status: RunStatus,
    /// The output, when it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// The error name, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The cause, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}
