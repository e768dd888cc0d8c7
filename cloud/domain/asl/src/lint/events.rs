//! Histories that would have too many events: Map states over many items, loops that count far, loops that wait for something.

use crate::check::{QueryKind, queries};
use crate::diagnostic::{Code, Diagnostic};
use crate::jsonata::expression_of;
use crate::syntax::{
    Condition, Machine, Operand, Quantity, State, StateKind, Test, TestedType, Wait,
};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Events that the history of a standard execution may have.
const MAX_EVENTS: u64 = 25_000;

/// A loop that reaches the limit later than this is not reported: nothing waits so long without another way out.
const HORIZON: u64 = 24 * 60 * 60;

pub(super) fn check(machine: &Machine, found: &mut Vec<Diagnostic>) {
    let timeout = machine.timeout_seconds;
    let mut pending = vec![machine];
    while let Some(machine) = pending.pop() {
        loops(machine, timeout, found);
        for state in &machine.states {
            if let StateKind::Map(map) = &state.kind {
                let config = &map.processor.config;
                if !config.distributed {
                    many_items(state, found);
                }
                if config.distributed && config.express {
                    continue;
                }
            }
            pending.extend(state.machines());
        }
    }
}

fn many_items(state: &State, found: &mut Vec<Diagnostic>) {
    let events = cost(state);
    if events > MAX_EVENTS {
        found.push(
            Diagnostic::warning(
                Code::TooManyEvents,
                state.pointer.clone(),
                format!("this Map writes at least {events} events, but a history may have {MAX_EVENTS}: the execution fails"),
            )
            .help("set the Mode of the ProcessorConfig to DISTRIBUTED, so that each item has a history of its own"),
        );
    }
}

/// Events that a state writes at least when it goes well.
// The recursion is bounded, since machines are nested a few levels only.
fn cost(state: &State) -> u64 {
    match &state.kind {
        StateKind::Task(_) => 5,
        StateKind::Fail(_) => 1,
        StateKind::Parallel(branches) => {
            let inner: u64 = branches.iter().map(shortest).fold(0, u64::saturating_add);
            inner.saturating_add(4)
        }
        StateKind::Map(map) if map.processor.config.distributed => 6,
        StateKind::Map(map) => {
            let items = item_count(map.items.as_ref()).unwrap_or(0);
            let each = shortest(&map.processor.machine).saturating_add(2);
            items.saturating_mul(each).saturating_add(4)
        }
        _ => 2,
    }
}

/// How many items there are, if the definition tells.
fn item_count(items: Option<&Value>) -> Option<u64> {
    match items? {
        Value::Array(items) => u64::try_from(items.len()).ok(),
        Value::String(text) => {
            let range = expression_of(text)?.strip_prefix('[')?.strip_suffix(']')?;
            let (first, last) = range.split_once("..")?;
            let (first, last): (i64, i64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            u64::try_from(last.checked_sub(first)?.checked_add(1)?).ok()
        }
        _ => None,
    }
}

/// The fewest events from the start of a machine to an end.
fn shortest(machine: &Machine) -> u64 {
    let ends = |state: &State| state.is_terminal();
    let Some(start) = machine.states.get(&machine.start_at) else {
        return 0;
    };
    let paths = distances(machine, vec![start]);
    machine
        .states
        .iter()
        .filter(|state| ends(state))
        .filter_map(|state| paths.get(state.name.as_str()).copied())
        .min()
        .unwrap_or(0)
}

/// The fewest events until each state has ended, from any of some states on; errors are not gone along.
fn distances<'a>(machine: &'a Machine, from: Vec<&'a State>) -> HashMap<&'a str, u64> {
    let mut best: HashMap<&str, u64> = HashMap::new();
    let mut pending: BTreeMap<(u64, &str), &State> = from
        .into_iter()
        .map(|state| ((cost(state), state.name.as_str()), state))
        .collect();
    while let Some(((events, name), state)) = pending.pop_first() {
        if best.contains_key(name) {
            continue;
        }
        best.insert(name, events);
        for next in successors(machine, state) {
            if !best.contains_key(next.name.as_str()) {
                pending.insert((events.saturating_add(cost(next)), &next.name), next);
            }
        }
    }
    best
}

/// Where a state goes when it goes well.
fn successors<'a>(machine: &'a Machine, state: &'a State) -> Vec<&'a State> {
    let mut names: Vec<&str> = state.next.as_deref().into_iter().collect();
    if let StateKind::Choice(choice) = &state.kind {
        names.extend(choice.rules.iter().map(|rule| rule.next.as_str()));
        names.extend(choice.default.as_deref());
    }
    names
        .into_iter()
        .filter_map(|name| machine.states.get(name))
        .collect()
}

/// A round of a loop through a Choice.
struct Round<'a> {
    states: Vec<&'a State>,
    events: u64,
}

fn loops(machine: &Machine, timeout: Option<u64>, found: &mut Vec<Diagnostic>) {
    for state in &machine.states {
        let StateKind::Choice(choice) = &state.kind else {
            continue;
        };
        let Some(round) = round(machine, state) else {
            continue;
        };
        let bound = choice
            .rules
            .iter()
            .flat_map(|rule| bounds(&rule.condition))
            .filter(|bound| round.states.iter().any(|state| counts(state, &bound.name)))
            .map(|bound| bound.limit)
            .max();
        if let Some(rounds) = bound {
            let events = rounds.saturating_mul(round.events);
            if events > MAX_EVENTS {
                found.push(
                    Diagnostic::warning(
                        Code::TooManyEvents,
                        state.pointer.clone(),
                        format!(
                            "{rounds} rounds of this loop write about {events} events, but a history may have {MAX_EVENTS}: the execution fails"
                        ),
                    )
                    .help("do several steps in each round, or run parts of it as workflows of their own"),
                );
            }
            continue;
        }
        let waits = round.states.iter().filter_map(|state| match &state.kind {
            StateKind::Wait(Wait::Seconds(Quantity::Number(seconds))) => seconds.as_u64(),
            _ => None,
        });
        let seconds: u64 = waits.sum();
        let rounds = MAX_EVENTS / round.events.max(1);
        let until = rounds.saturating_mul(seconds);
        if seconds > 0 && until < HORIZON && timeout.is_none_or(|timeout| timeout > until) {
            found.push(
                Diagnostic::info(
                    Code::TooManyEvents,
                    state.pointer.clone(),
                    format!(
                        "if what this loop waits for does not come, its history is full after {rounds} rounds, which is {}",
                        spoken(until)
                    ),
                )
                .help("wait longer in each round, count the rounds, or give the definition a `TimeoutSeconds`"),
            );
        }
    }
}

fn spoken(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3600),
    }
}

/// The shortest round from a Choice back to it.
fn round<'a>(machine: &'a Machine, choice: &'a State) -> Option<Round<'a>> {
    let mut before: HashMap<&str, &State> = HashMap::new();
    let mut best: HashMap<&str, u64> = HashMap::new();
    let mut pending: BTreeMap<(u64, &str), (&State, &State)> = successors(machine, choice)
        .into_iter()
        .map(|next| ((cost(next), next.name.as_str()), (next, choice)))
        .collect();
    while let Some(((events, name), (state, from))) = pending.pop_first() {
        if best.contains_key(name) {
            continue;
        }
        best.insert(name, events);
        before.insert(name, from);
        if name == choice.name {
            let mut states = vec![choice];
            let mut at = from;
            while at.name != choice.name {
                states.push(at);
                at = before.get(at.name.as_str())?;
            }
            return Some(Round { states, events });
        }
        for next in successors(machine, state) {
            if !best.contains_key(next.name.as_str()) {
                pending.insert(
                    (events.saturating_add(cost(next)), &next.name),
                    (next, state),
                );
            }
        }
    }
    None
}

/// What a condition compares with a number.
struct Bound {
    /// Such as `$.count` or `$states.input.count`.
    name: String,
    limit: u64,
}

fn bounds(condition: &Condition) -> Vec<Bound> {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => parts.iter().flat_map(bounds).collect(),
        Condition::Not(inner) => bounds(inner),
        Condition::Test {
            variable,
            test:
                Test::Compare {
                    of: TestedType::Numeric,
                    operand: Operand::Literal(value),
                    ..
                },
        } => value
            .as_u64()
            .map(|limit| Bound {
                name: variable.clone(),
                limit,
            })
            .into_iter()
            .collect(),
        Condition::Expression(text) => expression_of(text)
            .and_then(|source| {
                let (name, limit) = source.split_once(['<', '>', '='])?;
                let limit = limit.trim_start_matches('=').trim().parse().ok()?;
                let name = name.trim().to_owned();
                let plain = name.starts_with('$')
                    && name
                        .chars()
                        .all(|c| c.is_alphanumeric() || "$._".contains(c));
                plain.then_some(Bound { name, limit })
            })
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a state adds one to what goes by a name.
fn counts(state: &State, name: &str) -> bool {
    let call = |text: &str| {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        text == format!("States.MathAdd({name},1)") || text == format!("States.MathAdd(1,{name})")
    };
    let sum = |text: &str| {
        expression_of(text).is_some_and(|source| {
            let source: String = source.chars().filter(|c| !c.is_whitespace()).collect();
            source.contains(&format!("{name}+1"))
        })
    };
    let mut pending: Vec<Value> = Vec::new();
    for query in queries(state) {
        match query.kind {
            QueryKind::PathOrCall(text) if call(text) => return true,
            QueryKind::Expression(text) if sum(text) => return true,
            QueryKind::PathTemplate(value) | QueryKind::QueryTemplate(value) => {
                pending.push(value.clone());
            }
            _ => {}
        }
    }
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(map) => pending.extend(map.into_iter().map(|(_, value)| value)),
            Value::Array(items) => pending.extend(items),
            Value::String(text) if call(&text) || sum(&text) => return true,
            _ => {}
        }
    }
    false
}
