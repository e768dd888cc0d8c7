#![doc = include_str!("README.md")]

mod choice;
mod expression;
mod fields;
mod filter;
mod intrinsic;
mod map;
mod nodes;
mod output;
mod path;
mod split;
mod state;
mod template;

use crate::StateRef;
use crate::check::{MachineType, validate_definition, variables};
use crate::definition::Definition;
use crate::diagnostic::Diagnostic;
use crate::jsonata::expression_of;
use crate::pointer::join;
use crate::pointer::states_around;
use crate::source::changes::{self, Change};
use crate::source::{EditError, TextEdit, difference};
use crate::syntax::{Machine, QueryLanguage, State};
use expression::OWN_NAMES;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use template::Style;

/// How a definition is turned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The states to turn, those within them not meant; all of them if empty.
    pub states: Vec<StateRef>,
    /// Whether expressions are short, `$states.input.a.b`, rather than exact in every case: a name that is looked up in a list, and an
    /// index into what is no list, no longer fail then.
    pub plain: bool,
}

/// What came of turning a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The changes of the text.
    pub edits: Vec<TextEdit>,
    /// The states that are in JSONata now.
    pub states: Vec<StateRef>,
    /// The states that stay as they are.
    pub refused: Vec<Reason>,
    /// What is to be known of states that were turned.
    pub remarks: Vec<Reason>,
}

/// Why a state was not turned, or what is to be known of one that was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// The state.
    pub state: StateRef,
    /// A name for the reason, such as `RESULT_PATH_INDEX`.
    pub code: &'static str,
    /// The field that it is about.
    pub pointer: String,
    /// The reason in a sentence.
    pub reason: String,
}

/// Turns states from JSONPath to JSONata.
///
/// A state is turned whole or not at all. Once no state of the definition is in JSONPath, the definition itself says so.
pub fn convert(definition: &Definition, options: &Options) -> Result<Converted, EditError> {
    let source = &definition.source;
    let (Some(machine), Some(value)) = (&definition.machine, source.value()) else {
        return Err(EditError::Broken);
    };
    if source.is_broken() {
        return Err(EditError::Broken);
    }
    let wrong = errors_by_state(definition);
    let wanted: BTreeSet<&str> = options.states.iter().map(String::as_str).collect();
    let mut changes = Vec::new();
    let mut converted = Converted {
        edits: Vec::new(),
        states: Vec::new(),
        refused: Vec::new(),
        remarks: Vec::new(),
    };
    let all = machine.all_states();
    if let Some(missing) = wanted
        .iter()
        .find(|pointer| !all.iter().any(|state| state.pointer == **pointer))
    {
        return Err(EditError::NotFound((*missing).to_owned()));
    }
    let mut left = 0;
    for state in all {
        if state.query_language == QueryLanguage::Jsonata {
            continue;
        }
        if !wanted.is_empty() && !wanted.contains(state.pointer.as_str()) {
            left += 1;
            continue;
        }
        let turned = match (
            wrong.get(state.pointer.as_str()),
            value.pointer(&state.pointer),
        ) {
            (Some(error), _) => Err(Reason::new("INVALID_STATE", &error.pointer, &error.message)),
            (None, Some(Value::Object(raw))) => turn(state, raw, !options.plain),
            (None, _) => Err(Reason::new(
                "INVALID_STATE",
                &state.pointer,
                "it is no object",
            )),
        };
        match turned {
            Ok(own) => {
                converted.remarks.extend(remark(state, &own));
                changes.extend(own);
                converted.states.push(state.pointer.clone());
            }
            Err(refusal) => {
                left += 1;
                converted.refused.push(Reason {
                    state: state.pointer.clone(),
                    ..refusal
                });
            }
        }
    }
    if converted.states.is_empty() {
        return Ok(converted);
    }
    languages(machine, &value, &converted.states, left == 0, &mut changes);
    let text = changes::write(source, changes)?;
    converted.edits = difference(source.text(), &text);
    Ok(converted)
}

/// `States.ALL` takes what fails in an expression, but not what fails in a path.
fn remark(state: &State, changes: &[Change]) -> Option<Reason> {
    let computes = changes.iter().any(|change| {
        matches!(change, Change::Set(_, Value::String(text)) if expression_of(text).is_some())
    });
    let rules = state
        .retry
        .iter()
        .map(|retrier| (&retrier.pointer, &retrier.error_equals))
        .chain(
            state
                .catch
                .iter()
                .map(|catcher| (&catcher.pointer, &catcher.error_equals)),
        );
    let mut of_all = rules.filter(|(_, errors)| errors.iter().any(|error| error == "States.ALL"));
    let (pointer, _) = of_all.next().filter(|_| computes)?;
    Some(Reason {
        state: state.pointer.clone(),
        ..Reason::new(
            "TAKES_PATH_FAILURES",
            join(pointer, "ErrorEquals"),
            "`States.ALL` is now also about paths that lead to nothing: they failed the execution with `States.Runtime`, which nothing catches",
        )
    })
}

fn turn(state: &State, raw: &Map<String, Value>, strict: bool) -> Result<Vec<Change>, Reason> {
    let own = check_variables(state);
    let mut suffix = String::new();
    while OWN_NAMES
        .iter()
        .any(|name| own.contains(&format!("{name}{suffix}")))
    {
        suffix.push('_');
    }
    let style = Style { strict, suffix };
    state::changes(state, raw, &style)
}

fn check_variables(state: &State) -> BTreeSet<String> {
    variables::of_state(state).reads
}

/// The first error of each state that has one.
fn errors_by_state(definition: &Definition) -> BTreeMap<StateRef, Diagnostic> {
    let mut errors = BTreeMap::new();
    for found in validate_definition(definition, MachineType::Standard) {
        if let Some(state) = states_around(&found.pointer).pop()
            && found.is_error()
        {
            errors.entry(state).or_insert(found);
        }
    }
    errors
}

/// Says which language is in force: for the whole definition where no state is left in the other one.
fn languages(
    machine: &Machine,
    value: &Value,
    states: &[StateRef],
    whole: bool,
    changes: &mut Vec<Change>,
) {
    const FIELD: &str = "QueryLanguage";
    let jsonata = Value::from(QueryLanguage::Jsonata.as_str());
    let has = |parent: &str| {
        value
            .pointer(parent)
            .and_then(|parent| parent.get(FIELD))
            .is_some()
    };
    let mut say = |parent: &str, after: &'static str| match has(parent) {
        true => changes.push(Change::set(&join(parent, FIELD), &jsonata)),
        false => changes.push(Change::insert(parent, FIELD, jsonata.clone(), Some(after))),
    };
    if !whole {
        for state in states {
            say(state, "Type");
        }
        return;
    }
    say("", "Comment");
    for nested in machine.all_machines() {
        if !nested.pointer.is_empty() && has(&nested.pointer) {
            say(&nested.pointer, "Comment");
        }
    }
    for state in machine.all_states() {
        if has(&state.pointer) {
            changes.push(Change::remove(&state.pointer, FIELD));
        }
    }
}

impl Reason {
    fn new(code: &'static str, pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            state: String::new(),
            code,
            pointer: pointer.into(),
            reason: reason.into(),
        }
    }
}

#[cfg(test)]
mod tests;
