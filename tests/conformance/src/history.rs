//! Histories, event by event.

use crate::compare::agrees;
use crate::data::text;
use crate::simulate::SimulatedEvent;
use serde_json::Value;

/// A recorded event.
#[derive(Debug)]
struct Recorded<'a> {
    id: Option<u64>,
    previous: u64,
    kind: &'a str,
    details: Value,
}

/// What is wrong with a history, if anything.
pub fn difference(case: &Value, events: &[SimulatedEvent]) -> Option<String> {
    let mut recorded: Vec<Recorded<'_>> = case
        .get("history")?
        .as_array()?
        .iter()
        .map(|event| Recorded {
            id: event.get("id").and_then(Value::as_u64),
            previous: event
                .get("previousEventId")
                .and_then(Value::as_u64)
                .unwrap_or_default(),
            kind: text(event, "type"),
            details: {
                let mut details = details(event);
                forget_function(&mut details);
                details
            },
        })
        .collect();
    let unordered_case = case.get("unordered_history").and_then(Value::as_bool) == Some(true);
    let events = &without_names_of_functions(events);
    if unordered_case {
        return unordered(&recorded, events);
    }
    if recorded.len() != events.len() {
        let kinds: Vec<&str> = recorded.iter().map(|event| event.kind).collect();
        let got: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        return Some(format!("events: recorded {kinds:?}, but got {got:?}"));
    }
    recorded.sort_by_key(|event| event.id);
    recorded.iter().zip(events).find_map(|(recorded, event)| {
        let same = recorded.id == Some(event.id)
            && follows(recorded, event, events)
            && recorded.kind == event.kind
            && agrees(&recorded.details, &event.details);
        (!same).then(|| describe(recorded, event))
    })
}

fn without_names_of_functions(events: &[SimulatedEvent]) -> Vec<SimulatedEvent> {
    let mut events = events.to_vec();
    for event in &mut events {
        forget_function(&mut event.details);
    }
    events
}

/// Recordings have other names of functions than definitions.
pub(crate) fn forget_function(details: &mut Value) {
    if let Some(resource) = details.get_mut("resource")
        && resource
            .as_str()
            .is_some_and(|text| text.contains(":function:"))
    {
        *resource = Value::String("function".to_owned());
    }
}

/// Whether an event is chained as recorded. Until December 2024 AWS chained `EvaluationFailed` to the event before the state's entry,
/// and has since chained it to the entry.
fn follows(recorded: &Recorded<'_>, event: &SimulatedEvent, events: &[SimulatedEvent]) -> bool {
    recorded.previous == event.previous
        || event.kind == "EvaluationFailed"
            && events
                .iter()
                .any(|entry| entry.id == event.previous && entry.previous == recorded.previous)
}

fn describe(recorded: &Recorded<'_>, event: &SimulatedEvent) -> String {
    format!(
        "event: recorded {:?} after {} {} {}, but got {} after {} {} {}",
        recorded.id,
        recorded.previous,
        recorded.kind,
        recorded.details,
        event.id,
        event.previous,
        event.kind,
        event.details,
    )
}

/// As trees: the same events, each after the same one, whatever their numbers.
fn unordered(recorded: &[Recorded<'_>], events: &[SimulatedEvent]) -> Option<String> {
    let numbered = recorded.iter().all(|event| event.id.is_some());
    let mut left: Vec<&SimulatedEvent> = events.iter().collect();
    for event in recorded {
        let parent = recorded
            .iter()
            .find(|other| other.id.is_some() && other.id == Some(event.previous));
        let found = left.iter().position(|made| {
            let same = event.kind == made.kind && agrees(&event.details, &made.details);
            let made_parent = events.iter().find(|other| other.id == made.previous);
            let entry = made_parent.filter(|_| event.kind == "EvaluationFailed");
            let same_entry = entry.is_some_and(|entry| {
                let before = events.iter().find(|other| other.id == entry.previous);
                before.map(|event| event.kind.as_str()) == parent.map(|event| event.kind)
            });
            same && (!numbered
                || same_entry
                || match (parent, made_parent) {
                    (None, None) => true,
                    // AWS once chained this event to the one, now to the other.
                    (Some(parent), Some(made))
                        if event.kind == "MapStateExited"
                            && parent.kind.starts_with("MapRun")
                            && made.kind.starts_with("MapRun") =>
                    {
                        true
                    }
                    (Some(parent), Some(made)) => {
                        parent.kind == made.kind && agrees(&parent.details, &made.details)
                    }
                    _ => false,
                })
        });
        match found {
            Some(index) => {
                left.remove(index);
            }
            None => {
                let after = parent.map_or("nothing", |parent| parent.kind);
                let near: Vec<String> = left
                    .iter()
                    .filter(|made| made.kind == event.kind)
                    .map(|made| {
                        let after = events
                            .iter()
                            .find(|other| other.id == made.previous)
                            .map_or("nothing", |other| other.kind.as_str());
                        format!("{} after {after}", made.details)
                    })
                    .take(2)
                    .collect();
                return Some(format!(
                    "event: recorded {} {} after {after}, but got {}",
                    event.kind,
                    event.details,
                    near.join(", ")
                ));
            }
        }
    }
    unrecorded(recorded, &left)
}

/// Where branches ran side by side, recordings left events of Parallel states out; the numbers of the others tell how many.
fn unrecorded(recorded: &[Recorded<'_>], left: &[&SimulatedEvent]) -> Option<String> {
    let last = recorded.iter().filter_map(|event| event.id).max();
    let missing = last
        .and_then(|last| usize::try_from(last).ok())
        .map(|last| last.saturating_sub(recorded.len()));
    let of_parallel = left
        .iter()
        .all(|event| event.kind.starts_with("ParallelState"));
    if left.is_empty() || of_parallel && missing == Some(left.len()) {
        return None;
    }
    let kinds: Vec<&str> = left.iter().map(|event| event.kind.as_str()).collect();
    Some(format!("events: got {kinds:?} besides what is recorded"))
}

fn details(event: &Value) -> Value {
    event
        .as_object()
        .into_iter()
        .flatten()
        .find(|(key, _)| key.ends_with("EventDetails"))
        .map_or_else(
            || Value::Object(serde_json::Map::new()),
            |(_, details)| details.clone(),
        )
}
