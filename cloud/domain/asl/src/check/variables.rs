//! Which variables each state reads and assigns.

use super::queries::{QueryKind, queries};
use crate::jsonata::{Expression, expression_of};
use crate::path::Path;
use crate::syntax::{Machine, State, StateKind};
use crate::template::Reference;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The variables of a state; those of the states in it are theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateVariables {
    /// Where the state is.
    pub pointer: String,
    /// Its name.
    pub name: String,
    /// The variables that it reads.
    pub reads: BTreeSet<String>,
    /// The variables that it assigns, by whichever way it is left.
    pub assigns: BTreeSet<String>,
}

/// The variables that each state reads, by the states' names; states that read none are left out.
///
/// This is what `DescribeStateMachine` gives as `variableReferences`.
pub fn variable_references(machine: &Machine) -> BTreeMap<String, Vec<String>> {
    let mut references: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for state in variables(machine) {
        if !state.reads.is_empty() {
            references
                .entry(state.name)
                .or_default()
                .extend(state.reads);
        }
    }
    references
        .into_iter()
        .map(|(name, reads)| (name, reads.into_iter().collect()))
        .collect()
}

/// What every state reads and assigns, at every depth.
pub fn variables(machine: &Machine) -> Vec<StateVariables> {
    machine.all_states().into_iter().map(of_state).collect()
}

pub(crate) fn of_state(state: &State) -> StateVariables {
    let mut reads = BTreeSet::new();
    for query in queries(state) {
        match query.kind {
            QueryKind::Path(path) => read_path(path, &mut reads),
            QueryKind::ReferencePath(_) => {}
            QueryKind::PathOrCall(text) => read_reference(text, &mut reads),
            QueryKind::PathTemplate(value) => read_path_template(value, &mut reads),
            QueryKind::QueryTemplate(value) => read_query_template(value, &mut reads),
            QueryKind::Expression(text) => read_expression(text, &mut reads),
        }
    }
    let mut assigns = BTreeSet::new();
    let rules = match &state.kind {
        StateKind::Choice(choice) => choice.rules.as_slice(),
        _ => &[],
    };
    let all = std::iter::once(&state.assign)
        .chain(rules.iter().map(|rule| &rule.assign))
        .chain(state.catch.iter().map(|catcher| &catcher.assign));
    for name in all.flatten().flat_map(|assign| assign.keys()) {
        assigns.insert(name.strip_suffix(".$").unwrap_or(name).to_owned());
    }
    StateVariables {
        pointer: state.pointer.clone(),
        name: state.name.clone(),
        reads,
        assigns,
    }
}

fn read_path(path: &str, reads: &mut BTreeSet<String>) {
    if let Ok(path) = Path::parse(path) {
        reads.extend(path.variable().map(str::to_owned));
    }
}

fn read_reference(text: &str, reads: &mut BTreeSet<String>) {
    if let Ok(reference) = Reference::parse(text) {
        let names = reference.paths().into_iter().filter_map(Path::variable);
        reads.extend(names.map(str::to_owned));
    }
}

fn read_path_template(value: &Value, reads: &mut BTreeSet<String>) {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(text) if key.ends_with(".$") => read_reference(text, reads),
                        _ => pending.push(value),
                    }
                }
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
}

fn read_query_template(value: &Value, reads: &mut BTreeSet<String>) {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(map) => pending.extend(map.values()),
            Value::Array(items) => pending.extend(items),
            Value::String(text) => read_expression(text, reads),
            _ => {}
        }
    }
}

fn read_expression(text: &str, reads: &mut BTreeSet<String>) {
    if let Some(source) = expression_of(text) {
        reads.extend(Reads::of(source).variables);
    }
}

/// What a JSONata expression takes from outside.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// Variables that it does not bind itself, without `$states`.
    pub(crate) variables: BTreeSet<String>,
    /// `??` or `?:`, which AWS's JSONata does not have.
    pub(crate) newer_operator: Option<&'static str>,
    /// Whether it calls `$eval`.
    pub(crate) calls_eval: bool,
    /// Whether it reads `$$`, at any depth: the document that there is none of.
    pub(crate) reads_document: bool,
}

impl Reads {
    /// What the text of an expression takes, without `{%` and `%}`. Nothing if it is none.
    pub(crate) fn of(source: &str) -> Self {
        let mut reads = Self::default();
        // The check of nesting is in here.
        if is_plain(source) || Expression::parse(source).is_err() {
            return reads;
        }
        let Some(tree) = jsonata_core::parser::parse(source)
            .ok()
            .and_then(|tree| serde_json::to_value(&tree).ok())
        else {
            return reads;
        };
        let mut bound = BTreeSet::from(["states".to_owned()]);
        let mut pending = vec![&tree];
        while let Some(node) = pending.pop() {
            match node {
                Value::Object(map) => {
                    for (kind, inner) in map {
                        reads.visit(kind, inner, &mut bound);
                        pending.push(inner);
                    }
                }
                Value::Array(items) => pending.extend(items),
                _ => {}
            }
        }
        reads
            .variables
            .retain(|name| !name.is_empty() && !bound.contains(name));
        reads
    }

    fn visit(&mut self, kind: &str, inner: &Value, bound: &mut BTreeSet<String>) {
        let text = |name: &str| inner.get(name).and_then(Value::as_str);
        match kind {
            "Variable" => {
                self.variables.extend(inner.as_str().map(str::to_owned));
            }
            "Function" => {
                let is_variable = inner.get("is_builtin").and_then(Value::as_bool) == Some(true);
                if let (true, Some(name)) = (is_variable, text("name")) {
                    self.calls_eval |= name == "eval";
                }
            }
            "Lambda" => {
                let names = inner.get("params").and_then(Value::as_array);
                let names = names.into_iter().flatten().filter_map(Value::as_str);
                bound.extend(names.map(|name| name.trim_start_matches('$').to_owned()));
            }
            "Binary" => match text("op") {
                Some("ColonEqual" | "FocusBind" | "IndexBind") => {
                    let operands = [inner.get("lhs"), inner.get("rhs")];
                    let name = operands
                        .into_iter()
                        .flatten()
                        .find_map(|side| side.get("Variable"));
                    bound.extend(name.and_then(Value::as_str).map(str::to_owned));
                }
                Some("Coalesce") => self.newer_operator = Some("??"),
                Some("Default") => self.newer_operator = Some("?:"),
                _ => {}
            },
            "ParentVariable" => self.reads_document = true,
            "focus" | "index_var" | "Index" => {
                bound.extend(inner.as_str().map(str::to_owned));
            }
            _ => {}
        }
    }
}

/// Whether a look is enough to see that an expression has nothing to report: most only read `$states` and call functions.
fn is_plain(source: &str) -> bool {
    if ["??", "?:", "$eval", "$$"]
        .iter()
        .any(|sign| source.contains(sign))
    {
        return false;
    }
    source.split('$').skip(1).all(|after| {
        let rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        let name = after.strip_suffix(rest).unwrap_or_default();
        name.is_empty() || name == "states" || rest.trim_start().starts_with('(')
    })
}
