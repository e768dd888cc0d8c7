//! Bytes to blocks, one module per kind.

mod archive;
mod csv;
mod docx;
mod docx_styles;
mod encoding;
mod html;
mod layout;
mod pdf;
mod table;

use crate::{
    kind::{Kind, ending, kind},
    wire::{Block, Refusal, Request, Text},
};
use awm_api::Code;
use awm_knowledge::markdown_blocks;

/// The text of a file.
pub(crate) fn read(bytes: &[u8], request: &Request) -> Result<Text, Refusal> {
    let name = &request.name;
    match kind(bytes, name) {
        Kind::Pdf => pdf::read(bytes, request),
        Kind::Zip => archive::read(bytes, request),
        Kind::Ole => Err(ole(bytes, name)),
        Kind::Html => Ok(html::read(&encoding::decode(bytes))),
        Kind::Markdown => Ok(markdown(&encoding::decode(bytes))),
        Kind::Csv => csv::read(&encoding::decode(bytes), None, name),
        Kind::Tsv => csv::read(&encoding::decode(bytes), Some(b'\t'), name),
        Kind::Text => text(bytes, name),
        Kind::Foreign(what) => Err(foreign(name, what)),
        Kind::Binary => Err(binary(name)),
    }
}

fn text(bytes: &[u8], name: &str) -> Result<Text, Refusal> {
    // A name that promises a structure which isn't there is a damaged file, not an odd text.
    if matches!(ending(name).as_str(), "pdf" | "docx") && !bytes.is_empty() {
        return Err(damaged(name));
    }
    let text = encoding::decode(bytes);
    let mut blocks = Vec::new();
    for part in text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{c}'], "\n")
        .split("\n\n")
    {
        if !part.trim().is_empty() {
            blocks.push(Block {
                markdown: part.trim_matches('\n').to_owned(),
                heading: None,
                page: None,
            });
        }
    }
    Ok(Text {
        media_type: "text/plain".into(),
        blocks,
        ..Text::default()
    })
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

fn ole(bytes: &[u8], name: &str) -> Refusal {
    let encrypted: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if bytes
        .windows(encrypted.len())
        .any(|window| window == encrypted)
    {
        return locked(name);
    }
    foreign(name, "an old Office document")
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
        "pdf" | "docx" => damaged(name),
        _ if promises_text(name) => {
            Refusal::new(Code::FileNotText, format!("`{name}` is not text"))
        }
        _ => Refusal::new(
            Code::FileUnsupported,
            format!("`{name}` is of a kind that can't be read"),
        ),
    }
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
