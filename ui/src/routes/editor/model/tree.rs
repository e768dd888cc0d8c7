//! A JSON value as the rows that a tree viewer shows.

use super::diff::child;
use serde_json::Value;
use std::collections::BTreeSet;

/// Children of a list or object that are shown before "show all".
pub const FIRST: usize = 100;
/// Characters of a string that are shown before "show all".
pub const SHORT: usize = 240;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The place as a JSON Pointer.
    pub pointer: String,
    /// The key or index; none at the top.
    pub key: Option<String>,
    /// How deep it is nested.
    pub depth: usize,
    /// The kind of value, for its colour.
    pub kind: RowKind,
    /// What is shown of the value.
    pub text: String,
    /// Whether it holds other values.
    pub opens: bool,
    /// Whether those are shown.
    pub open: bool,
    /// Whether a search met its key or its value.
    pub found: bool,
}

/// What a row's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Truth,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An object.
    Object,
    /// A list.
    List,
    /// Not a value: how many more there are.
    More,
}

/// What of a value is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Places that the reader turned over: deeper than `open_to` they are open, above it they are closed.
    pub toggled: BTreeSet<String>,
    /// Places that are shown whole.
    pub whole: BTreeSet<String>,
    /// What is searched for; empty for nothing.
    pub search: String,
    /// Levels that are open at first.
    pub open_to: usize,
}

/// The rows of a value, at most `most`.
pub fn rows(value: &Value, shown: &Shown, most: usize) -> Vec<Row> {
    let search = shown.search.trim().to_lowercase();
    let mut out = Vec::new();
    push(&mut out, "", None, 0, value, shown, &search, most);
    out
}

#[expect(
    clippy::too_many_arguments,
    reason = "a walk's whole state, for one private function"
)]
fn push(
    out: &mut Vec<Row>,
    pointer: &str,
    key: Option<&str>,
    depth: usize,
    value: &Value,
    shown: &Shown,
    search: &str,
    most: usize,
) {
    if out.len() >= most || depth > 200 {
        return;
    }
    let opens = matches!(value, Value::Object(map) if !map.is_empty())
        || matches!(value, Value::Array(list) if !list.is_empty());
    let holds = !search.is_empty() && opens && contains(value, search, 0);
    let open = opens && (((depth < shown.open_to) != shown.toggled.contains(pointer)) || holds);
    let whole = shown.whole.contains(pointer);
    let found = !search.is_empty()
        && (key.is_some_and(|key| key.to_lowercase().contains(search))
            || (!opens && leaf_contains(value, search)));
    out.push(Row {
        pointer: pointer.to_owned(),
        key: key.map(str::to_owned),
        depth,
        kind: kind(value),
        text: text(value, open, whole),
        opens,
        open,
        found,
    });
    if let Value::String(long) = value {
        let count = long.chars().count();
        if count > SHORT && !whole {
            out.push(more(
                pointer,
                depth + 1,
                format!("show all {count} characters"),
            ));
        }
    }
    if !open {
        return;
    }
    let bound = if whole || holds { usize::MAX } else { FIRST };
    let count = match value {
        Value::Object(map) => {
            for (key, value) in map.iter().take(bound) {
                push(
                    out,
                    &child(pointer, key),
                    Some(key),
                    depth + 1,
                    value,
                    shown,
                    search,
                    most,
                );
            }
            map.len()
        }
        Value::Array(list) => {
            for (n, value) in list.iter().enumerate().take(bound) {
                push(
                    out,
                    &format!("{pointer}/{n}"),
                    Some(&n.to_string()),
                    depth + 1,
                    value,
                    shown,
                    search,
                    most,
                );
            }
            list.len()
        }
        _ => 0,
    };
    if count > bound {
        out.push(more(pointer, depth + 1, format!("show all {count}")));
    }
}

fn more(pointer: &str, depth: usize, text: String) -> Row {
    Row {
        pointer: pointer.to_owned(),
        key: None,
        depth,
        kind: RowKind::More,
        text,
        opens: false,
        open: false,
        found: false,
    }
}

fn kind(value: &Value) -> RowKind {
    match value {
        Value::Null => RowKind::Null,
        Value::Bool(_) => RowKind::Truth,
        Value::Number(_) => RowKind::Number,
        Value::String(_) => RowKind::Text,
        Value::Array(_) => RowKind::List,
        Value::Object(_) => RowKind::Object,
    }
}

fn text(value: &Value, open: bool, whole: bool) -> String {
    match value {
        Value::String(text) if whole => Value::String(text.clone()).to_string(),
        Value::String(text) => {
            let short: String = text.chars().take(SHORT).collect();
            let quoted = Value::String(short).to_string();
            if text.chars().nth(SHORT).is_some() {
                format!("{quoted}…")
            } else {
                quoted
            }
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Array(list) if list.is_empty() => "[]".to_owned(),
        Value::Object(_) | Value::Array(_) if open => match value {
            Value::Array(list) => list.len().to_string(),
            _ => String::new(),
        },
        Value::Object(map) => {
            let keys: Vec<&str> = map.keys().take(4).map(String::as_str).collect();
            let more = if map.len() > keys.len() { ", …" } else { "" };
            format!("{{ {}{more} }}", keys.join(", "))
        }
        Value::Array(list) => format!("[ {} ]", list.len()),
        other => other.to_string(),
    }
}

fn leaf_contains(value: &Value, search: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(search),
        other => other.to_string().contains(search),
    }
}

fn contains(value: &Value, search: &str, depth: usize) -> bool {
    if depth > 200 {
        return false;
    }
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| {
            key.to_lowercase().contains(search) || contains(value, search, depth + 1)
        }),
        Value::Array(list) => list.iter().any(|value| contains(value, search, depth + 1)),
        leaf => leaf_contains(leaf, search),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn check(value: &Value, shown: &Shown, expected: Expect) {
        let text: Vec<String> = rows(value, shown, 1_000)
            .iter()
            .map(|row| {
                format!(
                    "{}{}{}{}{}\n",
                    "  ".repeat(row.depth),
                    if row.opens {
                        if row.open { "▾ " } else { "▸ " }
                    } else {
                        ""
                    },
                    row.key
                        .as_ref()
                        .map(|key| format!("{key}: "))
                        .unwrap_or_default(),
                    row.text,
                    if row.found { "  <-" } else { "" },
                )
            })
            .collect();
        expected.assert_eq(&text.concat());
    }

    #[test]
    fn the_first_levels_are_open() {
        let value = json!({"a": {"b": {"c": 1}}, "list": [1, 2], "empty": [], "none": null});
        check(
            &value,
            &Shown {
                open_to: 2,
                ..Shown::default()
            },
            expect![[r#"
            ▾ 
              ▾ a: 
                ▸ b: { c }
              ▾ list: 2
                0: 1
                1: 2
              empty: []
              none: null
        "#]],
        );
        let toggled = ["/a/b".to_owned(), "/list".to_owned()].into();
        check(
            &value,
            &Shown {
                open_to: 2,
                toggled,
                ..Shown::default()
            },
            expect![[r#"
            ▾ 
              ▾ a: 
                ▾ b: 
                  c: 1
              ▸ list: [ 2 ]
              empty: []
              none: null
        "#]],
        );
    }

    #[test]
    fn a_search_opens_what_it_finds() {
        let value = json!({"a": {"b": {"name": "Ada"}}, "z": {"n": 1}});
        check(
            &value,
            &Shown {
                search: " ADA".to_owned(),
                ..Shown::default()
            },
            expect![[r#"
            ▾ 
              ▾ a: 
                ▾ b: 
                  name: "Ada"  <-
              ▸ z: { n }
        "#]],
        );
    }

    #[test]
    fn large_values_are_cut_until_asked_for() {
        let value = json!({"list": (0..500).collect::<Vec<_>>(), "text": "x".repeat(1000)});
        let mut shown = Shown {
            open_to: 2,
            ..Shown::default()
        };
        let cut = rows(&value, &shown, usize::MAX);
        assert_eq!(cut.len(), 1 + 1 + FIRST + 1 + 1 + 1);
        assert!(cut.iter().any(|row| row.text == "show all 500"));
        assert!(cut.iter().any(|row| row.text == "show all 1000 characters"));
        shown.whole = ["/list".to_owned(), "/text".to_owned()].into();
        assert_eq!(rows(&value, &shown, usize::MAX).len(), 1 + 1 + 500 + 1);
        assert_eq!(rows(&value, &shown, 50).len(), 50);
    }
}
