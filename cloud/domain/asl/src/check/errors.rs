//! Rules of `Retry` and `Catch`.

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use crate::syntax::{State, StateKind, Task};

/// The errors that the language itself raises.
const KNOWN: &[&str] = &[
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

pub(super) fn check(state: &State, found: &mut Vec<Diagnostic>) {
    let retriers: Vec<(&str, &[String])> = state
        .retry
        .iter()
        .map(|retrier| (retrier.pointer.as_str(), retrier.error_equals.as_slice()))
        .collect();
    let catchers: Vec<(&str, &[String])> = state
        .catch
        .iter()
        .map(|catcher| (catcher.pointer.as_str(), catcher.error_equals.as_slice()))
        .collect();
    check_rules(&retriers, found);
    check_rules(&catchers, found);
    // Work that waits for a worker is not refused for being too much.
    let can_be_throttled =
        |task: &Task| !task.resource.is_empty() && !task.resource.contains(":activity:");
    if matches!(&state.kind, StateKind::Task(task) if can_be_throttled(task))
        && state.retry.is_empty()
    {
        found.push(
            Diagnostic::info(
                Code::NoRetry,
                state.pointer.clone(),
                "this Task gives up at its first failure",
            )
            .help("add a Retry for errors that pass, such as `States.Timeout`"),
        );
    }
}

fn check_rules(rules: &[(&str, &[String])], found: &mut Vec<Diagnostic>) {
    for (position, (pointer, names)) in rules.iter().enumerate() {
        let all = names.iter().any(|name| name == "States.ALL");
        if all && names.len() > 1 {
            found.push(Diagnostic::error(
                Code::SchemaValidationFailed,
                join(pointer, "ErrorEquals"),
                "'States.ALL' must appear alone in 'ErrorEquals'",
            ));
        }
        if all && position + 1 < rules.len() {
            found.push(
                Diagnostic::error(
                    Code::SchemaValidationFailed,
                    join(pointer, "ErrorEquals"),
                    "'States.ALL' must be in the last entry",
                )
                .help("the entries after it would never be looked at"),
            );
        }
        for name in names.iter() {
            if name.starts_with("States.") && !KNOWN.contains(&name.as_str()) {
                found.push(
                    Diagnostic::warning(
                        Code::SchemaValidationFailed,
                        join(pointer, "ErrorEquals"),
                        format!("`{name}` is not an error that the language raises"),
                    )
                    .help("names of your own errors must not begin with `States.`"),
                );
            }
        }
    }
}
