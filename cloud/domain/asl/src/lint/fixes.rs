//! How to mend what was found.

use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::jsonata::expression_of;
use crate::pointer::{join, split, states_around};
use crate::source::changes::Change;
use crate::syntax::{Machine, QueryLanguage, State, StateKind};
use jsonata_core::ast::{AstNode, BinaryOp};
use serde_json::{Value, json};
use std::collections::HashSet;

/// What would mend a finding; `names` are those of all states.
pub(super) fn fix(machine: &Machine, names: &HashSet<&str>, found: &Diagnostic) -> Option<Fix> {
    let at = found.pointer.as_str();
    match found.code {
        Code::NoDefault => no_default(machine, names, at),
        Code::NoRetry => no_retry(machine, at),
        Code::MissingTransitionTarget => unreachable(machine, at),
        Code::UnusedVariable => unused_variable(machine, at),
        Code::UnusedResult => Some(Fix::new(
            "Drop the result",
            true,
            vec![Change::set(at, &Value::Null)],
        )),
        Code::NewerJsonata => newer(machine, at),
        _ => None,
    }
}

fn state_at<'a>(machine: &'a Machine, pointer: &str) -> Option<&'a State> {
    let mut machine = machine;
    let mut state = None;
    // Down through the machines, rather than through all of their states.
    for next in states_around(pointer) {
        let (states, name) = split(&next)?;
        let own = states.strip_suffix("/States")?;
        if own != machine.pointer {
            let outer: &State = state?;
            machine = outer.machines().iter().find(|inner| inner.pointer == own)?;
        }
        state = machine.states.get(&name);
    }
    state
}

fn machine_of<'a>(machine: &'a Machine, state: &State) -> Option<&'a Machine> {
    let pointer = crate::pointer::machine_of(&state.pointer)?;
    if pointer.is_empty() {
        return Some(machine);
    }
    let outer = states_around(pointer).pop()?;
    state_at(machine, &outer)?
        .machines()
        .iter()
        .find(|inner| inner.pointer == pointer)
}

/// A Fail state that does openly what happens without a Default.
fn no_default(machine: &Machine, names: &HashSet<&str>, at: &str) -> Option<Fix> {
    let state = state_at(machine, at)?;
    let own = machine_of(machine, state)?;
    let name = (0..)
        .map(|count| match count {
            0 => "NoChoiceMatched".to_owned(),
            count => format!("NoChoiceMatched{}", count + 1),
        })
        .take(1_000)
        .find(|name| !names.contains(name.as_str()))?;
    let fail = json!({
        "Type": "Fail",
        "Error": "States.NoChoiceMatched",
        "Cause": format!("No choice of the state {} matched.", state.name),
    });
    Some(Fix::new(
        "Add a Default that fails",
        true,
        vec![
            Change::insert(at, "Default", Value::String(name.clone()), None),
            Change::insert(&join(&own.pointer, "States"), &name, fail, None),
        ],
    ))
}

/// What AWS recommends for Lambda functions; elsewhere every failure of the task.
fn no_retry(machine: &Machine, at: &str) -> Option<Fix> {
    let StateKind::Task(task) = &state_at(machine, at)?.kind else {
        return None;
    };
    let is_lambda = task.resource.contains(":lambda:");
    let errors = match is_lambda {
        true => json!([
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.TooManyRequestsException"
        ]),
        false => json!(["States.Timeout", "States.TaskFailed"]),
    };
    let retry = json!([{
        "ErrorEquals": errors,
        "IntervalSeconds": 1,
        "MaxAttempts": 3,
        "BackoffRate": 2,
        "JitterStrategy": "FULL",
    }]);
    Some(Fix::new(
        "Add a Retry",
        false,
        vec![Change::insert(at, "Retry", retry, Some("Resource"))],
    ))
}

fn unreachable(machine: &Machine, at: &str) -> Option<Fix> {
    let state = state_at(machine, at).filter(|state| state.pointer == at)?;
    Some(Fix::new(
        format!("Remove the state {}", state.name),
        true,
        vec![Change::Remove(at.to_owned())],
    ))
}

fn unused_variable(machine: &Machine, at: &str) -> Option<Fix> {
    let (assign, key) = split(at)?;
    let state = state_at(machine, at)?;
    let rules = match &state.kind {
        StateKind::Choice(choice) => choice.rules.as_slice(),
        _ => &[],
    };
    let fields = std::iter::once((&state.pointer, &state.assign))
        .chain(rules.iter().map(|rule| (&rule.pointer, &rule.assign)))
        .chain(
            state
                .catch
                .iter()
                .map(|catcher| (&catcher.pointer, &catcher.assign)),
        )
        .find(|(pointer, _)| join(pointer, "Assign") == assign)
        .and_then(|(_, assign)| assign.as_ref())?;
    let value = fields.get(&key)?;
    // What is computed may fail, which it would not any more.
    let safe = !key.ends_with(".$") && is_constant(value, state.query_language);
    let gone = match fields.len() {
        1 => assign,
        _ => at,
    };
    Some(Fix::new(
        format!(
            "Remove the variable {}",
            key.strip_suffix(".$").unwrap_or(&key)
        ),
        safe,
        vec![Change::Remove(gone.to_owned())],
    ))
}

fn is_constant(value: &Value, language: QueryLanguage) -> bool {
    match value {
        Value::String(text) => language == QueryLanguage::JsonPath || expression_of(text).is_none(),
        Value::Array(items) => items.iter().all(|item| is_constant(item, language)),
        Value::Object(map) => map.iter().all(|(key, value)| {
            !(language == QueryLanguage::JsonPath && key.ends_with(".$"))
                && is_constant(value, language)
        }),
        _ => true,
    }
}

/// `a ?? b` and `a ?: b` as conditions, where the operator is the outermost of the expression.
fn newer(machine: &Machine, at: &str) -> Option<Fix> {
    let state = state_at(machine, at)?;
    let text = text_at(state, at)?;
    let source = expression_of(text)?;
    let rewritten = rewrite(source)?;
    let value = Value::String(format!("{{% {rewritten} %}}"));
    Some(Fix::new(
        "Write it as a condition",
        true,
        vec![Change::set(at, &value)],
    ))
}

fn rewrite(source: &str) -> Option<String> {
    let tree = jsonata_core::parser::parse(source).ok()?;
    let (operator, left, right) = match &tree {
        AstNode::Binary {
            op: BinaryOp::Coalesce,
            lhs,
            rhs,
        } => ("??", lhs, rhs),
        AstNode::Binary {
            op: BinaryOp::Default,
            lhs,
            rhs,
        } => ("?:", lhs, rhs),
        _ => return None,
    };
    let place = source.find(operator)?;
    let a = source.get(..place)?.trim();
    let b = source.get(place + operator.len()..)?.trim();
    let written = match operator {
        "??" => format!("$exists({a}) ? {a} : {b}"),
        _ => format!("$boolean({a}) ? {a} : {b}"),
    };
    // The place is the right one if the parser sees the same sides there, and neither needs mending itself.
    let is_mended = matches!(
        &jsonata_core::parser::parse(&written).ok()?,
        AstNode::Conditional { condition, then_branch, else_branch: Some(other) }
            if matches!(&**condition, AstNode::Function { args, .. } if args.first() == Some(&**left))
                && then_branch == left
                && other == right
    );
    (is_mended && !a.contains("?:") && !b.contains("??") && !b.contains("?:")).then_some(written)
}

/// The text of an expression in a state.
fn text_at<'a>(state: &'a State, at: &str) -> Option<&'a str> {
    use crate::check::{QueryKind, queries};
    queries(state)
        .into_iter()
        .find_map(|query| match query.kind {
            QueryKind::Expression(text) if query.pointer == at => Some(text),
            QueryKind::QueryTemplate(value) => at
                .strip_prefix(query.pointer.as_str())
                .and_then(|below| value.pointer(below))
                .and_then(Value::as_str),
            _ => None,
        })
}
