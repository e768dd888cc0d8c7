//! What a history tells of the states that were visited: the ground on which an execution goes on.

use awm_api::Timestamp;
use awm_api::runs::RunEvent;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A line of states: the machine's own, a branch's, an iteration's.
#[derive(Clone, Debug, Default)]
pub(super) struct PastLine {
    pub(super) visits: Vec<PastVisit>,
    /// The event that an iteration began with.
    pub(super) began: Option<u64>,
}

/// A visit of a state.
#[derive(Clone, Debug)]
pub(super) struct PastVisit {
    pub(super) id: u64,
    /// The state as a JSON Pointer.
    pub(super) state: String,
    pub(super) entered_at: Timestamp,
    /// The event before the state was entered.
    pub(super) before: u64,
    pub(super) input: Arc<Value>,
    pub(super) exit: Option<PastExit>,
    pub(super) error: Option<String>,
    pub(super) cause: Option<String>,
    /// Whether the last that is known of the work is that it failed.
    pub(super) failed: bool,
    /// The event that the newest round of branches or iterations began with.
    pub(super) started: Option<u64>,
    /// The branches or iterations of that round.
    pub(super) lines: BTreeMap<u32, PastLine>,
    pub(super) map_run: Option<String>,
    pub(super) map_run_redrives: u64,
    /// Outputs of child executions that succeeded, by index.
    pub(super) children: Option<Value>,
}

/// How a visit ended.
#[derive(Clone, Debug)]
pub(super) struct PastExit {
    pub(super) id: u64,
    pub(super) output: Arc<Value>,
    pub(super) assigned: Map<String, Value>,
}

impl PastLine {
    /// Reads a history, whose events tell the visit that they belong to.
    pub(super) fn read(history: &[RunEvent]) -> Self {
        let mut line = Self::default();
        for event in history {
            line.take(event);
        }
        line
    }

    /// Every visit, those in branches and iterations included.
    pub(super) fn all_visits<'a>(&'a self, found: &mut Vec<&'a PastVisit>) {
        for visit in &self.visits {
            found.push(visit);
            for line in visit.lines.values() {
                line.all_visits(found);
            }
        }
    }

    fn take(&mut self, event: &RunEvent) {
        let Some(told) = &event.visit else { return };
        let mut line = self;
        for index in &told.within {
            let Some(owner) = line.visits.last_mut() else {
                return;
            };
            line = owner.lines.entry(*index).or_default();
        }
        if event.kind.ends_with("StateEntered") {
            line.visits.push(PastVisit::entered(event, &told.state));
        } else if let Some(visit) = line
            .visits
            .iter_mut()
            .rev()
            .find(|visit| visit.id == told.id)
        {
            visit.take(event);
        }
    }
}

impl PastVisit {
    fn entered(event: &RunEvent, state: &str) -> Self {
        Self {
            id: event.id,
            state: state.to_owned(),
            entered_at: event.at,
            before: event.previous,
            input: Arc::new(field(event, "input")),
            exit: None,
            error: None,
            cause: None,
            failed: false,
            started: None,
            lines: BTreeMap::new(),
            map_run: None,
            map_run_redrives: 0,
            children: None,
        }
    }

    fn take(&mut self, event: &RunEvent) {
        if let Some(data) = event.visit.as_ref().and_then(|visit| visit.data.as_deref()) {
            if data.error.is_some() {
                self.error.clone_from(&data.error);
                self.cause.clone_from(&data.cause);
            }
            if data.children.is_some() {
                self.children.clone_from(&data.children);
            }
        }
        let text = |name: &str| {
            event
                .details
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        match event.kind.as_str() {
            "MapStateStarted" | "ParallelStateStarted" => {
                self.started = Some(event.id);
                self.lines.clear();
                self.map_run = None;
                self.children = None;
                self.failed = false;
            }
            "MapIterationStarted" => {
                let index = event.details.get("index").and_then(Value::as_u64);
                if let Some(index) = index.and_then(|index| u32::try_from(index).ok()) {
                    self.lines.entry(index).or_default().began = Some(event.id);
                }
            }
            "MapRunStarted" => {
                self.map_run = text("mapRunArn");
                self.map_run_redrives = 0;
            }
            "MapRunRedriven" => self.map_run_redrives += 1,
            kind if kind.ends_with("StateExited") => {
                let assigned = field(event, "assignedVariables");
                self.exit = Some(PastExit {
                    id: event.id,
                    output: Arc::new(field(event, "output")),
                    assigned: assigned.as_object().cloned().unwrap_or_default(),
                });
            }
            kind if kind.ends_with("Failed") || kind.ends_with("TimedOut") => {
                self.failed = true;
                if let Some(error) = text("error") {
                    self.error = Some(error);
                    self.cause = text("cause");
                }
            }
            kind if kind.ends_with("Scheduled") || kind.ends_with("Succeeded") => {
                self.failed = false;
            }
            _ => {}
        }
    }
}

fn field(event: &RunEvent, name: &str) -> Value {
    event.details.get(name).cloned().unwrap_or_default()
}
