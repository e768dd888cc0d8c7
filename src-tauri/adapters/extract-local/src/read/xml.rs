//! XML as it lies in documents: walked once, front to back, nothing declared in it followed.

use super::{encoding, reading::Reading};
use crate::wire::Refusal;
use awm_api::Code;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// Takes what a walk meets.
pub(crate) trait Visit {
    /// An element begins; one without content also ends at once, and `close` is not called for it.
    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), Refusal>;
    /// An element ends; its name is without prefix.
    fn close(&mut self, name: &[u8]) -> Result<(), Refusal>;
    /// Characters.
    fn text(&mut self, text: &str);
}

/// Walks all of it. Elements that lie too deep and entities that are declared are refused, as is what is no XML.
pub(crate) fn walk(
    xml: &[u8],
    reading: &Reading<'_>,
    visit: &mut impl Visit,
) -> Result<(), Refusal> {
    let wide;
    let xml = if xml.starts_with(b"\xff\xfe") || xml.starts_with(b"\xfe\xff") {
        wide = encoding::decode(xml).into_bytes();
        wide.as_slice()
    } else {
        xml
    };
    let mut reader = Reader::from_reader(xml);
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().map_err(|_| reading.damaged())?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > reading.limits.elements_deep {
                    return Err(reading.refuse(
                        Code::NestedTooDeep,
                        &format!(
                            "has elements that lie more than {} deep",
                            reading.limits.elements_deep
                        ),
                    ));
                }
                visit.open(&tag, false)?;
            }
            Event::Empty(tag) => visit.open(&tag, true)?,
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                visit.close(tag.local_name().as_ref())?;
            }
            Event::Text(text) => {
                let text = text.decode().map_err(|_| reading.damaged())?;
                reading.text(text.trim().len())?;
                visit.text(&text);
            }
            Event::CData(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                reading.text(text.trim().len())?;
                visit.text(&text);
            }
            Event::GeneralRef(entity) => {
                if let Some(c) = character(&entity) {
                    visit.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            Event::DocType(declared) if declares_entities(&declared) => {
                return Err(entities(reading));
            }
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(reading.damaged()),
            _ => {}
        }
    }
}

/// Whether a declaration at the head of XML has entities.
pub(crate) fn declares_entities(head: &[u8]) -> bool {
    head.windows(8).any(|window| window == b"<!ENTITY")
}

pub(crate) fn entities(reading: &Reading<'_>) -> Refusal {
    reading.refuse(
        Code::EntitiesForbidden,
        "declares XML entities, which are not followed",
    )
}

/// The character of a reference: a number or one of the five names. Others would need a declaration, which is not followed.
pub(crate) fn character(entity: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return Some(c);
    }
    match entity.decode().ok()?.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// An attribute by its name without prefix.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| {
            attribute
                .unescape_value()
                .ok()
                .map(std::borrow::Cow::into_owned)
        })
}

/// A number of an attribute.
pub(crate) fn number<T: std::str::FromStr>(tag: &BytesStart<'_>, name: &[u8]) -> Option<T> {
    attribute(tag, name)?.parse().ok()
}
