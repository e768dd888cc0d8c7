//! Texts that would grow without bound: the crate limits time, depth and the length of sequences, but not texts.

use super::causes::MEMORY;
use super::functions::{Answer, ask, failed};
use jsonata_core::ast::AstNode;
use jsonata_core::value::JValue;
use serde_json::{Value, json};
use std::cell::Cell;

/// Bytes that a text may have within an evaluation: far more than a state may give.
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// Gives a text that is not too large. No name that an author can write.
pub(super) const WITHIN: &str = "awm within";
/// `$join`, but for texts that would be too large.
pub(super) const JOIN: &str = "awm join";

/// Bytes of texts and lists that the functions of an expression may make one after another: the crate frees no faster than they are made.
const MAX_MADE: usize = 256 * 1024 * 1024;

/// Functions whose results may be larger than what they get, or as large.
const GROWING: [&str; 8] = [
    "append", "replace", "reverse", "sort", "split", "string", "range", "spread",
];

/// The expression with guards: around what makes texts and lists in functions, where it can be done again and again, and in place
/// of `$join`.
pub(super) fn guarded(tree: AstNode) -> AstNode {
    let Ok(mut value) = serde_json::to_value(&tree) else {
        return tree;
    };
    if !guard(&mut value, false, Place::Other) {
        return tree;
    }
    serde_json::from_value(value).unwrap_or(tree)
}

/// Where a part of the tree is, as far as a guard around it would change what it means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A step of a path, or what a value is piped into.
    Bound,
    /// An item of a list in brackets, which stays a list within that one only as long as it is in brackets itself.
    Item,
    Other,
}

/// Puts guards into a part of the tree; answers whether there was something to guard. Trees are as deep as expressions may be.
fn guard(part: &mut Value, repeated: bool, place: Place) -> bool {
    let mut changed = false;
    let is_pipe = part.pointer("/Binary/op").and_then(Value::as_str) == Some("ChainPipe");
    match part {
        Value::Array(parts) => {
            for part in parts {
                changed |= guard(part, repeated, place);
            }
        }
        Value::Object(fields) => {
            for (name, part) in fields.iter_mut() {
                let repeats = matches!(name.as_str(), "Lambda" | "FunctionApplication");
                let place = match name.as_str() {
                    "node" => Place::Bound,
                    "Array" => Place::Item,
                    _ => Place::Other,
                };
                changed |= if is_pipe {
                    guard_pipe(part, repeated)
                } else {
                    guard(part, repeated || repeats, place)
                };
            }
        }
        _ => return false,
    }
    let function = part
        .pointer("/Function/name")
        .and_then(Value::as_str)
        .filter(|_| part.pointer("/Function/is_builtin") == Some(&Value::Bool(true)));
    let grows = match function {
        Some("join") => {
            if let Some(name) = part.pointer_mut("/Function/name") {
                *name = JOIN.into();
            }
            return true;
        }
        Some(function) => GROWING.contains(&function) && !is_partial(part),
        None => {
            is_pipe
                || part.pointer("/Binary/op").and_then(Value::as_str) == Some("Concatenate")
                || part.get("Array").is_some()
        }
    };
    let is_kept = place == Place::Item && part.get("Array").is_some();
    if repeated && grows && place != Place::Bound && !is_kept {
        let inner = part.take();
        *part = json!({ "Function": { "name": WITHIN, "args": [inner], "is_builtin": true } });
        return true;
    }
    changed
}

/// Guards both sides of `~>`. What stands on its right is called with what stands on its left.
fn guard_pipe(sides: &mut Value, repeated: bool) -> bool {
    let mut changed = false;
    for (side, place) in [("lhs", Place::Other), ("rhs", Place::Bound)] {
        if let Some(part) = sides.get_mut(side) {
            changed |= guard(part, repeated, place);
        }
    }
    changed
}

/// Whether a call leaves arguments open, and so gives a function.
fn is_partial(call: &Value) -> bool {
    let arguments = call.pointer("/Function/args").and_then(Value::as_array);
    arguments.is_some_and(|arguments| arguments.iter().any(|argument| argument == "Placeholder"))
}

/// A guard that counts what is made.
pub(super) fn within() -> impl Fn(&[JValue]) -> Answer {
    let left = Cell::new(MAX_MADE);
    move |arguments| {
        let Some(value) = arguments.first() else {
            return Ok(JValue::Undefined);
        };
        let size = match value {
            JValue::String(text) if text.len() > MAX_TEXT => return Err(failed(MEMORY)),
            JValue::String(text) => text.len(),
            JValue::Array(items) => items.len() * size_of::<JValue>(),
            _ => 0,
        };
        let rest = left.get().checked_sub(size).ok_or_else(|| failed(MEMORY))?;
        left.set(rest);
        Ok(value.clone())
    }
}

pub(super) fn join(arguments: &[JValue]) -> Answer {
    if let Some(JValue::Array(items)) = arguments.first() {
        let separator = match arguments.get(1) {
            Some(JValue::String(text)) => text.len(),
            _ => 0,
        };
        let mut left = MAX_TEXT;
        for item in items.iter() {
            let length = match item {
                JValue::String(text) => text.len(),
                _ => 0,
            };
            left = left
                .checked_sub(length + separator)
                .ok_or_else(|| failed(MEMORY))?;
        }
    }
    ask("join", arguments)
}

pub(super) fn pad(arguments: &[JValue]) -> Answer {
    let width = arguments
        .get(1)
        .and_then(JValue::as_f64)
        .unwrap_or_default();
    let with = match arguments.get(2) {
        Some(JValue::String(text)) => text.len().max(1),
        _ => 1,
    };
    if width.abs() * with as f64 > MAX_TEXT as f64 {
        return Err(failed(MEMORY));
    }
    ask("pad", arguments)
}
