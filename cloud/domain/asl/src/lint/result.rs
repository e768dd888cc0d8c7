//! Results that are kept in the payload although nothing reads them: `"ResultPath": "$.x"` where every way drops `x` unread.

use crate::check::{QueryKind, queries};
use crate::diagnostic::{Code, Diagnostic};
use crate::jsonata::expression_of;
use crate::path::{Path, Root, Step};
use crate::pointer::join;
use crate::syntax::{Machine, PathField, QueryLanguage, State, StateKind};
use crate::template::Reference;
use serde_json::Value;
use std::collections::HashSet;

pub(super) fn check(machine: &Machine, found: &mut Vec<Diagnostic>) {
    for machine in machine.all_machines() {
        for state in &machine.states {
            let Some(field) = kept_in(state) else {
                continue;
            };
            // With an `OutputPath` of its own the state reads it itself.
            if state.output_path.is_none() && !state.end && !is_used(machine, state, &field) {
                found.push(
                    Diagnostic::info(
                        Code::UnusedResult,
                        join(&state.pointer, "ResultPath"),
                        format!(
                            "no later state reads `$.{field}`, and it is not part of the output"
                        ),
                    )
                    .help(
                        "drop the result with `\"ResultPath\": null`, or let a later state read it",
                    ),
                );
            }
        }
    }
}

/// The field of the payload that a state's result goes to, if it is a single one.
fn kept_in(state: &State) -> Option<String> {
    if !matches!(
        state.kind,
        StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)
    ) {
        return None;
    }
    let path = Path::parse(state.result_path.as_ref()?.path()?).ok()?;
    match path.steps() {
        [Step::Names(names)] if *path.root() == Root::Input => names.first().cloned(),
        _ => None,
    }
}

/// Whether some way from the state reads the field, or ends with it in the output.
fn is_used(machine: &Machine, state: &State, field: &str) -> bool {
    let mut seen = HashSet::new();
    let mut pending: Vec<&str> = state.next.as_deref().into_iter().collect();
    while let Some(name) = pending.pop() {
        if !seen.insert(name) {
            continue;
        }
        let Some(next) = machine.states.get(name) else {
            // Where a way leads nowhere, nothing can be said.
            return true;
        };
        let stays = stays(next, field);
        if reads(next, field)
            || stays && next.is_terminal() && !matches!(next.kind, StateKind::Fail(_))
        {
            return true;
        }
        if stays {
            pending.extend(next.next.as_deref());
            if let StateKind::Choice(choice) = &next.kind {
                pending.extend(choice.rules.iter().map(|rule| rule.next.as_str()));
                pending.extend(choice.default.as_deref());
            }
        }
        // What a catcher keeps of the input is looked at as if it kept all of it.
        pending.extend(next.catch.iter().map(|catcher| catcher.next.as_str()));
    }
    false
}

/// Whether a state looks at the field of its input. In doubt it does.
fn reads(state: &State, field: &str) -> bool {
    let takes_all = match (&state.kind, state.query_language) {
        (StateKind::Task(_) | StateKind::Parallel(_), QueryLanguage::JsonPath) => {
            state.parameters.is_none() && state.input_path.is_none()
        }
        (StateKind::Task(_) | StateKind::Parallel(_), QueryLanguage::Jsonata) => {
            state.arguments.is_none()
        }
        (StateKind::Map(map), QueryLanguage::JsonPath) => {
            map.items_path.is_none() && map.reader.is_none()
        }
        (StateKind::Map(map), QueryLanguage::Jsonata) => {
            map.items.is_none() && map.reader.is_none()
        }
        (StateKind::Unknown(_), _) => true,
        _ => false,
    };
    takes_all
        || queries(state).into_iter().any(|query| match query.kind {
            QueryKind::Path(path) | QueryKind::PathOrCall(path) => reference_reads(path, field),
            QueryKind::ReferencePath(_) => false,
            QueryKind::PathTemplate(value) => texts(value, true)
                .into_iter()
                .any(|text| reference_reads(text, field)),
            QueryKind::QueryTemplate(value) => texts(value, false)
                .into_iter()
                .any(|text| expression_reads(text, field)),
            QueryKind::Expression(text) => expression_reads(text, field),
        })
}

/// Whether the field of the input is in the output too.
fn stays(state: &State, field: &str) -> bool {
    let has_result = matches!(
        state.kind,
        StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)
    );
    if state.query_language == QueryLanguage::Jsonata {
        let rules_keep = match &state.kind {
            StateKind::Choice(choice) => choice.rules.iter().any(|rule| rule.output.is_none()),
            _ => false,
        };
        return state.output.is_none() && !has_result || rules_keep;
    }
    if state
        .output_path
        .as_ref()
        .is_some_and(|path| path.path() != Some("$"))
    {
        // What it selects is read, and the rest is gone.
        return false;
    }
    let whole_input = state
        .input_path
        .as_ref()
        .is_none_or(|path| path.path() == Some("$"));
    match (&state.kind, &state.result_path) {
        (StateKind::Choice(_) | StateKind::Wait(_) | StateKind::Succeed, _) => whole_input,
        (_, Some(PathField::Null)) => true,
        (_, Some(PathField::Path(path))) if path != "$" => {
            Path::parse(path).is_ok_and(|path| {
                !matches!(path.steps(), [Step::Names(names)] if names.first().is_some_and(|name| name == field))
            })
        }
        (StateKind::Pass(pass), _) => {
            whole_input && pass.result.is_none() && state.parameters.is_none()
        }
        _ => false,
    }
}

fn reference_reads(text: &str, field: &str) -> bool {
    let Ok(reference) = Reference::parse(text) else {
        return true;
    };
    reference.paths().into_iter().any(|path| {
        *path.root() == Root::Input
            && match path.steps().first() {
                Some(Step::Names(names)) => names.iter().any(|name| name == field),
                _ => true,
            }
    })
}

fn expression_reads(text: &str, field: &str) -> bool {
    let Some(source) = expression_of(text) else {
        return false;
    };
    source.split("$states").skip(1).any(|after| {
        if [".result", ".errorOutput", ".context"]
            .iter()
            .any(|other| after.starts_with(other))
        {
            return false;
        }
        let Some(name) = after.strip_prefix(".input.") else {
            return true;
        };
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        name.is_empty() || name == field
    })
}

/// The texts of a template, or only those that are references.
fn texts(value: &Value, references: bool) -> Vec<&str> {
    let mut found = Vec::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(text) if references => {
                            if key.ends_with(".$") {
                                found.push(text.as_str());
                            }
                        }
                        value => pending.push(value),
                    }
                }
            }
            Value::Array(items) => pending.extend(items),
            Value::String(text) if !references => found.push(text),
            _ => {}
        }
    }
    found
}
