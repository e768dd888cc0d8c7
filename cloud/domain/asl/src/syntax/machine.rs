//! A machine: the definition itself, a branch of a Parallel state, or what a Map state does with each item.

use super::state::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map as JsonMap, Value};
use std::collections::HashMap;

/// States and where to start among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Machine {
    /// Where this is in the definition: empty for the outermost, else such as `/States/P/Branches/0`.
    pub pointer: String,
    /// What it is for.
    pub comment: Option<String>,
    /// The language of states that do not say.
    pub query_language: QueryLanguage,
    /// The name of the first state; empty when missing, which is an error.
    pub start_at: String,
    /// Its states in the author's order.
    pub states: States,
    /// When the whole execution times out. Only the outermost machine has it.
    pub timeout_seconds: Option<u64>,
    /// The version of the language, `1.0` when not said. Only the outermost machine has it.
    pub version: Option<String>,
    /// Fields that the language does not know, which is an error, but they are kept.
    pub extra: JsonMap<String, Value>,
}

/// How a state's paths and templates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum QueryLanguage {
    /// `InputPath`, `Parameters`, `"field.$": "$.path"`.
    #[default]
    #[serde(rename = "JSONPath")]
    JsonPath,
    /// `Arguments`, `Output`, `"{% expression %}"`.
    #[serde(rename = "JSONata")]
    Jsonata,
}

impl QueryLanguage {
    /// The name that definitions use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

/// States by name, in the author's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct States {
    list: Vec<State>,
    index: HashMap<String, usize>,
}

impl States {
    /// The state of that name.
    pub fn get(&self, name: &str) -> Option<&State> {
        self.list.get(*self.index.get(name)?)
    }

    /// Whether there is a state of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }

    /// The states in the author's order.
    pub fn iter(&self) -> std::slice::Iter<'_, State> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn push(&mut self, state: State) {
        self.index.insert(state.name.clone(), self.list.len());
        self.list.push(state);
    }
}

impl<'a> IntoIterator for &'a States {
    type Item = &'a State;
    type IntoIter = std::slice::Iter<'a, State>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Machine {
    /// The state that a [`StateRef`](crate::StateRef) names, at any depth.
    pub fn state(&self, pointer: &str) -> Option<&State> {
        self.all_states()
            .into_iter()
            .find(|state| state.pointer == pointer)
    }

    /// Every state at every depth, an enclosing state before those in it.
    pub fn all_states(&self) -> Vec<&State> {
        self.all_machines()
            .into_iter()
            .flat_map(|machine| machine.states.iter())
            .collect()
    }

    /// This machine and every one nested in it.
    pub fn all_machines(&self) -> Vec<&Machine> {
        let mut found = Vec::new();
        let mut pending = vec![self];
        while let Some(machine) = pending.pop() {
            found.push(machine);
            let nested: Vec<&Machine> = machine.states.iter().flat_map(State::machines).collect();
            pending.extend(nested.into_iter().rev());
        }
        found
    }
}
