//! Where a replay differs from what was recorded, the events' numbers apart.

use super::recording::{Recorded, Recording};
use super::visits::Visits;
use awm_api::runs::RunEvent;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};

/// How an event differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It was recorded and did not happen again.
    Missing,
    /// It happened and was not recorded.
    Added,
    /// It tells something else.
    Details,
    /// It follows another event.
    Chain,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Difference {
    /// The recorded event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<u64>,
    /// The replayed event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replayed: Option<u64>,
    /// The event's type.
    pub kind: String,
    /// The state's name, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// How it differs.
    pub what: What,
    /// In a sentence.
    pub text: String,
}

/// What makes an event the same one, but for its place in a row of such.
type Key = (String, Option<(String, Vec<u32>)>);

/// Pairs of recorded and replayed events.
#[derive(Debug)]
pub(crate) struct Pairs {
    waiting: HashMap<Key, VecDeque<u64>>,
    by_recorded: HashMap<u64, u64>,
    by_replayed: HashMap<u64, u64>,
    chained: bool,
}

impl Pairs {
    pub(crate) fn new(recording: &Recording, visits: &Visits) -> Self {
        let mut waiting: HashMap<Key, VecDeque<u64>> = HashMap::new();
        for event in &recording.events {
            let key = recorded_key(event, visits, recording.chained);
            waiting.entry(key).or_default().push_back(event.id);
        }
        Self {
            waiting,
            by_recorded: HashMap::new(),
            by_replayed: HashMap::new(),
            chained: recording.chained,
        }
    }

    /// Finds the recorded event that a replayed one is.
    pub(crate) fn pair(&mut self, event: &RunEvent) -> Option<u64> {
        let place = event
            .visit
            .as_ref()
            .filter(|_| !event.kind.starts_with("Execution"));
        let place = place.map(|visit| match self.chained {
            true => (visit.state.clone(), visit.within.clone()),
            false => (name(&event.details), Vec::new()),
        });
        let key = (event.kind.clone(), place);
        let recorded = self.waiting.get_mut(&key)?.pop_front()?;
        self.by_recorded.insert(recorded, event.id);
        self.by_replayed.insert(event.id, recorded);
        Some(recorded)
    }

    /// Whether a recorded event has happened again.
    pub(crate) fn has(&self, recorded: u64) -> bool {
        self.by_recorded.contains_key(&recorded)
    }

    pub(crate) fn differences(
        &self,
        recording: &Recording,
        visits: &Visits,
        events: &[RunEvent],
        agree: &dyn Fn(&Value, &Value) -> bool,
    ) -> Vec<Difference> {
        let replayed: HashMap<u64, &RunEvent> =
            events.iter().map(|event| (event.id, event)).collect();
        let mut found = Vec::new();
        for event in &recording.events {
            let state = visits.visit(event.id).map(|visit| visit.name.clone());
            let mut differ = |replayed: Option<u64>, what: What, text: String| {
                found.push(Difference {
                    recorded: Some(event.id),
                    replayed,
                    kind: event.kind.clone(),
                    state: state.clone(),
                    what,
                    text,
                });
            };
            let made = self
                .by_recorded
                .get(&event.id)
                .and_then(|id| replayed.get(id));
            let Some(made) = made else {
                differ(
                    None,
                    What::Missing,
                    format!("it was recorded with {}", event.details),
                );
                continue;
            };
            if !agree(&event.details, &made.details) {
                let text = format!("recorded {}, but replayed {}", event.details, made.details);
                differ(Some(made.id), What::Details, text);
            }
            let before = self
                .by_replayed
                .get(&made.previous)
                .copied()
                .unwrap_or_default();
            if self.chained && before != event.previous {
                let text = format!(
                    "it followed event {}, but the replay has it after what was event {before}",
                    event.previous
                );
                differ(Some(made.id), What::Chain, text);
            }
        }
        for event in events {
            if !self.by_replayed.contains_key(&event.id) {
                found.push(Difference {
                    recorded: None,
                    replayed: Some(event.id),
                    kind: event.kind.clone(),
                    state: event.visit.as_ref().map(|visit| visit.name.clone()),
                    what: What::Added,
                    text: format!("it was not recorded: {}", event.details),
                });
            }
        }
        found
    }
}

fn recorded_key(event: &Recorded, visits: &Visits, chained: bool) -> Key {
    let place = match chained {
        true => visits
            .visit(event.id)
            .map(|visit| (visit.state.clone(), visit.within.clone())),
        false => Some((name(&event.details), Vec::new()))
            .filter(|_| !event.kind.starts_with("Execution")),
    };
    (event.kind.clone(), place)
}

fn name(details: &Value) -> String {
    let name = details.get("name").and_then(Value::as_str);
    name.unwrap_or_default().to_owned()
}
