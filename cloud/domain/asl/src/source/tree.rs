//! Values and where they are, in a flat table: any depth is safe to make and to drop.

use crate::pointer::{index, join, join_index, tokens};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Objects with more children than this have them indexed by name.
const MANY: usize = 16;

/// Values that a text may grow to when its YAML aliases are followed.
const MAX_VALUES: usize = 500_000;

/// Every value of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    pub(super) root: Option<u32>,
    /// Children by name, of objects with many.
    names: HashMap<u32, HashMap<String, u32>>,
}

/// A value in the text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
    /// Its name, if it is in an object.
    pub(super) key: Option<Key>,
    pub(super) parent: Option<u32>,
    pub(super) children: Vec<u32>,
    /// Whether it is YAML in block style.
    pub(super) block: bool,
}

/// The name of a field in the text.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Object,
    Array,
    Scalar(Value),
    /// A YAML alias of another value.
    Alias(u32),
}

impl Node {
    /// Where it starts with its name.
    pub(super) fn entry_start(&self) -> usize {
        self.key.as_ref().map_or(self.start, |key| key.start)
    }
}

impl Tree {
    /// Adds a value at the end of its parent.
    pub(super) fn push(&mut self, node: Node) -> u32 {
        let id = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        match node.parent {
            Some(parent) => {
                if let Some(parent) = self.node_mut(parent) {
                    parent.children.push(id);
                }
            }
            None => self.root = Some(id),
        }
        self.nodes.push(node);
        id
    }

    /// Makes looking up quick; called when all values are there.
    pub(super) fn index(&mut self) {
        for (id, node) in self.nodes.iter().enumerate() {
            if node.kind != Kind::Object || node.children.len() <= MANY {
                continue;
            }
            let children = node.children.iter().filter_map(|child| {
                let key = self.node(*child)?.key.as_ref()?;
                Some((key.name.clone(), *child))
            });
            let id = u32::try_from(id).unwrap_or(u32::MAX);
            self.names.insert(id, children.collect());
        }
    }

    pub(super) fn node(&self, id: u32) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    pub(super) fn node_mut(&mut self, id: u32) -> Option<&mut Node> {
        self.nodes.get_mut(id as usize)
    }

    /// Every value with its number, in the order of the text, a container before what it holds.
    pub(super) fn in_order(&self) -> Vec<(u32, &Node)> {
        (0..).zip(&self.nodes).collect()
    }

    /// Values in YAML's block style.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.block)
    }

    pub(super) fn is_container(&self, id: u32) -> bool {
        self.node(id)
            .is_some_and(|node| matches!(node.kind, Kind::Object | Kind::Array))
    }

    /// The children of a value, in the order of the text.
    pub(super) fn children(&self, id: u32) -> Vec<&Node> {
        self.node(id)
            .map(|node| {
                node.children
                    .iter()
                    .filter_map(|child| self.node(*child))
                    .collect()
            })
            .unwrap_or_default()
    }

    /// The child of that name or index; of duplicates the last.
    pub(super) fn child(&self, id: u32, token: &str) -> Option<u32> {
        let node = self.node(id)?;
        if let Some(names) = self.names.get(&id) {
            return names.get(token).copied();
        }
        match node.kind {
            Kind::Object => node.children.iter().rev().copied().find(|child| {
                self.node(*child)
                    .and_then(|child| child.key.as_ref())
                    .is_some_and(|key| key.name == token)
            }),
            Kind::Array => node.children.get(index(token)?).copied(),
            _ => None,
        }
    }

    pub(super) fn find(&self, pointer: &str) -> Option<u32> {
        tokens(pointer).try_fold(self.root?, |id, token| self.child(id, &token))
    }

    pub(super) fn pointer(&self, id: u32) -> String {
        let mut path = Vec::new();
        let mut at = id;
        while let Some(parent) = self.node(at).and_then(|node| node.parent) {
            path.push((parent, at));
            at = parent;
        }
        let mut pointer = String::new();
        for (parent, child) in path.into_iter().rev() {
            let position = self
                .node(parent)
                .and_then(|node| node.children.iter().position(|id| *id == child))
                .unwrap_or_default();
            pointer = match self.node(child).and_then(|node| node.key.as_ref()) {
                Some(key) => join(&pointer, &key.name),
                None => join_index(&pointer, position),
            };
        }
        pointer
    }

    pub(super) fn pointer_at(&self, offset: usize) -> String {
        let Some(mut at) = self.root else {
            return String::new();
        };
        while let Some(next) = self.node(at).and_then(|node| {
            node.children.iter().copied().find(|child| {
                self.node(*child)
                    .is_some_and(|child| (child.entry_start()..=child.end).contains(&offset))
            })
        }) {
            at = next;
        }
        self.pointer(at)
    }

    /// The whole as a value. None when there is none, or when aliases make it too large or too deep.
    pub(super) fn value(&self) -> Option<Value> {
        let mut left = MAX_VALUES;
        self.build(self.root?, 0, &mut left)
    }

    /// One value of it.
    pub(super) fn value_of(&self, id: u32) -> Option<Value> {
        let mut left = MAX_VALUES;
        self.build(id, 0, &mut left)
    }

    // The recursion is bounded by the depth, which no parser lets grow beyond the same limit.
    fn build(&self, id: u32, depth: usize, left: &mut usize) -> Option<Value> {
        if depth > super::MAX_DEPTH {
            return None;
        }
        *left = left.checked_sub(1)?;
        let node = self.node(id)?;
        Some(match &node.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::Alias(target) => self.build(*target, depth, left)?,
            Kind::Array => Value::Array(
                node.children
                    .iter()
                    .map(|child| self.build(*child, depth + 1, left))
                    .collect::<Option<_>>()?,
            ),
            Kind::Object => {
                let mut map = Map::new();
                for child in &node.children {
                    let value = self.build(*child, depth + 1, left)?;
                    if let Some(key) = self.node(*child).and_then(|child| child.key.as_ref()) {
                        map.insert(key.name.clone(), value);
                    }
                }
                Value::Object(map)
            }
        })
    }
}
