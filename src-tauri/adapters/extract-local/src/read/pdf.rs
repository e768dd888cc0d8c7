//! PDF by PDFium.

use super::{
    layout::{Cell, Line, blocks},
    locked,
    reading::Reading,
};
use crate::wire::{Refusal, Text};
use awm_api::Code;
use pdfium_render::prelude::{
    PdfDocument, PdfDocumentMetadataTagType, PdfPage, PdfPageObjectType, PdfPageObjectsCommon,
    PdfPageTextChar, Pdfium, PdfiumError, PdfiumInternalError,
};
use std::sync::OnceLock;

/// The text of all pages; none when they are pictures.
pub(crate) fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let document = open(bytes, reading)?;
    let pages = document.pages();
    let mut lines = Vec::new();
    let (mut count, mut scanned) = (0_u32, 0_u32);
    for page in pages.iter() {
        reading.page()?;
        count += 1;
        // A page that can't be read leaves the others.
        let found = read_page(&page, count);
        reading.text(found.iter().map(|line| line.text.len()).sum())?;
        scanned += u32::from(found.is_empty() && has_picture(&page));
        lines.extend(found);
    }
    let title = document
        .metadata()
        .get(PdfDocumentMetadataTagType::Title)
        .map(|tag| tag.value().trim().to_owned())
        .filter(|title| !title.is_empty());
    Ok(Text {
        media_type: "application/pdf".into(),
        title,
        pages: Some(count),
        scanned_pages: scanned,
        notes: scans(scanned, count).into_iter().collect(),
        blocks: blocks(&lines, count),
    })
}

/// What a person should know of pages without text.
fn scans(scanned: u32, pages: u32) -> Option<String> {
    match (scanned, pages) {
        (0, _) => None,
        (1, 1) => Some("the page is a scan without text".into()),
        (scanned, pages) if scanned == pages => {
            Some(format!("all {pages} pages are scans without text"))
        }
        (1, pages) => Some(format!("1 of {pages} pages is a scan without text")),
        (scanned, pages) => Some(format!("{scanned} of {pages} pages are scans without text")),
    }
}

/// A page without text that shows a picture is a scan; one that shows nothing is a blank.
fn has_picture(page: &PdfPage<'_>) -> bool {
    page.objects().iter().take(1_000).any(|object| {
        matches!(
            object.object_type(),
            PdfPageObjectType::Image | PdfPageObjectType::XObjectForm
        )
    })
}

/// Opens a document.
pub(crate) fn open<'b>(bytes: &'b [u8], reading: &Reading<'_>) -> Result<PdfDocument<'b>, Refusal> {
    library(reading)?
        .load_pdf_from_byte_slice(bytes, None)
        .map_err(|error| match error {
            PdfiumError::PdfiumLibraryInternalError(
                PdfiumInternalError::PasswordError | PdfiumInternalError::SecurityError,
            ) => locked(&reading.name),
            _ => reading.damaged(),
        })
}

fn library(reading: &Reading<'_>) -> Result<&'static Pdfium, Refusal> {
    static LIBRARY: OnceLock<Result<Pdfium, String>> = OnceLock::new();
    let missing = |what: &str| {
        Refusal::new(
            Code::ComponentMissing,
            format!("reading PDF files needs PDFium, {what}"),
        )
    };
    let path = reading
        .pdfium
        .ok_or_else(|| missing("which is not installed"))?;
    LIBRARY
        .get_or_init(|| {
            let path = std::path::absolute(path).map_err(|error| error.to_string())?;
            if !path.is_file() {
                return Err(format!("which is not at `{}`", path.display()));
            }
            Pdfium::bind_to_library(&path)
                .map(Pdfium::new)
                .map_err(|error| {
                    format!("which can't be loaded from `{}`: {error:?}", path.display())
                })
        })
        .as_ref()
        .map_err(|what| missing(what))
}

/// The page's lines as PDFium orders them, each with the size and place of its first letter, and with its cells where wide gaps
/// part it.
fn read_page(page: &PdfPage<'_>, number: u32) -> Vec<Line> {
    let mut lines = Vec::new();
    let Ok(text) = page.text() else {
        return lines;
    };
    let begun = || Line {
        page: number,
        ..Line::default()
    };
    let mut open = begun();
    let mut sized = false;
    // The last letter, and whether white space followed it.
    let mut last: Option<PdfPageTextChar<'_>> = None;
    let mut spaced = false;
    let letters = text.chars();
    for letter in letters.iter() {
        match letter.unicode_char() {
            Some('\n' | '\r') => {
                finish(&mut open, last.as_ref());
                if !open.text.trim().is_empty() {
                    lines.push(std::mem::replace(&mut open, begun()));
                }
                open = begun();
                sized = false;
                spaced = false;
                last = None;
            }
            Some(c) if c.is_whitespace() => {
                spaced = true;
                open.text.push(if c == '\t' { c } else { ' ' });
            }
            Some(c) => {
                if !sized {
                    open.size = letter.scaled_font_size().value;
                    open.y = letter.origin_y().map_or(0.0, |y| y.value);
                    sized = true;
                }
                let parted = spaced && gap(last.as_ref(), &letter) > open.size.max(4.0) * 1.2;
                if parted || open.cells.is_empty() {
                    finish(&mut open, last.as_ref());
                    open.cells.push(Cell {
                        left: left(&letter),
                        ..Cell::default()
                    });
                }
                if let Some(cell) = open.cells.last_mut() {
                    if spaced && !cell.text.is_empty() {
                        cell.text.push(' ');
                    }
                    push(&mut cell.text, c);
                }
                push(&mut open.text, c);
                spaced = false;
                last = Some(letter);
            }
            None => {}
        }
    }
    finish(&mut open, last.as_ref());
    if !open.text.trim().is_empty() {
        lines.push(open);
    }
    lines
}

/// Notes where the open cell ends.
fn finish(line: &mut Line, last: Option<&PdfPageTextChar<'_>>) {
    if let (Some(cell), Some(last)) = (line.cells.last_mut(), last) {
        cell.right = last
            .loose_bounds()
            .map_or(cell.left, |bounds| bounds.right().value);
    }
}

fn left(letter: &PdfPageTextChar<'_>) -> f32 {
    letter
        .loose_bounds()
        .map_or(0.0, |bounds| bounds.left().value)
}

/// Points between two letters of a line.
fn gap(last: Option<&PdfPageTextChar<'_>>, letter: &PdfPageTextChar<'_>) -> f32 {
    let right = last.and_then(|last| last.loose_bounds().ok());
    right.map_or(0.0, |bounds| left(letter) - bounds.right().value)
}

/// Ligatures become their letters; PDFium marks a hyphen at a line's end by U+FFFE or U+0002.
fn push(text: &mut String, c: char) {
    match c {
        'ﬀ' => text.push_str("ff"),
        'ﬁ' => text.push_str("fi"),
        'ﬂ' => text.push_str("fl"),
        'ﬃ' => text.push_str("ffi"),
        'ﬄ' => text.push_str("ffl"),
        '\u{fffe}' | '\u{2}' | '\u{ad}' => text.push('\u{ad}'),
        '\u{a0}' => text.push(' '),
        c if c.is_control() && c != '\t' => {}
        c => text.push(c),
    }
}
