//! XML as a row of openings, texts and closings. Entities are never expanded: those of XML's own are resolved, others dropped.

use quick_xml::{Reader, escape::resolve_predefined_entity, events::Event};

/// How deep a document may be nested.
const MAX_DEPTH: usize = 64;

/// A step through a document. Names are without their prefix, in lower case.
pub(crate) enum Step<'a> {
    Open(&'a str, &'a [(String, String)]),
    Text(&'a str),
    Close(&'a str),
}

/// Walks until the end, the first mistake, or until `hear` answers false; tells whether the end was reached.
pub(crate) fn walk(text: &str, mut hear: impl FnMut(Step<'_>) -> bool) -> bool {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut depth = 0_usize;
    loop {
        let go_on = match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                depth <= MAX_DEPTH
                    && hear(Step::Open(
                        &name(start.local_name().as_ref()),
                        &attributes(&start),
                    ))
            }
            Ok(Event::Empty(start)) => {
                let own = name(start.local_name().as_ref());
                hear(Step::Open(&own, &attributes(&start))) && hear(Step::Close(&own))
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                hear(Step::Close(&name(end.local_name().as_ref())))
            }
            Ok(Event::Text(text)) => hear(Step::Text(&String::from_utf8_lossy(&text))),
            Ok(Event::CData(text)) => hear(Step::Text(&String::from_utf8_lossy(&text))),
            Ok(Event::GeneralRef(entity)) => {
                let resolved = match entity.resolve_char_ref() {
                    Ok(Some(letter)) => letter.to_string(),
                    _ => entity
                        .decode()
                        .ok()
                        .and_then(|known| resolve_predefined_entity(&known).map(str::to_owned))
                        .unwrap_or_default(),
                };
                hear(Step::Text(&resolved))
            }
            Ok(Event::Eof) => return true,
            Ok(_) => true,
            Err(_) => return false,
        };
        if !go_on {
            return false;
        }
    }
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_ascii_lowercase()
}

fn attributes(start: &quick_xml::events::BytesStart<'_>) -> Vec<(String, String)> {
    start
        .attributes()
        .with_checks(false)
        .flatten()
        .take(64)
        .map(|attribute| {
            let raw = String::from_utf8_lossy(&attribute.value).into_owned();
            let value =
                quick_xml::escape::unescape(&raw).map_or(raw.clone(), |text| text.into_owned());
            (name(attribute.key.local_name().as_ref()), value)
        })
        .collect()
}

/// The text of a file, as UTF-8 or by its mark as UTF-16.
pub(crate) fn text(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .filter_map(|pair| pair.try_into().ok().map(of))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}
