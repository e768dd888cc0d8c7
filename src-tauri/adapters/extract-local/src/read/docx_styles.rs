//! Which paragraph styles are headings.

use super::xml::attribute;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::collections::HashMap;

/// Heading levels by style id.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    styles: HashMap<String, Style>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
}

impl Styles {
    /// Reads `word/styles.xml`; what can't be read counts as no style.
    pub(crate) fn read(xml: &[u8]) -> Self {
        let mut reader = Reader::from_reader(xml);
        let mut styles = Self::default();
        let mut open: Option<(String, Style)> = None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) if tag.local_name().as_ref() == b"style" => {
                    open = attribute(&tag, b"styleId").map(|id| (id, Style::default()));
                }
                Ok(Event::End(tag)) if tag.local_name().as_ref() == b"style" => {
                    styles.styles.extend(open.take())
                }
                Ok(Event::Start(tag) | Event::Empty(tag)) => {
                    if let Some((_, style)) = &mut open {
                        match tag.local_name().as_ref() {
                            b"name" => {
                                style.name =
                                    attribute(&tag, b"val").unwrap_or_default().to_lowercase()
                            }
                            b"basedOn" => style.based_on = attribute(&tag, b"val"),
                            b"outlineLvl" => style.outline = outline(&tag),
                            _ => {}
                        }
                    }
                }
                Ok(Event::Eof) | Err(_) => return styles,
                Ok(_) => {}
            }
        }
    }

    /// The heading level of a style, by its outline level, its name, or the style that it is based on.
    pub(crate) fn level(&self, id: &str) -> Option<u8> {
        let mut id = id;
        // A chain of styles that leads back to itself ends somewhere.
        for _ in 0..16 {
            let Some(style) = self.styles.get(id) else {
                return by_name(&id.to_lowercase());
            };
            if let Some(level) = style.outline.or_else(|| by_name(&style.name)) {
                return Some(level);
            }
            id = style.based_on.as_deref()?;
        }
        None
    }
}

fn by_name(name: &str) -> Option<u8> {
    if name == "title" {
        return Some(1);
    }
    let number = name.strip_prefix("heading")?.trim();
    number
        .parse()
        .ok()
        .filter(|level| (1..=9).contains(level))
        .map(|level: u8| level.min(6))
}

/// An outline level counts from 0; 9 is body text.
pub(crate) fn outline(tag: &BytesStart<'_>) -> Option<u8> {
    let level: u8 = attribute(tag, b"val")?.parse().ok()?;
    (level < 9).then(|| (level + 1).min(6))
}
