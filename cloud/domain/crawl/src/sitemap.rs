//! Sitemaps: lists of addresses with the time of their last change, in XML or as text, and lists of such lists.

use crate::{
    gzip,
    xml::{Step, text, walk},
};

/// Entries of one sitemap, as the protocol bounds them.
pub const MAX_ENTRIES: usize = 50_000;
/// Bytes of one sitemap once unpacked, as the protocol bounds them.
pub const MAX_BYTES: u64 = 50 << 20;

/// What a sitemap holds; addresses as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<Entry>,
    /// Further sitemaps.
    pub sitemaps: Vec<Entry>,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// As written.
    pub url: String,
    /// When it last changed, as written; empty if it isn't told.
    pub lastmod: String,
}

/// Reads a sitemap: XML, text with an address per line, or either of them packed with gzip. What can be read of a broken one counts.
pub fn read(bytes: &[u8]) -> Result<Sitemap, gzip::BadGzip> {
    let unpacked;
    let bytes = match gzip::is_gzip(bytes) {
        true => {
            unpacked = gzip::unpack(bytes, MAX_BYTES)?;
            &unpacked
        }
        false => bytes,
    };
    let text = text(bytes);
    Ok(match text.trim_start().starts_with('<') {
        true => xml(&text),
        false => plain(&text),
    })
}

fn plain(text: &str) -> Sitemap {
    Sitemap {
        pages: text
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("http://") || line.starts_with("https://"))
            .take(MAX_ENTRIES)
            .map(|line| Entry {
                url: line.to_owned(),
                lastmod: String::new(),
            })
            .collect(),
        sitemaps: Vec::new(),
    }
}

fn xml(text: &str) -> Sitemap {
    let mut found = Sitemap::default();
    let mut entry = Entry::default();
    let mut path: Vec<String> = Vec::new();
    walk(text, |step| {
        match step {
            Step::Open(name, _) => {
                if matches!(name, "url" | "sitemap") {
                    entry = Entry::default();
                }
                path.push(name.to_owned());
            }
            Step::Text(part) => match path.as_slice() {
                // Images and videos of a page have a `loc` of their own, deeper down.
                [.., parent, own] if matches!(parent.as_str(), "url" | "sitemap") => {
                    match own.as_str() {
                        "loc" if entry.url.len() < 8_192 => entry.url.push_str(part),
                        "lastmod" if entry.lastmod.len() < 100 => entry.lastmod.push_str(part),
                        _ => {}
                    }
                }
                _ => {}
            },
            Step::Close(name) => {
                path.pop();
                let list = match name {
                    "url" => &mut found.pages,
                    "sitemap" => &mut found.sitemaps,
                    _ => return true,
                };
                let done = std::mem::take(&mut entry);
                let url = done.url.trim();
                if !url.is_empty() {
                    list.push(Entry {
                        url: url.to_owned(),
                        lastmod: done.lastmod.trim().to_owned(),
                    });
                }
            }
        }
        found.pages.len() + found.sitemaps.len() < MAX_ENTRIES
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(bytes: &[u8], expected: Expect) {
        let told = match read(bytes) {
            Err(error) => error.to_string(),
            Ok(found) => {
                let list = |entries: &[Entry]| {
                    let lines: Vec<String> = entries
                        .iter()
                        .map(|entry| format!("{} {}", entry.url, entry.lastmod))
                        .collect();
                    lines.join("; ")
                };
                format!(
                    "pages {} | sitemaps {}",
                    list(&found.pages),
                    list(&found.sitemaps)
                )
            }
        };
        expected.assert_eq(&told);
    }

    #[test]
    fn reads_lists_and_lists_of_lists() {
        check(
            br#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="x">
              <url><loc> https://a.example/?a=1&amp;b=2 </loc><lastmod>2026-11-22</lastmod><image:image><image:loc>https://a.example/i.png</image:loc></image:image></url>
              <url><loc><![CDATA[https://a.example/c]]></loc></url><url><lastmod>2026</lastmod></url></urlset>"#,
            expect!["pages https://a.example/?a=1&b=2 2026-11-22; https://a.example/c  | sitemaps "],
        );
        check(
            b"<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc><lastmod>2026-01-01T00:00:00Z</lastmod></sitemap></sitemapindex>",
            expect!["pages  | sitemaps https://a.example/1.xml.gz 2026-01-01T00:00:00Z"],
        );
        check(
            b"\xef\xbb\xbfhttps://a.example/1\r\n\r\n  https://a.example/2\nnonsense\nftp://x",
            expect!["pages https://a.example/1 ; https://a.example/2  | sitemaps "],
        );
    }

    #[test]
    fn takes_what_it_can_of_broken_ones() {
        check(
            b"<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.example/2</lo",
            expect!["pages https://a.example/1  | sitemaps "],
        );
        check(b"", expect!["pages  | sitemaps "]);
        check(b"<", expect!["pages  | sitemaps "]);
        check(b"\x1f\x8b", expect!["it is damaged"]);
        // Entities of the document's own are not expanded.
        check(
            br#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a.example/&b;&f;</loc></url></urlset>"#,
            expect!["pages https://a.example/  | sitemaps "],
        );
        let deep = format!(
            "{}<url><loc>https://a.example/</loc></url>",
            "<x>".repeat(100_000)
        );
        check(deep.as_bytes(), expect!["pages  | sitemaps "]);
    }

    #[test]
    fn bounded() {
        let many = "<url><loc>https://a.example/x</loc></url>".repeat(60_000);
        assert_eq!(read(many.as_bytes()).unwrap().pages.len(), MAX_ENTRIES);
    }
}
