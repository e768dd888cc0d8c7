//! What parent and child say to each other: frames of a length (four bytes, little endian) and that many bytes.

use crate::Limits;
use awm_api::Code;
use awm_ports::{ExtractError, Extracted, ExtractedBlock};
use serde::{Deserialize, Serialize};
use std::{
    io::{Read, Write},
    path::PathBuf,
};

/// Where the bytes are.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum From {
    Path(PathBuf),
    /// In the next frame.
    Frame,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) from: From,
    pub(crate) name: String,
    pub(crate) pdfium: Option<PathBuf>,
    pub(crate) limits: Limits,
    /// A page to draw, instead of the text.
    pub(crate) page: Option<Ask>,
}

/// A page to draw.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ask {
    pub(crate) page: u32,
    pub(crate) width: u32,
    pub(crate) quote: String,
}

/// A page that was drawn.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Picture {
    /// In standard base64.
    pub(crate) png: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pages: u32,
    pub(crate) marks: Vec<Mark>,
}

/// Shares of the page's width and height.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Mark {
    /// Whether another is the next of the same line.
    pub(crate) fn is_beside(&self, next: &Mark) -> bool {
        let middle = next.y + next.height / 2.0;
        let same_line = middle > self.y && middle < self.y + self.height;
        same_line && next.x + next.width >= self.x && next.x < self.x + self.width + 0.03
    }

    pub(crate) fn take_in(&mut self, next: &Mark) {
        let right = (self.x + self.width).max(next.x + next.width);
        let bottom = (self.y + self.height).max(next.y + next.height);
        self.x = self.x.min(next.x);
        self.y = self.y.min(next.y);
        self.width = right - self.x;
        self.height = bottom - self.y;
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Response {
    Read(Text),
    Drawn(Picture),
    Refused(Refusal),
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Text {
    pub(crate) media_type: String,
    pub(crate) title: Option<String>,
    pub(crate) pages: Option<u32>,
    pub(crate) scanned_pages: u32,
    pub(crate) notes: Vec<String>,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) markdown: String,
    pub(crate) heading: Option<u8>,
    pub(crate) page: Option<u32>,
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl std::convert::From<Refusal> for ExtractError {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code,
            message: refusal.message,
        }
    }
}

impl std::convert::From<Text> for Extracted {
    fn from(text: Text) -> Self {
        Self {
            media_type: text.media_type,
            title: text.title,
            pages: text.pages,
            scanned_pages: text.scanned_pages,
            notes: text.notes,
            blocks: text
                .blocks
                .into_iter()
                .map(|block| ExtractedBlock {
                    markdown: block.markdown,
                    heading: block.heading,
                    page: block.page,
                })
                .collect(),
        }
    }
}

impl std::convert::From<awm_knowledge::Block> for Block {
    fn from(block: awm_knowledge::Block) -> Self {
        Self {
            markdown: block.markdown,
            heading: block.heading,
            page: block.page,
        }
    }
}

/// Reads a frame of at most `most` bytes; none at the end of the stream.
pub(crate) fn read_frame(from: &mut impl Read, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if let Err(error) = from.read_exact(&mut length) {
        return match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Ok(None),
            _ => Err(error),
        };
    }
    let length = u64::from(u32::from_le_bytes(length));
    if length > most {
        return Err(std::io::Error::other("a frame is too long"));
    }
    let mut frame = Vec::new();
    from.take(length).read_to_end(&mut frame)?;
    if (frame.len() as u64) < length {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(frame))
}

pub(crate) fn write_frame(to: &mut impl Write, frame: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(frame.len()).map_err(std::io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(frame)?;
    to.flush()
}
