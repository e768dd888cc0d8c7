//! Frames: branches, moving states in and out, putting a frame around states.

use super::{
    Applied, ChangeError, Work,
    add::{insert, said},
    fragment::rewire,
    place::pin,
    remove::{outermost, start_somewhere, take_out},
    work::{name_of, unique_name},
};
use crate::{
    NodeKind, Point, StateRef,
    geometry::snap,
    pointer::{is_within, split_state, state_ref, text},
};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

pub(super) fn add_branch(work: &mut Work<'_>, state: &str) -> Result<Applied, ChangeError> {
    let value = parallel(work, state)?;
    let branches = value
        .get("Branches")
        .and_then(Value::as_array)
        .map(Vec::len);
    let name = unique_name("Branch", &mut work.names());
    let branch = json!({"StartAt": name, "States": {name.clone(): {"Type": "Pass", "End": true}}});
    match branches {
        Some(_) => work.set(&format!("{state}/Branches/-"), branch)?,
        None => work.set(&format!("{state}/Branches"), json!([branch]))?,
    }
    let added = state_ref(
        &format!("{state}/Branches/{}", branches.unwrap_or(0)),
        &name,
    );
    Ok(Applied {
        select: vec![added],
        said: format!("Added a branch to {}", name_of(state)),
        ..Applied::default()
    })
}

fn parallel<'a>(work: &'a Work<'_>, state: &str) -> Result<&'a Value, ChangeError> {
    let value = work.state(state)?;
    let fits = text(value, "Type") == Some("Parallel");
    if fits {
        Ok(value)
    } else {
        Err(ChangeError::NoField(format!("{state}/Branches")))
    }
}

pub(super) fn remove_branch(
    work: &mut Work<'_>,
    state: &str,
    index: usize,
) -> Result<Applied, ChangeError> {
    let count = parallel(work, state)?
        .get("Branches")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let pointer = format!("{state}/Branches/{index}");
    work.remove(&pointer)
        .ok_or_else(|| ChangeError::NoScope(pointer.clone()))?;
    work.forget(&pointer);
    let mut renamed = Vec::new();
    for later in index + 1..count {
        let (from, to) = (
            format!("{state}/Branches/{later}"),
            format!("{state}/Branches/{}", later - 1),
        );
        work.rekey(&from, &to);
        renamed.push((from, to));
    }
    Ok(Applied {
        renamed,
        said: format!("Removed a branch of {}", name_of(state)),
        ..Applied::default()
    })
}

/// States of one scope, in running order; the scope's pointer.
fn of_one_scope(
    work: &Work<'_>,
    states: &[StateRef],
) -> Result<(String, Vec<StateRef>), ChangeError> {
    let chosen = outermost(states);
    let first = chosen.first().ok_or(ChangeError::Nothing)?;
    let scope = split_state(first)
        .map(|(scope, _)| scope.to_owned())
        .unwrap_or_default();
    for state in &chosen {
        work.state(state)?;
        if split_state(state).map(|(of, _)| of) != Some(scope.as_str()) {
            return Err(ChangeError::OtherScope(name_of(first), name_of(state)));
        }
    }
    let chosen: HashSet<&StateRef> = chosen.iter().collect();
    let nodes = work
        .graph
        .order
        .iter()
        .filter_map(|index| work.graph.nodes.get(*index));
    let in_order = nodes
        .map(|node| &node.id)
        .filter(|id| chosen.contains(id))
        .cloned()
        .collect();
    Ok((scope, in_order))
}

pub(super) fn move_into_scope(
    work: &mut Work<'_>,
    states: &[StateRef],
    scope: &str,
    at: Option<Point>,
) -> Result<Applied, ChangeError> {
    let (from, chosen) = of_one_scope(work, states)?;
    work.scope(scope)?;
    if let Some(own) = chosen.iter().find(|state| is_within(scope, state)) {
        return Err(ChangeError::IntoItself(own.clone()));
    }
    if from == scope {
        return Ok(Applied::default());
    }
    let places: Vec<(StateRef, Point)> = chosen
        .iter()
        .filter_map(|state| {
            Some((
                state.clone(),
                work.placement.local(work.graph.node_index(state)?)?,
            ))
        })
        .collect();
    let kept = aside(work, &chosen);
    let mut taken = take_out(work, &chosen)?;
    let names: HashMap<String, String> = chosen
        .iter()
        .map(|state| (name_of(state), name_of(state)))
        .collect();
    if at.is_some() {
        pin(work, scope);
    }
    let corner = places.first().map(|(_, place)| *place).unwrap_or_default();
    let mut renamed = Vec::new();
    for state in &chosen {
        let Some(mut value) = taken.remove(state) else {
            continue;
        };
        rewire(&mut value, &names, &HashSet::new());
        let name = name_of(state);
        insert(work, scope, &name, value, None)?;
        let now = state_ref(scope, &name);
        kept.restore(work, state, &now);
        if let (Some(at), Some((_, place))) = (at, places.iter().find(|(known, _)| known == state))
        {
            let place = snap(Point {
                x: at.x + place.x - corner.x,
                y: at.y + place.y - corner.y,
            });
            work.document.positions.insert(now.clone(), place);
        } else {
            work.document.positions.remove(&now);
        }
        renamed.push((state.clone(), now));
    }
    start_somewhere(work, scope)?;
    let select = renamed.iter().map(|(_, now)| now.clone()).collect();
    Ok(Applied {
        select,
        renamed,
        said: said("Moved", &chosen),
        ..Applied::default()
    })
}

/// What is kept beside the text of states, taken aside while they change their place.
struct Aside(crate::Document);

fn aside(work: &Work<'_>, states: &[StateRef]) -> Aside {
    let mut kept = crate::Document::new(work.document.format, String::new());
    let of = |key: &str| states.iter().any(|state| is_within(key, state));
    let document = &work.document;
    kept.positions.extend(
        document
            .positions
            .iter()
            .filter(|(key, _)| of(key))
            .map(|(key, at)| (key.clone(), *at)),
    );
    kept.mocks.extend(
        document
            .mocks
            .iter()
            .filter(|(key, _)| of(key))
            .map(|(key, mock)| (key.clone(), mock.clone())),
    );
    kept.collapsed
        .extend(document.collapsed.iter().filter(|key| of(key)).cloned());
    Aside(kept)
}

impl Aside {
    fn restore(&self, work: &mut Work<'_>, from: &str, to: &str) {
        let moved = |key: &String| crate::pointer::rebase(key, from, to);
        let document = &mut work.document;
        document.positions.extend(
            self.0
                .positions
                .iter()
                .filter_map(|(key, at)| Some((moved(key)?, *at))),
        );
        document.mocks.extend(
            self.0
                .mocks
                .iter()
                .filter_map(|(key, mock)| Some((moved(key)?, mock.clone()))),
        );
        document
            .collapsed
            .extend(self.0.collapsed.iter().filter_map(moved));
        document.collapsed.sort();
    }
}

pub(super) fn wrap_in(
    work: &mut Work<'_>,
    states: &[StateRef],
    item: &str,
) -> Result<Applied, ChangeError> {
    let (scope, chosen) = of_one_scope(work, states)?;
    let kind = match item {
        "parallel" => NodeKind::Parallel,
        "map" => NodeKind::Map,
        other => return Err(ChangeError::NoItem(other.to_owned())),
    };
    let inside: HashMap<String, String> = chosen
        .iter()
        .map(|state| (name_of(state), name_of(state)))
        .collect();
    let frame = unique_name(kind.name(), &mut work.names());
    let transitions = work.transitions(&scope);
    let from_inside = |pointer: &str| chosen.iter().any(|state| is_within(pointer, state));
    let mut entering = transitions
        .iter()
        .filter(|(pointer, to)| !from_inside(pointer) && inside.contains_key(to));
    let entry = entering.next().map(|(_, to)| to.clone());
    let entry = entry
        .or_else(|| chosen.first().map(|state| name_of(state)))
        .unwrap_or_default();
    let mut leaving = transitions.iter().filter(|(pointer, to)| {
        from_inside(pointer) && !inside.contains_key(to) && !pointer.contains("/Catch/")
    });
    let exit = leaving.next().map(|(_, to)| to.clone());
    let corner = chosen
        .iter()
        .filter_map(|state| work.document.positions.get(state))
        .copied()
        .reduce(|a, b| Point {
            x: a.x.min(b.x),
            y: a.y.min(b.y),
        });

    for (pointer, target) in &transitions {
        if !from_inside(pointer) && inside.contains_key(target) {
            work.set(pointer, Value::from(frame.clone()))?;
        }
    }
    let kept = aside(work, &chosen);
    let mut moved = Map::new();
    for state in &chosen {
        let Some(mut value) = work.get(state).cloned() else {
            continue;
        };
        rewire(&mut value, &inside, &HashSet::new());
        moved.insert(name_of(state), value);
    }
    let body = json!({"StartAt": entry, "States": moved});
    let id = state_ref(&scope, &frame);
    let mut definition = Map::from_iter([("Type".to_owned(), Value::from(kind.name()))]);
    let inner = match (kind, body) {
        (NodeKind::Map, Value::Object(body)) => {
            let mut processor =
                Map::from_iter([("ProcessorConfig".to_owned(), json!({"Mode": "INLINE"}))]);
            processor.extend(body);
            definition.insert("ItemProcessor".to_owned(), Value::Object(processor));
            format!("{id}/ItemProcessor")
        }
        (_, body) => {
            definition.insert("Branches".to_owned(), Value::Array(vec![body]));
            format!("{id}/Branches/0")
        }
    };
    match exit {
        Some(exit) => definition.insert("Next".to_owned(), Value::from(exit)),
        None => definition.insert("End".to_owned(), Value::Bool(true)),
    };
    insert(
        work,
        &scope,
        &frame,
        Value::Object(definition),
        chosen.first().map(String::as_str),
    )?;
    let mut renamed = Vec::new();
    for state in &chosen {
        work.remove(state);
        work.forget(state);
        let now = state_ref(&inner, &name_of(state));
        kept.restore(work, state, &now);
        work.document.positions.remove(&now);
        renamed.push((state.clone(), now));
    }
    if let Some(corner) = corner {
        work.document.positions.insert(id.clone(), corner);
    }
    start_somewhere(work, &scope)?;
    let said = format!(
        "Put {} into {frame}",
        match chosen.as_slice() {
            [one] => name_of(one),
            many => format!("{} states", many.len()),
        }
    );
    Ok(Applied {
        select: vec![id],
        renamed,
        said,
        ..Applied::default()
    })
}
