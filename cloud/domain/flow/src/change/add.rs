//! Adding a state.

use super::{
    Applied, ChangeError, Place, Work, place,
    work::{name_of, unique_name},
};
use crate::{
    Graph, NodeKind, StateRef, catalogue,
    pointer::{split_state, state_ref, text},
};
use serde_json::Value;

pub(super) fn add_state(
    work: &mut Work<'_>,
    item: &str,
    scope: &str,
    name: Option<String>,
    to: Place,
) -> Result<Applied, ChangeError> {
    let item = catalogue::item(item).ok_or_else(|| ChangeError::NoItem(item.to_owned()))?;
    // A state or a transition that is named says the scope better than the caller.
    let scope = match &to {
        Place::After(state) => split_state(state)
            .map_or(scope, |(scope, _)| scope)
            .to_owned(),
        Place::Onto(edge) => {
            let edge = work
                .graph
                .edge(edge)
                .ok_or_else(|| ChangeError::NoEdge(edge.clone()))?;
            work.graph
                .scopes
                .get(edge.scope)
                .map(|scope| scope.pointer.clone())
                .unwrap_or_default()
        }
        Place::At(_) | Place::Last => scope.to_owned(),
    };
    work.scope(&scope)?;
    let mut taken = work.names();
    let name = unique_name(name.as_deref().unwrap_or(item.title), &mut taken);
    let mut definition = item.definition(work.is_jsonata(), |base| unique_name(base, &mut taken));
    let kind = NodeKind::named(item.kind);
    let id = state_ref(&scope, &name);

    let source = source_of(work, &scope, &to)?;
    let target = source
        .as_ref()
        .and_then(|edge| work.get(edge))
        .and_then(Value::as_str)
        .map(str::to_owned);
    if let Value::Object(members) = &mut definition {
        match (kind.has_next(), target) {
            (true, Some(target)) => members.insert("Next".to_owned(), Value::from(target)),
            (true, None) => members.insert("End".to_owned(), Value::Bool(true)),
            (false, Some(target)) if kind == NodeKind::Choice => {
                if let Some(Value::Object(rule)) = members
                    .get_mut("Choices")
                    .and_then(|rules| rules.get_mut(0))
                {
                    rule.insert("Next".to_owned(), Value::from(target.clone()));
                }
                members.insert("Default".to_owned(), Value::from(target))
            }
            (false, _) => None,
        };
    }
    insert(
        work,
        &scope,
        &name,
        definition,
        source.as_deref().or(after(&to).as_deref()),
    )?;
    match source {
        Some(edge) => match edge
            .strip_suffix("/Next")
            .filter(|state| work.state(state).is_ok())
        {
            Some(state) => work.set_next(state, Some(&name))?,
            None => work.set(&edge, Value::from(name.clone()))?,
        },
        None if text(work.scope(&scope)?, "StartAt").is_none() => {
            work.set(&format!("{scope}/StartAt"), Value::from(name.clone()))?;
        }
        None => {}
    }
    place::put_new(work, &id, &scope, &to)?;
    Ok(Applied {
        select: vec![id],
        said: format!("Added {name}"),
        ..Applied::default()
    })
}

fn after(place: &Place) -> Option<StateRef> {
    match place {
        Place::After(state) => Some(state.clone()),
        _ => None,
    }
}

/// Adds a state to a scope's `States`, after the state that `near` lies in if it is of this scope.
pub(super) fn insert(
    work: &mut Work<'_>,
    scope: &str,
    name: &str,
    definition: Value,
    near: Option<&str>,
) -> Result<(), ChangeError> {
    let states = format!("{scope}/States");
    if work.get(&states).is_none() {
        work.set(&states, Value::Object(serde_json::Map::new()))?;
    }
    let near = near
        .and_then(|near| near.strip_prefix(&states))
        .and_then(|rest| rest.split('/').nth(1));
    match near {
        Some(near) => work.insert_after(&states, name, definition, &crate::pointer::unescape(near)),
        None => work.set(&state_ref(scope, name), definition),
    }
}

/// The transition that the new state comes into: an existing one, or the one that makes an ending state go on.
fn source_of(work: &Work<'_>, scope: &str, to: &Place) -> Result<Option<String>, ChangeError> {
    match to {
        Place::At(_) => Ok(None),
        Place::Onto(edge) => Ok(Some(edge.clone())),
        Place::After(state) => way_on(work, state),
        Place::Last => {
            let Some(last) = last(work.graph, scope) else {
                return Ok(None);
            };
            way_on(work, &last)
        }
    }
}

fn way_on(work: &Work<'_>, state: &str) -> Result<Option<String>, ChangeError> {
    let value = work.state(state)?;
    let kind = NodeKind::named(text(value, "Type").unwrap_or_default());
    Ok(match kind {
        NodeKind::Succeed | NodeKind::Fail => None,
        NodeKind::Choice => Some(format!("{state}/Default")),
        _ => Some(format!("{state}/Next")),
    })
}

/// The last state in running order of a scope that ends and could go on.
fn last(graph: &Graph, scope: &str) -> Option<StateRef> {
    let nodes = graph
        .order
        .iter()
        .rev()
        .filter_map(|index| graph.nodes.get(*index));
    let mut of_scope =
        nodes.filter(|node| split_state(&node.id).is_some_and(|(of, _)| of == scope));
    let of_scope: Vec<_> = of_scope.by_ref().collect();
    let reached = of_scope
        .iter()
        .find(|node| node.reachable && node.ends && node.kind.has_next());
    reached
        .or(of_scope.iter().find(|node| node.kind.has_next()))
        .map(|node| node.id.clone())
}

/// How a state is spoken of.
pub(super) fn said(verb: &str, states: &[StateRef]) -> String {
    match states {
        [one] => format!("{verb} {}", name_of(one)),
        many => format!("{verb} {} states", many.len()),
    }
}
