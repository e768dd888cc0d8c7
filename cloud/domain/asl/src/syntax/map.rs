//! What a Map state has of its own.

use super::{Machine, Quantity};
use serde_json::{Map as JsonMap, Value};

/// A machine for each item of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// The path of the list (JSONPath).
    pub items_path: Option<String>,
    /// The list: an array, or JSONata for one (JSONata).
    pub items: Option<Value>,
    /// The template of each item's input: `ItemSelector`, or the older `Parameters`.
    pub item_selector: Option<Value>,
    /// What is done with each item: `ItemProcessor`, or the older `Iterator`.
    pub processor: ItemProcessor,
    /// Where the items are read from (distributed).
    pub reader: Option<ItemReader>,
    /// How items are grouped (distributed).
    pub batcher: Option<ItemBatcher>,
    /// Where results are written (distributed).
    pub writer: Option<ResultWriter>,
    /// `MaxConcurrency` or `MaxConcurrencyPath`; 0 is no limit.
    pub max_concurrency: Option<Quantity>,
    /// `ToleratedFailureCount` or `ToleratedFailureCountPath`.
    pub tolerated_failure_count: Option<Quantity>,
    /// `ToleratedFailurePercentage` or `ToleratedFailurePercentagePath`.
    pub tolerated_failure_percentage: Option<Quantity>,
    /// The name of the runs (distributed).
    pub label: Option<String>,
}

/// What is done with each item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemProcessor {
    /// The states; without any when missing, which is an error.
    pub machine: Machine,
    /// How it is run.
    pub config: ProcessorConfig,
}

/// How items are run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessorConfig {
    /// Whether each item is an execution of its own (`DISTRIBUTED`), rather than part of this one (`INLINE`).
    pub distributed: bool,
    /// Whether those executions are `EXPRESS`, rather than `STANDARD`.
    pub express: bool,
}

/// Where items are read from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemReader {
    /// Where it is in the definition.
    pub pointer: String,
    /// What reads, such as `arn:aws:states:::s3:getObject`.
    pub resource: String,
    /// `InputType`: `CSV`, `JSON`, `JSONL`, `PARQUET` or `MANIFEST`. None for a listing.
    pub input_type: Option<String>,
    /// `CSVHeaderLocation`: `FIRST_ROW` or `GIVEN`.
    pub csv_header_location: Option<String>,
    /// `CSVHeaders`.
    pub csv_headers: Option<Vec<String>>,
    /// `CSVDelimiter`: `COMMA`, `PIPE`, `SEMICOLON`, `SPACE` or `TAB`.
    pub csv_delimiter: Option<String>,
    /// `MaxItems` or `MaxItemsPath`.
    pub max_items: Option<Quantity>,
    /// `ReaderConfig` as written.
    pub config: JsonMap<String, Value>,
    /// `Parameters` or `Arguments`: the template of where to read.
    pub arguments: Option<Value>,
}

/// How items are grouped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemBatcher {
    /// Where it is in the definition.
    pub pointer: String,
    /// `MaxItemsPerBatch` or `MaxItemsPerBatchPath`.
    pub max_items: Option<Quantity>,
    /// `MaxInputBytesPerBatch` or `MaxInputBytesPerBatchPath`.
    pub max_input_bytes: Option<Quantity>,
    /// The template that every batch gets besides its items.
    pub batch_input: Option<Value>,
}

/// Where results are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultWriter {
    /// Where it is in the definition.
    pub pointer: String,
    /// What writes, such as `arn:aws:states:::s3:putObject`.
    pub resource: Option<String>,
    /// `Parameters` or `Arguments`: the template of where to write.
    pub arguments: Option<Value>,
    /// `WriterConfig` as written: `Transformation` and `OutputType`.
    pub config: JsonMap<String, Value>,
}
