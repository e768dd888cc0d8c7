//! Bytes to blocks, one module per kind.

mod archive;
mod columns;
mod csv;
mod docx;
mod docx_styles;
mod encoding;
mod epub;
mod html;
mod layout;
mod mail;
mod odf;
mod pdf;
mod pdf_page;
mod pptx;
pub(crate) mod reading;
mod relations;
mod rtf;
mod sheet;
mod spreadsheet;
mod table;
mod xml;

pub(crate) use mail::{is_box, is_message};
pub(crate) use pdf_page::image;

use crate::{
    kind::{Kind, ending, kind},
    wire::{Block, Refusal, Text},
};
use awm_api::Code;
use awm_knowledge::markdown_blocks;
use reading::{Reading, is_cap};

/// The text of a file.
pub(crate) fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let name = &reading.name;
    match kind(bytes, name) {
        Kind::Pdf => pdf::read(bytes, reading),
        Kind::Zip => archive::read(bytes, reading),
        Kind::Ole => ole(bytes, reading),
        Kind::Rtf => rtf::read(bytes, reading),
        Kind::Eml => mail::eml(bytes, reading),
        Kind::Mbox => mail::mbox(bytes, reading),
        Kind::Html => html::read(&encoding::decode(bytes), reading),
        Kind::Markdown => Ok(markdown(&encoding::decode(bytes))),
        Kind::Csv => csv::read(&encoding::decode(bytes), None, reading),
        Kind::Tsv => csv::read(&encoding::decode(bytes), Some(b'\t'), reading),
        Kind::Text => text(bytes, name),
        Kind::Foreign(what) => Err(foreign(name, what)),
        Kind::Binary => Err(binary(name)),
    }
}

/// A file within a file.
struct Part<'a> {
    name: &'a str,
    bytes: &'a [u8],
    /// The level of the heading that it stands below; 0 for none.
    below: u8,
}

/// Reads a part and appends its text below a heading of its name. A part that can't be read is told in a note, unless it is a cap
/// of the whole file that it breaks.
fn append(text: &mut Text, part: Part<'_>, reading: &Reading<'_>) -> Result<(), Refusal> {
    let inner = reading.within(part.name)?;
    match read(part.bytes, &inner) {
        Ok(found) => {
            if found.blocks.is_empty() {
                text.notes.push(format!("`{}` holds no text", part.name));
                return Ok(());
            }
            let level = part.below.saturating_add(1);
            text.blocks.push(heading(level, part.name, None));
            for block in found.blocks {
                text.blocks.push(match block.heading {
                    Some(inside) => {
                        let words = block.markdown.trim_start_matches('#').trim();
                        heading(inside.saturating_add(level), words, None)
                    }
                    // Pages of a part are none of the file that is opened.
                    None => Block {
                        page: None,
                        ..block
                    },
                });
            }
            text.notes.extend(
                found
                    .notes
                    .into_iter()
                    .map(|note| format!("`{}`: {note}", part.name)),
            );
            Ok(())
        }
        Err(refusal) if is_cap(refusal.code) => Err(refusal),
        Err(refusal) => {
            text.notes.push(refusal.message);
            Ok(())
        }
    }
}

fn text(bytes: &[u8], name: &str) -> Result<Text, Refusal> {
    // A name that promises a structure which isn't there is a damaged file, not an odd text.
    if promises_structure(name) && !bytes.is_empty() {
        return Err(damaged(name));
    }
    let media_type = match ending(name).as_str() {
        "json" => "application/json",
        "xml" => "application/xml",
        _ => "text/plain",
    };
    Ok(Text {
        media_type: media_type.into(),
        blocks: paragraphs(&encoding::decode(bytes)),
        ..Text::default()
    })
}

/// Paragraphs of plain text: what blank lines part.
fn paragraphs(text: &str) -> Vec<Block> {
    text.replace("\r\n", "\n")
        .replace(['\r', '\u{c}'], "\n")
        .split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .map(|part| Block {
            markdown: part.trim_matches('\n').to_owned(),
            heading: None,
            page: None,
        })
        .collect()
}

fn markdown(text: &str) -> Text {
    let body = without_front_matter(text);
    let blocks: Vec<Block> = markdown_blocks(body).into_iter().map(Block::from).collect();
    Text {
        media_type: "text/markdown".into(),
        title: first_title(&blocks),
        blocks,
        ..Text::default()
    }
}

/// Settings between two lines of dashes at the very begin are not part of the text.
fn without_front_matter(text: &str) -> &str {
    let Some(rest) = text
        .strip_prefix("---\n")
        .or_else(|| text.strip_prefix("---\r\n"))
    else {
        return text;
    };
    match rest.split_once("\n---") {
        Some((_, body)) => body.split_once('\n').map_or("", |(_, body)| body),
        None => text,
    }
}

/// The first heading of the first level.
fn first_title(blocks: &[Block]) -> Option<String> {
    let heading = blocks.iter().find(|block| block.heading == Some(1))?;
    Some(heading.markdown.trim_start_matches('#').trim().to_owned())
}

/// A heading in Markdown.
fn heading(level: u8, text: &str, page: Option<u32>) -> Block {
    let level = level.clamp(1, 6);
    Block {
        markdown: format!("{} {text}", "#".repeat(usize::from(level))),
        heading: Some(level),
        page,
    }
}

/// An old Office document, or an encrypted new one: the names of its streams tell.
fn ole(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    let name = &reading.name;
    if has("EncryptedPackage") {
        return Err(locked(name));
    }
    if has("Workbook") || ending(name) == "xls" {
        return spreadsheet::xls(bytes, reading);
    }
    Err(foreign(name, "an old Office document"))
}

fn locked(name: &str) -> Refusal {
    Refusal::new(
        Code::FileEncrypted,
        format!("`{name}` is locked by a password"),
    )
}

fn damaged(name: &str) -> Refusal {
    Refusal::new(Code::FileCorrupt, format!("`{name}` is damaged"))
}

fn foreign(name: &str, what: &str) -> Refusal {
    if promises_text(name) {
        return Refusal::new(Code::FileNotText, format!("`{name}` is {what}, not text"));
    }
    Refusal::new(
        Code::FileUnsupported,
        format!("`{name}` is {what}, which can't be read"),
    )
}

fn binary(name: &str) -> Refusal {
    match ending(name).as_str() {
        _ if promises_structure(name) => damaged(name),
        _ if promises_text(name) => {
            Refusal::new(Code::FileNotText, format!("`{name}` is not text"))
        }
        _ => Refusal::new(
            Code::FileUnsupported,
            format!("`{name}` is of a kind that can't be read"),
        ),
    }
}

fn promises_structure(name: &str) -> bool {
    matches!(
        ending(name).as_str(),
        "pdf" | "docx" | "pptx" | "xlsx" | "xls" | "odt" | "ods" | "odp" | "epub" | "zip" | "rtf"
    )
}

fn promises_text(name: &str) -> bool {
    matches!(
        ending(name).as_str(),
        "txt"
            | "text"
            | "md"
            | "markdown"
            | "csv"
            | "tsv"
            | "html"
            | "htm"
            | "log"
            | "json"
            | "xml"
            | "yaml"
            | "yml"
            | "rst"
            | "adoc"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_settings_before_the_text_out() {
        assert_eq!(without_front_matter("---\na: b\n---\n# T"), "# T");
        assert_eq!(without_front_matter("---\nno end"), "---\nno end");
        assert_eq!(without_front_matter("# T"), "# T");
        assert_eq!(
            markdown("---\na: b\n---\n# T\n\nx").title.as_deref(),
            Some("T")
        );
    }
}
