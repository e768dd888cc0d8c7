//! Files to text.

use async_trait::async_trait;
use awm_api::Code;
use std::path::PathBuf;

/// Takes the text out of a file, with caps on memory, time and output.
#[async_trait]
pub trait Extractor: Send + Sync {
    /// Reads the file. The kind is told by its bytes, the name is a hint.
    async fn extract(&self, request: ExtractRequest) -> Result<Extracted, ExtractError>;
    /// Reads bytes that are no file, such as a fetched page. The kind is told by the bytes, the name is a hint.
    async fn extract_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<Extracted, ExtractError>;
}

/// A file to read.
#[derive(Clone, Debug)]
pub struct ExtractRequest {
    /// Where the bytes are.
    pub path: PathBuf,
    /// The document's name, for the kind and for messages.
    pub name: String,
}

/// What was in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extracted {
    /// The kind, such as `application/pdf`.
    pub media_type: String,
    /// The title, where the file tells one.
    pub title: Option<String>,
    /// Pages, where it has such.
    pub pages: Option<u32>,
    /// Pages that are pictures without text: scans.
    pub scanned_pages: u32,
    /// What a person should know of the reading, such as `3 of 12 pages are scans without text`: sentences without a full stop.
    pub notes: Vec<String>,
    /// The text in reading order.
    pub blocks: Vec<ExtractedBlock>,
}

/// A paragraph, heading, list item, table or code block.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtractedBlock {
    /// Markdown of the block, without blank lines around it.
    pub markdown: String,
    /// The heading level, 1 to 6, when it is a heading.
    pub heading: Option<u8>,
    /// The page it begins on, from 1.
    pub page: Option<u32>,
}

/// Why a file could not be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ExtractError {
    /// One of the `AWM-40xx` codes.
    pub code: Code,
    /// What happened, for a person.
    pub message: String,
}
