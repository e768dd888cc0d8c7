//! What goes into an execution and what comes out.

use crate::items::{ItemsPart, ReadItems, WriteResults};
use crate::{Event, Failure};
use awm_api::Timestamp;
use awm_api::runs::RunStatus;
use serde_json::Value;
use std::sync::Arc;

/// What an execution is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// It begins. Only the first input, and only once.
    Started,
    /// Go on: answers [`Effect::Continue`].
    Continue,
    /// A service took a request that it will answer later (`.sync`, `.waitForTaskToken`).
    TaskSubmitted {
        /// The task.
        id: u64,
        /// What the service said.
        output: Value,
    },
    /// A task gave its result.
    TaskSucceeded {
        /// The task.
        id: u64,
        /// The result.
        output: Value,
    },
    /// A task failed.
    TaskFailed {
        /// The task.
        id: u64,
        /// Why.
        failure: Failure,
    },
    /// A task that waits for its token is still worked on.
    Heartbeat {
        /// The task.
        id: u64,
    },
    /// The time of [`Effect::SetTimer`] has come.
    TimerFired {
        /// The timer.
        id: u64,
    },
    /// Items of a Map state were read.
    ItemsRead {
        /// The request.
        id: u64,
        /// The next items, or why there are none.
        items: Result<ItemsPart, Failure>,
    },
    /// Results of a Map state were written.
    ResultsWritten {
        /// The request.
        id: u64,
        /// For the last part what the state's result is, for others what the last part is to be told; or why there is none.
        output: Result<Value, Failure>,
    },
    /// It must end now.
    Stop {
        /// The error name to report.
        error: Option<String>,
        /// The cause to report.
        cause: Option<String>,
    },
}

/// What an execution asks for. Events come first: they must be stored before the rest is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// These happened.
    Emit(Vec<Event>),
    /// Have this work done.
    RunTask {
        /// The name to answer with.
        id: u64,
        /// The work.
        request: Box<TaskCall>,
    },
    /// The result of this work is no longer wanted.
    CancelTask {
        /// The task.
        id: u64,
    },
    /// Tell when it is `at`.
    SetTimer {
        /// The name to answer with.
        id: u64,
        /// When.
        at: Timestamp,
    },
    /// Nobody waits for this timer any more.
    CancelTimer {
        /// The timer.
        id: u64,
    },
    /// Go on reading where [`Effect::ReadItems`] of this name stopped.
    ReadMore {
        /// The request.
        id: u64,
    },
    /// Read the first items of a Map state.
    ReadItems {
        /// The name to answer with.
        id: u64,
        /// From where.
        request: Box<ReadItems>,
    },
    /// Write the results of a Map state.
    WriteResults {
        /// The name to answer with.
        id: u64,
        /// Where to and what.
        request: Box<WriteResults>,
    },
    /// More can be done at once; the rest may have its turn before.
    Continue,
    /// It is over. The last effect.
    Finished(Arc<Outcome>),
}

/// Work to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskCall {
    /// The visit of the state: the id of its `…StateEntered` event.
    pub visit: u64,
    /// The state as a JSON Pointer.
    pub state: Arc<str>,
    /// The state's name.
    pub name: Arc<str>,
    /// The `Resource` as written.
    pub resource: Arc<str>,
    /// What the work gets.
    pub arguments: Value,
    /// Attempts before this one.
    pub retries: u32,
    /// The token that a callback would name.
    pub token: Option<String>,
}

impl TaskCall {
    /// Whether the service says at once that it took the request, and the result comes later: `.sync`, `.waitForTaskToken`.
    pub fn waits(&self) -> bool {
        let action = self.resource.strip_suffix(":2").unwrap_or(&self.resource);
        action.ends_with(".sync") || action.ends_with(".waitForTaskToken")
    }
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Any but `Running`.
    pub status: RunStatus,
    /// The output, if it succeeded.
    pub output: Option<Value>,
    /// The error name, if it failed and has one.
    pub error: Option<String>,
    /// The cause, if it failed and has one.
    pub cause: Option<String>,
}
