//! Going on where a history ends: what was done stands, what was not done is begun again.
//!
//! As RedriveExecution does it: a state goes on if it was entered and not left, with the input that it had; its retries are
//! counted from 0 again. Branches and iterations that are done are not done again.

use super::groups::Group;
use super::history::{About, Line};
use super::past::{PastLine, PastVisit};
use super::thread::Thread;
use super::{Execution, Names, Options};
use crate::Failure;
use crate::program::{Kind, Node, Program};
use awm_api::Timestamp;
use awm_api::runs::RunEvent;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why an execution can't go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// Nothing began.
    #[error("the history has no `ExecutionStarted`")]
    NotStarted,
    /// The definition is another one.
    #[error("the definition has no state at `{0}`")]
    NoState(String),
}

/// How an execution begins.
#[derive(Clone, Debug)]
pub(super) enum Start {
    /// For the first time.
    Fresh,
    /// Again, for the so many-th time.
    Redriven(u32),
    /// Somewhere, without a word.
    Forked,
    /// It has begun.
    Begun,
}

/// What a Parallel or Map state had done when it was cut off.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    pub(super) lines: BTreeMap<u32, PastLine>,
    pub(super) map_run: Option<String>,
    pub(super) map_run_redrives: u64,
    children: Option<Value>,
}

/// Where a line of states stands.
enum Place {
    /// Not in any state yet.
    Start,
    /// A state was entered and not left.
    Within(usize),
    /// A state comes next.
    Next(usize, Arc<Value>),
    /// At its end.
    Done(Arc<Value>),
}

impl Execution {
    /// An execution that goes on where `history` ends, with the definition it had. `redrive` is the number of the redrive, which
    /// is told and resets the machine's time; without one nothing is told, as for a fork, which enters a state anew if the history ends
    /// with its entry. Events must tell their visits.
    pub fn resume(
        program: Arc<Program>,
        history: &[RunEvent],
        redrive: Option<u32>,
        names: impl Into<Arc<Names>>,
        options: Options,
        seed: u64,
        now: Timestamp,
    ) -> Result<Self, ResumeError> {
        let first = history
            .iter()
            .find(|event| event.kind == "ExecutionStarted")
            .ok_or(ResumeError::NotStarted)?;
        let input = first.details.get("input").cloned().unwrap_or_default();
        let past = PastLine::read(history);
        let mut visits = Vec::new();
        past.all_visits(&mut visits);
        if let Some(visit) = visits
            .iter()
            .find(|visit| program.find(&visit.state).is_none())
        {
            return Err(ResumeError::NoState(visit.state.clone()));
        }
        let execution_input = Arc::new(input);
        let mut execution = Self::new(
            program,
            Arc::clone(&execution_input),
            names,
            options,
            seed,
            now,
        );
        let mut about = About::of(None, Some(execution_input), first.at);
        if let Some(count) = redrive {
            about = about.redriven(count, execution.now);
        }
        let mut line = Line::new(execution.options.history, about);
        line.next_event = history
            .iter()
            .map(|event| event.id)
            .max()
            .unwrap_or_default()
            + 1;
        if let Some(last) = history.last()
            && redrive.is_none()
            && last.kind.ends_with("StateEntered")
        {
            line.next_event = last.id;
            execution.anew = Some(last.id);
        }
        execution.lines.insert(0, line);
        execution.start = match redrive {
            Some(count) => Start::Redriven(count),
            None => Start::Forked,
        };
        if let Some((id, mut thread)) = execution.threads.pop_first() {
            thread.done = execution.place(&mut thread, &past);
            execution.threads.insert(id, thread);
        }
        Ok(execution)
    }

    /// Puts a thread where its line stands; answers with the output if it is at its end.
    pub(super) fn place(&self, thread: &mut Thread, line: &PastLine) -> Option<Arc<Value>> {
        if let Some(began) = line.began {
            thread.last = began;
        }
        for visit in &line.visits {
            if let Some(exit) = &visit.exit {
                Arc::make_mut(&mut thread.scope).assign(exit.assigned.clone());
                thread.last = exit.id;
                let place = self.program.find(&visit.state);
                thread.from =
                    place.and_then(|(flow, index)| self.program.node(flow, index).cloned());
            }
        }
        match self.standing(line) {
            Place::Start => None,
            Place::Done(output) => Some(output),
            Place::Next(next, input) => {
                let flow = thread.flow;
                let node = self.program.node(flow, next)?;
                thread.node = Arc::clone(node);
                thread.input = input;
                None
            }
            Place::Within(index) => {
                self.put_within(thread, line.visits.get(index)?);
                None
            }
        }
    }

    fn put_within(&self, thread: &mut Thread, visit: &PastVisit) {
        let Some((flow, index)) = self.program.find(&visit.state) else {
            return;
        };
        let Some(node) = self.program.node(flow, index) else {
            return;
        };
        thread.node = Arc::clone(node);
        thread.input = Arc::clone(&visit.input);
        if matches!(node.kind, Kind::Fail { .. }) || self.anew == Some(visit.id) {
            // It is entered again, and fails again.
            thread.last = visit.before;
            return;
        }
        thread.visit = visit.id;
        thread.before = visit.before;
        thread.last = visit.id;
        thread.entered_at = visit.entered_at;
        thread.data().input = Some(Arc::clone(&visit.input));
        thread.resumed = true;
        if let Some(started) = visit.started
            && !begins_anew(node, visit)
        {
            thread.last = started;
            thread.rest = Some(Box::new(Rest {
                lines: visit.lines.clone(),
                map_run: visit.map_run.clone(),
                map_run_redrives: visit.map_run_redrives,
                children: visit.children.clone(),
            }));
        }
    }

    fn standing(&self, line: &PastLine) -> Place {
        let Some((index, visit)) = line.visits.iter().enumerate().next_back() else {
            return Place::Start;
        };
        let Some(exit) = &visit.exit else {
            return Place::Within(index);
        };
        let Some(node) = self
            .program
            .find(&visit.state)
            .and_then(|(flow, index)| self.program.node(flow, index))
        else {
            return Place::Within(index);
        };
        let output = Arc::clone(&exit.output);
        let caught = visit.failed.then(|| self.catcher_of(node, visit)).flatten();
        match (&node.kind, caught) {
            (_, Some(next)) => Place::Next(next, output),
            // Where it led is not told before the next state is entered: the rules are evaluated again.
            (Kind::Choice { .. }, None) => Place::Within(index),
            (_, None) => match node.next {
                Some(next) => Place::Next(next, output),
                None => Place::Done(output),
            },
        }
    }

    fn catcher_of(&self, node: &Node, visit: &PastVisit) -> Option<usize> {
        let failure = Failure::named(visit.error.as_deref(), visit.cause.as_deref());
        let of_task = matches!(node.kind, Kind::Task(_));
        let catcher = node
            .catch
            .iter()
            .find(|catcher| failure.is_among(&catcher.errors, of_task))?;
        Some(catcher.next)
    }

    /// Gives a group what it had done before.
    pub(super) fn restore(&mut self, mut group: Group, rest: Rest) -> Group {
        for (index, line) in rest.lines {
            match self.standing(&line) {
                Place::Done(output) => group.results.set(index as usize, output),
                _ => {
                    group.past.insert(index as usize, line);
                }
            }
        }
        let children: Map<String, Value> = match rest.children {
            Some(Value::Object(children)) => children,
            _ => Map::new(),
        };
        for (index, output) in children {
            if let Ok(index) = index.parse::<usize>() {
                group.results.set(index, Arc::new(output));
            }
        }
        group
    }
}

/// Whether a Parallel or Map state does everything again: what failed was not one of its branches or iterations.
fn begins_anew(node: &Node, visit: &PastVisit) -> bool {
    let distributed = matches!(&node.kind, Kind::Map(map) if map.processor.distributed);
    match visit.error.as_deref() {
        Some("States.DataLimitExceeded") => true,
        Some("States.Runtime") => distributed,
        _ => distributed && visit.map_run.is_none(),
    }
}

impl Program {
    /// The flow and the place in it of a state, by its JSON Pointer.
    pub(crate) fn find(&self, pointer: &str) -> Option<(usize, usize)> {
        self.flows.iter().enumerate().find_map(|(flow, states)| {
            let index = states
                .nodes
                .iter()
                .position(|node| *node.pointer == *pointer)?;
            Some((flow, index))
        })
    }
}
