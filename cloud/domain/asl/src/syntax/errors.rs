//! What happens when a Task, Parallel or Map state fails.

use super::PathField;
use serde_json::{Map as JsonMap, Value};

/// An entry of `Retry`. Values that are not written are the language's defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Retrier {
    /// Where it is in the definition.
    pub pointer: String,
    /// What it is for.
    pub comment: Option<String>,
    /// Names of errors that it is about.
    pub error_equals: Vec<String>,
    /// Seconds before the first retry: 1.
    pub interval_seconds: u64,
    /// Retries, not counting the first attempt: 3.
    pub max_attempts: u64,
    /// By which the interval grows with each retry: 2.
    pub backoff_rate: f64,
    /// The longest interval, seconds.
    pub max_delay_seconds: Option<u64>,
    /// How the interval is spread.
    pub jitter: Jitter,
    /// Fields that the language does not know here.
    pub extra: JsonMap<String, Value>,
}

/// How an interval between retries is spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    #[default]
    None,
    /// Evenly between nothing and the interval.
    Full,
}

/// An entry of `Catch`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catcher {
    /// Where it is in the definition.
    pub pointer: String,
    /// What it is for.
    pub comment: Option<String>,
    /// Names of errors that it is about.
    pub error_equals: Vec<String>,
    /// The state to go to; empty when missing, which is an error.
    pub next: String,
    /// Where the error's description goes in the state's input (JSONPath).
    pub result_path: Option<PathField>,
    /// Templates of variables by name.
    pub assign: Option<JsonMap<String, Value>>,
    /// The template of the output (JSONata).
    pub output: Option<Value>,
    /// Fields that the language does not know here.
    pub extra: JsonMap<String, Value>,
}

impl Default for Retrier {
    fn default() -> Self {
        Self {
            pointer: String::new(),
            comment: None,
            error_equals: Vec::new(),
            interval_seconds: 1,
            max_attempts: 3,
            backoff_rate: 2.0,
            max_delay_seconds: None,
            jitter: Jitter::None,
            extra: JsonMap::new(),
        }
    }
}
