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
    /// Draws a page of the file, and marks a quotation on it. A reader without eyes, and a kind without pages, refuse with
    /// `FileUnsupported`; a page that is not there is `NotFound`.
    async fn page_image(&self, request: PageRequest) -> Result<PageImage, ExtractError> {
        Err(ExtractError {
            code: Code::FileUnsupported,
            message: format!("`{}` has no pages that can be shown", request.name),
        })
    }
}

/// A page to draw.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Where the bytes are.
    pub path: PathBuf,
    /// The document's name, for messages.
    pub name: String,
    /// The page, from 1.
    pub page: u32,
    /// Pixels of the picture's width; kept within what a screen shows.
    pub width: u32,
    /// The quotation to mark, as the extracted text has it; empty for none.
    pub quote: String,
}

/// A page that was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageImage {
    /// The picture.
    pub png: Vec<u8>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Pages of the document.
    pub pages: u32,
    /// Where the quotation stands, a rectangle for each line; none when the page does not have it.
    pub marks: Vec<PageMark>,
}

/// A rectangle on a page, as shares of its width and height from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageMark {
    /// From the left edge.
    pub x: f32,
    /// From the upper edge.
    pub y: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
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
