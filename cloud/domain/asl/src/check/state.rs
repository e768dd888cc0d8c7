//! Rules of single types: Choice, Wait, Task, Pass.

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use crate::syntax::{Condition, Operand, State, StateKind, Task, Test, TestedType, Text, Wait};
use chrono::DateTime;
use serde_json::Value;

pub(super) fn check(state: &State, found: &mut Vec<Diagnostic>) {
    match &state.kind {
        StateKind::Choice(choice) => {
            if choice.default.is_none() && !choice.rules.is_empty() {
                found.push(
                    Diagnostic::warning(
                        Code::NoDefault,
                        state.pointer.clone(),
                        "if no choice matches, the execution fails with `States.NoChoiceMatched`",
                    )
                    .help("add a Default"),
                );
            }
            for rule in &choice.rules {
                check_condition(&rule.condition, &rule.pointer, found);
            }
        }
        StateKind::Wait(Wait::Timestamp(Text::Literal(text))) if !is_timestamp(text) => {
            found.push(
                Diagnostic::error(
                    Code::SchemaValidationFailed,
                    join(&state.pointer, "Timestamp"),
                    "String does not match RFC3339 timestamp",
                )
                .help("write it like `2016-03-14T01:59:00Z`"),
            );
        }
        StateKind::Task(task) => check_times(state, task, found),
        StateKind::Pass(pass) => {
            if let Some(pointer) = pass
                .result
                .as_ref()
                .and_then(|result| path_in(result, join(&state.pointer, "Result")))
            {
                found.push(
                    Diagnostic::warning(
                        Code::PassResultIsStatic,
                        pointer,
                        "the Result of a Pass state is taken as it is, so this path is not followed",
                    )
                    .help("use Parameters instead"),
                );
            }
        }
        StateKind::Fail(fail) => {
            for (name, text) in [("Error", &fail.error), ("Cause", &fail.cause)] {
                if let Some(Text::Literal(text)) = text
                    && looks_like_path(text)
                {
                    found.push(no_path(join(&state.pointer, name), name));
                }
            }
        }
        _ => {}
    }
}

/// Whether a text is a point in time as the language writes it, with a capital T and a zone.
pub(crate) fn is_timestamp(text: &str) -> bool {
    text.as_bytes().get(10) == Some(&b'T') && DateTime::parse_from_rfc3339(text).is_ok()
}

/// Whether a text is meant as a path or a call of an intrinsic function.
pub(super) fn looks_like_path(text: &str) -> bool {
    text == "$"
        || text == "$$"
        || text.starts_with("$.")
        || text.starts_with("$[")
        || text.starts_with("$$.")
        || (text.starts_with("States.") && text.ends_with(')'))
}

fn no_path(pointer: String, name: &str) -> Diagnostic {
    Diagnostic::warning(
        Code::NoPath,
        pointer,
        format!("the value looks like a path, but '{name}' takes it as it is"),
    )
    .help(format!("name the field `{name}Path`"))
}

fn check_condition(condition: &Condition, pointer: &str, found: &mut Vec<Diagnostic>) {
    match condition {
        Condition::And(inner) | Condition::Or(inner) => {
            let name = match condition {
                Condition::And(_) => "And",
                _ => "Or",
            };
            for (position, inner) in inner.iter().enumerate() {
                let pointer = format!("{pointer}/{name}/{position}");
                check_condition(inner, &pointer, found);
            }
        }
        Condition::Not(inner) => check_condition(inner, &join(pointer, "Not"), found),
        Condition::Test {
            test:
                test @ Test::Compare {
                    of,
                    operand: Operand::Literal(Value::String(text)),
                    ..
                },
            ..
        } => {
            let name = test.operator();
            if looks_like_path(text) {
                found.push(no_path(join(pointer, &name), &name));
            } else if *of == TestedType::Timestamp && !is_timestamp(text) {
                found.push(Diagnostic::error(
                    Code::SchemaValidationFailed,
                    join(pointer, &name),
                    "String does not match RFC3339 timestamp",
                ));
            }
        }
        _ => {}
    }
}

fn check_times(state: &State, task: &Task, found: &mut Vec<Diagnostic>) {
    let timeout = task.timeout.as_ref().and_then(|timeout| timeout.as_f64());
    let heartbeat = task
        .heartbeat
        .as_ref()
        .and_then(|heartbeat| heartbeat.as_f64());
    if let (Some(timeout), Some(heartbeat)) = (timeout, heartbeat)
        && heartbeat >= timeout
    {
        found.push(Diagnostic::error(
            Code::SchemaValidationFailed,
            join(&state.pointer, "HeartbeatSeconds"),
            "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'",
        ));
    }
}

/// The pointer of the first field that is meant to be looked up.
fn path_in(value: &Value, pointer: String) -> Option<String> {
    let mut pending = vec![(value, pointer)];
    while let Some((value, pointer)) = pending.pop() {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let pointer = join(&pointer, key);
                    if key.ends_with(".$") && value.as_str().is_some_and(looks_like_path) {
                        return Some(pointer);
                    }
                    pending.push((value, pointer));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    pending.push((item, join(&pointer, &index.to_string())));
                }
            }
            _ => {}
        }
    }
    None
}
