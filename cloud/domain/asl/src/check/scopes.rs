//! Variables of a branch or iteration that have the name of one outside.

use super::variables::StateVariables;
use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::machine_of;
use std::collections::{BTreeMap, BTreeSet};

/// Reports what is assigned in a Parallel branch or a Map iteration and in a machine around it, as AWS refuses it.
pub(super) fn check(all: &[StateVariables], found: &mut Vec<Diagnostic>) {
    let mut assigned: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for state in all {
        let names = state.assigns.iter().map(String::as_str);
        let scope = machine_of(&state.pointer).unwrap_or_default();
        assigned.entry(scope).or_default().extend(names);
    }
    assigned.retain(|_, names| !names.is_empty());
    for state in all.iter().filter(|state| !state.assigns.is_empty()) {
        let mut scope = machine_of(&state.pointer).unwrap_or_default();
        // From the inside out, as deep as a definition may be.
        while let Some(outer) = around(scope) {
            for name in &state.assigns {
                if assigned
                    .get(outer)
                    .is_some_and(|names| names.contains(name.as_str()))
                {
                    found.push(Diagnostic::error(
                        Code::SchemaValidationFailed,
                        format!("{}/Assign", state.pointer),
                        format!("The variable `{name}` is assigned in an outer scope as well, so it can't be assigned here"),
                    ));
                }
            }
            scope = outer;
        }
    }
}

/// The machine that a branch or an item processor is in.
fn around(scope: &str) -> Option<&str> {
    let owner = scope
        .strip_suffix("/ItemProcessor")
        .or_else(|| scope.strip_suffix("/Iterator"))
        .or_else(|| scope.rsplit_once('/')?.0.strip_suffix("/Branches"))?;
    machine_of(owner)
}
