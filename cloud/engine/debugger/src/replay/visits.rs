//! The visits of states that a recorded history tells of: each state's data, and what each event belongs to.

use super::recording::{Recorded, Recording};
use awm_api::Timestamp;
use awm_api::runs::{RunEvent, Visit, VisitData};
use awm_interpreter::Program;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Levels of branches and iterations that are told apart; no definition has as many.
const DEEPEST: usize = 100;

/// A visit of a state.
#[derive(Clone, Debug, PartialEq)]
pub struct PastVisit {
    /// The id of the `…StateEntered` event.
    pub id: u64,
    /// The state as a JSON Pointer; empty if the definition has no such state.
    pub state: String,
    /// The state's name.
    pub name: String,
    /// The state's type.
    pub kind: String,
    /// The Map iterations and Parallel branches it is in, outermost first.
    pub within: Vec<u32>,
    /// The data at its stations, as far as the history tells.
    pub data: VisitData,
    /// When the state was entered, if that is told.
    pub entered_at: Option<Timestamp>,
    /// When it was left.
    pub left_at: Option<Timestamp>,
    /// The visit that this one is in.
    parent: Option<usize>,
    /// Attempts of the work.
    attempts: u32,
}

/// All visits of a history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visits {
    /// In the order in which the states were entered.
    pub all: Vec<PastVisit>,
    /// The visit of each event.
    of: BTreeMap<u64, usize>,
    /// The iteration that an event began or ended.
    index: HashMap<u64, u32>,
}

impl Visits {
    /// Tells the visits apart; the definition names the states.
    pub fn of(recording: &Recording, program: &Program) -> Self {
        let mut visits = Self::default();
        let kinds: HashMap<u64, &str> = recording
            .events
            .iter()
            .map(|event| (event.id, event.kind.as_str()))
            .collect();
        for event in &recording.events {
            visits.take(event, program, &kinds);
        }
        visits
    }

    /// The visit that an event belongs to.
    pub fn visit(&self, event: u64) -> Option<&PastVisit> {
        self.all.get(*self.of.get(&event)?)
    }

    fn take(&mut self, event: &Recorded, program: &Program, kinds: &HashMap<u64, &str>) {
        // Where the event before is not there, the nearest earlier one stands in.
        let from = (event.previous > 0)
            .then(|| self.of.range(..=event.previous).next_back())
            .flatten()
            .map(|(_, place)| *place);
        let place = if event.kind.ends_with("StateEntered") {
            Some(self.enter(event, from, program, kinds))
        } else if event.kind.starts_with("Execution") {
            None
        } else if event.kind == "EvaluationFailed" {
            // AWS has chained it now to the entry of its state, now to the event before.
            let state = event.text("state");
            let named = |visit: &PastVisit| Some(&visit.name) == state.as_ref();
            self.all.iter().rposition(named)
        } else {
            self.owner(event, from)
        };
        let Some(place) = place else { return };
        self.of.insert(event.id, place);
        if let Some(index) = event.details.get("index").and_then(Value::as_u64) {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            self.index.insert(event.id, index);
        }
        if let Some(visit) = self.all.get_mut(place) {
            visit.take(event);
        }
    }

    fn enter(
        &mut self,
        event: &Recorded,
        from: Option<usize>,
        program: &Program,
        kinds: &HashMap<u64, &str>,
    ) -> usize {
        let name = event.text("name").unwrap_or_default();
        let before = kinds.get(&event.previous).copied().unwrap_or_default();
        let outer = from.and_then(|from| self.all.get(from));
        // The line that the state is in: a new one of a branch or iteration, or that of the state before.
        let (parent, mut within) = match (before, outer) {
            (_, None) => (None, Vec::new()),
            ("ParallelStateStarted" | "MapIterationStarted", Some(outer))
                if outer.within.len() < DEEPEST =>
            {
                (from, outer.within.clone())
            }
            (_, Some(outer)) => (outer.parent, outer.within.clone()),
        };
        let owner = parent.and_then(|parent| self.all.get(parent));
        let state = pointer(program, &name, owner.map_or("", |owner| &owner.state));
        match before {
            _ if within.len() >= DEEPEST => {}
            "MapIterationStarted" => {
                within.push(self.index.get(&event.previous).copied().unwrap_or_default());
            }
            "ParallelStateStarted" => within.push(branch(&state, owner)),
            _ => {}
        }
        self.all.push(PastVisit {
            id: event.id,
            state,
            name,
            kind: event
                .kind
                .strip_suffix("StateEntered")
                .unwrap_or_default()
                .to_owned(),
            within,
            data: VisitData::default(),
            entered_at: event.at,
            left_at: None,
            parent,
            attempts: 0,
        });
        self.all.len() - 1
    }

    /// The visit that an event is about: that of the event before, or one around it.
    fn owner(&self, event: &Recorded, from: Option<usize>) -> Option<usize> {
        let name = event.text("name");
        let kind = ["Map", "Parallel"]
            .into_iter()
            .find(|kind| event.kind.starts_with(kind));
        let mut at = from;
        while let Some(place) = at {
            let visit = self.all.get(place)?;
            let same = match (&name, kind) {
                (Some(name), _) => visit.name == *name,
                (None, Some(kind)) => visit.kind == kind,
                (None, None) => true,
            };
            if same {
                return Some(place);
            }
            at = visit.parent;
        }
        from.filter(|_| name.is_none())
    }

    /// The history as a run of this application stores it.
    /// `now` stands in for times that are not told.
    pub fn events(&self, recording: &Recording, now: Timestamp) -> Vec<RunEvent> {
        let mut seen: HashMap<usize, VisitData> = HashMap::new();
        let mut newest = recording.started_at().unwrap_or(now);
        recording
            .events
            .iter()
            .map(|event| {
                newest = event.at.unwrap_or(newest);
                let visit = self.of.get(&event.id).and_then(|place| {
                    let visit = self.all.get(*place)?;
                    let known = seen.entry(*place).or_default();
                    tell(known, event);
                    Some(Visit {
                        id: visit.id,
                        state: visit.state.clone(),
                        name: visit.name.clone(),
                        within: visit.within.clone(),
                        data: Some(Box::new(known.clone())),
                    })
                });
                RunEvent {
                    id: event.id,
                    previous: event.previous,
                    at: newest,
                    kind: event.kind.clone(),
                    details: event.details.clone(),
                    visit,
                }
            })
            .collect()
    }
}

impl PastVisit {
    fn take(&mut self, event: &Recorded) {
        tell(&mut self.data, event);
        if event.kind.ends_with("Scheduled") {
            self.attempts += 1;
        }
        self.data.retries = self.attempts.saturating_sub(1);
        if event.kind.ends_with("StateExited") {
            self.left_at = event.at;
        }
    }
}

/// What an event tells of a state's data.
fn tell(data: &mut VisitData, event: &Recorded) {
    let of = |name: &str| event.details.get(name).cloned();
    let shared = |name: &str| of(name).map(Arc::new);
    match event.kind.as_str() {
        kind if kind.ends_with("StateEntered") => data.input = shared("input"),
        kind if kind.ends_with("StateExited") => {
            data.output = shared("output");
            if let Some(Value::Object(assigned)) = of("assignedVariables") {
                let mut all = match data.variables.take() {
                    Some(Value::Object(all)) => all,
                    _ => Map::new(),
                };
                all.extend(assigned);
                data.variables = Some(Value::Object(all));
            }
        }
        kind if kind.ends_with("Scheduled") => {
            data.arguments = shared("parameters").or_else(|| shared("input"));
        }
        kind if (kind.ends_with("Failed") || kind.ends_with("TimedOut"))
            && event.text("error").is_some() =>
        {
            data.error = event.text("error");
            data.cause = event.text("cause");
        }
        kind if kind.ends_with("Succeeded") && of("output").is_some() => {
            data.result = shared("output")
        }
        _ => {}
    }
}

/// A state by its name, within another one if it is in one.
fn pointer(program: &Program, name: &str, within: &str) -> String {
    let named = || {
        program
            .states()
            .filter(|(_, known)| ***known == *name)
            .map(|(pointer, _)| pointer.to_string())
    };
    named()
        .find(|pointer| pointer.starts_with(within))
        .or_else(|| named().next())
        .unwrap_or_default()
}

/// The branch that a state is in, by its JSON Pointer.
fn branch(state: &str, owner: Option<&PastVisit>) -> u32 {
    owner
        .and_then(|owner| state.strip_prefix(owner.state.as_str()))
        .and_then(|rest| rest.strip_prefix("/Branches/"))
        .and_then(|rest| rest.split('/').next())
        .and_then(|index| index.parse().ok())
        .unwrap_or_default()
}
