//! Edits of a text by JSON Pointer, as small as they can be.

use super::flow_edit::FlowEdit;
use super::tree::{Kind, Tree};
use super::yaml_edit;
use super::{Format, Source};
use crate::pointer::{index, split};
use serde::Serialize;
use serde_json::Value;
use std::ops::Range;
use thiserror::Error;

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit {
    /// The bytes that go.
    pub range: Range<usize>,
    /// What comes in their place.
    pub new_text: String,
}

/// Why a text was not edited.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// The form of the text is broken.
    #[error("the definition has errors of form; mend them first")]
    Broken,
    /// There is nothing at the pointer.
    #[error("there is nothing at `{0}`")]
    NotFound(String),
    /// What is at the pointer has no fields, or no items.
    #[error("`{0}` has no place for that")]
    NotAContainer(String),
    /// A field of that name is there already.
    #[error("the field `{0}` is there already")]
    Taken(String),
    /// The definition itself cannot be removed, renamed or moved.
    #[error("the whole definition can only be replaced")]
    Root,
    /// The text is laid out in a way that could not be edited.
    #[error("this place of the text cannot be edited automatically")]
    Unsupported,
}

/// A text after edits. They must not overlap; their order doesn't matter.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        result.push_str(text.get(at..edit.range.start).unwrap_or_default());
        result.push_str(&edit.new_text);
        at = edit.range.end.max(at);
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// One change of a value, found in the tree.
#[derive(Clone, Debug)]
pub(super) enum Change<'a> {
    /// The value gives way to another.
    Replace { node: u32, value: &'a Value },
    /// A child comes in before the one that is now at that position.
    Insert {
        parent: u32,
        key: Option<&'a str>,
        value: &'a Value,
        at: usize,
    },
    /// The child at that position goes.
    Remove { parent: u32, at: usize },
    /// The child at one position goes to another, counted without it.
    Move { parent: u32, from: usize, to: usize },
    /// The child gets another name.
    Rename { node: u32, key: &'a str },
}

impl Source {
    /// Gives a place a value: an existing one is replaced by as little as possible, a field that isn't there comes last, and `-` or the
    /// length of an array adds to it.
    pub fn set(&self, pointer: &str, value: &Value) -> Result<Vec<TextEdit>, EditError> {
        self.check_editable()?;
        if let Some(node) = self.tree.find(pointer) {
            return self.replace(node, pointer, value);
        }
        let (parent, token) = split(pointer).ok_or(EditError::Root)?;
        self.insert(parent, &token, value, usize::MAX)
    }

    /// Adds a field to an object, or an item to an array, before the one at `position` (which is cut to the length). In an array `key`
    /// is not used.
    pub fn insert(
        &self,
        parent: &str,
        key: &str,
        value: &Value,
        position: usize,
    ) -> Result<Vec<TextEdit>, EditError> {
        self.check_editable()?;
        let id = self.find(parent)?;
        let node = self.tree.node(id).ok_or(EditError::Unsupported)?;
        let key = match node.kind {
            Kind::Object if self.tree.child(id, key).is_some() => {
                return Err(EditError::Taken(key.to_owned()));
            }
            Kind::Object => Some(key),
            Kind::Array => None,
            _ => return Err(EditError::NotAContainer(parent.to_owned())),
        };
        let at = position.min(node.children.len());
        self.change(&Change::Insert {
            parent: id,
            key,
            value,
            at,
        })
    }

    /// Takes a field or an item away.
    pub fn remove(&self, pointer: &str) -> Result<Vec<TextEdit>, EditError> {
        self.check_editable()?;
        let (parent, at) = self.place(pointer)?;
        self.change(&Change::Remove { parent, at })
    }

    /// Gives a field another name, at its place.
    pub fn rename_key(&self, pointer: &str, new_key: &str) -> Result<Vec<TextEdit>, EditError> {
        self.check_editable()?;
        let (parent, _) = self.place(pointer)?;
        let node = self.find(pointer)?;
        let key = self.tree.node(node).and_then(|node| node.key.as_ref());
        let key = key.ok_or_else(|| EditError::NotAContainer(pointer.to_owned()))?;
        if key.name == new_key {
            return Ok(Vec::new());
        }
        if self.tree.child(parent, new_key).is_some() {
            return Err(EditError::Taken(new_key.to_owned()));
        }
        self.change(&Change::Rename { node, key: new_key })
    }

    /// Puts a field or an item at another position among its own, counted without it.
    pub fn move_to(&self, pointer: &str, position: usize) -> Result<Vec<TextEdit>, EditError> {
        self.check_editable()?;
        let (parent, from) = self.place(pointer)?;
        let last = self.tree.children(parent).len().saturating_sub(1);
        let to = position.min(last);
        if from == to {
            return Ok(Vec::new());
        }
        self.change(&Change::Move { parent, from, to })
    }

    fn find(&self, pointer: &str) -> Result<u32, EditError> {
        self.tree
            .find(pointer)
            .ok_or_else(|| EditError::NotFound(pointer.to_owned()))
    }

    /// The parent of a value, and its position there.
    fn place(&self, pointer: &str) -> Result<(u32, usize), EditError> {
        let id = self.find(pointer)?;
        let parent = self
            .tree
            .node(id)
            .and_then(|node| node.parent)
            .ok_or(EditError::Root)?;
        let children = self.tree.node(parent).map(|node| node.children.as_slice());
        let at = children
            .and_then(|children| children.iter().position(|child| *child == id))
            .ok_or(EditError::Unsupported)?;
        Ok((parent, at))
    }

    fn check_editable(&self) -> Result<(), EditError> {
        match self.is_broken() {
            true => Err(EditError::Broken),
            false => Ok(()),
        }
    }

    pub(super) fn change(&self, change: &Change<'_>) -> Result<Vec<TextEdit>, EditError> {
        match self.format {
            Format::Json => FlowEdit::new(&self.text, &self.tree)
                .edits(change)
                .ok_or(EditError::Unsupported),
            Format::Yaml => {
                yaml_edit::edits(&self.text, &self.tree, change).ok_or(EditError::Unsupported)
            }
        }
    }
}

/// What a value becomes by a change; `pointer` is where the change's node or parent is.
pub(super) fn expected(
    root: &Value,
    pointer: &str,
    change: &Change<'_>,
    from_key: &str,
) -> Option<Value> {
    let mut root = root.clone();
    match change {
        Change::Replace { value, .. } => *root.pointer_mut(pointer)? = (*value).clone(),
        Change::Insert { key, value, at, .. } => match (root.pointer_mut(pointer)?, key) {
            (Value::Array(items), _) => items.insert((*at).min(items.len()), (*value).clone()),
            (Value::Object(map), Some(key)) => {
                map.shift_insert(*at, (*key).to_owned(), (*value).clone());
            }
            _ => return None,
        },
        Change::Remove { .. } => match root.pointer_mut(pointer)? {
            Value::Array(items) => {
                items.remove(index(from_key)?);
            }
            Value::Object(map) => {
                map.shift_remove(from_key)?;
            }
            _ => return None,
        },
        Change::Move { from, to, .. } => match root.pointer_mut(pointer)? {
            Value::Array(items) => {
                let item = items.remove(*from);
                items.insert(*to, item);
            }
            Value::Object(map) => {
                let value = map.shift_remove(from_key)?;
                map.shift_insert(*to, from_key.to_owned(), value);
            }
            _ => return None,
        },
        Change::Rename { key, .. } => {
            let (parent, old) = split(pointer)?;
            let map = root.pointer_mut(parent)?.as_object_mut()?;
            let at = map.keys().position(|name| *name == old)?;
            let value = map.shift_remove(&old)?;
            map.shift_insert(at, (*key).to_owned(), value);
        }
    }
    Some(root)
}

/// The pointer that a change is about, and the name or index of the child that goes or moves.
pub(super) fn subject(tree: &Tree, change: &Change<'_>) -> (String, String) {
    match change {
        Change::Replace { node, .. } | Change::Rename { node, .. } => {
            (tree.pointer(*node), String::new())
        }
        Change::Insert { parent, .. } => (tree.pointer(*parent), String::new()),
        Change::Remove { parent, at }
        | Change::Move {
            parent, from: at, ..
        } => {
            let name = tree
                .children(*parent)
                .get(*at)
                .and_then(|child| child.key.as_ref())
                .map_or_else(|| at.to_string(), |key| key.name.clone());
            (tree.pointer(*parent), name)
        }
    }
}
