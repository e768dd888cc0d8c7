//! What stands in for calls of tasks, one by one.

use crate::runs::Mock;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What stands in for a range of a state's calls. Retries and iterations count as calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MockedCall {
    /// The first call, from 0.
    pub first: u32,
    /// The last call; none for all that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u32>,
    /// Milliseconds before the answer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delay_ms: u64,
    /// The answer.
    pub answer: MockAnswer,
}

/// What a mocked call answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum MockAnswer {
    /// A value.
    Return {
        /// The task's result.
        value: Value,
    },
    /// An error.
    Fail {
        /// The error name.
        error: String,
        /// The cause.
        #[serde(default)]
        cause: String,
    },
    /// What the service of the task would say in such a case.
    Fault {
        /// Which.
        fault: Fault,
    },
}

/// What can go wrong with any service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It was called too often.
    Throttle,
    /// It never answers.
    Timeout,
    /// It answers with something that is no JSON.
    MalformedJson,
    /// It takes no connection.
    Refused,
    /// It denies access.
    AccessDenied,
}

impl MockedCall {
    /// Whether it stands in for the call of that number, from 0.
    pub fn covers(&self, call: u32) -> bool {
        call >= self.first && self.last.is_none_or(|last| call <= last)
    }
}

impl From<Mock> for MockedCall {
    /// For every call.
    fn from(mock: Mock) -> Self {
        Self {
            first: 0,
            last: None,
            delay_ms: 0,
            answer: match mock {
                Mock::Return { value } => MockAnswer::Return { value },
                Mock::Fail { error, cause } => MockAnswer::Fail { error, cause },
            },
        }
    }
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Throttle,
        Self::Timeout,
        Self::MalformedJson,
        Self::Refused,
        Self::AccessDenied,
    ];

    /// The name in files, such as `malformedJson`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::Timeout => "timeout",
            Self::MalformedJson => "malformedJson",
            Self::Refused => "refused",
            Self::AccessDenied => "accessDenied",
        }
    }

    /// The fault of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == name)
    }
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}
