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
            details: details(event),
        })
        .collect();
    if recorded.len() != events.len() {
        let kinds: Vec<&str> = recorded.iter().map(|event| event.kind).collect();
        let got: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        return Some(format!("events: recorded {kinds:?}, but got {got:?}"));
    }
    if case.get("unordered_history").and_then(Value::as_bool) == Some(true) {
        return unordered(&recorded, events);
    }
    recorded.sort_by_key(|event| event.id);
    recorded.iter().zip(events).find_map(|(recorded, event)| {
        let same = recorded.id == Some(event.id)
            && recorded.previous == event.previous
            && recorded.kind == event.kind
            && agrees(&recorded.details, &event.details);
        (!same).then(|| describe(recorded, event))
    })
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
            same && (!numbered
                || match (parent, made_parent) {
                    (None, None) => true,
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
    None
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
