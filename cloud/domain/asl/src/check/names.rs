//! Names of states and labels.

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use crate::syntax::{Machine, StateKind};
use std::collections::HashMap;

/// Characters that a state's name may have.
const MAX_NAME: usize = 80;

/// Characters that a label may have.
const MAX_LABEL: usize = 40;

pub(super) fn check(machine: &Machine, found: &mut Vec<Diagnostic>) {
    let mut names = HashMap::new();
    let mut labels = HashMap::new();
    for state in machine.all_states() {
        let length = state.name.chars().count();
        if length == 0 || length > MAX_NAME {
            found.push(Diagnostic::error(
                Code::InvalidStateName,
                state.pointer.clone(),
                match length {
                    0 => "a state needs a name".to_owned(),
                    _ => format!(
                        "the name of this state has {length} characters, {MAX_NAME} are allowed"
                    ),
                },
            ));
        }
        if let Some(first) = names.insert(state.name.as_str(), state.pointer.as_str()) {
            found.push(
                Diagnostic::error(
                    Code::DuplicateStateName,
                    state.pointer.clone(),
                    format!("Duplicate state name: {}", shortened(&state.name)),
                )
                .help(format!(
                    "names are unique in the whole definition; the other one is at `{}`",
                    shortened(first)
                )),
            );
        }
        if let StateKind::Map(map) = &state.kind
            && let Some(label) = &map.label
        {
            let pointer = join(&state.pointer, "Label");
            if label.is_empty() || label.chars().count() > MAX_LABEL || label.contains(forbidden) {
                found.push(Diagnostic::error(
                        Code::InvalidLabelName,
                        pointer.clone(),
                        format!("a label has 1 to {MAX_LABEL} characters, without white space and special characters"),
                    ));
            }
            if labels.insert(label.as_str(), ()).is_some() {
                found.push(Diagnostic::error(
                    Code::DuplicateLabelName,
                    pointer,
                    format!("Duplicate label: {}", shortened(label)),
                ));
            }
        }
    }
}

fn forbidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "?*<>{}[]:;,\\|^~$#%&`\"".contains(c)
}

/// A name that fits into a sentence.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((cut, _)) => format!("{}…", name.get(..cut).unwrap_or_default()),
        None => name.to_owned(),
    }
}
