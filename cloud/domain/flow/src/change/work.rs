//! A change in the making: the definition as a value, and the edits that will make the text say the same.

use super::ChangeError;
use crate::{
    Document, Graph, StateRef,
    layout::Placement,
    pointer::{escape, is_within, rebase, split_last, split_state, state_ref, text, unescape},
};
use serde_json::{Map, Value};
use std::{collections::HashSet, sync::Arc};

/// One edit of a definition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    /// Puts a value in place of the one there.
    Replace(String, Value),
    /// Adds a member to an object, at a position among its members or at the end.
    Insert {
        object: String,
        key: String,
        value: Value,
        position: Option<usize>,
    },
    /// Adds an item at the end of an array.
    Append(String, Value),
    /// Takes a member or an item away.
    Remove(String),
    /// Gives a member another key.
    Rename(String, String),
}

/// The state of a change in the making.
pub(crate) struct Work<'a> {
    pub(crate) document: Document,
    /// Shared with the editor until it is changed.
    pub(crate) value: Arc<Value>,
    pub(crate) edits: Vec<Edit>,
    /// As it was before.
    pub(crate) graph: &'a Graph,
    /// As it was before.
    pub(crate) placement: &'a Placement,
}

impl Work<'_> {
    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    pub(crate) fn state(&self, state: &str) -> Result<&Value, ChangeError> {
        let known = split_state(state)
            .and_then(|_| self.get(state))
            .filter(|value| value.is_object());
        known.ok_or_else(|| ChangeError::NoState(state.to_owned()))
    }

    pub(crate) fn scope(&self, scope: &str) -> Result<&Value, ChangeError> {
        self.get(scope)
            .filter(|value| value.is_object())
            .ok_or_else(|| ChangeError::NoScope(scope.to_owned()))
    }

    /// Puts a value at a pointer, as a new member at the end if need be.
    pub(crate) fn set(&mut self, pointer: &str, value: Value) -> Result<(), ChangeError> {
        if let Some(place) = Arc::make_mut(&mut self.value).pointer_mut(pointer) {
            if *place != value {
                *place = value.clone();
                self.edits.push(Edit::Replace(pointer.to_owned(), value));
            }
            return Ok(());
        }
        let missing = || ChangeError::NoField(pointer.to_owned());
        let (parent, key) = split_last(pointer).ok_or_else(missing)?;
        match Arc::make_mut(&mut self.value)
            .pointer_mut(parent)
            .ok_or_else(missing)?
        {
            Value::Object(members) => {
                members.insert(key.clone(), value.clone());
                self.edits.push(Edit::Insert {
                    object: parent.to_owned(),
                    key,
                    value,
                    position: None,
                });
            }
            Value::Array(items) if key == items.len().to_string() || key == "-" => {
                items.push(value.clone());
                self.edits.push(Edit::Append(parent.to_owned(), value));
            }
            _ => return Err(missing()),
        }
        Ok(())
    }

    /// Like [`set`](Self::set), with a new member put after `after`.
    pub(crate) fn insert_after(
        &mut self,
        object: &str,
        key: &str,
        value: Value,
        after: &str,
    ) -> Result<(), ChangeError> {
        let place = Arc::make_mut(&mut self.value)
            .pointer_mut(object)
            .and_then(Value::as_object_mut);
        let members = place.ok_or_else(|| ChangeError::NoField(object.to_owned()))?;
        let Some(index) = members.keys().position(|known| known == after) else {
            return self.set(&format!("{object}/{}", escape(key)), value);
        };
        members.shift_insert(index + 1, key.to_owned(), value.clone());
        self.edits.push(Edit::Insert {
            object: object.to_owned(),
            key: key.to_owned(),
            value,
            position: Some(index + 1),
        });
        Ok(())
    }

    /// Takes away what is at a pointer, if anything.
    pub(crate) fn remove(&mut self, pointer: &str) -> Option<Value> {
        let (parent, key) = split_last(pointer)?;
        let removed = match Arc::make_mut(&mut self.value).pointer_mut(parent)? {
            Value::Object(members) => members.shift_remove(&key),
            Value::Array(items) => {
                let index = key.parse().ok().filter(|index| *index < items.len())?;
                Some(items.remove(index))
            }
            _ => None,
        }?;
        self.edits.push(Edit::Remove(pointer.to_owned()));
        Some(removed)
    }

    /// Gives a member another key, in place.
    pub(crate) fn rename(&mut self, pointer: &str, key: &str) -> Result<(), ChangeError> {
        let missing = || ChangeError::NoField(pointer.to_owned());
        let (parent, old) = split_last(pointer).ok_or_else(missing)?;
        let members = Arc::make_mut(&mut self.value)
            .pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .ok_or_else(missing)?;
        let renamed = std::mem::take(members).into_iter();
        *members = renamed
            .map(|(known, value)| (if known == old { key.to_owned() } else { known }, value))
            .collect::<Map<_, _>>();
        self.edits
            .push(Edit::Rename(pointer.to_owned(), key.to_owned()));
        Ok(())
    }

    /// Lets a state go on to `target`, or end if there is none.
    pub(crate) fn set_next(
        &mut self,
        state: &str,
        target: Option<&str>,
    ) -> Result<(), ChangeError> {
        let (from, to, value) = match target {
            Some(target) => ("End", "Next", Value::from(target)),
            None => ("Next", "End", Value::Bool(true)),
        };
        let (from, to) = (format!("{state}/{from}"), (format!("{state}/{to}"), to));
        if self.get(&from).is_some() {
            if self.get(&to.0).is_some() {
                self.remove(&from);
            } else {
                self.rename(&from, to.1)?;
            }
        }
        self.set(&to.0, value)
    }

    /// Transitions within a scope: where the target's name is written, and the name. `StartAt` comes first.
    pub(crate) fn transitions(&self, scope: &str) -> Vec<(String, String)> {
        let Some(value) = self.get(scope) else {
            return Vec::new();
        };
        let mut found: Vec<(String, String)> = text(value, "StartAt")
            .map(|name| (format!("{scope}/StartAt"), name.to_owned()))
            .into_iter()
            .collect();
        for (name, state) in value
            .get("States")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            found.extend(transitions_of(&state_ref(scope, name), state));
        }
        found
    }

    /// Names of all states of the machine, nested ones included.
    pub(crate) fn names(&self) -> HashSet<String> {
        let scopes = crate::graph::scope_pointers(&self.value).into_iter();
        let of_scope = |scope: String| {
            let states = self
                .get(&format!("{scope}/States"))
                .and_then(Value::as_object);
            states
                .map(|states| states.keys().cloned().collect::<Vec<_>>())
                .unwrap_or_default()
        };
        scopes.flat_map(of_scope).collect()
    }

    /// Whether a state is written in JSONata: as its scope's machine says.
    pub(crate) fn is_jsonata(&self) -> bool {
        text(&self.value, "QueryLanguage") == Some("JSONata")
    }

    /// Takes over positions, folds and mocks of states whose reference changed.
    pub(crate) fn rekey(&mut self, from: &str, to: &str) {
        let moved = |key: &str| rebase(key, from, to);
        let document = &mut self.document;
        document.positions = rekeyed(std::mem::take(&mut document.positions), moved);
        document.mocks = rekeyed(std::mem::take(&mut document.mocks), moved);
        for state in &mut document.collapsed {
            if let Some(key) = moved(state) {
                *state = key;
            }
        }
    }

    /// Drops what is kept beside the text of a state and of those inside it.
    pub(crate) fn forget(&mut self, state: &str) {
        self.document
            .positions
            .retain(|key, _| !is_within(key, state));
        self.document.mocks.retain(|key, _| !is_within(key, state));
        self.document.collapsed.retain(|key| !is_within(key, state));
    }
}

fn rekeyed<V>(
    entries: std::collections::BTreeMap<StateRef, V>,
    moved: impl Fn(&str) -> Option<String>,
) -> std::collections::BTreeMap<StateRef, V> {
    entries
        .into_iter()
        .map(|(key, value)| (moved(&key).unwrap_or(key), value))
        .collect()
}

/// Transitions of one state: where the target's name is written, and the name.
pub(crate) fn transitions_of(id: &str, state: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut add = |pointer: String, holder: &Value, member: &str| {
        if let Some(target) = text(holder, member) {
            found.push((format!("{pointer}/{member}"), target.to_owned()));
        }
    };
    add(id.to_owned(), state, "Next");
    for member in ["Choices", "Catch"] {
        for (index, item) in state
            .get(member)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            add(format!("{id}/{member}/{index}"), item, "Next");
        }
    }
    add(id.to_owned(), state, "Default");
    found
}

/// `base`, or `base 2`, `base 3` … that isn't taken; now it is. At most 80 characters.
pub(crate) fn unique_name(base: &str, taken: &mut HashSet<String>) -> String {
    let base: String = if base.is_empty() {
        "State".to_owned()
    } else {
        base.chars().take(74).collect()
    };
    // A copy of a copy counts on, instead of growing a tail of numbers.
    let stem = match base.rsplit_once(' ') {
        Some((stem, number)) if !stem.is_empty() && number.parse::<u32>().is_ok() => {
            stem.to_owned()
        }
        _ => base.clone(),
    };
    let candidates =
        std::iter::once(base).chain((2_u32..).map(|number| format!("{stem} {number}")));
    for candidate in candidates {
        if taken.insert(candidate.clone()) {
            return candidate;
        }
    }
    stem
}

/// The last segment of a state's reference: its name.
pub(crate) fn name_of(state: &str) -> String {
    state
        .rsplit_once('/')
        .map(|(_, name)| unescape(name))
        .unwrap_or_default()
}
