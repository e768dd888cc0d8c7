//! RSS, Atom and JSON Feed.

use crate::{
    address::normalise,
    date,
    xml::{Step, text, walk},
};
use serde_json::Value;
use url::Url;

/// Entries of one feed that are read.
const MAX_ENTRIES: usize = 10_000;

/// A feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// Where older entries are (RFC 5005, JSON Feed's `next_url`).
    pub next: Option<Url>,
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// What it is told apart by.
    pub id: String,
    /// Where a person reads it.
    pub link: Option<Url>,
    /// Its title.
    pub title: String,
    /// Its text as HTML.
    pub html: String,
    /// When it last changed, milliseconds since the Unix epoch.
    pub updated: Option<i64>,
}

/// Why something is no feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is neither RSS nor Atom nor JSON Feed")]
pub struct NoFeed;

/// Reads a feed that lies at `base`.
pub fn read(base: &Url, bytes: &[u8]) -> Result<Feed, NoFeed> {
    let text = text(bytes);
    let mut feed = match text.trim_start().starts_with('{') {
        true => json(base, &text)?,
        false => xml(base, &text)?,
    };
    for entry in &mut feed.entries {
        entry.title = entry.title.split_whitespace().collect::<Vec<_>>().join(" ");
        entry.id = entry.id.trim().to_owned();
        if entry.id.is_empty() {
            entry.id = match &entry.link {
                Some(link) => link.to_string(),
                None => entry.title.clone(),
            };
        }
    }
    feed.entries.retain(|entry| !entry.id.is_empty());
    Ok(feed)
}

fn json(base: &Url, text: &str) -> Result<Feed, NoFeed> {
    let value: Value = serde_json::from_str(text).map_err(|_| NoFeed)?;
    let items = value.get("items").and_then(Value::as_array).ok_or(NoFeed)?;
    let word = |item: &Value, name: &str| {
        item.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let entries = items
        .iter()
        .take(MAX_ENTRIES)
        .map(|item| Entry {
            id: match item.get("id") {
                Some(Value::Number(number)) => number.to_string(),
                _ => word(item, "id"),
            },
            link: normalise(base, &word(item, "url"))
                .ok()
                .filter(|_| item.get("url").is_some()),
            title: word(item, "title"),
            html: match item.get("content_html").or(item.get("summary")) {
                Some(Value::String(html)) => html.clone(),
                _ => paragraphs(&word(item, "content_text")),
            },
            updated: date::parse(&word(item, "date_modified"))
                .or_else(|| date::parse(&word(item, "date_published"))),
        })
        .collect();
    Ok(Feed {
        title: word(&value, "title"),
        entries,
        next: value
            .get("next_url")
            .and_then(Value::as_str)
            .and_then(|next| normalise(base, next).ok()),
    })
}

/// Plain text as HTML.
fn paragraphs(text: &str) -> String {
    text.split("\n\n")
        .map(|part| format!("<p>{}</p>", escape(part)))
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[derive(Default)]
struct Walker {
    feed: Feed,
    entry: Option<Entry>,
    /// Depth below the entry, or below the feed itself.
    path: Vec<String>,
    /// Within markup that is written out rather than escaped.
    inner: usize,
    /// How the text of the present element is to be read.
    is_text: bool,
    field: String,
    /// The full text, where there is a summary as well.
    full: bool,
    is_feed: bool,
}

fn xml(base: &Url, text: &str) -> Result<Feed, NoFeed> {
    let mut walker = Walker::default();
    walk(text, |step| walker.step(base, step));
    match walker.is_feed {
        true => Ok(walker.feed),
        false => Err(NoFeed),
    }
}

impl Walker {
    fn step(&mut self, base: &Url, step: Step<'_>) -> bool {
        match step {
            Step::Open(name, attributes) => self.open(base, name, attributes),
            Step::Text(part) => {
                if self.inner > 0 {
                    self.field.push_str(&escape(part));
                } else {
                    self.field.push_str(part);
                }
            }
            Step::Close(name) => self.close(base, name),
        }
        self.feed.entries.len() < MAX_ENTRIES
    }

    fn open(&mut self, base: &Url, name: &str, attributes: &[(String, String)]) {
        let attribute = |wanted: &str| {
            attributes
                .iter()
                .find(|(key, _)| key == wanted)
                .map(|(_, value)| value.as_str())
        };
        if self.path.is_empty() && matches!(name, "rss" | "feed" | "rdf") {
            self.is_feed = true;
        }
        if self.inner > 0 {
            self.inner += 1;
            match attribute("href") {
                Some(href) => self.field.push_str(&format!(
                    "<{name} href=\"{}\">",
                    escape(href).replace('"', "&quot;")
                )),
                None => self.field.push_str(&format!("<{name}>")),
            }
            return;
        }
        if matches!(name, "item" | "entry") && self.entry.is_none() {
            self.entry = Some(Entry::default());
            self.full = false;
            self.path.clear();
            self.path.push(name.to_owned());
            return;
        }
        self.path.push(name.to_owned());
        self.field.clear();
        let kind = attribute("type").unwrap_or("text");
        self.is_text = matches!(kind, "text" | "text/plain");
        if matches!(name, "content" | "summary") && kind.contains("xhtml") {
            self.inner = 1;
        }
        if name == "link"
            && let Some(href) = attribute("href")
        {
            let relation = attribute("rel").unwrap_or("alternate");
            let target = normalise(base, href).ok();
            match (&mut self.entry, relation) {
                (Some(entry), "alternate") if entry.link.is_none() => entry.link = target,
                (None, "next") => self.feed.next = target,
                _ => {}
            }
        }
    }

    fn close(&mut self, base: &Url, name: &str) {
        if self.inner > 1 {
            self.inner -= 1;
            self.field.push_str(&format!("</{name}>"));
            return;
        }
        self.inner = 0;
        if matches!(name, "item" | "entry") && self.path.len() <= 1 {
            self.feed.entries.extend(self.entry.take());
            self.path.clear();
            return;
        }
        let field = std::mem::take(&mut self.field);
        let depth = self.path.len();
        self.path.pop();
        let plain = self.is_text && matches!(name, "content" | "summary");
        let Some(entry) = &mut self.entry else {
            if name == "title" && self.feed.title.is_empty() {
                self.feed.title = field.trim().to_owned();
            }
            return;
        };
        // A field of the entry itself, not of a picture or an author in it.
        if depth != 2 {
            return;
        }
        match name {
            "title" if entry.title.is_empty() => entry.title = field,
            "guid" | "id" => entry.id = field,
            "link" if entry.link.is_none() && !field.trim().is_empty() => {
                entry.link = normalise(base, &field).ok();
            }
            "encoded" | "content" => {
                self.full = true;
                entry.html = html(plain, field);
            }
            "description" | "summary" if !self.full => entry.html = html(plain, field),
            "updated" | "modified" => entry.updated = date::parse(&field).or(entry.updated),
            "pubdate" | "published" | "date" if entry.updated.is_none() => {
                entry.updated = date::parse(&field);
            }
            _ => {}
        }
    }
}

/// Atom's plain text has to be escaped; RSS holds HTML anyhow.
fn html(plain: bool, field: String) -> String {
    match plain {
        true => paragraphs(&field),
        false => field,
    }
}
