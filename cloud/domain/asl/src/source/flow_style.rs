//! How an author lays out JSON, and values laid out that way.

use super::lines::{indentation, newline};
use super::tree::{Node, Tree};
use serde_json::Value;

/// The habits of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// One level of indentation.
    pub(super) unit: String,
    pub(super) newline: &'static str,
    /// What is between a name and its value, such as `: `.
    pub(super) colon: String,
    /// What is between two members on a line, such as `, `.
    pub(super) comma: String,
    /// Whether values are spread over lines.
    pub(super) spread: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            unit: "  ".to_owned(),
            newline: "\n",
            colon: ": ".to_owned(),
            comma: ", ".to_owned(),
            spread: true,
        }
    }
}

impl Style {
    /// The habits seen in a text.
    pub(super) fn of(text: &str, tree: &Tree) -> Self {
        let mut style = Self {
            newline: newline(text),
            ..Self::default()
        };
        let Some(root) = tree.root else {
            return style;
        };
        if let [Some(first), second] = [tree.children(root).first(), tree.children(root).get(1)] {
            style.spread = gap(text, tree, root).contains('\n');
            if let Some(key) = &first.key {
                let between = text.get(key.end..first.start).unwrap_or_default();
                if !between.contains('\n') && between.trim() == ":" {
                    style.colon = between.to_owned();
                }
            }
            let tight = style.colon.ends_with(':');
            style.comma = match second {
                Some(second) if !style.spread => {
                    let between = text
                        .get(first.end..second.entry_start())
                        .unwrap_or_default();
                    match between.trim() {
                        "," => between.to_owned(),
                        _ => ", ".to_owned(),
                    }
                }
                _ if tight => ",".to_owned(),
                _ => ", ".to_owned(),
            };
            if style.spread {
                let outer = indentation(text, tree.node(root).map_or(0, |node| node.start));
                let inner = indentation(text, first.entry_start());
                if let Some(unit) = inner.strip_prefix(outer)
                    && !unit.is_empty()
                {
                    style.unit = unit.to_owned();
                }
            }
        }
        style
    }

    /// The same on one line.
    pub(super) fn flat(&self) -> Self {
        Self {
            spread: false,
            ..self.clone()
        }
    }

    /// A value whose first line is indented by `indent` already.
    pub(super) fn render(&self, value: &Value, indent: &str) -> String {
        let mut out = String::new();
        self.write(&mut out, value, indent);
        out
    }

    /// A name with its value.
    pub(super) fn entry(&self, key: Option<&str>, value: &Value, indent: &str) -> String {
        let mut out = String::new();
        if let Some(key) = key {
            out.push_str(&quote(key));
            out.push_str(&self.colon);
        }
        self.write(&mut out, value, indent);
        out
    }

    // Values to be written come from the wire or from a text, both of which bound their depth.
    fn write(&self, out: &mut String, value: &Value, indent: &str) {
        match value {
            Value::Array(items) if !items.is_empty() => {
                let entries = items.iter().map(|item| (None, item));
                self.write_members(out, ('[', ']'), entries, indent);
            }
            Value::Object(map) if !map.is_empty() => {
                let entries = map.iter().map(|(key, value)| (Some(key.as_str()), value));
                self.write_members(out, ('{', '}'), entries, indent);
            }
            Value::String(text) => out.push_str(&quote(text)),
            other => out.push_str(&other.to_string()),
        }
    }

    fn write_members<'a>(
        &self,
        out: &mut String,
        brackets: (char, char),
        entries: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
        indent: &str,
    ) {
        let inner = format!("{indent}{}", self.unit);
        out.push(brackets.0);
        for (position, (key, value)) in entries.enumerate() {
            match (self.spread, position) {
                (true, 0) => {}
                (true, _) => out.push(','),
                (false, 0) => {}
                (false, _) => out.push_str(&self.comma),
            }
            if self.spread {
                out.push_str(self.newline);
                out.push_str(&inner);
            }
            if let Some(key) = key {
                out.push_str(&quote(key));
                out.push_str(&self.colon);
            }
            self.write(out, value, &inner);
        }
        if self.spread {
            out.push_str(self.newline);
            out.push_str(indent);
        }
        out.push(brackets.1);
    }
}

/// What is between the opening bracket of a container and its first member.
pub(super) fn gap<'a>(text: &'a str, tree: &Tree, container: u32) -> &'a str {
    let start = tree.node(container).map_or(0, |node| node.start);
    let first = tree
        .children(container)
        .first()
        .map(|node| node.entry_start());
    first
        .and_then(|first| text.get(start..first))
        .unwrap_or_default()
}

/// Whether a value is spread over lines in the text.
pub(super) fn is_spread(text: &str, node: &Node) -> bool {
    text.get(node.start..node.end)
        .is_some_and(|value| value.contains('\n'))
}

/// A text as JSON, which is also YAML: what YAML calls unprintable is escaped.
pub(super) fn quote(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    if !quoted.chars().any(unprintable) {
        return quoted;
    }
    quoted
        .chars()
        .map(|c| match unprintable(c) {
            true => format!("\\u{:04x}", u32::from(c)),
            false => c.to_string(),
        })
        .collect()
}

fn unprintable(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}
