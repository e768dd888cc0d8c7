//! Variables that are read before they are assigned, or never.
//!
//! What is assigned when a state begins is what every way to it assigns: along `Next`, through the rules of a Choice, and through `Catch`,
//! where the state's own `Assign` has not happened. A branch or iteration starts with what the state around it sees.

use crate::check::variables::{StateVariables, variables};
use crate::check::{QueryKind, queries};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{Path, Root};
use crate::pointer::join;
use crate::syntax::{Condition, Machine, State, StateKind, Test, TestedType};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

type Names = BTreeSet<String>;

pub(super) fn check(machine: &Machine, found: &mut Vec<Diagnostic>) {
    let all: BTreeMap<String, StateVariables> = variables(machine)
        .into_iter()
        .map(|state| (state.pointer.clone(), state))
        .collect();
    if all
        .values()
        .all(|state| state.reads.is_empty() && state.assigns.is_empty())
    {
        return;
    }
    let mut flow = Flow {
        all: &all,
        asked: asked(machine),
        found,
    };
    flow.machine(machine, &Names::new(), &Names::new());
    unused(machine, &all, found);
}

struct Flow<'a> {
    all: &'a BTreeMap<String, StateVariables>,
    /// Variables that some expression asks for before it reads them.
    asked: Names,
    found: &'a mut Vec<Diagnostic>,
}

impl Flow<'_> {
    /// `surely` and `perhaps` are what is assigned around the machine.
    fn machine(&mut self, machine: &Machine, surely: &Names, perhaps: &Names) {
        let surely = solve(machine, surely, |known, new| {
            let before = known.len();
            known.retain(|name| new.contains(name));
            known.len() != before
        });
        let perhaps = solve(machine, perhaps, |known, new| {
            let before = known.len();
            known.extend(new.iter().cloned());
            known.len() != before
        });
        let none = Names::new();
        for state in &machine.states {
            // States that nothing leads to have been reported.
            let Some(here) = surely.get(state.name.as_str()) else {
                continue;
            };
            let may = perhaps.get(state.name.as_str()).unwrap_or(&none);
            if let Some(own) = self.all.get(&state.pointer) {
                for name in own.reads.iter().filter(|name| !here.contains(*name)) {
                    self.report(state, name, may.contains(name));
                }
            }
            let isolated =
                matches!(&state.kind, StateKind::Map(map) if map.processor.config.distributed);
            for inner in state.machines() {
                match isolated {
                    true => self.machine(inner, &none, &none),
                    false => self.machine(inner, here, may),
                }
            }
        }
    }

    fn report(&mut self, state: &State, name: &str, sometimes: bool) {
        if sometimes && !self.asked.contains(name) {
            self.found.push(
                Diagnostic::warning(
                    Code::MaybeUnassignedVariable,
                    state.pointer.clone(),
                    format!("the variable `${name}` is read here, but not every way to this state assigns it"),
                )
                .help("assign it in a state that all ways go through, such as the first"),
            );
        } else if !sometimes {
            self.found.push(
                Diagnostic::warning(
                    Code::UnassignedVariable,
                    state.pointer.clone(),
                    format!("the variable `${name}` is read here, but no state before this one assigns it"),
                )
                .help("assign it in an earlier state of the same or an enclosing machine"),
            );
        }
    }
}

/// What is assigned when each state begins; states that nothing leads to are not there.
fn solve<'a>(
    machine: &'a Machine,
    start: &Names,
    merge: impl Fn(&mut Names, &Names) -> bool,
) -> BTreeMap<&'a str, Names> {
    let mut known: BTreeMap<&str, Names> = BTreeMap::new();
    let mut pending = VecDeque::new();
    if let Some(first) = machine.states.get(&machine.start_at) {
        known.insert(&first.name, start.clone());
        pending.push_back(first);
    }
    while let Some(state) = pending.pop_front() {
        let here = known.get(state.name.as_str()).cloned().unwrap_or_default();
        for (target, assigned) in ways(state) {
            let Some(target) = machine.states.get(target) else {
                continue;
            };
            let mut there = here.clone();
            there.extend(names(assigned));
            let changed = match known.get_mut(target.name.as_str()) {
                Some(known) => merge(known, &there),
                None => {
                    known.insert(&target.name, there);
                    true
                }
            };
            if changed {
                pending.push_back(target);
            }
        }
    }
    known
}

type Assign = Option<Map<String, Value>>;

/// The ways out of a state, with what is assigned on each.
fn ways(state: &State) -> Vec<(&str, &Assign)> {
    let mut ways: Vec<(&str, &Assign)> = Vec::new();
    ways.extend(state.next.as_deref().map(|next| (next, &state.assign)));
    if let StateKind::Choice(choice) = &state.kind {
        ways.extend(
            choice
                .rules
                .iter()
                .map(|rule| (rule.next.as_str(), &rule.assign)),
        );
        ways.extend(choice.default.as_deref().map(|name| (name, &state.assign)));
    }
    ways.extend(
        state
            .catch
            .iter()
            .map(|catcher| (catcher.next.as_str(), &catcher.assign)),
    );
    ways
}

fn names(assign: &Assign) -> impl Iterator<Item = String> + '_ {
    assign
        .iter()
        .flat_map(Map::keys)
        .map(|name| name.strip_suffix(".$").unwrap_or(name).to_owned())
}

/// Variables that `IsPresent`, `$exists` or `$type` ask for somewhere: whoever asks knows that they may be missing.
fn asked(machine: &Machine) -> Names {
    let mut asked = Names::new();
    for state in machine.all_states() {
        if let StateKind::Choice(choice) = &state.kind {
            for rule in &choice.rules {
                asked_by(&rule.condition, &mut asked);
            }
        }
        for query in queries(state) {
            match query.kind {
                QueryKind::Expression(text) => asked_in(text, &mut asked),
                QueryKind::QueryTemplate(value) => {
                    let mut pending = vec![value];
                    while let Some(value) = pending.pop() {
                        match value {
                            Value::Object(map) => pending.extend(map.values()),
                            Value::Array(items) => pending.extend(items),
                            Value::String(text) => asked_in(text, &mut asked),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }
    asked
}

fn asked_by(condition: &Condition, asked: &mut Names) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            for part in parts {
                asked_by(part, asked);
            }
        }
        Condition::Not(inner) => asked_by(inner, asked),
        Condition::Test {
            variable,
            test:
                Test::Is {
                    what: TestedType::Present,
                    ..
                },
        } => {
            if let Ok(path) = Path::parse(variable)
                && let Root::Variable(name) = path.root()
            {
                asked.insert(name.to_string());
            }
        }
        _ => {}
    }
}

fn asked_in(text: &str, asked: &mut Names) {
    for call in ["$exists(", "$type(", "$boolean(", "$not("] {
        for after in text.split(call).skip(1) {
            if let Some(name) = after.trim_start().strip_prefix('$') {
                let end = name
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(name.len());
                asked.insert(name.get(..end).unwrap_or_default().to_owned());
            }
        }
    }
}

/// Variables that nothing reads, at any depth.
fn unused(machine: &Machine, all: &BTreeMap<String, StateVariables>, found: &mut Vec<Diagnostic>) {
    let read: BTreeSet<&str> = all
        .values()
        .flat_map(|state| state.reads.iter().map(String::as_str))
        .collect();
    for state in machine.all_states() {
        let rules = match &state.kind {
            StateKind::Choice(choice) => choice.rules.as_slice(),
            _ => &[],
        };
        let places = std::iter::once((state.pointer.as_str(), &state.assign))
            .chain(
                rules
                    .iter()
                    .map(|rule| (rule.pointer.as_str(), &rule.assign)),
            )
            .chain(
                state
                    .catch
                    .iter()
                    .map(|catcher| (catcher.pointer.as_str(), &catcher.assign)),
            );
        for (pointer, assign) in places {
            for key in assign.iter().flat_map(Map::keys) {
                let name = key.strip_suffix(".$").unwrap_or(key);
                if !read.contains(name) {
                    found.push(
                        Diagnostic::info(
                            Code::UnusedVariable,
                            join(&join(pointer, "Assign"), key),
                            format!("no state reads the variable `${name}`"),
                        )
                        .help("remove it, or read it where it was meant to be read"),
                    );
                }
            }
        }
    }
}
