//! Which kinds of answers are read, and what the extractor is told they are called.

use url::Url;

/// Kinds by the header, with the ending that tells the extractor.
const KINDS: &[(&str, &str)] = &[
    ("text/html", "html"),
    ("application/xhtml+xml", "html"),
    ("text/markdown", "md"),
    ("text/csv", "csv"),
    ("text/tab-separated-values", "tsv"),
    ("application/pdf", "pdf"),
    ("application/epub+zip", "epub"),
    ("message/rfc822", "eml"),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
];

/// Beginnings of kinds that hold no text.
const FOREIGN: &[&str] = &[
    "image/",
    "audio/",
    "video/",
    "font/",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/wasm",
    "application/zip",
    "application/gzip",
    "application/x-gzip",
    "application/x-tar",
    "application/java-archive",
];

/// The kind without its parameters, in lower case.
pub(crate) fn kind(content_type: Option<&str>) -> String {
    content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether answers of this kind hold no text at all.
pub(crate) fn is_foreign(kind: &str) -> bool {
    FOREIGN.iter().any(|begin| kind.starts_with(begin))
}

/// Whether it is a page: by its kind, or by its bytes where it has none.
pub(crate) fn is_html(kind: &str, body: &[u8]) -> bool {
    match kind {
        "text/html" | "application/xhtml+xml" => true,
        "" => {
            let head = body.get(..body.len().min(512)).unwrap_or_default();
            let head = String::from_utf8_lossy(head).to_ascii_lowercase();
            head.trim_start().starts_with("<!doctype html") || head.contains("<html")
        }
        _ => false,
    }
}

/// The address's last part, with an ending that tells the kind.
pub(crate) fn file_name(url: &Url, kind: &str, html: bool) -> String {
    let last = url
        .path_segments()
        .and_then(|mut parts| parts.rfind(|part| !part.is_empty()))
        .unwrap_or("index");
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    let ending = match known {
        Some((_, ending)) => ending,
        None if html => "html",
        // The name's own ending is all there is.
        None if last.contains('.') => return last.to_owned(),
        None => "txt",
    };
    match last.to_ascii_lowercase().ends_with(&format!(".{ending}")) {
        true => last.to_owned(),
        false => format!("{last}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind() {
        for (url, content_type, body, expected) in [
            (
                "https://a.example/guide.html",
                Some("text/html; charset=utf-8"),
                "",
                "guide.html",
            ),
            ("https://a.example/", Some("text/html"), "", "index.html"),
            (
                "https://a.example/x.php?id=1",
                None,
                "<!DOCTYPE html>",
                "x.php.html",
            ),
            (
                "https://a.example/report",
                Some("Application/PDF"),
                "",
                "report.pdf",
            ),
            (
                "https://a.example/notes.md",
                Some("text/plain"),
                "",
                "notes.md",
            ),
            (
                "https://a.example/notes",
                Some("text/plain"),
                "",
                "notes.txt",
            ),
            (
                "https://a.example/data.docx",
                Some("application/octet-stream"),
                "",
                "data.docx",
            ),
        ] {
            let kind = kind(content_type);
            let html = is_html(&kind, body.as_bytes());
            assert_eq!(
                file_name(&Url::parse(url).unwrap(), &kind, html),
                expected,
                "{url}"
            );
        }
        assert!(is_foreign("image/png") && !is_foreign("text/plain") && !is_foreign(""));
    }
}
