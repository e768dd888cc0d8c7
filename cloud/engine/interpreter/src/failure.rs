//! Why a state fails.

use awm_asl::intrinsic::IntrinsicError;
use awm_asl::path::{PathError, WriteError};
use awm_asl::template::{PathTemplateError, QueryTemplateError};

/// What Retry and Catch see of a failure. AWS knows failures without a name and without a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The error name, such as `States.Timeout`.
    pub error: Option<String>,
    /// The cause, for a person.
    pub cause: Option<String>,
    /// What failed.
    pub(crate) origin: Origin,
}

/// What failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The work, a Fail state or a limit: the cause is told as it is.
    Work,
    /// The work, which did not tell in time that it goes on. AWS names it `States.Timeout`, and finds it by both names.
    Heartbeat,
    /// The state itself: AWS begins the cause with the state and the event that it was entered at.
    State,
    /// A JSONata expression, in this field if it is one.
    Query(Option<String>),
}

impl Failure {
    /// A failure of the work.
    pub fn work(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            cause: Some(cause.into()),
            origin: Origin::Work,
        }
    }

    /// A failure of the work that may lack a name or a cause.
    pub fn named(error: Option<&str>, cause: Option<&str>) -> Self {
        Self {
            error: error.map(str::to_owned),
            cause: cause.map(str::to_owned),
            origin: Origin::Work,
        }
    }

    pub(crate) fn runtime(cause: impl Into<String>) -> Self {
        Self::state("States.Runtime", cause)
    }

    pub(crate) fn state(error: &str, cause: impl Into<String>) -> Self {
        Self {
            error: Some(error.to_owned()),
            cause: Some(cause.into()),
            origin: Origin::State,
        }
    }

    pub(crate) fn query(cause: impl Into<String>, field: Option<&str>) -> Self {
        Self {
            error: Some("States.QueryEvaluationError".to_owned()),
            cause: Some(cause.into()),
            origin: Origin::Query(field.map(str::to_owned)),
        }
    }

    /// A path of a field such as `InputPath` that names nothing.
    pub(crate) fn path(path: &str, error: &PathError) -> Self {
        Self::runtime(format!("Invalid path '{path}' : {error}"))
    }

    pub(crate) fn timeout() -> Self {
        Self {
            error: Some("States.Timeout".to_owned()),
            cause: None,
            origin: Origin::Work,
        }
    }

    pub(crate) fn heartbeat() -> Self {
        Self {
            origin: Origin::Heartbeat,
            ..Self::timeout()
        }
    }

    pub(crate) fn too_large(what: &str) -> Self {
        Self::work(
            "States.DataLimitExceeded",
            format!(
                "The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
            ),
        )
    }

    /// Whether it is one that nothing catches and that AWS tells no events of but the execution's end.
    pub(crate) fn is_of_runtime(&self) -> bool {
        self.error.as_deref() == Some("States.Runtime")
    }

    /// Whether the failure is one of those that an `ErrorEquals` names.
    pub(crate) fn is_among(&self, names: &[String], of_task: bool) -> bool {
        let error = self.error.as_deref();
        // Nothing catches these, not even their own name.
        if self.is_of_runtime() {
            return false;
        }
        names.iter().any(|name| match name.as_str() {
            "States.ALL" => true,
            "States.TaskFailed" => {
                error == Some("States.TaskFailed")
                    || of_task
                        && self.origin == Origin::Work
                        && !matches!(
                            error,
                            Some(
                                "States.Timeout"
                                    | "States.HeartbeatTimeout"
                                    | "States.DataLimitExceeded"
                            )
                        )
            }
            "States.Timeout" => {
                matches!(error, Some("States.Timeout" | "States.HeartbeatTimeout"))
            }
            "States.HeartbeatTimeout" if self.origin == Origin::Heartbeat => true,
            name => error == Some(name),
        })
    }
}

impl From<PathTemplateError> for Failure {
    fn from(error: PathTemplateError) -> Self {
        match error {
            PathTemplateError::Intrinsic(error) => error.into(),
            PathTemplateError::NotFound { .. } => Self::runtime(error.to_string()),
        }
    }
}

impl From<IntrinsicError> for Failure {
    fn from(error: IntrinsicError) -> Self {
        let name = match error {
            IntrinsicError::NotFound { .. } => "States.Runtime",
            IntrinsicError::Failed { .. } => "States.IntrinsicFailure",
        };
        Self::state(name, error.to_string())
    }
}

impl From<QueryTemplateError> for Failure {
    fn from(error: QueryTemplateError) -> Self {
        Self::query(error.to_string(), Some(error.field()))
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::state("States.ResultPathMatchFailure", error.to_string())
    }
}
