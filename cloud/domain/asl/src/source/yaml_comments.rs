//! YAML laid out anew with its comments kept.

use super::tree::{Kind, Node, Tree};
use super::yaml_render::{Layout, inline, is_inline, text};
use super::{Format, Source, read_value};
use serde_json::Value;
use std::collections::HashMap;

/// Comments and blank lines by the value that they are at.
#[derive(Debug, Default)]
struct Comments {
    /// Lines above a value and its name; an empty one is a blank line.
    above: HashMap<u32, Vec<String>>,
    /// What stands behind a value, or behind the name of a container.
    behind: HashMap<u32, String>,
    /// Lines after everything.
    end: Vec<String>,
}

/// The text in block style; nothing if it holds nothing.
pub(super) fn format(source: &Source) -> Option<String> {
    let root = source.tree.root?;
    let comments = Comments::of(&source.text, &source.tree);
    let writer = Writer {
        text: &source.text,
        tree: &source.tree,
        comments: &comments,
        layout: Layout::default(),
    };
    let mut out = String::new();
    writer.above(root, 0, true, &mut out);
    out.push_str(&writer.block(root, 0)?);
    for line in &comments.end {
        out.push('\n');
        out.push_str(line);
    }
    out.push('\n');
    Some(out)
}

impl Comments {
    fn of(text: &str, tree: &Tree) -> Self {
        let mut comments = Self::default();
        let nodes = tree.in_order();
        let mut next = 0;
        let mut waiting: Vec<String> = Vec::new();
        let mut at = 0;
        let mut begun = false;
        for line in text.split_inclusive('\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            // Values that begin on this line take what waits.
            let first = next;
            while nodes
                .get(next)
                .is_some_and(|(_, node)| node.entry_start() < end)
            {
                next += 1;
            }
            let found = comment_in(text, line, start, &nodes, next);
            // What stands behind a dash alone belongs to what comes on the next line.
            let own = found.is_some_and(|at| {
                line.get(..at - start)
                    .is_some_and(|before| before.chars().all(|c| c == '-' || c.is_whitespace()))
            });
            let comment = found
                .and_then(|at| text.get(at..end))
                .map(|it| it.trim_end().to_owned());
            if let Some((id, _)) = nodes.get(first).filter(|_| first < next) {
                comments.above.insert(*id, std::mem::take(&mut waiting));
                begun = true;
            }
            match comment {
                Some(comment) if own => waiting.push(comment),
                Some(comment) => {
                    let last = next.checked_sub(1).and_then(|last| nodes.get(last));
                    match last {
                        Some((id, _)) => {
                            comments.behind.insert(*id, comment);
                        }
                        // Behind `---`, say.
                        None => waiting.push(comment),
                    }
                }
                None if line.trim().is_empty() && within(&nodes, next, start).is_none() => {
                    let blank = waiting.last().is_some_and(String::is_empty);
                    if !blank && (begun || !waiting.is_empty()) {
                        waiting.push(String::new());
                    }
                }
                None => {}
            }
        }
        while waiting.last().is_some_and(String::is_empty) {
            waiting.pop();
        }
        comments.end = waiting;
        comments
    }
}

/// The scalar around a byte, of those that began before.
fn within<'n>(nodes: &[(u32, &'n Node)], next: usize, at: usize) -> Option<&'n Node> {
    let begun = nodes.get(..next)?;
    let mut scalars = begun
        .iter()
        .rev()
        .filter(|(_, node)| matches!(node.kind, Kind::Scalar(_)));
    // Scalars don't overlap, so only the nearest one can be around it.
    let nearest = scalars
        .find(|(_, node)| node.start <= at)
        .map(|(_, node)| *node);
    nearest.filter(|node| at < node.end)
}

/// Where a comment begins in a line.
fn comment_in(
    text: &str,
    line: &str,
    start: usize,
    nodes: &[(u32, &Node)],
    next: usize,
) -> Option<usize> {
    line.match_indices('#')
        .map(|(at, _)| start + at)
        .find(|at| {
            let before = text
                .get(..*at)
                .and_then(|before| before.chars().next_back());
            let apart = before.is_none_or(char::is_whitespace);
            let in_name = || {
                nodes.iter().take(next).rev().take(64).any(|(_, node)| {
                    node.key
                        .as_ref()
                        .is_some_and(|key| (key.start..key.end).contains(at))
                })
            };
            apart && within(nodes, next, *at).is_none() && !in_name()
        })
}

struct Writer<'a> {
    text: &'a str,
    tree: &'a Tree,
    comments: &'a Comments,
    layout: Layout,
}

impl Writer<'_> {
    /// Writes the lines above a value, each with the indentation of what follows it. Blank lines at the beginning of a block fall away.
    fn above(&self, id: u32, column: usize, first: bool, out: &mut String) {
        let lines = self.comments.above.get(&id).into_iter().flatten();
        let mut begun = !first;
        for line in lines {
            begun |= !line.is_empty();
            if !begun {
                continue;
            }
            if line.is_empty() {
                // The indentation before it would be left at its end.
                out.truncate(out.trim_end_matches(' ').len());
            }
            out.push_str(line);
            out.push('\n');
            out.push_str(&" ".repeat(column));
        }
    }

    /// A scalar as it is written, if that is one line and says the same by itself: a tag is not part of it.
    fn written(&self, node: &Node, value: &Value) -> Option<&str> {
        let written = self.text.get(node.start..node.end)?;
        let alone = !written.is_empty() && !written.contains('\n');
        let same = || read_value(written, Format::Yaml) == (Some(value.clone()), Vec::new());
        (alone && same()).then_some(written)
    }

    fn behind(&self, id: u32) -> String {
        let comment = self.comments.behind.get(&id);
        comment.map_or_else(String::new, |comment| format!(" {comment}"))
    }

    // The depth is bounded by the parser.
    fn block(&self, id: u32, column: usize) -> Option<String> {
        let node = self.tree.node(id)?;
        if node.children.is_empty() {
            return Some(inline(&self.tree.value_of(id)?));
        }
        let mut out = String::new();
        for (index, child) in node.children.iter().enumerate() {
            if index > 0 {
                out.push('\n');
                out.push_str(&" ".repeat(column));
            }
            self.above(*child, column, index == 0, &mut out);
            out.push_str(&self.child(*child, column)?);
        }
        Some(out)
    }

    fn child(&self, id: u32, column: usize) -> Option<String> {
        let node = self.tree.node(id)?;
        let value = self.tree.value_of(id)?;
        let name = node.key.as_ref().map(|key| text(&key.name));
        let lead = name.map_or_else(|| "-".to_owned(), |name| format!("{name}:"));
        let behind = self.behind(id);
        if let Some(literal) = self.layout.literal(&value, column) {
            // The comment goes behind the `|`, which ends the first line.
            let (first, rest) = literal.split_once('\n').unwrap_or((&literal, ""));
            return Some(format!("{lead} {first}{behind}\n{rest}"));
        }
        if is_inline(&value) {
            let written = match node.kind {
                Kind::Scalar(_) => self.written(node, &value),
                _ => None,
            };
            let value = written.map_or_else(|| inline(&value), str::to_owned);
            return Some(format!("{lead} {value}{behind}"));
        }
        if matches!(node.kind, Kind::Alias(_)) {
            // An alias is written out.
            let written = match node.key.as_ref() {
                Some(key) => self.layout.entry(&key.name, &value, column),
                None => self.layout.item(&value, column),
            };
            let (first, rest) = written.split_once('\n')?;
            return Some(format!("{first}{behind}\n{rest}"));
        }
        let inner = column + 2;
        let block = self.block(id, inner)?;
        Some(match node.key {
            Some(_) => format!("{lead}{behind}\n{}{block}", " ".repeat(inner)),
            None => format!("{lead} {block}"),
        })
    }
}
