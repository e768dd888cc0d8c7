//! The document that is kept, sent and drawn: a definition's own text, and what ASL has no room for.

use awm_api::runs::Mock;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A workflow as its author left it.
///
/// States are named by [`StateRef`]; an entry whose state is gone is kept for undo, and dropped at a save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The document format's version; see [`Document::VERSION`].
    pub version: u32,
    /// How `text` is written.
    pub format: Format,
    /// The definition, byte for byte as the author wrote it: formatting, order and unknown fields included.
    pub text: String,
    /// Top-left corners of nodes, pixels at zoom 1; relative to the corner of their scope. A state without one is laid out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub positions: BTreeMap<StateRef, Point>,
    /// Parallel and Map frames that are folded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collapsed: Vec<StateRef>,
    /// Stand-ins for Tasks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mocks: BTreeMap<StateRef, Mock>,
    /// The input that Run offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_input: Option<Value>,
}

/// A state as a JSON Pointer into the definition (RFC 6901), such as `/States/Ask` or
/// `/States/Each/ItemProcessor/States/Ask`.
pub type StateRef = String;

/// How a definition is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// YAML 1.2.
    Yaml,
}

impl From<Format> for awm_asl::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Yaml => Self::Yaml,
        }
    }
}

/// A place in flow space, pixels at zoom 1, y downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Rightwards.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Document {
    /// The newest version of the format.
    pub const VERSION: u32 = 1;

    /// A document around a definition's text.
    pub fn new(format: Format, text: impl Into<String>) -> Self {
        Self {
            version: Self::VERSION,
            format,
            text: text.into(),
            positions: BTreeMap::new(),
            collapsed: Vec::new(),
            mocks: BTreeMap::new(),
            sample_input: None,
        }
    }
}
