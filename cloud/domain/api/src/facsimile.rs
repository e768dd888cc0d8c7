//! Pages of documents as pictures.

use serde::{Deserialize, Serialize};

/// Asks for a page of a document as it looks, with a range of the extracted text marked on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentPage {
    /// The document.
    pub id: String,
    /// The page, from 1.
    pub page: u32,
    /// The range to mark: first character and one past the last, in Unicode scalar values of the document's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(u32, u32)>,
    /// Pixels of the picture's width; 1,000 if it is not told, at most 2,400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

/// A page as it looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageFacsimile {
    /// The page, from 1.
    pub page: u32,
    /// Pages of the document.
    pub pages: u32,
    /// The picture: PNG in standard base64.
    pub png: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Where the range stands on this page, a rectangle for each line; none when the page does not have it.
    pub marks: Vec<Mark>,
}

/// A rectangle on a page, as shares of its width and height from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// From the left edge.
    pub x: f32,
    /// From the upper edge.
    pub y: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
}
