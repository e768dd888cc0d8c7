//! Map states ready to run.

use super::Amount;
use crate::Transformation;
use awm_asl::path::Path;
use awm_asl::template::{PathTemplate, QueryTemplate};
use std::sync::Arc;

/// A template of either language.
#[derive(Debug)]
pub(crate) enum Template {
    Path(PathTemplate),
    Query(QueryTemplate),
}

/// What a Map state has of its own.
#[derive(Debug)]
pub(crate) struct MapNode {
    pub(crate) items_path: Option<Path>,
    pub(crate) items: Option<QueryTemplate>,
    pub(crate) selector: Option<Template>,
    pub(crate) processor: Processor,
    pub(crate) reader: Option<Reader>,
    pub(crate) batcher: Option<Batcher>,
    pub(crate) writer: Option<Writer>,
    pub(crate) max_concurrency: Option<Amount>,
    pub(crate) tolerated_count: Option<Amount>,
    pub(crate) tolerated_percentage: Option<Amount>,
    pub(crate) label: Option<String>,
}

/// What is done with each item.
#[derive(Debug)]
pub(crate) struct Processor {
    pub(crate) flow: usize,
    pub(crate) distributed: bool,
}

/// Where items are read from.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) resource: Arc<str>,
    pub(crate) arguments: Option<Template>,
    pub(crate) input_type: Option<String>,
    pub(crate) manifest_type: Option<String>,
    pub(crate) load: bool,
    pub(crate) items_pointer: Option<String>,
    pub(crate) csv_headers: Option<Vec<String>>,
    pub(crate) csv_delimiter: u8,
    pub(crate) max_items: Option<Amount>,
}

/// How items are grouped.
#[derive(Debug)]
pub(crate) struct Batcher {
    pub(crate) max_items: Option<Amount>,
    pub(crate) max_bytes: Option<Amount>,
    pub(crate) input: Option<Template>,
}

/// Where results are written.
#[derive(Debug)]
pub(crate) struct Writer {
    /// Whether they are written to files, rather than the state's result made of them.
    pub(crate) exports: bool,
    pub(crate) transformation: Transformation,
    /// Whether a file has a result in each line, rather than an array.
    pub(crate) lines: bool,
    pub(crate) arguments: Option<Template>,
}
