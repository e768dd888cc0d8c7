//! What a Task state asks of the world.

use async_trait::async_trait;
use awm_tenancy::TenantId;
use serde_json::Value;
use std::sync::Arc;

/// Does the work of Task states.
#[async_trait]
pub trait TaskRunner: Send + Sync {
    /// Does one attempt. Dropping the future cancels the work: that is how a timeout or a stop reaches it.
    async fn run(&self, tenant: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure>;
}

/// One attempt of a Task state.
#[derive(Clone)]
pub struct TaskRequest {
    /// The run.
    pub run_id: String,
    /// The state as a JSON Pointer into the definition, such as `/States/Ask`.
    pub state: String,
    /// The state's name.
    pub name: String,
    /// The `Resource` as written, such as `${AwmRetrieve}` or `arn:aws:states:::lambda:invoke`.
    pub resource: String,
    /// After `Parameters` or `Arguments`.
    pub arguments: Value,
    /// Attempts before this one.
    pub retries: u32,
    /// Hears how far the work is, and text that streams; never stored.
    pub progress: TaskProgress,
}

impl std::fmt::Debug for TaskRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Arguments may hold what a log must not.
        f.debug_struct("TaskRequest")
            .field("run_id", &self.run_id)
            .field("state", &self.state)
            .field("resource", &self.resource)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

/// Hears text while a task works.
#[derive(Clone)]
pub struct TaskProgress(Arc<dyn Fn(&str) + Send + Sync>);

impl TaskProgress {
    /// Hears with `listener`, which must be quick: it runs on the task's own thread.
    pub fn new(listener: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }

    /// Hears nothing.
    pub fn none() -> Self {
        Self::new(|_| ())
    }

    /// Tells the next piece of text.
    pub fn tell(&self, text: &str) {
        (self.0)(text);
    }
}

impl std::fmt::Debug for TaskProgress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TaskProgress").finish_non_exhaustive()
    }
}

/// Why an attempt failed: what Retry and Catch see.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {cause}")]
pub struct TaskFailure {
    /// The error name, such as `States.TaskFailed` or `Awm.ModelUnreachable`.
    pub error: String,
    /// The cause, for a person.
    pub cause: String,
}

impl TaskFailure {
    /// A failure with a name and a cause.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            cause: cause.into(),
        }
    }
}
