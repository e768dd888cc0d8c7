//! A field's place: where its value is read and written.

use crate::routes::editor::{model::fields::Language, problem::Problem, session::Session};
use awm_flow::Change;
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// A place in the definition that a control edits: a state (or the machine, `""`), and a pointer within it.
#[derive(Clone, Debug)]
pub struct FieldPlace {
    /// The editor.
    pub session: Session,
    /// The state; `""` for the machine.
    pub state: Arc<str>,
    /// The field within it.
    pub pointer: Arc<str>,
    /// How the state's expressions are written.
    pub language: Language,
}

impl FieldPlace {
    /// The state itself.
    pub fn new(session: Session, state: &str, language: Language) -> Self {
        Self {
            session,
            state: state.into(),
            pointer: "".into(),
            language,
        }
    }

    /// A member or an item of it.
    pub fn child(&self, name: &str) -> Self {
        let pointer = crate::routes::editor::model::diff::child(&self.pointer, name);
        Self {
            pointer: pointer.into(),
            ..self.clone()
        }
    }

    /// The last part of the pointer.
    pub fn name(&self) -> String {
        self.pointer
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .replace("~1", "/")
            .replace("~0", "~")
    }

    /// The pointer within the whole definition.
    pub fn whole(&self) -> String {
        format!("{}{}", self.state, self.pointer)
    }

    /// The value, as it changes.
    pub fn value(&self) -> Memo<Option<Value>> {
        let (session, whole) = (self.session, self.whole());
        Memo::new(move |_| {
            session
                .definition
                .with(|root| root.pointer(&whole).cloned())
        })
    }

    /// The value now.
    pub fn now(&self) -> Option<Value> {
        let whole = self.whole();
        self.session
            .definition
            .with_untracked(|root| root.pointer(&whole).cloned())
    }

    /// How many items the list here has; 0 if it is none.
    pub fn count(&self) -> Memo<usize> {
        let (session, whole) = (self.session, self.whole());
        Memo::new(move |_| {
            session.definition.with(|root| {
                root.pointer(&whole)
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len)
            })
        })
    }

    /// Writes the value, or takes the field away for none. Nothing happens if it is so already.
    pub fn put(&self, value: Option<Value>) {
        if self.now() == value {
            return;
        }
        let (state, pointer) = (self.state.to_string(), self.pointer.to_string());
        self.session.apply(match value {
            Some(value) => Change::SetField {
                state,
                pointer,
                value,
            },
            None => Change::RemoveField { state, pointer },
        });
    }

    /// Writes the value.
    pub fn set(&self, value: impl Into<Value>) {
        self.put(Some(value.into()));
    }

    /// Adds an item at the end of the list here, making the list if need be.
    pub fn push(&self, item: Value) {
        match self.now() {
            Some(Value::Array(list)) if !list.is_empty() => self.child("-").set(item),
            _ => self.set(Value::Array(vec![item])),
        }
    }

    /// Moves an item of the list here by one place.
    pub fn swap(&self, at: usize, with: usize) {
        if let Some(Value::Array(mut list)) = self.now()
            && at < list.len()
            && with < list.len()
        {
            list.swap(at, with);
            self.set(Value::Array(list));
        }
    }

    /// The problems of this place: those at it, and those inside it if `inside`.
    pub fn problems(&self, inside: bool) -> Memo<Vec<Problem>> {
        let (session, whole) = (self.session, self.whole());
        Memo::new(move |_| {
            session.problems.with(|problems| {
                problems
                    .iter()
                    .filter(|problem| {
                        problem.pointer == whole
                            || inside
                                && problem
                                    .pointer
                                    .strip_prefix(&whole)
                                    .is_some_and(|rest| rest.starts_with('/'))
                    })
                    .cloned()
                    .collect()
            })
        })
    }
}
