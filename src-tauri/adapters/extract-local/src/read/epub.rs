//! EPUB: chapters in the order of the spine.

use super::{
    archive::Archive,
    encoding, html, locked,
    relations::resolve,
    xml::{Visit, attribute, walk},
};
use crate::wire::{Refusal, Text};
use quick_xml::events::BytesStart;
use std::collections::HashMap;

/// The text of an opened book.
pub(crate) fn read(archive: &mut Archive<'_>) -> Result<Text, Refusal> {
    let mut container = Container::default();
    if let Some(xml) = archive.entry("META-INF/container.xml")? {
        walk(&xml, archive.reading(), &mut container)?;
    }
    let package = container.package.unwrap_or_default();
    let Some(xml) = archive.entry(&package)? else {
        return Err(archive.reading().damaged());
    };
    let mut book = Package::default();
    walk(&xml, archive.reading(), &mut book)?;
    // Fonts are often scrambled, which takes no text away.
    if let Some(xml) = archive.entry("META-INF/encryption.xml")?
        && [b".xhtml".as_slice(), b".html"]
            .iter()
            .any(|ending| xml.windows(ending.len()).any(|window| window == *ending))
    {
        return Err(locked(&archive.reading().name));
    }
    let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut text = Text {
        media_type: "application/epub+zip".into(),
        title: Some(book.title.trim().to_owned()).filter(|title| !title.is_empty()),
        ..Text::default()
    };
    for id in &book.spine {
        let Some(target) = book.manifest.get(id) else {
            continue;
        };
        let Some(chapter) = archive.entry(&resolve(folder, &decoded(target)))? else {
            continue;
        };
        let chapter = html::whole(&encoding::decode(&chapter), archive.reading())?;
        text.blocks.extend(chapter.blocks);
    }
    Ok(text)
}

/// A file name of a book may have `%20` and the like.
fn decoded(target: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = target.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let hex = (byte == b'%')
            .then(|| {
                let (high, low) = (ahead.next()?, ahead.next()?);
                let digit = |byte: u8| char::from(byte).to_digit(16);
                u8::try_from(digit(high)? * 16 + digit(low)?).ok()
            })
            .flatten();
        if hex.is_some() {
            rest = ahead;
        }
        bytes.push(hex.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(Default)]
struct Container {
    package: Option<String>,
}

impl Visit for Container {
    fn open(&mut self, tag: &BytesStart<'_>, _empty: bool) -> Result<(), Refusal> {
        if tag.local_name().as_ref() == b"rootfile" && self.package.is_none() {
            self.package = attribute(tag, b"full-path");
        }
        Ok(())
    }

    fn close(&mut self, _name: &[u8]) -> Result<(), Refusal> {
        Ok(())
    }

    fn text(&mut self, _text: &str) {}
}

#[derive(Default)]
struct Package {
    title: String,
    in_title: bool,
    manifest: HashMap<String, String>,
    spine: Vec<String>,
}

impl Visit for Package {
    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), Refusal> {
        match tag.local_name().as_ref() {
            b"title" => self.in_title = !empty && self.title.is_empty(),
            b"item" => {
                if let (Some(id), Some(href)) = (attribute(tag, b"id"), attribute(tag, b"href")) {
                    self.manifest.insert(id, href);
                }
            }
            b"itemref" => self.spine.extend(attribute(tag, b"idref")),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Refusal> {
        self.in_title &= name != b"title";
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            self.title.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_names() {
        for (name, expected) in [
            ("a%20b.xhtml", "a b.xhtml"),
            ("100%", "100%"),
            ("%zz", "%zz"),
            ("%C3%BC", "ü"),
        ] {
            assert_eq!(decoded(name), expected);
        }
    }
}
