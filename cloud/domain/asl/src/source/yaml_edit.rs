//! Edits of YAML.
//!
//! YAML has more ways to lay a value out than a small edit can know about. So every edit is tried on the text and read back: if
//! it doesn't say what it should, the nearest enclosing value is written anew instead, and so on outwards.

use super::edit::{Change, TextEdit, apply, expected, subject};
use super::flow_edit::FlowEdit;
use super::lines::{line_end, line_start, newline};
use super::tree::{Kind, Node, Tree};
use super::yaml_render::{self, Layout};
use super::{Format, Source};
use serde_json::{Map, Value};
use std::ops::Range;

/// The edits that make a change, or nothing if not even writing the whole anew does.
pub(super) fn edits(text: &str, tree: &Tree, change: &Change<'_>) -> Option<Vec<TextEdit>> {
    let root = tree.value()?;
    let (pointer, child) = subject(tree, change);
    let want = expected(&root, &pointer, change, &child)?;
    let says_it = |edits: &[TextEdit]| {
        let edited = Source::new(apply(text, edits), Format::Yaml);
        // As text, since order counts.
        !edited.is_broken()
            && edited.value().map(|value| value.to_string()) == Some(want.to_string())
    };
    let yaml = YamlEdit {
        text,
        tree,
        layout: Layout::default(),
    };
    let yaml = YamlEdit {
        layout: yaml.layout(),
        ..yaml
    };
    if let Some(edits) = yaml.edits(change).filter(|edits| says_it(edits)) {
        return Some(edits);
    }
    let mut at = match change {
        Change::Insert { parent, .. }
        | Change::Remove { parent, .. }
        | Change::Move { parent, .. } => Some(*parent),
        Change::Replace { node, .. } | Change::Rename { node, .. } => tree.node(*node)?.parent,
    };
    while let Some(node) = at {
        let value = want.pointer(&tree.pointer(node))?;
        if let Some(edits) = yaml.replace(node, value).filter(|edits| says_it(edits)) {
            return Some(edits);
        }
        at = tree.node(node)?.parent;
    }
    let whole = vec![TextEdit {
        range: 0..text.len(),
        new_text: yaml.layout.block(&want, 0) + yaml.layout.newline,
    }];
    says_it(&whole).then_some(whole)
}

struct YamlEdit<'a> {
    text: &'a str,
    tree: &'a Tree,
    layout: Layout,
}

impl YamlEdit<'_> {
    fn edits(&self, change: &Change<'_>) -> Option<Vec<TextEdit>> {
        match change {
            Change::Replace { node, value } => self.replace(*node, value),
            Change::Rename { node, key } => {
                let node = self.tree.node(*node)?;
                let old = node.key.as_ref()?;
                Some(vec![edit(old.start..old.end, yaml_render::text(key))])
            }
            Change::Insert {
                parent,
                key,
                value,
                at,
            } => {
                let container = self.tree.node(*parent)?;
                if container.children.is_empty() {
                    let value = match key {
                        Some(key) => {
                            Value::Object(Map::from_iter([((*key).to_owned(), (*value).clone())]))
                        }
                        None => Value::Array(vec![(*value).clone()]),
                    };
                    return self.replace(*parent, &value);
                }
                if !container.block {
                    return FlowEdit::new(self.text, self.tree).edits(change);
                }
                let column = self.column(self.entry_start(container, 0)?);
                let entry = match key {
                    Some(key) => self.layout.entry(key, value, column),
                    None => self.layout.item(value, column),
                };
                Some(vec![self.insertion(container, *at, &entry)?])
            }
            Change::Remove { parent, at } => {
                let container = self.tree.node(*parent)?;
                if container.children.len() == 1 {
                    let empty = match container.kind {
                        Kind::Array => Value::Array(Vec::new()),
                        _ => Value::Object(Map::new()),
                    };
                    return self.replace(*parent, &empty);
                }
                if !container.block {
                    return FlowEdit::new(self.text, self.tree).edits(change);
                }
                Some(vec![edit(self.removal(container, *at)?, String::new())])
            }
            Change::Move { parent, from, to } => {
                let container = self.tree.node(*parent)?;
                if !container.block {
                    return FlowEdit::new(self.text, self.tree).edits(change);
                }
                let start = self.entry_start(container, *from)?;
                let end = line_end(self.text, self.entry_end(container, *from)?);
                let entry = self.text.get(start..end)?;
                let at = if to > from { to + 1 } else { *to };
                Some(vec![
                    edit(self.removal(container, *from)?, String::new()),
                    self.insertion(container, at, entry)?,
                ])
            }
        }
    }

    fn replace(&self, id: u32, value: &Value) -> Option<Vec<TextEdit>> {
        let node = self.tree.node(id)?;
        let parent = node.parent.and_then(|parent| self.tree.node(parent));
        let in_flow = parent.is_some_and(|parent| !parent.block);
        let is_flow = matches!(node.kind, Kind::Object | Kind::Array)
            && !node.block
            && !node.children.is_empty();
        if in_flow || (is_flow && !yaml_render::is_inline(value)) {
            return FlowEdit::new(self.text, self.tree).edits(&Change::Replace { node: id, value });
        }
        let on_its_line = node.end > node.start && !node.block;
        let is_line = yaml_render::is_inline(value) && self.layout.literal(value, 0).is_none();
        if on_its_line && is_line {
            return Some(vec![edit(node.start..node.end, yaml_render::inline(value))]);
        }
        if node.key.is_some() {
            let colon = self.colon(node)?;
            let column = self.column(node.entry_start());
            let text = self.layout.after_key(value, column);
            return Some(vec![edit(colon + 1..node.end.max(colon + 1), text)]);
        }
        if node.end == node.start {
            return None;
        }
        let column = self.column(node.start);
        let text = match self.layout.literal(value, column.saturating_sub(2)) {
            Some(lines) => lines,
            None => self.layout.block(value, column),
        };
        Some(vec![edit(node.start..node.end, text)])
    }

    /// Puts a ready entry before the child that is at a position.
    fn insertion(&self, container: &Node, at: usize, entry: &str) -> Option<TextEdit> {
        let first = self.entry_start(container, 0)?;
        let separator = format!("{}{}", self.layout.newline, " ".repeat(self.column(first)));
        Some(match at.checked_sub(1) {
            Some(before) => {
                let end = line_end(self.text, self.entry_end(container, before)?);
                edit(end..end, format!("{separator}{entry}"))
            }
            None => edit(first..first, format!("{entry}{separator}")),
        })
    }

    /// The lines of a child, or as much of its line as it has.
    fn removal(&self, container: &Node, at: usize) -> Option<Range<usize>> {
        let start = self.entry_start(container, at)?;
        let line = line_start(self.text, start);
        if !self.text.get(line..start)?.trim().is_empty() {
            return Some(start..self.entry_start(container, at + 1)?);
        }
        let end = line_end(self.text, self.entry_end(container, at)?);
        let rest = self.text.get(end..)?;
        Some(match rest.find('\n') {
            Some(newline) => line..end + newline + 1,
            // The last line of the text takes the line break before it along.
            None => self.text.get(..line)?.trim_end_matches(['\r', '\n']).len()..self.text.len(),
        })
    }

    /// Where a child starts with its name or dash.
    fn entry_start(&self, container: &Node, at: usize) -> Option<usize> {
        let child = self.tree.node(*container.children.get(at)?)?;
        match (&child.key, at) {
            (Some(key), _) => Some(key.start),
            (None, 0) => Some(container.start),
            (None, _) => self.text.get(..child.start)?.rfind('-'),
        }
    }

    /// Where a child ends with its value, or with its name if that is all there is.
    fn entry_end(&self, container: &Node, at: usize) -> Option<usize> {
        let child = self.tree.node(*container.children.get(at)?)?;
        match child.key {
            Some(_) => Some(child.end.max(self.colon(child)? + 1)),
            None => Some(child.end),
        }
    }

    fn colon(&self, node: &Node) -> Option<usize> {
        let key = node.key.as_ref()?;
        let rest = self.text.get(key.end..)?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest.get(blank..)?
            .starts_with(':')
            .then_some(key.end + blank)
    }

    /// How the author indents, as far as there is a block to see it in.
    fn layout(&self) -> Layout {
        let mut layout = Layout {
            newline: newline(self.text),
            ..Layout::default()
        };
        let (mut mapping, mut sequence) = (None, None);
        for node in self.tree.blocks() {
            if mapping.is_some() && sequence.is_some() {
                break;
            }
            let (Some(key), start) = (&node.key, node.start) else {
                continue;
            };
            let indent = self.column(start).checked_sub(self.column(key.start));
            match node.kind {
                Kind::Object => mapping = mapping.or(indent.filter(|indent| *indent > 0)),
                Kind::Array => sequence = sequence.or(indent),
                _ => {}
            }
        }
        layout.mapping = mapping.unwrap_or(layout.mapping);
        layout.sequence = sequence.or(mapping).unwrap_or(layout.sequence);
        layout
    }

    fn column(&self, at: usize) -> usize {
        self.text
            .get(line_start(self.text, at)..at)
            .map_or(0, |before| before.chars().count())
    }
}

fn edit(range: Range<usize>, new_text: String) -> TextEdit {
    TextEdit { range, new_text }
}
