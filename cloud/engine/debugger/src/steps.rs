//! The steps of a run under control, and the breakpoints that hold before and after them.

use crate::breakpoints::{before, raises};
use crate::debugger::Debugger;
use crate::tickets::Answer;
use crate::timeline::Entry;
use awm_api::Timestamp;
use awm_api::debug::{BreakAt, HoldReason};
use awm_interpreter::{Input, Raised};

/// What a line does next, to know it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It enters a state.
    Turn { thread: u64, moves: u64 },
    /// It takes the answer to this.
    Answer(u64),
    /// A timer fires.
    Timer(u64, Timestamp),
    /// A task gives a sign.
    Beat(u64),
}

impl Debugger {
    /// Takes a step, unless a breakpoint holds before it.
    pub(crate) fn take(&mut self, step: Step, now: Timestamp) {
        if self.passed != Some(step)
            && let Some((reason, thread)) = self.break_before(step)
        {
            self.hold(reason, Some(thread));
            return;
        }
        let Some((entry, thread)) = self.entry(step) else {
            self.inbox.retain(|other| *other != step);
            return;
        };
        let at = match (step, self.base.real_time) {
            (_, true) => now,
            (Step::Timer(_, at), false) => at.max(self.timeline.moment.now),
            (_, false) => self.timeline.moment.now,
        };
        let number = self.timeline.log.len();
        let made = if self.breakpoints.on_errors() && self.passed_error != Some(number) {
            let mut trial = self.timeline.moment.clone();
            let events = trial.apply(at, &entry);
            let raised = trial.execution.raised().to_vec();
            if let Some((reason, thread)) = self.break_on(&raised) {
                self.passed_error = Some(number);
                self.hold(reason, Some(thread));
                return;
            }
            self.timeline.adopt(trial, at, entry, thread, events)
        } else {
            self.timeline.add(at, entry, thread)
        };
        self.inbox.retain(|other| *other != step);
        if let Step::Answer(id) = step {
            self.tickets.used(id, number);
        }
        self.break_after(made, thread);
    }

    fn entry(&self, step: Step) -> Option<(Entry, Option<u64>)> {
        let execution = self.execution();
        Some(match step {
            Step::Turn { thread, .. } => (Entry::Turn(thread), Some(thread)),
            Step::Answer(id) => {
                let (asked, answer) = self.tickets.peek(id)?;
                let input = answer.clone().input(id, asked);
                (Entry::Give(input), execution.waits_for(id))
            }
            Step::Timer(id, _) => (
                Entry::Give(Input::TimerFired { id }),
                execution.waits_for(id),
            ),
            Step::Beat(id) => (
                Entry::Give(Input::Heartbeat { id }),
                execution.waits_for(id),
            ),
        })
    }

    fn break_before(&mut self, step: Step) -> Option<(HoldReason, u64)> {
        let execution = &self.timeline.moment.execution;
        let (hit, thread) = match step {
            Step::Turn { thread, .. } => {
                let line = execution.thread(thread)?;
                let hit = self
                    .breakpoints
                    .hit(execution, thread, None, |at| before(at, &line));
                (hit, thread)
            }
            Step::Answer(id) => {
                let thread = execution.waits_for(id)?;
                let line = execution.thread(thread)?;
                let result = match self.tickets.peek(id) {
                    Some((_, Answer::Value(Ok(value)))) => Some(value),
                    _ => None,
                };
                let is_there = |at: &BreakAt| matches!(at, BreakAt::Result { state } if **state == *line.state);
                let hit = self.breakpoints.hit(execution, thread, result, is_there);
                (hit, thread)
            }
            Step::Timer(..) | Step::Beat(_) => return None,
        };
        hit.map(|id| (HoldReason::Breakpoint { id }, thread))
    }

    fn break_on(&mut self, raised: &[Raised]) -> Option<(HoldReason, u64)> {
        let execution = &self.timeline.moment.execution;
        raised.iter().find_map(|raised| {
            let thread = raised.thread;
            let hit = self
                .breakpoints
                .hit(execution, thread, None, |at| raises(at, raised))?;
            let reason = HoldReason::Error {
                id: hit,
                state: raised.state.to_string(),
                error: raised.failure.error.clone(),
                cause: raised.failure.cause.clone(),
            };
            Some((reason, thread))
        })
    }

    /// Holds after the last state of a line, which no turn follows.
    fn break_after(&mut self, made: usize, thread: Option<u64>) {
        if !self.breakpoints.on_exits() {
            return;
        }
        let execution = &self.timeline.moment.execution;
        let first = self.timeline.events.len().saturating_sub(made);
        let exited: Vec<String> = self
            .timeline
            .events
            .get(first..)
            .unwrap_or_default()
            .iter()
            .filter(|event| event.kind.ends_with("StateExited"))
            .filter_map(|event| event.visit.as_ref().map(|visit| visit.state.clone()))
            .filter(|state| {
                !execution.ready().any(|id| {
                    let line = execution.thread(id);
                    line.is_some_and(|line| line.from.as_deref() == Some(state))
                })
            })
            .collect();
        if exited.is_empty() {
            return;
        }
        let hit = self.breakpoints.hit(
            execution,
            thread.unwrap_or_default(),
            None,
            |at| matches!(at, BreakAt::Exit { state } if exited.contains(state)),
        );
        if let Some(id) = hit {
            self.hold(HoldReason::Breakpoint { id }, thread);
        }
    }
}
