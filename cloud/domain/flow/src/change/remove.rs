//! Taking states away, and mending the ways that led to them.

use super::{Applied, ChangeError, Work, add::said};
use crate::{
    StateRef,
    pointer::{is_within, split_state, text},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn remove_states(
    work: &mut Work<'_>,
    states: &[StateRef],
) -> Result<Applied, ChangeError> {
    let chosen = outermost(states);
    if chosen.is_empty() {
        return Err(ChangeError::Nothing);
    }
    for state in &chosen {
        work.state(state)?;
    }
    take_out(work, &chosen)?;
    Ok(Applied {
        said: said("Removed", &chosen),
        ..Applied::default()
    })
}

/// The chosen states without those that lie in another chosen one, each once.
pub(super) fn outermost(states: &[StateRef]) -> Vec<StateRef> {
    let all: BTreeSet<&StateRef> = states.iter().collect();
    let mut seen = BTreeSet::new();
    let inside = |state: &StateRef| {
        let mut around = state.as_str();
        while let Some((outer, _)) = around.rsplit_once('/') {
            around = outer;
            if all.contains(&around.to_owned()) {
                return true;
            }
        }
        false
    };
    states
        .iter()
        .filter(|state| !inside(state) && seen.insert(*state))
        .cloned()
        .collect()
}

/// Takes states out of their scopes; what led to one leads on to where it went.
pub(super) fn take_out(
    work: &mut Work<'_>,
    chosen: &[StateRef],
) -> Result<BTreeMap<StateRef, Value>, ChangeError> {
    let mut by_scope: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for state in chosen {
        if let Some((scope, name)) = split_state(state) {
            by_scope.entry(scope.to_owned()).or_default().push(name);
        }
    }
    for (scope, names) in &by_scope {
        let gone: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let next: BTreeMap<String, String> = names
            .iter()
            .filter_map(|name| {
                let state = work.get(&crate::pointer::state_ref(scope, name))?;
                Some((name.clone(), text(state, "Next")?.to_owned()))
            })
            .collect();
        mend(work, scope, &gone, &next)?;
    }
    let mut taken = BTreeMap::new();
    for state in chosen {
        if let Some(value) = work.remove(state) {
            taken.insert(state.clone(), value);
        }
    }
    for scope in by_scope.keys() {
        start_somewhere(work, scope)?;
    }
    for state in chosen {
        work.forget(state);
    }
    Ok(taken)
}

/// Ways in a scope that lead to states that go away. From the back, so that catchers can go by index.
fn mend(
    work: &mut Work<'_>,
    scope: &str,
    gone: &BTreeSet<&str>,
    next: &BTreeMap<String, String>,
) -> Result<(), ChangeError> {
    let led_on = |target: &str| -> Option<String> {
        let mut at = target.to_owned();
        // At most as many steps as states that go, or it is a ring of them.
        for _ in 0..=gone.len() {
            if !gone.contains(at.as_str()) {
                return Some(at);
            }
            at = next.get(&at)?.clone();
        }
        None
    };
    for (pointer, target) in work.transitions(scope).into_iter().rev() {
        let from_gone = gone
            .iter()
            .any(|name| is_within(&pointer, &crate::pointer::state_ref(scope, name)));
        if from_gone || !gone.contains(target.as_str()) {
            continue;
        }
        let own = pointer
            .strip_suffix("/Next")
            .and_then(split_state)
            .map(|(_, name)| name);
        match led_on(&target).filter(|to| own.as_ref() != Some(to)) {
            Some(to) => work.set(&pointer, Value::from(to))?,
            None => cut(work, &pointer)?,
        }
    }
    Ok(())
}

/// Takes a transition away: `Next` becomes `End`, a catcher goes as a whole, anything else loses its target.
pub(super) fn cut(work: &mut Work<'_>, pointer: &str) -> Result<(), ChangeError> {
    if let Some(holder) = pointer.strip_suffix("/Next") {
        if work.state(holder).is_ok() {
            return work.set_next(holder, None);
        }
        if let Some((catchers, _)) = holder.rsplit_once('/')
            && catchers.ends_with("/Catch")
        {
            work.remove(holder);
            if work
                .get(catchers)
                .and_then(Value::as_array)
                .is_some_and(Vec::is_empty)
            {
                work.remove(catchers);
            }
            return Ok(());
        }
    }
    work.remove(pointer);
    Ok(())
}

/// A scope whose start is gone starts at its first state.
pub(super) fn start_somewhere(work: &mut Work<'_>, scope: &str) -> Result<(), ChangeError> {
    let value = work.scope(scope)?;
    let states = value.get("States").and_then(Value::as_object);
    let known = |name: &str| states.is_some_and(|states| states.contains_key(name));
    if text(value, "StartAt").is_some_and(known) {
        return Ok(());
    }
    let first = states.and_then(|states| states.keys().next()).cloned();
    let pointer = format!("{scope}/StartAt");
    match first {
        Some(first) => work.set(&pointer, Value::from(first)),
        None => {
            work.remove(&pointer);
            Ok(())
        }
    }
}
