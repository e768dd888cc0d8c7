//! What a file is, by its bytes.

use crate::read::{is_box, is_message};

/// The kinds that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    /// An archive: DOCX or something else that is packed so.
    Zip,
    /// The container of old Office files, and of encrypted new ones.
    Ole,
    Rtf,
    /// A message.
    Eml,
    /// Messages one after another.
    Mbox,
    Html,
    Markdown,
    Csv,
    Tsv,
    Text,
    /// Known and not read: what it is called.
    Foreign(&'static str),
    /// Neither known nor text.
    Binary,
}

/// Beginnings that give a kind away.
const MAGIC: &[(&[u8], Kind)] = &[
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Ole),
    (b"\x89PNG\r\n\x1a\n", Kind::Foreign("a PNG image")),
    (b"\xff\xd8\xff", Kind::Foreign("a JPEG image")),
    (b"GIF87a", Kind::Foreign("a GIF image")),
    (b"GIF89a", Kind::Foreign("a GIF image")),
    (b"II*\0", Kind::Foreign("a TIFF image")),
    (b"MM\0*", Kind::Foreign("a TIFF image")),
    (b"\x1f\x8b", Kind::Foreign("a gzip archive")),
    (b"7z\xbc\xaf\x27\x1c", Kind::Foreign("a 7z archive")),
    (b"Rar!\x1a\x07", Kind::Foreign("a RAR archive")),
    (b"\x7fELF", Kind::Foreign("a program")),
    (b"SQLite format 3\0", Kind::Foreign("a database")),
    (b"{\\rtf", Kind::Rtf),
    (b"ID3", Kind::Foreign("a sound")),
    (b"OggS", Kind::Foreign("a sound")),
];

/// The kind by the bytes; the name decides between kinds of text only.
pub(crate) fn kind(bytes: &[u8], name: &str) -> Kind {
    let head = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Kind::Pdf;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *kind;
    }
    if bytes.starts_with(b"RIFF") || bytes.get(4..8) == Some(b"ftyp") {
        return Kind::Foreign("a sound, image or film");
    }
    if bytes.starts_with(b"MZ") && is_binary(head) {
        return Kind::Foreign("a program");
    }
    if !has_text_mark(bytes) && is_binary(bytes.get(..bytes.len().min(65_536)).unwrap_or_default())
    {
        return Kind::Binary;
    }
    text_kind(head, name)
}

/// The name's ending, in lower case.
pub(crate) fn ending(name: &str) -> String {
    match name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(name)
        .rsplit_once('.')
    {
        Some((_, ending)) => ending.to_lowercase(),
        None => String::new(),
    }
}

fn text_kind(head: &[u8], name: &str) -> Kind {
    let text = String::from_utf8_lossy(head);
    let begin = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    let page = begin.starts_with("<!doctype html")
        || begin.starts_with("<html")
        || begin.contains("<html");
    match ending(name).as_str() {
        "eml" | "mht" | "mhtml" => Kind::Eml,
        "mbox" | "mbx" => Kind::Mbox,
        "html" | "htm" | "xhtml" => Kind::Html,
        "md" | "markdown" | "mdx" => Kind::Markdown,
        "csv" => Kind::Csv,
        "tsv" | "tab" => Kind::Tsv,
        ending if !matches!(ending, "txt" | "text" | "log") && is_box(&text) => Kind::Mbox,
        ending if !matches!(ending, "txt" | "text" | "log") && is_message(&text) => Kind::Eml,
        _ if page => Kind::Html,
        _ => Kind::Text,
    }
}

/// UTF-8 or UTF-16 by their mark.
fn has_text_mark(bytes: &[u8]) -> bool {
    [b"\xef\xbb\xbf".as_slice(), b"\xff\xfe", b"\xfe\xff"]
        .iter()
        .any(|mark| bytes.starts_with(mark))
}

/// Text has no zeros, unless it is UTF-16, and hardly any control characters.
fn is_binary(bytes: &[u8]) -> bool {
    if utf16(bytes).is_some() {
        return false;
    }
    let odd = bytes
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127))
        .count();
    bytes.contains(&0) || odd * 50 > bytes.len()
}

/// UTF-16 without a mark: letters of most scripts have a zero in every other place. Answers whether the zeros come second (little
/// endian).
pub(crate) fn utf16(bytes: &[u8]) -> Option<bool> {
    let sample = bytes.get(..bytes.len().min(4_096) & !1).unwrap_or_default();
    if sample.len() < 4 {
        return None;
    }
    let zeros = |at: usize| {
        sample
            .iter()
            .skip(at)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (first, second, half) = (zeros(0), zeros(1), sample.len() / 2);
    if second * 10 > half * 7 && first * 20 < half {
        Some(true)
    } else if first * 10 > half * 7 && second * 20 < half {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_kinds_by_their_bytes() {
        let utf16: Vec<u8> = "Hello, world"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (bytes, name, expected) in [
            (b"%PDF-1.7".as_slice(), "notes.txt", Kind::Pdf),
            (b"\n\n%PDF-1.4", "a", Kind::Pdf),
            (b"PK\x03\x04....", "a.docx", Kind::Zip),
            (b"\x89PNG\r\n\x1a\n", "a.txt", Kind::Foreign("a PNG image")),
            (b"MZ\x90\0\x03\0", "a.exe", Kind::Foreign("a program")),
            (b"MZ is a label", "a.txt", Kind::Text),
            (b"a\0b\0\xff\x01", "a.txt", Kind::Binary),
            (&utf16, "a.txt", Kind::Text),
            (b"", "a.txt", Kind::Text),
            (b"  <!DOCTYPE HTML><p>", "page", Kind::Html),
            (b"a,b\n1,2", "x/y.CSV", Kind::Csv),
            (b"# Title", "README.md", Kind::Markdown),
            (b"{\\rtf1 x}", "a.doc", Kind::Rtf),
            (b"From: a\nTo: b\nSubject: c\n\n<html>", "12", Kind::Eml),
            (b"From: a\nTo: b\nSubject: c\n\nx", "a.txt", Kind::Text),
            (b"From a\nFrom: a\nTo: b\nDate: c\n\nx", "Inbox", Kind::Mbox),
            (b"\x82\xb1\x82\xf1", "sjis.txt", Kind::Text),
        ] {
            assert_eq!(kind(bytes, name), expected, "{name}");
        }
        assert_eq!(ending("a.tar.GZ"), "gz");
        assert_eq!(ending("folder.x/none"), "");
    }
}
