//! A case as it is written down.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// A machine, the world around it, and what has to come of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Says what is shown; unique within its file.
    pub name: String,
    /// The section of the specification or of the developer guide that it follows from.
    pub source: String,
    /// The machine.
    pub definition: Value,
    /// Its input.
    #[serde(default)]
    pub input: Value,
    /// What tasks do, by the state's name, one for each call; the last one for all that follow.
    #[serde(default)]
    pub world: BTreeMap<String, Vec<Act>>,
    /// What comes from outside.
    #[serde(default)]
    pub signals: Vec<Signal>,
    /// Files by `bucket/key`: text as it is, `{"gzip": text}` packed, anything else as JSON. With them no time is told.
    #[serde(default)]
    pub files: BTreeMap<String, Value>,
    /// With how many seeds it is run: each has to agree.
    #[serde(default = "one")]
    pub seeds: u64,
    /// What has to come of it.
    pub expected: Expected,
}

fn one() -> u64 {
    1
}

/// What a task does at one call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Milliseconds until it answers.
    #[serde(default)]
    pub after: i64,
    /// What it gives.
    #[serde(default, deserialize_with = "present")]
    pub output: Option<Value>,
    /// How it fails.
    pub error: Option<String>,
    /// Why it fails.
    pub cause: Option<String>,
    /// Milliseconds between its heartbeats, until it answers.
    pub beats: Option<i64>,
    /// What the service says when it takes the request; a token answers.
    #[serde(default, deserialize_with = "present")]
    pub submitted: Option<Value>,
    /// It never answers by itself.
    #[serde(default)]
    pub never: bool,
}

/// What comes from outside at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Milliseconds after the start.
    pub at: i64,
    /// The state whose token is used.
    pub token_of: Option<String>,
    /// Which call of it, from 0.
    #[serde(default)]
    pub call: usize,
    /// A token that nobody gave out.
    pub token: Option<String>,
    /// The result that the token is sent with.
    #[serde(default, deserialize_with = "present")]
    pub output: Option<Value>,
    /// The error that the token is sent with.
    pub error: Option<String>,
    /// The cause that the token is sent with.
    pub cause: Option<String>,
    /// The token is sent as a heartbeat.
    #[serde(default)]
    pub heartbeat: bool,
    /// The execution is stopped, with this error and cause.
    #[serde(default)]
    pub stop: bool,
    /// Whether nothing waits for the token.
    #[serde(default)]
    pub refused: bool,
}

/// What has to come of it. What is not written is not compared.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`, or `REFUSED` if it can't be created.
    pub status: String,
    /// The output.
    #[serde(default, deserialize_with = "present")]
    pub output: Option<Value>,
    /// The error name.
    pub error: Option<String>,
    /// The cause.
    pub cause: Option<String>,
    /// Milliseconds after the start.
    pub at: Option<i64>,
    /// Calls of tasks: when, which state, and with what; in any order of those at one time.
    pub calls: Option<Vec<Call>>,
    /// Tasks that were cancelled, by state, in the alphabet's order.
    pub cancelled: Option<Vec<String>>,
    /// Between which milliseconds each retry comes after the failure before it.
    pub delays: Option<Vec<[i64; 2]>>,
    /// Whether the delays, over all seeds, come near both bounds.
    #[serde(default)]
    pub spread: bool,
    /// Calls that are under way at once, at most.
    pub together: Option<usize>,
    /// Types of all events, in order.
    pub events: Option<Vec<String>>,
    /// Parts of the messages that a definition is refused with.
    #[serde(default)]
    pub refused: Vec<String>,
    /// Files that have to be there in the end, by `bucket/key`; `*` stands for any one step of a key. `null`: it may not be there.
    #[serde(default)]
    pub files: BTreeMap<String, Value>,
}

/// A call of a task.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Call {
    /// When and which state.
    Bare(i64, String),
    /// When, which state, and with what.
    With(i64, String, Value),
}

/// Tells `null` from nothing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
