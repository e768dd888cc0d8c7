//! Transitions: connecting, cutting, turning to another state.

use super::{Applied, ChangeError, Work, remove::cut, work::name_of};
use crate::{
    NodeKind, Outlet, Port, StateRef,
    pointer::{split_state, text},
};
use serde_json::{Value, json};

pub(super) fn connect(
    work: &mut Work<'_>,
    from: &Outlet,
    to: &str,
) -> Result<Applied, ChangeError> {
    work.state(to)?;
    let (scope, target) = split_state(to).ok_or_else(|| ChangeError::NoState(to.to_owned()))?;
    let of = match from.port {
        Port::Start => from.owner.clone(),
        _ => split_state(&from.owner)
            .ok_or_else(|| ChangeError::NoState(from.owner.clone()))?
            .0
            .to_owned(),
    };
    if of != scope {
        return Err(ChangeError::OtherScope(name_of(&from.owner), target));
    }
    lead(work, from, &target)?;
    let begin = if from.port == Port::Start {
        "the start".to_owned()
    } else {
        name_of(&from.owner)
    };
    Ok(Applied {
        said: format!("Connected {begin} to {target}"),
        ..Applied::default()
    })
}

/// Lets a way out lead to the state called `target`.
fn lead(work: &mut Work<'_>, from: &Outlet, target: &str) -> Result<(), ChangeError> {
    if from.port == Port::Start {
        return work.set(&from.pointer(), Value::from(target));
    }
    let state = work.state(&from.owner)?;
    let kind = NodeKind::named(text(state, "Type").unwrap_or_default());
    let count = |member: &str| state.get(member).and_then(Value::as_array).map(Vec::len);
    let refused = || ChangeError::NoOutlet(name_of(&from.owner));
    match from.port {
        Port::Next if kind.has_next() => work.set_next(&from.owner, Some(target)),
        Port::Default if kind == NodeKind::Choice => work.set(&from.pointer(), Value::from(target)),
        Port::Choice(index) if kind == NodeKind::Choice => match count("Choices") {
            Some(rules) if index < rules => work.set(&from.pointer(), Value::from(target)),
            known => {
                let mut rule = if work.is_jsonata() {
                    json!({"Condition": "{% true %}"})
                } else {
                    json!({"Variable": "$.value", "IsPresent": true})
                };
                if let Value::Object(rule) = &mut rule {
                    rule.insert("Next".to_owned(), Value::from(target));
                }
                append(
                    work,
                    &format!("{}/Choices", from.owner),
                    known.is_some(),
                    rule,
                )
            }
        },
        Port::Catch(index) if kind.has_catch() => match count("Catch") {
            Some(catchers) if index < catchers => work.set(&from.pointer(), Value::from(target)),
            known => {
                let catcher = json!({"ErrorEquals": ["States.ALL"], "Next": target});
                append(
                    work,
                    &format!("{}/Catch", from.owner),
                    known.is_some(),
                    catcher,
                )
            }
        },
        _ => Err(refused()),
    }
}

fn append(work: &mut Work<'_>, list: &str, known: bool, item: Value) -> Result<(), ChangeError> {
    if known {
        work.set(&format!("{list}/-"), item)
    } else {
        work.set(list, json!([item]))
    }
}

pub(super) fn disconnect(work: &mut Work<'_>, edge: &str) -> Result<Applied, ChangeError> {
    let known = work
        .graph
        .edge(edge)
        .ok_or_else(|| ChangeError::NoEdge(edge.to_owned()))?;
    let said = match known.from.port {
        Port::Start => "Disconnected the start".to_owned(),
        _ => format!(
            "Disconnected {} from {}",
            name_of(&known.from.owner),
            known.target
        ),
    };
    cut(work, edge)?;
    Ok(Applied {
        said,
        ..Applied::default()
    })
}

pub(super) fn reconnect(
    work: &mut Work<'_>,
    edge: &str,
    from: Option<Outlet>,
    to: Option<StateRef>,
) -> Result<Applied, ChangeError> {
    let known = work
        .graph
        .edge(edge)
        .ok_or_else(|| ChangeError::NoEdge(edge.to_owned()))?;
    let scope = work
        .graph
        .scopes
        .get(known.scope)
        .map(|scope| scope.pointer.clone())
        .unwrap_or_default();
    let to = to.unwrap_or_else(|| crate::pointer::state_ref(&scope, &known.target));
    match from.filter(|from| *from != known.from) {
        None => connect(work, &known.from.clone(), &to),
        Some(from) => {
            // First the new one: a catcher that goes would shift those after it.
            let applied = connect(work, &from, &to)?;
            cut(work, edge)?;
            Ok(applied)
        }
    }
}

pub(super) fn set_start(work: &mut Work<'_>, state: &str) -> Result<Applied, ChangeError> {
    work.state(state)?;
    let (scope, name) = split_state(state).ok_or_else(|| ChangeError::NoState(state.to_owned()))?;
    work.set(&format!("{scope}/StartAt"), Value::from(name.clone()))?;
    Ok(Applied {
        said: format!("Starts at {name}"),
        ..Applied::default()
    })
}
