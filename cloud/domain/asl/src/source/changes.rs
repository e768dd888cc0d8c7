//! Changes of fields, and the text after them.

use super::{EditError, Source, TextEdit, apply};
use crate::pointer::{join, split};
use serde_json::Value;
use std::collections::BTreeMap;

/// A change of a field, by the pointer that it has in the definition as it was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// The field's value gives way to another.
    Set(String, Value),
    /// The field gets another name, at its place.
    Rename(String, String),
    /// The field goes.
    Remove(String),
    /// A field comes in: last, or after the one named, or first if that is not there.
    Insert {
        parent: String,
        name: String,
        value: Value,
        after: Option<&'static str>,
    },
}

impl Change {
    pub(crate) fn set(pointer: &str, value: &Value) -> Self {
        Self::Set(pointer.to_owned(), value.clone())
    }

    pub(crate) fn rename(pointer: &str, name: &str) -> Self {
        Self::Rename(pointer.to_owned(), name.to_owned())
    }

    pub(crate) fn remove(parent: &str, name: &str) -> Self {
        Self::Remove(join(parent, name))
    }

    pub(crate) fn insert(
        parent: &str,
        name: &str,
        value: Value,
        after: Option<&'static str>,
    ) -> Self {
        Self::Insert {
            parent: parent.to_owned(),
            name: name.to_owned(),
            value,
            after,
        }
    }

    /// Values first, since names are part of pointers; then names, the innermost first; then what goes and comes.
    fn turn(&self) -> (u8, std::cmp::Reverse<usize>) {
        let depth = |pointer: &str| std::cmp::Reverse(pointer.matches('/').count());
        match self {
            Self::Set(..) => (0, std::cmp::Reverse(0)),
            Self::Rename(pointer, _) => (1, depth(pointer)),
            Self::Remove(_) => (2, std::cmp::Reverse(0)),
            Self::Insert { .. } => (3, std::cmp::Reverse(0)),
        }
    }

    fn edits(&self, source: &Source) -> Result<Vec<TextEdit>, EditError> {
        match self {
            Self::Set(pointer, value) => source.set(pointer, value),
            Self::Rename(pointer, name) => source.rename_key(pointer, name),
            Self::Remove(pointer) => source.remove(pointer),
            Self::Insert {
                parent,
                name,
                value,
                after,
            } => {
                let position = match after {
                    Some(after) => source
                        .position(&join(parent, after))
                        .map_or(0, |position| position + 1),
                    None => usize::MAX,
                };
                source.insert(parent, name, value, position)
            }
        }
    }

    /// The same on a value.
    fn apply(&self, root: &mut Value) -> Option<()> {
        let parent_of =
            |pointer: &str| split(pointer).map(|(parent, name)| (parent.to_owned(), name));
        match self {
            Self::Set(pointer, value) => *root.pointer_mut(pointer)? = value.clone(),
            Self::Rename(pointer, new) => {
                let (parent, old) = parent_of(pointer)?;
                let map = root.pointer_mut(&parent)?.as_object_mut()?;
                let at = map.keys().position(|name| *name == old)?;
                let value = map.shift_remove(&old)?;
                map.shift_insert(at, new.clone(), value);
            }
            Self::Remove(pointer) => {
                let (parent, name) = parent_of(pointer)?;
                root.pointer_mut(&parent)?
                    .as_object_mut()?
                    .shift_remove(&name)?;
            }
            Self::Insert {
                parent,
                name,
                value,
                after,
            } => {
                let map = root.pointer_mut(parent)?.as_object_mut()?;
                let at = match after {
                    Some(after) => map
                        .keys()
                        .position(|name| name == after)
                        .map_or(0, |at| at + 1),
                    None => map.len(),
                };
                map.shift_insert(at, name.clone(), value.clone());
            }
        }
        Some(())
    }
}

/// The text after the changes. It says exactly what they ask for, or an error tells that it could not be written.
pub(crate) fn write(source: &Source, mut changes: Vec<Change>) -> Result<String, EditError> {
    changes.sort_by_key(Change::turn);
    let mut expected = source.value().unwrap_or_default();
    for change in &changes {
        change.apply(&mut expected).ok_or(EditError::Unsupported)?;
    }
    let mut source = source.clone();
    let mut pending = changes;
    while let Some(turn) = pending.first().map(Change::turn) {
        let now = pending.partition_point(|change| change.turn() == turn);
        let rest = pending.split_off(now);
        let (next, left) = step(&source, pending)?;
        source = next;
        pending = left;
        pending.extend(rest);
    }
    match source.value() == Some(expected) && !source.is_broken() {
        true => Ok(source.text().to_owned()),
        false => Err(EditError::Unsupported),
    }
}

/// Makes as many of the changes at once as don't get in each other's way; gives back the others.
fn step(source: &Source, changes: Vec<Change>) -> Result<(Source, Vec<Change>), EditError> {
    let mut edits: Vec<TextEdit> = Vec::new();
    // Where each edit ends, by where it starts.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut left = Vec::new();
    for change in changes {
        // Two at one place, such as commas: the second waits for the text that the first one leaves.
        let own = change.edits(source)?;
        let meets = |edit: &TextEdit| {
            taken
                .range(..=edit.range.end)
                .next_back()
                .is_some_and(|(_, end)| *end >= edit.range.start)
        };
        if own.iter().any(meets) {
            left.push(change);
            continue;
        }
        taken.extend(own.iter().map(|edit| (edit.range.start, edit.range.end)));
        edits.extend(own);
    }
    let text = apply(source.text(), &edits);
    Ok((Source::new(text, source.format()), left))
}
