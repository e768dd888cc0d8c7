//! Payloads that are written in the definition and too large for a state to give.

use crate::diagnostic::{Code, Diagnostic};
use crate::jsonata::expression_of;
use crate::pointer::join;
use crate::syntax::{Machine, StateKind};
use serde_json::Value;

/// Bytes that the input or output of a state may have.
const MAX_PAYLOAD: usize = 256 * 1024;

pub(super) fn check(machine: &Machine, found: &mut Vec<Diagnostic>) {
    for state in machine.all_states() {
        let result = match &state.kind {
            StateKind::Pass(pass) => pass.result.as_ref(),
            _ => None,
        };
        let assign = state.assign.clone().map(Value::Object);
        for (name, value) in [
            ("Result", result),
            ("Parameters", state.parameters.as_ref()),
            ("ResultSelector", state.result_selector.as_ref()),
            ("Arguments", state.arguments.as_ref()),
            ("Output", state.output.as_ref()),
            ("Assign", assign.as_ref()),
        ] {
            let bytes = value.map_or(0, size);
            if bytes > MAX_PAYLOAD {
                found.push(
                    Diagnostic::warning(
                        Code::PayloadTooLarge,
                        join(&state.pointer, name),
                        format!(
                            "this has at least {} KiB, but the input or output of a state may have {} KiB: it fails with `States.DataLimitExceeded`",
                            bytes / 1024,
                            MAX_PAYLOAD / 1024
                        ),
                    )
                    .help("keep it in a file that the workflow reads, and pass its name on"),
                );
            }
        }
    }
}

/// Bytes of a template as JSON, what is computed left out.
fn size(template: &Value) -> usize {
    let mut bytes = 0;
    let mut pending = vec![template];
    while let Some(value) = pending.pop() {
        bytes += match value {
            Value::Object(map) => {
                for (key, value) in map {
                    // What a path finds is not known.
                    match key.ends_with(".$") {
                        true => bytes += key.len(),
                        false => {
                            bytes += key.len() + 4;
                            pending.push(value);
                        }
                    }
                }
                2
            }
            Value::Array(items) => {
                pending.extend(items);
                2 + items.len()
            }
            Value::String(text) if expression_of(text).is_some() => 0,
            Value::String(text) => text.len() + 2,
            other => other.to_string().len(),
        };
    }
    bytes
}
