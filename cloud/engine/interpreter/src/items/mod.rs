//! What goes into a distributed Map and what comes out of it: items from files, results into files.

mod csv;
mod json;
mod parser;
mod results;

pub use parser::ItemParser;
pub(crate) use parser::parse_items;
pub(crate) use results::{content, transformed};

use crate::Failure;
use awm_api::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// Items to be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadItems {
    /// The state as a JSON Pointer.
    pub state: Arc<str>,
    /// What reads, such as `arn:aws:states:::s3:getObject`.
    pub resource: Arc<str>,
    /// `Bucket`, `Key`, `Prefix`.
    pub arguments: Value,
    /// `CSV`, `JSON`, `JSONL`, `PARQUET` or `MANIFEST`; none for a listing.
    pub input_type: Option<String>,
    /// `ATHENA_DATA` or `S3_INVENTORY`, if the file names other files.
    pub manifest_type: Option<String>,
    /// Whether the files of a listing are read, rather than the listing itself (`LOAD_AND_FLATTEN`).
    pub load: bool,
    /// Where the items are in a JSON file, as a JSON Pointer.
    pub items_pointer: Option<String>,
    /// The columns of a CSV file, if its first row does not tell.
    pub csv_headers: Option<Vec<String>>,
    /// What is between the columns of a CSV file.
    pub csv_delimiter: u8,
    /// Items wanted at most.
    pub max_items: Option<u64>,
}

/// An item of a Map state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// Its key, if it comes from an object.
    pub key: Option<String>,
    /// The item.
    pub value: Value,
}

impl Item {
    /// What an iteration gets that selects nothing.
    pub(crate) fn into_input(self) -> Value {
        match self.key {
            Some(key) => json!({ "Key": key, "Value": self.value }),
            None => self.value,
        }
    }
}

impl From<Value> for Item {
    fn from(value: Value) -> Self {
        Self { key: None, value }
    }
}

/// Items that were read, and whether there may be more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemsPart {
    /// The items, in order.
    pub items: Vec<Item>,
    /// Where they come from, such as `S3://bucket/key`.
    pub source: Arc<str>,
    /// Whether [`Effect::ReadMore`](crate::Effect::ReadMore) may give more.
    pub more: bool,
}

impl From<Vec<Value>> for ItemsPart {
    /// All there are, of which nobody knows where they come from.
    fn from(items: Vec<Value>) -> Self {
        Self {
            items: items.into_iter().map(Item::from).collect(),
            ..Self::default()
        }
    }
}

/// Results to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteResults {
    /// The state as a JSON Pointer.
    pub state: Arc<str>,
    /// The run of the Map state.
    pub map_run: String,
    /// `Bucket`, `Prefix`.
    pub arguments: Value,
    /// What is written of each child execution.
    pub transformation: Transformation,
    /// Whether a file has a result in each line, rather than an array.
    pub lines: bool,
    /// What child executions gave, in the order in which they ended.
    pub results: Vec<ChildResult>,
    /// What the parts before were answered with.
    pub written: Vec<Value>,
    /// Whether this is the last part, after which the manifest is written.
    pub last: bool,
}

/// What is kept of a child execution's result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transformation {
    /// The output with all that is known of the execution.
    #[default]
    None,
    /// The output.
    Compact,
    /// The output; of an array, its elements.
    Flatten,
}

/// A child execution and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildResult {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub execution: String,
    /// The ARN of its machine.
    pub machine: String,
    /// What it got.
    pub input: Arc<Value>,
    /// How it ended.
    pub outcome: ChildOutcome,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub stopped_at: Timestamp,
}

/// How a child execution ended.
#[derive(Clone, Debug, PartialEq)]
pub enum ChildOutcome {
    /// It gave this.
    Succeeded(Arc<Value>),
    /// It failed.
    Failed(Failure),
    /// It was ended because others had failed.
    Aborted,
    /// It was not begun because others had failed.
    Pending,
}
