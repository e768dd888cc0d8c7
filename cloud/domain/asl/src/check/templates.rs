//! The form of paths, templates and expressions.

use super::context::bare_name;
use super::queries::{QueryKind, queries};
use super::state::looks_like_path;
use super::variables::Reads;
use crate::diagnostic::{Code, Diagnostic};
use crate::jsonata::{Expression, expression_of};
use crate::path::{Path, Root};
use crate::pointer::{join, join_index, split};
use crate::syntax::State;
use crate::template::Reference;
use serde_json::Value;

pub(super) fn check(state: &State, found: &mut Vec<Diagnostic>) {
    for query in queries(state) {
        let pointer = query.pointer;
        match query.kind {
            QueryKind::Path(path) => {
                if let Err(error) = Path::parse(path) {
                    found.push(
                        schema(pointer, "Value is not a valid JSONPath").help(error.to_string()),
                    );
                }
            }
            QueryKind::ReferencePath(path) => {
                let is_reference = Path::parse(path)
                    .is_ok_and(|path| path.is_reference() && *path.root() == Root::Input);
                if !is_reference {
                    found.push(
                        schema(pointer, "Value is not a Reference Path")
                            .help("name one place below `$`, such as `$.result`"),
                    );
                }
            }
            QueryKind::PathOrCall(text) => check_reference(&pointer, text, found),
            QueryKind::PathTemplate(value) => check_path_template(value, pointer, found),
            QueryKind::QueryTemplate(value) => check_query_template(value, pointer, found),
            QueryKind::Expression(text) => check_expression(text, pointer, found),
        }
    }
    for (pointer, assign) in assigns(state) {
        for name in assign.keys() {
            check_variable_name(name, &pointer, found);
        }
    }
}

fn schema(pointer: String, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::SchemaValidationFailed, pointer, message)
}

fn check_path_template(value: &Value, pointer: String, found: &mut Vec<Diagnostic>) {
    let mut pending = vec![(value, pointer)];
    while let Some((value, pointer)) = pending.pop() {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let inner = join(&pointer, key);
                    match (key.ends_with(".$"), value) {
                        (true, Value::String(text)) => check_reference(&inner, text, found),
                        (true, _) => found.push(not_a_reference(&inner)),
                        (false, Value::String(text)) if looks_like_path(text) => found.push(
                            Diagnostic::warning(
                                Code::NoDollar,
                                inner,
                                format!(
                                    "the value looks like a path, but '{key}' takes it as it is"
                                ),
                            )
                            .help(format!("name the field `{key}.$`")),
                        ),
                        _ => pending.push((value, inner)),
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().rev() {
                    pending.push((item, join_index(&pointer, index)));
                }
            }
            _ => {}
        }
    }
}

/// The value of a field whose name ends in `.$`, or of an `ErrorPath`.
fn check_reference(pointer: &str, text: &str, found: &mut Vec<Diagnostic>) {
    if let Err(reason) = Reference::parse(text) {
        found.push(not_a_reference(pointer).help(reason));
    }
}

/// AWS gives the place of the object, not of the field.
fn not_a_reference(pointer: &str) -> Diagnostic {
    let (object, name) = split(pointer).unwrap_or_default();
    schema(
        object.to_owned(),
        format!(
            "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
        ),
    )
}

fn check_query_template(value: &Value, pointer: String, found: &mut Vec<Diagnostic>) {
    let mut pending = vec![(value, pointer)];
    while let Some((value, pointer)) = pending.pop() {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter().rev() {
                    pending.push((value, join(&pointer, key)));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().rev() {
                    pending.push((item, join_index(&pointer, index)));
                }
            }
            Value::String(text) => match (text.starts_with("{%"), text.ends_with("%}")) {
                (true, true) => check_expression(text, pointer, found),
                (false, false) => {
                    if text.contains("{%") && text.contains("%}") {
                        found.push(
                            Diagnostic::warning(
                                Code::NoDollar,
                                pointer,
                                "an expression within a text is taken as it is",
                            )
                            .help("let `{%` and `%}` be around the whole, as in `{% 'Hello ' & $name %}`"),
                        );
                    }
                }
                _ => found.push(
                    schema(
                        pointer,
                        "The JSONata expression is not properly opened or closed",
                    )
                    .help("`{%` must be the first and `%}` the last characters of the text"),
                ),
            },
            _ => {}
        }
    }
}

fn check_expression(text: &str, pointer: String, found: &mut Vec<Diagnostic>) {
    let Some(source) = expression_of(text) else {
        found.push(schema(
            pointer,
            "The JSONata expression is not properly opened or closed",
        ));
        return;
    };
    if let Err(error) = Expression::parse(source) {
        let (_, name) = split(&pointer).unwrap_or_default();
        let message =
            format!("The value for the field '{name}' must be a valid JSONata expression");
        found.push(schema(pointer, message).help(error.message));
        return;
    }
    let reads = Reads::of(source);
    let bare = jsonata_core::parser::parse(source)
        .ok()
        .and_then(|tree| bare_name(&tree))
        .or_else(|| reads.reads_document.then(|| "$$".to_owned()));
    if let Some(name) = bare {
        found.push(
            Diagnostic::warning(
                Code::NoContext,
                pointer.clone(),
                format!("`{name}` has no value here: an expression starts from `$states` and variables only"),
            )
            .help("write `$states.input`, or the name of a variable with `$`"),
        );
    }
    if let Some(operator) = reads.newer_operator {
        found.push(
            Diagnostic::error(
                Code::NewerJsonata,
                pointer.clone(),
                format!("the operator `{operator}` is newer than the JSONata that AWS runs, which is 2.0.6"),
            )
            .help("use a condition, such as `$exists(a) ? a : b`"),
        );
    }
    if reads.calls_eval {
        found.push(
            Diagnostic::warning(
                Code::NoEval,
                pointer,
                "the function `$eval` does not exist on AWS",
            )
            .help("read JSON with `$parse`"),
        );
    }
}

fn assigns(state: &State) -> Vec<(String, &serde_json::Map<String, Value>)> {
    let rules = match &state.kind {
        crate::StateKind::Choice(choice) => choice.rules.as_slice(),
        _ => &[],
    };
    std::iter::once((state.pointer.as_str(), state.assign.as_ref()))
        .chain(
            rules
                .iter()
                .map(|rule| (rule.pointer.as_str(), rule.assign.as_ref())),
        )
        .chain(
            state
                .catch
                .iter()
                .map(|catcher| (catcher.pointer.as_str(), catcher.assign.as_ref())),
        )
        .filter_map(|(pointer, assign)| Some((join(pointer, "Assign"), assign?)))
        .collect()
}

fn check_variable_name(key: &str, pointer: &str, found: &mut Vec<Diagnostic>) {
    let name = key.strip_suffix(".$").unwrap_or(key);
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let follows = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !starts || !follows || name.chars().count() > 80 || name == "states" {
        found.push(
            schema(
                join(pointer, key),
                format!("'{name}' is not a valid variable name"),
            )
            .help("a name has letters, digits and `_`, at most 80, and does not begin with a digit; `states` is reserved"),
        );
    }
}
