//! Where states lead: targets that are missing, states that nothing leads to, loops without a way out.

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::join;
use crate::syntax::{Machine, State};
use std::collections::{HashMap, HashSet};

pub(super) fn check(machine: &Machine, found: &mut Vec<Diagnostic>) {
    for machine in machine.all_machines() {
        // A machine without states has been reported.
        if !machine.states.is_empty() {
            check_machine(machine, found);
        }
    }
}

fn check_machine(machine: &Machine, found: &mut Vec<Diagnostic>) {
    let starts = machine.states.contains(&machine.start_at);
    if !starts && !machine.start_at.is_empty() {
        found.push(missing(
            machine,
            "StartAt",
            join(&machine.pointer, "StartAt"),
            &machine.start_at,
        ));
    }
    for state in &machine.states {
        for (pointer, target) in state.targets() {
            if !machine.states.contains(target) {
                found.push(missing(machine, "Next", pointer, target));
            }
        }
    }
    // A state of no known type may be meant as an end.
    let ends = |state: &State| state.is_terminal() || state.state_type().is_none();
    if !machine.states.iter().any(ends) {
        let no_end = Diagnostic::error(
            Code::MissingEndState,
            machine.pointer.clone(),
            "Workflow has no terminal state",
        )
        .help("let one state have `\"End\": true`, or add a Succeed or Fail state");
        found.push(match machine.pointer.is_empty() {
            true => no_end.unlocated(),
            false => no_end,
        });
        return;
    }
    if !starts {
        return;
    }
    let reached = reachable(machine);
    for state in &machine.states {
        if !reached.contains(state.name.as_str()) {
            found.push(
                Diagnostic::error(
                    Code::MissingTransitionTarget,
                    state.pointer.clone(),
                    format!("State \"{}\" is not reachable.", state.name),
                )
                .help("let another state lead to it, or remove it"),
            );
        }
    }
    check_loops(machine, &reached, found);
}

fn missing(machine: &Machine, field: &str, pointer: String, target: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::MissingTransitionTarget,
        pointer,
        format!("Missing '{field}' target: {target}"),
    );
    match closest(machine, target) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic.help("transitions lead to states of the same machine only"),
    }
}

/// A state whose name differs in letter case or white space only.
fn closest<'a>(machine: &'a Machine, name: &str) -> Option<&'a str> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let wanted = plain(name);
    machine
        .states
        .iter()
        .map(|state| state.name.as_str())
        .find(|candidate| plain(candidate) == wanted)
}

fn reachable(machine: &Machine) -> HashSet<&str> {
    let mut reached = HashSet::new();
    let mut pending = vec![machine.start_at.as_str()];
    while let Some(name) = pending.pop() {
        if let Some(state) = machine.states.get(name)
            && reached.insert(state.name.as_str())
        {
            pending.extend(state.targets().into_iter().map(|(_, target)| target));
        }
    }
    reached
}

/// States that run, but never come to an end.
fn check_loops(machine: &Machine, reached: &HashSet<&str>, found: &mut Vec<Diagnostic>) {
    let mut before: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut pending = Vec::new();
    for state in &machine.states {
        let targets = state.targets();
        for (_, target) in &targets {
            before.entry(target).or_default().push(&state.name);
        }
        let broken = targets
            .iter()
            .any(|(_, target)| !machine.states.contains(target));
        // What leads nowhere is reported as that.
        if state.is_terminal() || broken || targets.is_empty() {
            pending.push(state.name.as_str());
        }
    }
    let mut ending = HashSet::new();
    while let Some(name) = pending.pop() {
        if ending.insert(name) {
            pending.extend(before.get(name).into_iter().flatten());
        }
    }
    let endless: Vec<&State> = machine
        .states
        .iter()
        .filter(|state| {
            reached.contains(state.name.as_str()) && !ending.contains(state.name.as_str())
        })
        .collect();
    if let Some(first) = endless.first() {
        let names: Vec<String> = endless
            .iter()
            .take(5)
            .map(|state| format!("`{}`", state.name))
            .collect();
        found.push(
            Diagnostic::warning(
                Code::EndlessLoop,
                first.pointer.clone(),
                format!("from here no end can be reached: {}", names.join(", ")),
            )
            .help("let one of these states lead out of the loop"),
        );
    }
}
