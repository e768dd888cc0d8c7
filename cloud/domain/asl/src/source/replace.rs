//! Replacing a value by as little as possible: fields that stay keep their layout and comments.

use super::edit::{Change, EditError, TextEdit, apply};
use super::tree::{Kind, Tree};
use super::{Format, Source};
use crate::pointer::{join, join_index};
use serde_json::{Map, Value};

/// Beyond so many steps a value is written anew, since every step reads the text again.
const MAX_STEPS: usize = 16;

/// A part of a replacement. Pointers are those after the steps before it.
#[derive(Debug)]
enum Step<'a> {
    Set(String, &'a Value),
    Remove(String),
    Insert(String, &'a str, &'a Value, usize),
    Move(String, usize),
}

impl Source {
    pub(super) fn replace(
        &self,
        node: u32,
        pointer: &str,
        value: &Value,
    ) -> Result<Vec<TextEdit>, EditError> {
        let mut steps = Vec::new();
        plan(&self.tree, node, pointer.to_owned(), value, &mut steps);
        let whole = || self.change(&Change::Replace { node, value });
        match steps.as_slice() {
            [] => return Ok(Vec::new()),
            [step] => return self.step(step),
            steps if steps.len() > MAX_STEPS => return whole(),
            _ => {}
        }
        let only_sets = steps.iter().all(|step| matches!(step, Step::Set(..)));
        if only_sets && self.format == Format::Json {
            let edits: Result<Vec<_>, _> = steps.iter().map(|step| self.step(step)).collect();
            return Ok(edits?.into_iter().flatten().collect());
        }
        let mut source = self.clone();
        for step in &steps {
            let edits = source.step(step)?;
            source = Self::new(apply(&source.text, &edits), self.format);
        }
        Ok(difference(&self.text, &source.text))
    }

    fn step(&self, step: &Step<'_>) -> Result<Vec<TextEdit>, EditError> {
        match step {
            Step::Set(pointer, value) => {
                let node = self.tree.find(pointer).ok_or(EditError::Unsupported)?;
                self.change(&Change::Replace { node, value })
            }
            Step::Remove(pointer) => self.remove(pointer),
            Step::Insert(parent, key, value, at) => self.insert(parent, key, value, *at),
            Step::Move(pointer, at) => self.move_to(pointer, *at),
        }
    }
}

// The recursion is bounded by the depth of the tree.
fn plan<'a>(tree: &Tree, id: u32, pointer: String, value: &'a Value, steps: &mut Vec<Step<'a>>) {
    let Some(node) = tree.node(id) else { return };
    match (&node.kind, value) {
        (Kind::Scalar(old), new) if old == new => {}
        (Kind::Array, Value::Array(items)) if items.is_empty() && node.children.is_empty() => {}
        (Kind::Object, Value::Object(map)) if map.is_empty() && node.children.is_empty() => {}
        (Kind::Array, Value::Array(items)) if !items.is_empty() && !node.children.is_empty() => {
            plan_items(tree, &node.children, &pointer, items, steps);
        }
        (Kind::Object, Value::Object(map)) if shares_fields(tree, id, map) => {
            plan_fields(tree, id, &pointer, map, steps);
        }
        _ => steps.push(Step::Set(pointer, value)),
    }
}

fn plan_items<'a>(
    tree: &Tree,
    children: &[u32],
    pointer: &str,
    items: &'a [Value],
    steps: &mut Vec<Step<'a>>,
) {
    let same = |(child, item): &(&u32, &Value)| tree.value_of(**child).as_ref() == Some(*item);
    let before = children.iter().zip(items).take_while(same).count();
    let rest = children.len().min(items.len()) - before;
    let after = children
        .iter()
        .rev()
        .zip(items.iter().rev())
        .take(rest)
        .take_while(same)
        .count();
    let (old, new) = (children.len() - after, items.len() - after);
    for (at, (child, item)) in children.iter().zip(items).enumerate().skip(before) {
        if at < old && at < new {
            plan(tree, *child, join_index(pointer, at), item, steps);
        }
    }
    steps.extend(
        (new..old)
            .rev()
            .map(|at| Step::Remove(join_index(pointer, at))),
    );
    for (at, item) in items.iter().enumerate().take(new).skip(old) {
        steps.push(Step::Insert(pointer.to_owned(), "", item, at));
    }
}

fn plan_fields<'a>(
    tree: &Tree,
    id: u32,
    pointer: &str,
    map: &'a Map<String, Value>,
    steps: &mut Vec<Step<'a>>,
) {
    let mut names: Vec<&str> = Vec::new();
    for child in tree.children(id) {
        let Some(key) = &child.key else { continue };
        match map.contains_key(&key.name) {
            true => names.push(&key.name),
            false => steps.push(Step::Remove(join(pointer, &key.name))),
        }
    }
    for (at, (name, value)) in map.iter().enumerate() {
        match names.iter().position(|known| known == name) {
            None => {
                steps.push(Step::Insert(pointer.to_owned(), name, value, at));
                names.insert(at.min(names.len()), name);
            }
            Some(from) => {
                if from != at {
                    steps.push(Step::Move(join(pointer, name), at));
                    let name = names.remove(from);
                    names.insert(at.min(names.len()), name);
                }
                if let Some(child) = tree.child(id, name) {
                    plan(tree, child, join(pointer, name), value, steps);
                }
            }
        }
    }
}

/// Whether fields stay, so that it is worth to go into an object. With a name that is there twice it is not.
fn shares_fields(tree: &Tree, id: u32, map: &Map<String, Value>) -> bool {
    let names: Vec<&str> = tree
        .children(id)
        .iter()
        .filter_map(|child| child.key.as_ref())
        .map(|key| key.name.as_str())
        .collect();
    let unique: std::collections::HashSet<&str> = names.iter().copied().collect();
    unique.len() == names.len() && names.iter().any(|name| map.contains_key(*name))
}

/// One edit for all that is different between two texts.
pub(crate) fn difference(old: &str, new: &str) -> Vec<TextEdit> {
    if old == new {
        return Vec::new();
    }
    let mut start = old
        .bytes()
        .zip(new.bytes())
        .take_while(|(old, new)| old == new)
        .count();
    while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
        start -= 1;
    }
    let rest = old.len().min(new.len()) - start;
    let mut end = old
        .bytes()
        .rev()
        .zip(new.bytes().rev())
        .take(rest)
        .take_while(|(old, new)| old == new)
        .count();
    while !old.is_char_boundary(old.len() - end) || !new.is_char_boundary(new.len() - end) {
        end -= 1;
    }
    vec![TextEdit {
        range: start..old.len() - end,
        new_text: new
            .get(start..new.len() - end)
            .unwrap_or_default()
            .to_owned(),
    }]
}
