//! Variables and who sees them.

use awm_asl::path::Variables;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The variables of one machine: those of a branch or iteration stand before those of what it is in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    own: BTreeMap<String, Arc<Value>>,
    outer: Option<Arc<Scope>>,
}

impl Scope {
    /// The scope of a branch or iteration, which reads what is outside and never changes it.
    pub(crate) fn within(outer: Arc<Scope>) -> Self {
        Self {
            own: BTreeMap::new(),
            outer: Some(outer),
        }
    }

    pub(crate) fn assign(&mut self, values: Map<String, Value>) {
        self.own.extend(
            values
                .into_iter()
                .map(|(name, value)| (name, Arc::new(value))),
        );
    }

    fn levels(&self) -> impl Iterator<Item = &Scope> {
        std::iter::successors(Some(self), |scope| scope.outer.as_deref())
    }

    /// All that is visible, inner before outer.
    pub(crate) fn visible(&self) -> Map<String, Value> {
        let mut all = Map::new();
        for scope in self.levels() {
            for (name, value) in &scope.own {
                if !all.contains_key(name) {
                    all.insert(name.clone(), Value::clone(value));
                }
            }
        }
        all
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.levels().all(|scope| scope.own.is_empty())
    }
}

impl Variables for Scope {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.levels()
            .find_map(|scope| scope.own.get(name))
            .map(|value| &**value)
    }

    fn names(&self) -> Vec<&str> {
        // Outer first, so that who binds them in order ends with the inner ones.
        let mut names: Vec<&str> = self
            .levels()
            .flat_map(|scope| scope.own.keys().map(String::as_str))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
