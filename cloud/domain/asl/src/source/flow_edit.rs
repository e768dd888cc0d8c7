//! Edits of what is written with brackets: JSON, and YAML in flow style.

use super::edit::{Change, TextEdit};
use super::flow_style::{Style, gap, is_spread, quote};
use super::lines::indentation;
use super::tree::{Kind, Node, Tree};
use serde_json::Value;
use std::ops::Range;

/// Makes edits in the style of the text.
pub(super) struct FlowEdit<'a> {
    text: &'a str,
    tree: &'a Tree,
    style: Style,
}

impl<'a> FlowEdit<'a> {
    pub(super) fn new(text: &'a str, tree: &'a Tree) -> Self {
        Self {
            text,
            tree,
            style: Style::of(text, tree),
        }
    }

    /// The edits that make a change, or nothing if the text has no place for it.
    pub(super) fn edits(&self, change: &Change<'_>) -> Option<Vec<TextEdit>> {
        match change {
            Change::Replace { node, value } => self.replace(*node, value),
            Change::Insert {
                parent,
                key,
                value,
                at,
            } => self.insert(*parent, *key, value, *at),
            Change::Remove { parent, at } => {
                Some(vec![edit(self.removal(*parent, *at)?, String::new())])
            }
            Change::Move { parent, from, to } => self.relocate(*parent, *from, *to),
            Change::Rename { node, key } => {
                let old = self.tree.node(*node)?.key.as_ref()?;
                Some(vec![edit(old.start..old.end, quote(key))])
            }
        }
    }

    fn replace(&self, id: u32, value: &Value) -> Option<Vec<TextEdit>> {
        let node = self.tree.node(id)?;
        let is_container = value.is_array() || value.is_object();
        let spread = match node.kind {
            // Its own layout is kept, as far as there is one.
            Kind::Object | Kind::Array if !node.children.is_empty() => is_spread(self.text, node),
            _ => node
                .parent
                .map_or(self.style.spread, |parent| self.is_spread(parent)),
        };
        let indent = indentation(self.text, node.entry_start());
        let style = match spread && is_container {
            true => self.style.clone(),
            false => self.style.flat(),
        };
        Some(vec![edit(
            node.start..node.end,
            style.render(value, indent),
        )])
    }

    fn insert(
        &self,
        parent: u32,
        key: Option<&str>,
        value: &Value,
        at: usize,
    ) -> Option<Vec<TextEdit>> {
        let children = self.tree.children(parent);
        if children.is_empty() {
            return self.insert_first(parent, key, value);
        }
        let spread = self.is_spread(parent);
        let style = match spread {
            true => self.style.clone(),
            false => self.style.flat(),
        };
        let entry = style.entry(key, value, self.inner_indent(parent));
        Some(vec![self.insertion(parent, at, &entry)?])
    }

    /// Puts a ready entry before the child that is at a position.
    fn insertion(&self, parent: u32, at: usize, entry: &str) -> Option<TextEdit> {
        let children = self.tree.children(parent);
        let separator = self.separator(parent);
        Some(
            match at.checked_sub(1).and_then(|before| children.get(before)) {
                Some(before) => edit(before.end..before.end, format!("{separator}{entry}")),
                None => {
                    let first = children.first()?.entry_start();
                    edit(first..first, format!("{entry}{separator}"))
                }
            },
        )
    }

    fn insert_first(&self, parent: u32, key: Option<&str>, value: &Value) -> Option<Vec<TextEdit>> {
        let node = self.tree.node(parent)?;
        let (open, close) = match node.kind {
            Kind::Object => ('{', '}'),
            Kind::Array => ('[', ']'),
            _ => return None,
        };
        let spread = match node.parent {
            Some(outer) => self.is_spread(outer),
            None => self.style.spread,
        };
        let indent = indentation(self.text, node.entry_start());
        let text = if spread {
            let newline = self.style.newline;
            let inner = format!("{indent}{}", self.style.unit);
            let entry = self.style.entry(key, value, &inner);
            format!("{open}{newline}{inner}{entry}{newline}{indent}{close}")
        } else {
            format!(
                "{open}{}{close}",
                self.style.flat().entry(key, value, indent)
            )
        };
        Some(vec![edit(node.start..node.end, text)])
    }

    fn removal(&self, parent: u32, at: usize) -> Option<Range<usize>> {
        let children = self.tree.children(parent);
        let child = children.get(at)?;
        if let Some(next) = children.get(at + 1) {
            return Some(child.entry_start()..next.entry_start());
        }
        match at.checked_sub(1).and_then(|before| children.get(before)) {
            Some(before) => Some(before.end..child.end),
            None => {
                let node = self.tree.node(parent)?;
                Some(node.start + 1..node.end.checked_sub(1)?)
            }
        }
    }

    fn relocate(&self, parent: u32, from: usize, to: usize) -> Option<Vec<TextEdit>> {
        let removal = self.removal(parent, from)?;
        let children = self.tree.children(parent);
        let child: &Node = children.get(from)?;
        let entry = self.text.get(child.entry_start()..child.end)?;
        // Positions are counted without the child, the tree still has it.
        let at = if to > from { to + 1 } else { to };
        Some(vec![
            edit(removal, String::new()),
            self.insertion(parent, at, entry)?,
        ])
    }

    /// What is between two members.
    fn separator(&self, parent: u32) -> String {
        if self.is_spread(parent) {
            return format!(",{}{}", self.style.newline, self.inner_indent(parent));
        }
        let children = self.tree.children(parent);
        let own = match children.as_slice() {
            [first, second, ..] => self.text.get(first.end..second.entry_start()),
            _ => None,
        };
        match own {
            Some(own) if own.trim() == "," => own.to_owned(),
            _ => self.style.comma.clone(),
        }
    }

    fn inner_indent(&self, parent: u32) -> &str {
        let first = self
            .tree
            .children(parent)
            .first()
            .map(|node| node.entry_start());
        first.map_or("", |first| indentation(self.text, first))
    }

    /// Whether the members of a container are on lines of their own.
    fn is_spread(&self, container: u32) -> bool {
        match self.tree.node(container) {
            Some(node) if !node.children.is_empty() => {
                gap(self.text, self.tree, container).contains('\n')
            }
            Some(node) => node
                .parent
                .map_or(self.style.spread, |parent| self.is_spread(parent)),
            None => self.style.spread,
        }
    }
}

fn edit(range: Range<usize>, new_text: String) -> TextEdit {
    TextEdit { range, new_text }
}
