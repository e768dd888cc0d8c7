//! What is wrong with a definition beyond the form of its fields: transitions, names, error rules, paths, expressions, resources.
//!
//! [`validate`] runs everything on a text, [`validate_value`] on a value. Codes and wording are those of AWS's
//! `ValidateStateMachineDefinition` wherever AWS has them.

mod context;
mod errors;
mod map;
mod names;
mod queries;
mod resources;
mod scopes;
mod secrets;
mod state;
mod templates;
mod transitions;
pub(crate) mod variables;

pub use queries::{Query, QueryKind, queries};
pub(crate) use state::is_timestamp;
pub use variables::{StateVariables, variable_references, variables};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Format;
use crate::{Definition, Machine, lint};
use serde_json::Value;

/// The longest definition that AWS accepts, bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// As many findings about a text are given, the worst first.
pub const MAX_REPORTED: usize = 1_000;

/// How a machine is going to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MachineType {
    /// For up to a year, each step exactly once.
    #[default]
    Standard,
    /// For up to five minutes, without waiting for other work to end.
    Express,
}

/// Everything that is wrong with a definition's text, in the order of the text.
pub fn validate(text: &str, format: Format, kind: MachineType) -> Vec<Diagnostic> {
    validate_definition(&Definition::read(text, format), kind)
}

/// Everything that is wrong with a definition that was read already.
pub fn validate_definition(definition: &Definition, kind: MachineType) -> Vec<Diagnostic> {
    let source = &definition.source;
    let mut found = Vec::new();
    if source.text().len() > MAX_BYTES && definition.machine.is_some() {
        found.push(
            Diagnostic::error(
                Code::DefinitionTooLarge,
                "",
                format!(
                    "the definition is {} bytes long, {MAX_BYTES} are allowed",
                    source.text().len()
                ),
            )
            .help("move parts of it into workflows of their own"),
        );
    }
    // What is missing from a text that was not read to its end is no finding.
    if let (Some(machine), Some(value), false) =
        (&definition.machine, source.value(), source.is_cut_short())
    {
        found.extend(check(machine, kind));
        found.extend(secrets::check(&value));
    }
    source.locate(&mut found);
    found.extend(definition.diagnostics.iter().cloned());
    if found.len() > MAX_REPORTED {
        found.sort_by_key(|diagnostic| diagnostic.severity);
        found.truncate(MAX_REPORTED);
    }
    found.sort_by_key(|diagnostic| {
        let start = diagnostic.span.map_or(0, |span| span.start);
        (start, diagnostic.severity)
    });
    found
}

/// Everything that is wrong with a definition's value: fields first, then the rest.
pub fn validate_value(value: &Value, kind: MachineType) -> Vec<Diagnostic> {
    let (machine, mut found) = Machine::from_value(value);
    if let Some(machine) = machine {
        found.extend(check(&machine, kind));
        found.extend(secrets::check(value));
    }
    found
}

/// What is wrong with a tree, apart from what reading it has reported.
pub fn check(machine: &Machine, kind: MachineType) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    transitions::check(machine, &mut found);
    names::check(machine, &mut found);
    for state in machine.all_states() {
        errors::check(state, &mut found);
        state::check(state, &mut found);
        map::check(state, &mut found);
        resources::check(state, kind, &mut found);
        templates::check(state, &mut found);
    }
    scopes::check(&variables::variables(machine), &mut found);
    lint::check(machine, kind, &mut found);
    found
}

#[cfg(test)]
mod tests;
