//! Copies: states as text, and text as states.

use super::{
    Applied, ChangeError, Work,
    add::{insert, said},
    place::pin,
    remove::{outermost, start_somewhere},
    work::{name_of, transitions_of, unique_name},
};
use crate::{
    Graph, Point, StateRef,
    geometry::snap,
    layout::Placement,
    pointer::{split_state, state_ref, text},
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// States as text for the clipboard: `{"States": {…}, "positions": {…}}`, positions from the common top-left corner.
pub fn fragment(
    definition: &Value,
    graph: &Graph,
    placement: &Placement,
    states: &[StateRef],
) -> String {
    let mut copied = Map::new();
    let mut places = Vec::new();
    for state in outermost(states) {
        let (Some(value), Some(index)) = (definition.pointer(&state), graph.node_index(&state))
        else {
            continue;
        };
        let name = name_of(&state);
        copied.insert(name.clone(), value.clone());
        if let Some(at) = placement.local(index) {
            places.push((name, at));
        }
    }
    let left = places
        .iter()
        .map(|(_, at)| at.x)
        .fold(f64::INFINITY, f64::min);
    let top = places
        .iter()
        .map(|(_, at)| at.y)
        .fold(f64::INFINITY, f64::min);
    let relative = |(name, at): (String, Point)| (name, json!({"x": at.x - left, "y": at.y - top}));
    let positions: Map<String, Value> = places.into_iter().map(relative).collect();
    let whole = json!({"States": copied, "positions": positions});
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

pub(super) fn paste(
    work: &mut Work<'_>,
    text: &str,
    scope: &str,
    at: Option<Point>,
) -> Result<Applied, ChangeError> {
    work.scope(scope)?;
    let pasted: Value = serde_json::from_str(text).map_err(|_| ChangeError::NoFragment)?;
    let (states, positions) = read(pasted).ok_or(ChangeError::NoFragment)?;
    put_in(work, scope, states, &positions, at)
}

pub(super) fn duplicate(work: &mut Work<'_>, states: &[StateRef]) -> Result<Applied, ChangeError> {
    let chosen = outermost(states);
    let (scope, _) = chosen
        .first()
        .and_then(|first| split_state(first))
        .ok_or(ChangeError::Nothing)?;
    for state in &chosen {
        work.state(state)?;
    }
    let text = fragment(&work.value, work.graph, work.placement, &chosen);
    let indices = chosen
        .iter()
        .filter_map(|state| work.graph.node_index(state));
    let places: Vec<Point> = indices
        .filter_map(|index| work.placement.local(index))
        .collect();
    let left = places.iter().map(|at| at.x).fold(f64::INFINITY, f64::min);
    let top = places.iter().map(|at| at.y).fold(f64::INFINITY, f64::min);
    let at = left.is_finite().then_some(Point {
        x: left + 32.0,
        y: top + 32.0,
    });
    let mut applied = paste(work, &text, scope, at)?;
    applied.said = said("Duplicated", &chosen);
    Ok(applied)
}

type Places = BTreeMap<String, Point>;

/// The states of a fragment, of a machine, of a `States` object, or a single state.
fn read(pasted: Value) -> Option<(Map<String, Value>, Places)> {
    let Value::Object(mut members) = pasted else {
        return None;
    };
    let positions = members
        .shift_remove("positions")
        .and_then(|places| serde_json::from_value(places).ok());
    let is_state = |value: &Value| value.get("Type").is_some_and(Value::is_string);
    let states = if let Some(Value::Object(states)) = members.get_mut("States") {
        std::mem::take(states)
    } else if members.get("Type").is_some_and(Value::is_string) {
        let name = text(&Value::Object(members.clone()), "Type")
            .unwrap_or("State")
            .to_owned();
        Map::from_iter([(name, Value::Object(members))])
    } else {
        members
    };
    let sound = !states.is_empty() && states.values().all(is_state);
    sound.then(|| (states, positions.unwrap_or_default()))
}

/// Puts states into a scope under names that are free; ways among them stay, others are cut.
pub(super) fn put_in(
    work: &mut Work<'_>,
    scope: &str,
    states: Map<String, Value>,
    positions: &Places,
    at: Option<Point>,
) -> Result<Applied, ChangeError> {
    let mut taken = work.names();
    let names: HashMap<String, String> = states
        .keys()
        .map(|name| (name.clone(), unique_name(name, &mut taken)))
        .collect();
    let kept: HashSet<String> = match work.scope(scope)?.get("States").and_then(Value::as_object) {
        Some(known) => known.keys().cloned().collect(),
        None => HashSet::new(),
    };
    let mut added = Vec::new();
    if at.is_some() {
        pin(work, scope);
    }
    for (name, mut state) in states {
        rewire(&mut state, &names, &kept);
        freshen_inside(&mut state, &mut taken);
        let Some(fresh) = names.get(&name) else {
            continue;
        };
        insert(work, scope, fresh, state, None)?;
        let id = state_ref(scope, fresh);
        if let Some(at) = at {
            let offset = positions.get(&name).copied().unwrap_or(Point {
                x: 0.0,
                y: 104.0 * added.len() as f64,
            });
            let place = snap(Point {
                x: at.x + offset.x,
                y: at.y + offset.y,
            });
            work.document.positions.insert(id.clone(), place);
        }
        added.push(id);
    }
    start_somewhere(work, scope)?;
    Ok(Applied {
        said: said("Pasted", &added),
        select: added,
        ..Applied::default()
    })
}

/// Turns a copied state's ways to the copies. Catchers may also lead to states that were there before.
pub(super) fn rewire(state: &mut Value, names: &HashMap<String, String>, kept: &HashSet<String>) {
    for (pointer, target) in transitions_of("", state).into_iter().rev() {
        let caught = pointer.starts_with("/Catch/");
        match names.get(&target) {
            Some(fresh) => {
                if let Some(place) = state.pointer_mut(&pointer) {
                    *place = Value::from(fresh.clone());
                }
            }
            None if caught && kept.contains(&target) => {}
            None => unwire(state, &pointer),
        }
    }
}

fn unwire(state: &mut Value, pointer: &str) {
    let mut segments = pointer.split('/').skip(1);
    let (first, index) = (segments.next().unwrap_or_default(), segments.next());
    let Value::Object(members) = state else {
        return;
    };
    match (first, index.and_then(|index| index.parse::<usize>().ok())) {
        ("Next", _) => {
            members.shift_remove("Next");
            members.insert("End".to_owned(), Value::Bool(true));
        }
        ("Catch", Some(index)) => {
            let empty = match members.get_mut("Catch") {
                Some(Value::Array(catchers)) if index < catchers.len() => {
                    catchers.remove(index);
                    catchers.is_empty()
                }
                _ => false,
            };
            if empty {
                members.shift_remove("Catch");
            }
        }
        ("Choices", Some(index)) => {
            if let Some(Value::Object(rule)) = members
                .get_mut("Choices")
                .and_then(|rules| rules.get_mut(index))
            {
                rule.shift_remove("Next");
            }
        }
        (member, _) => {
            members.shift_remove(member);
        }
    }
}

/// Gives states inside a copied frame names that are free, and turns their ways along.
fn freshen_inside(state: &mut Value, taken: &mut HashSet<String>) {
    let mut waiting: Vec<&mut Value> = vec![state];
    while let Some(state) = waiting.pop() {
        let Value::Object(members) = state else {
            continue;
        };
        let kind = members
            .get("Type")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let mut scopes: Vec<&mut Value> = Vec::new();
        for (member, value) in members.iter_mut() {
            match (kind.as_str(), member.as_str(), value) {
                ("Parallel", "Branches", Value::Array(branches)) => {
                    scopes.extend(branches.iter_mut())
                }
                ("Map", "ItemProcessor" | "Iterator", processor) => scopes.push(processor),
                _ => {}
            }
        }
        for scope in scopes {
            let Value::Object(scope) = scope else {
                continue;
            };
            let Some(Value::Object(states)) = scope.get_mut("States") else {
                continue;
            };
            let names: HashMap<String, String> = states
                .keys()
                .map(|name| (name.clone(), unique_name(name, taken)))
                .collect();
            let fresh = std::mem::take(states).into_iter();
            *states = fresh
                .map(|(name, state)| (names.get(&name).cloned().unwrap_or(name), state))
                .collect();
            for state in states.values_mut() {
                for (pointer, target) in transitions_of("", state) {
                    if let (Some(place), Some(fresh)) =
                        (state.pointer_mut(&pointer), names.get(&target))
                    {
                        *place = Value::from(fresh.clone());
                    }
                }
            }
            if let Some(start) = scope.get_mut("StartAt")
                && let Some(fresh) = start.as_str().and_then(|name| names.get(name))
            {
                *start = Value::from(fresh.clone());
            }
            if let Some(Value::Object(states)) = scope.get_mut("States") {
                waiting.extend(states.values_mut());
            }
        }
    }
}
