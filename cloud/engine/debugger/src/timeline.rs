//! A run as the log of what it was given. The same log gives the same run, so any earlier point can be reached again.

use crate::tickets::Asked;
use awm_api::Timestamp;
use awm_api::runs::RunEvent;
use awm_interpreter::{Effect, Execution, Input};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Log entries between two snapshots.
const SPACING: usize = 64;
/// Snapshots that are kept; then every second one goes.
const SNAPSHOTS: usize = 32;

/// What a run is given.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Give(Input),
    /// A line of states enters its state.
    Turn(u64),
    SetInput(u64, Value),
    SetVariables(u64, Map<String, Value>),
}

/// An entry of the log.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) at: Timestamp,
    pub(crate) entry: Entry,
    /// Events of the run before the entry.
    pub(crate) events_before: usize,
    /// The line of states that it is about.
    pub(crate) thread: Option<u64>,
}

/// A run at a point of its log.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub(crate) execution: Execution,
    /// What was asked for and not yet answered, by the name that an answer has.
    pub(crate) open: BTreeMap<u64, Arc<Asked>>,
    timers: BTreeSet<(Timestamp, u64)>,
    pub(crate) now: Timestamp,
}

impl Moment {
    pub(crate) fn new(execution: Execution, now: Timestamp) -> Self {
        Self {
            execution,
            open: BTreeMap::new(),
            timers: BTreeSet::new(),
            now,
        }
    }

    /// Gives an entry and answers with the events that it made.
    pub(crate) fn apply(&mut self, at: Timestamp, entry: &Entry) -> Vec<RunEvent> {
        self.now = self.now.max(at);
        let effects = match entry {
            Entry::Give(input) => {
                self.forget(input);
                self.execution.give(at, input.clone())
            }
            Entry::Turn(thread) => self.execution.turn(at, *thread).unwrap_or_default(),
            Entry::SetInput(thread, value) => {
                self.execution.set_input(*thread, value.clone());
                Vec::new()
            }
            Entry::SetVariables(thread, values) => {
                self.execution.set_variables(*thread, values.clone());
                Vec::new()
            }
        };
        let mut events = Vec::new();
        for effect in effects {
            match effect {
                Effect::Emit(told) => events.extend(told.into_iter().map(RunEvent::from)),
                Effect::RunTask { id, request } => self.ask(id, Asked::Task(request)),
                Effect::ReadItems { id, request } => self.ask(id, Asked::Read(request)),
                Effect::WriteResults { id, request } => self.ask(id, Asked::Write(request)),
                Effect::CancelTask { id } => {
                    self.open.remove(&id);
                }
                Effect::SetTimer { id, at } => {
                    self.timers.insert((at, id));
                }
                Effect::CancelTimer { id } => self.timers.retain(|(_, timer)| *timer != id),
                Effect::Continue | Effect::ReadMore { .. } | Effect::Finished(_) => {}
            }
        }
        events
    }

    fn ask(&mut self, id: u64, asked: Asked) {
        self.open.insert(id, Arc::new(asked));
    }

    fn forget(&mut self, input: &Input) {
        match input {
            Input::TaskSucceeded { id, .. }
            | Input::TaskFailed { id, .. }
            | Input::ItemsRead { id, .. }
            | Input::ResultsWritten { id, .. } => {
                self.open.remove(id);
            }
            Input::TimerFired { id } => self.timers.retain(|(_, timer)| timer != id),
            _ => {}
        }
    }

    /// The timers, the earliest first.
    pub(crate) fn timers(&self) -> impl Iterator<Item = (Timestamp, u64)> + '_ {
        self.timers.iter().copied()
    }
}

/// A run, its log and its history.
#[derive(Debug)]
pub(crate) struct Timeline {
    pub(crate) moment: Moment,
    pub(crate) log: Vec<Logged>,
    pub(crate) events: Vec<RunEvent>,
    /// Snapshots by the length of the log; the first is the beginning.
    snapshots: Vec<(usize, Moment)>,
}

impl Timeline {
    /// A run that has begun: [`Input::Started`] is the log's first entry, and stays.
    pub(crate) fn new(execution: Execution, now: Timestamp) -> Self {
        let moment = Moment::new(execution, now);
        let mut timeline = Self {
            snapshots: vec![(0, moment.clone())],
            moment,
            log: Vec::new(),
            events: Vec::new(),
        };
        timeline.add(now, Entry::Give(Input::Started), None);
        timeline
    }

    /// Gives an entry; answers with how many events it made.
    pub(crate) fn add(&mut self, at: Timestamp, entry: Entry, thread: Option<u64>) -> usize {
        let events = self.moment.apply(at, &entry);
        self.record(at, entry, thread, events)
    }

    /// Takes what [`Moment::apply`] made of a copy for what happened.
    pub(crate) fn adopt(
        &mut self,
        moment: Moment,
        at: Timestamp,
        entry: Entry,
        thread: Option<u64>,
        events: Vec<RunEvent>,
    ) -> usize {
        self.moment = moment;
        self.record(at, entry, thread, events)
    }

    fn record(
        &mut self,
        at: Timestamp,
        entry: Entry,
        thread: Option<u64>,
        events: Vec<RunEvent>,
    ) -> usize {
        self.log.push(Logged {
            at,
            entry,
            events_before: self.events.len(),
            thread,
        });
        let made = events.len();
        self.events.extend(events);
        let newest = self.snapshots.last().map_or(0, |(length, _)| *length);
        if self.log.len() >= newest + SPACING {
            if self.snapshots.len() >= SNAPSHOTS {
                let mut place = 0;
                self.snapshots.retain(|_| {
                    place += 1;
                    place % 2 == 1
                });
            }
            self.snapshots.push((self.log.len(), self.moment.clone()));
        }
        made
    }

    /// The run after the first `length` entries of the log.
    pub(crate) fn at(&self, length: usize) -> Moment {
        let (from, mut moment) = self
            .snapshots
            .iter()
            .rev()
            .find(|(from, _)| *from <= length)
            .cloned()
            .unwrap_or_else(|| (0, self.moment.clone()));
        let rest = self.log.get(from..length).unwrap_or_default();
        for logged in rest {
            moment.apply(logged.at, &logged.entry);
        }
        moment
    }

    /// Goes back to after the first `length` entries; the beginning stays.
    pub(crate) fn cut(&mut self, length: usize) {
        let length = length.max(1);
        let Some(first) = self.log.get(length) else {
            return;
        };
        let events = first.events_before;
        self.moment = self.at(length);
        self.events.truncate(events);
        self.log.truncate(length);
        self.snapshots.retain(|(at, _)| *at <= length);
    }
}
