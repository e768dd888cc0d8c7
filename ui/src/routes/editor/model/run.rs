//! A run as the screens need it, folded from its events.

use awm_api::{
    Timestamp,
    runs::{Run, RunEvent, RunStatus, RunSummary, RunUpdate, VisitData},
};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Everything known of one run: its row, its events, and the visits that they tell of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunModel {
    /// The run's row, once told.
    pub summary: Option<RunSummary>,
    /// The output, when it succeeded.
    pub output: Option<Value>,
    /// All events so far, in order.
    pub events: Vec<RunEvent>,
    /// All visits so far, in the order of entry.
    pub visits: Vec<VisitRecord>,
    progress: HashMap<u64, String>,
    by_id: HashMap<u64, usize>,
}

/// One visit of one state.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitRecord {
    /// The id of the `…StateEntered` event.
    pub id: u64,
    /// The state as a JSON Pointer.
    pub state: String,
    /// The state's name.
    pub name: String,
    /// Map iterations and Parallel branches around it, outermost first.
    pub within: Vec<u32>,
    /// The state's type, from the event's name.
    pub state_type: String,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// When it was left, or given up.
    pub ended_at: Option<Timestamp>,
    /// The event that ended it.
    pub ended_by: Option<u64>,
    /// How it ended, or that it goes on.
    pub outcome: Outcome,
    /// When each attempt after the first began.
    pub retries: Vec<Timestamp>,
    /// The data at its stations, as far as told.
    pub data: VisitData,
    /// Iterations of a Map: done well, failed, in all.
    pub iterations: Option<Iterations>,
    attempts: u32,
    attempt_failed: bool,
}

/// How the iterations of a Map visit stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Iterations {
    /// Ended well.
    pub succeeded: u32,
    /// Failed or were aborted.
    pub failed: u32,
    /// How many there are in all.
    pub total: u32,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It goes on.
    Running,
    /// It was left in the ordinary way.
    Succeeded,
    /// It failed, and nothing in it caught the error.
    Failed,
    /// It failed, and a Catch took over.
    Caught,
    /// It was cut off by something else.
    Aborted,
}

/// How all visits of one state stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Visits that go on.
    pub running: u32,
    /// Visits that ended well.
    pub succeeded: u32,
    /// Visits that failed.
    pub failed: u32,
    /// Visits whose error was caught.
    pub caught: u32,
    /// Visits that were cut off.
    pub aborted: u32,
    /// Whether a mock stood in at any of them.
    pub mocked: bool,
    /// Attempts after the first, over all visits.
    pub retries: u32,
}

impl Tally {
    /// All visits.
    pub fn visits(&self) -> u32 {
        self.running + self.succeeded + self.failed + self.caught + self.aborted
    }

    /// What the state's mark shows: what still moves first, then what needs a look.
    pub fn outcome(&self) -> Outcome {
        if self.running > 0 {
            Outcome::Running
        } else if self.failed > 0 {
            Outcome::Failed
        } else if self.caught > 0 {
            Outcome::Caught
        } else if self.aborted > 0 && self.succeeded == 0 {
            Outcome::Aborted
        } else {
            Outcome::Succeeded
        }
    }
}

impl RunModel {
    /// The model of a run that was just started.
    pub fn begun(summary: RunSummary) -> Self {
        Self {
            summary: Some(summary),
            ..Self::default()
        }
    }

    /// The model of a stored run.
    pub fn of(run: &Run) -> Self {
        let mut model = Self {
            output: run.output.clone(),
            ..Self::default()
        };
        for event in &run.events {
            model.event(event.clone());
        }
        model.summary(run.summary.clone());
        model
    }

    /// Takes in what a watcher is told.
    pub fn apply(&mut self, update: RunUpdate) {
        match update {
            RunUpdate::Event { event } => self.event(event),
            RunUpdate::Progress { visit, text, .. } => {
                self.progress.entry(visit).or_default().push_str(&text);
            }
            RunUpdate::Summary { summary, output } => {
                if output.is_some() {
                    self.output = output;
                }
                self.summary(summary);
            }
        }
    }

    /// The number of the last event; 0 before the first.
    pub fn last_event(&self) -> u64 {
        self.events.last().map_or(0, |event| event.id)
    }

    /// How the run stands; none before its row is known.
    pub fn status(&self) -> Option<RunStatus> {
        self.summary.as_ref().map(|summary| summary.status)
    }

    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        self.status() == Some(RunStatus::Running)
    }

    /// A visit by its id.
    pub fn visit(&self, id: u64) -> Option<&VisitRecord> {
        self.by_id.get(&id).and_then(|at| self.visits.get(*at))
    }

    /// The visits of a state, in the order of entry.
    pub fn visits_of<'a>(&'a self, state: &'a str) -> impl Iterator<Item = &'a VisitRecord> {
        self.visits.iter().filter(move |visit| visit.state == state)
    }

    /// The text that a visit's task has streamed so far.
    pub fn progress_of(&self, visit: u64) -> Option<&str> {
        self.progress.get(&visit).map(String::as_str)
    }

    /// Where it went wrong: the innermost visit that failed first.
    pub fn first_failure(&self) -> Option<&VisitRecord> {
        self.visits
            .iter()
            .filter(|visit| visit.outcome == Outcome::Failed)
            .min_by_key(|visit| {
                (
                    std::cmp::Reverse(visit.state.matches("/States/").count()),
                    visit.ended_by,
                )
            })
    }

    /// How each visited state stood right after event `upto`; at the end if none is given.
    pub fn overlay(&self, upto: Option<u64>) -> BTreeMap<String, Tally> {
        let upto = upto.unwrap_or(u64::MAX);
        let mut map: BTreeMap<String, Tally> = BTreeMap::new();
        for visit in self.visits.iter().filter(|visit| visit.id <= upto) {
            let tally = map.entry(visit.state.clone()).or_default();
            match visit.outcome_at(upto) {
                Outcome::Running => tally.running += 1,
                Outcome::Succeeded => tally.succeeded += 1,
                Outcome::Failed => tally.failed += 1,
                Outcome::Caught => tally.caught += 1,
                Outcome::Aborted => tally.aborted += 1,
            }
            tally.mocked |= visit.data.mocked;
            tally.retries += visit.retry_count();
        }
        map
    }

    fn summary(&mut self, summary: RunSummary) {
        if summary.status != RunStatus::Running {
            let at = summary.ended_at.unwrap_or(summary.started_at);
            let last = self.last_event();
            self.close_open(at, last, |_| true);
        }
        self.summary = Some(summary);
    }

    fn event(&mut self, event: RunEvent) {
        if event.id <= self.last_event() {
            return;
        }
        if let Some(told) = &event.visit {
            let at = *self.by_id.entry(told.id).or_insert_with(|| {
                self.visits.push(VisitRecord {
                    id: told.id,
                    state: told.state.clone(),
                    name: told.name.clone(),
                    within: told.within.clone(),
                    state_type: event
                        .kind
                        .strip_suffix("StateEntered")
                        .unwrap_or_default()
                        .to_owned(),
                    entered_at: event.at,
                    ended_at: None,
                    ended_by: None,
                    outcome: Outcome::Running,
                    retries: Vec::new(),
                    data: VisitData::default(),
                    iterations: None,
                    attempts: 0,
                    attempt_failed: false,
                });
                self.visits.len() - 1
            });
            if let Some(visit) = self.visits.get_mut(at) {
                if let Some(data) = &told.data {
                    merge(&mut visit.data, data);
                }
                visit.take(&event);
            }
            self.close_inner(at, &event);
        } else if event.kind.starts_with("Execution") && event.kind != "ExecutionStarted" {
            self.close_open(event.at, event.id, |_| true);
        }
        self.events.push(event);
    }

    /// Ends the visits inside a visit that an event ends, or inside the iteration that it ends.
    fn close_inner(&mut self, outer: usize, event: &RunEvent) {
        let iteration = match event.kind.as_str() {
            "MapIterationFailed" | "MapIterationAborted" | "MapIterationSucceeded" => event
                .details
                .get("index")
                .and_then(Value::as_u64)
                .and_then(|index| u32::try_from(index).ok()),
            kind if kind.ends_with("StateExited") => None,
            "ParallelStateFailed"
            | "ParallelStateAborted"
            | "MapStateFailed"
            | "MapStateAborted" => None,
            _ => return,
        };
        let Some(outer) = self.visits.get(outer) else {
            return;
        };
        if !matches!(outer.state_type.as_str(), "Parallel" | "Map") {
            return;
        }
        let (prefix, within) = (format!("{}/", outer.state), outer.within.clone());
        self.close_open(event.at, event.id, |visit| {
            visit.state.starts_with(&prefix)
                && visit.within.starts_with(&within)
                && iteration.is_none_or(|index| visit.within.get(within.len()) == Some(&index))
        });
    }

    fn close_open(&mut self, at: Timestamp, by: u64, inside: impl Fn(&VisitRecord) -> bool) {
        for visit in &mut self.visits {
            if visit.outcome == Outcome::Running && inside(visit) {
                visit.outcome = if visit.attempt_failed || visit.data.error.is_some() {
                    Outcome::Failed
                } else {
                    Outcome::Aborted
                };
                visit.ended_at = Some(at);
                visit.ended_by = Some(by);
            }
        }
    }
}

impl VisitRecord {
    /// How long it took, in milliseconds; none while it goes on.
    pub fn duration(&self) -> Option<i64> {
        self.ended_at.map(|end| (end - self.entered_at).max(0))
    }

    /// Attempts after the first.
    pub fn retry_count(&self) -> u32 {
        let seen = u32::try_from(self.retries.len()).unwrap_or(u32::MAX);
        seen.max(self.data.retries)
    }

    fn outcome_at(&self, upto: u64) -> Outcome {
        match self.ended_by {
            Some(by) if by <= upto => self.outcome,
            _ => Outcome::Running,
        }
    }

    fn take(&mut self, event: &RunEvent) {
        let kind = event.kind.as_str();
        if kind == "FailStateEntered" {
            self.attempt_failed = true;
            self.end(event, Outcome::Failed);
        } else if kind.ends_with("StateExited") {
            let outcome = if self.attempt_failed {
                Outcome::Caught
            } else {
                Outcome::Succeeded
            };
            self.end(event, outcome);
        } else if kind.ends_with("StateAborted") {
            self.end(event, Outcome::Aborted);
        } else if let Some(iteration) = kind.strip_prefix("MapIteration") {
            let count = self.iterations.get_or_insert_default();
            match iteration {
                "Succeeded" => count.succeeded += 1,
                "Failed" | "Aborted" => count.failed += 1,
                _ => {}
            }
        } else if kind.ends_with("Failed") || kind.ends_with("TimedOut") {
            self.attempt_failed = true;
        } else if kind.ends_with("Scheduled")
            || kind == "ParallelStateStarted"
            || kind == "MapStateStarted"
        {
            self.attempts += 1;
            if self.attempts > 1 {
                self.retries.push(event.at);
            }
            self.attempt_failed = false;
            if kind == "MapStateStarted" {
                let total = event
                    .details
                    .get("length")
                    .and_then(Value::as_u64)
                    .unwrap_or(0);
                self.iterations = Some(Iterations {
                    total: u32::try_from(total).unwrap_or(u32::MAX),
                    ..Iterations::default()
                });
            }
        } else if kind.ends_with("Succeeded") {
            self.attempt_failed = false;
        }
    }

    fn end(&mut self, event: &RunEvent, outcome: Outcome) {
        self.ended_at = Some(event.at);
        self.ended_by = Some(event.id);
        self.outcome = outcome;
    }
}

/// Lays newer stations over older ones; a station that isn't told again stays.
fn merge(old: &mut VisitData, new: &VisitData) {
    macro_rules! stations {
        ($($field:ident)*) => {$(
            if new.$field.is_some() {
                old.$field.clone_from(&new.$field);
            }
        )*};
    }
    stations!(input after_input_path arguments result after_result_selector after_result_path output variables error cause);
    old.retries = old.retries.max(new.retries);
    old.mocked |= new.mocked;
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
