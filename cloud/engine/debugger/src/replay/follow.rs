//! A recorded history done again: whatever came from outside comes as it was recorded, in that order and at that time.

use super::compare::{Difference, Pairs};
use super::free::{Stand, go};
use super::recording::{Recorded, Recording};
use super::visits::{PastVisit, Visits};
use crate::tickets::Answer;
use crate::timeline::{Entry, Moment};
use awm_api::Timestamp;
use awm_api::runs::RunEvent;
use awm_interpreter::{Execution, Input, Names, Options, Outcome, Place, Program, ThreadView};
use serde_json::Value;
use std::sync::Arc;

/// What is replayed.
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    /// The definition that was run.
    pub program: Arc<Program>,
    /// What happened.
    pub recording: &'a Recording,
    /// What the execution was called in the context object.
    pub names: Names,
    /// When it began, if the recording does not tell.
    pub now: Timestamp,
    /// What stands in where the history tells nothing: tasks of child executions, items of files.
    pub stand: Stand,
}

/// What a replay gave.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The history that the replay made.
    pub events: Vec<RunEvent>,
    /// How it ended; none if the recording goes no further.
    pub outcome: Option<Outcome>,
    /// The states that it stands in or before, by their names, if it has not ended: where it went another way.
    pub stands: Vec<String>,
    /// Where it differs from the recording.
    pub differences: Vec<Difference>,
    /// The states that were visited, with their data, as recorded.
    pub visits: Visits,
}

/// Does a recorded history again. `agree` says whether details are the same: equality, unless names were replaced.
pub fn replay(what: Replay<'_>, agree: &dyn Fn(&Value, &Value) -> bool) -> Replayed {
    let visits = Visits::of(what.recording, &what.program);
    let now = what.recording.started_at().unwrap_or(what.now);
    let mut stand = what.stand;
    stand.remember(what.recording, &visits, &what.program, 0);
    let execution = Execution::new(
        what.program,
        what.recording.input(),
        what.names,
        Options::default(),
        0,
        now,
    );
    let mut follower = Follower {
        moment: Moment::new(execution, now),
        pairs: Pairs::new(what.recording, &visits),
        recording: what.recording,
        visits: &visits,
        stand,
        events: Vec::new(),
        agree,
    };
    if what.recording.chained {
        for event in &what.recording.events {
            follower.follow(event);
        }
    } else {
        let begun = follower.moment.apply(now, &Entry::Give(Input::Started));
        follower.made(begun);
        let rest = go(
            &mut follower.moment,
            &mut follower.stand,
            |_| true,
            |_, _| {},
        );
        follower.made(rest);
    }
    let differences = follower
        .pairs
        .differences(what.recording, &visits, &follower.events, agree);
    let execution = &follower.moment.execution;
    let lines = execution
        .threads()
        .into_iter()
        .filter(|_| execution.outcome().is_none());
    let stands = lines
        .filter(|line| !line.hidden && line.place != Place::Within)
        .map(|line| line.name.to_string())
        .collect();
    Replayed {
        stands,
        outcome: follower.moment.execution.outcome().cloned(),
        events: follower.events,
        differences,
        visits,
    }
}

struct Follower<'a> {
    moment: Moment,
    pairs: Pairs,
    recording: &'a Recording,
    visits: &'a Visits,
    stand: Stand,
    events: Vec<RunEvent>,
    agree: &'a dyn Fn(&Value, &Value) -> bool,
}

impl Follower<'_> {
    /// Brings a recorded event about, unless it came already.
    fn follow(&mut self, event: &Recorded) {
        // What a state leads to may need more than one thing from outside, such as reading and writing files.
        for _ in 0..3 {
            if self.pairs.has(event.id) {
                return;
            }
            let Some(entry) = self.entry(event) else {
                return;
            };
            let at = event.at.unwrap_or_else(|| self.due(&entry));
            let made = self.moment.apply(at, &entry);
            self.made(made);
            let hidden = go(
                &mut self.moment,
                &mut self.stand,
                |line| line.hidden,
                |_, _| {},
            );
            self.made(hidden);
        }
    }

    /// The time at which a timer fires, or now.
    fn due(&self, entry: &Entry) -> Timestamp {
        let Entry::Give(Input::TimerFired { id }) = entry else {
            return self.moment.now;
        };
        let found = self.moment.timers().find(|(_, timer)| timer == id);
        found.map_or(self.moment.now, |(at, _)| at.max(self.moment.now))
    }

    fn made(&mut self, events: Vec<RunEvent>) {
        for event in events {
            let recorded = self.pairs.pair(&event);
            if event.kind.ends_with("StateExited")
                && let Some(recorded) = recorded
            {
                self.adopt(&event, recorded);
            }
            self.events.push(event);
        }
    }

    /// Where a state gave something else than it did, what it gave goes on.
    fn adopt(&mut self, event: &RunEvent, recorded: u64) {
        let Some(told) = self
            .recording
            .events
            .iter()
            .find(|told| told.id == recorded)
        else {
            return;
        };
        if (self.agree)(&told.details, &event.details) {
            return;
        }
        let Some(visit) = &event.visit else { return };
        let next = self.moment.execution.ready().find(|id| {
            self.moment.execution.thread(*id).is_some_and(|line| {
                line.within == visit.within && line.from.as_deref() == Some(visit.state.as_str())
            })
        });
        let Some(next) = next else { return };
        let now = self.moment.now;
        self.moment
            .apply(now, &Entry::SetInput(next, told.field("output")));
        if let Value::Object(assigned) = told.field("assignedVariables") {
            self.moment.apply(now, &Entry::SetVariables(next, assigned));
        }
    }

    /// What brings an event about.
    fn entry(&mut self, event: &Recorded) -> Option<Entry> {
        match event.kind.as_str() {
            "ExecutionStarted" => return Some(Entry::Give(Input::Started)),
            "ExecutionAborted" => {
                let (error, cause) = (event.text("error"), event.text("cause"));
                return Some(Entry::Give(Input::Stop { error, cause }));
            }
            "ExecutionTimedOut" => {
                let execution = &self.moment.execution;
                let (_, id) = self
                    .moment
                    .timers()
                    .find(|(_, id)| execution.waits_for(*id).is_none())?;
                return Some(Entry::Give(Input::TimerFired { id }));
            }
            _ => {}
        }
        let visit = self.visits.visit(event.id)?;
        let line = self.line(visit)?;
        match line.place {
            Place::Entering => {
                self.stand.enter(&line);
                Some(Entry::Turn(line.id))
            }
            Place::Waiting | Place::Retrying => {
                let execution = &self.moment.execution;
                let (_, id) = self
                    .moment
                    .timers()
                    .find(|(_, id)| execution.waits_for(*id) == Some(line.id))?;
                Some(Entry::Give(Input::TimerFired { id }))
            }
            Place::Working(id) if event.kind == "TaskSubmitted" => {
                let output = event.field("output");
                Some(Entry::Give(Input::TaskSubmitted { id, output }))
            }
            Place::Working(id) => Some(Entry::Give(match event.answer()? {
                Ok(output) => Input::TaskSucceeded { id, output },
                Err(failure) => Input::TaskFailed { id, failure },
            })),
            Place::Transferring => self.transfer(&line, event),
            Place::Within => None,
        }
    }

    /// The line that is in a visit, or about to begin it.
    fn line(&self, visit: &PastVisit) -> Option<ThreadView> {
        self.moment
            .execution
            .threads()
            .into_iter()
            .find(|line| !line.hidden && *line.state == *visit.state && line.within == visit.within)
    }

    /// What a Map state read or where it wrote: the history tells it by what came of it.
    fn transfer(&mut self, line: &ThreadView, event: &Recorded) -> Option<Entry> {
        let (id, asked) = self
            .moment
            .open
            .iter()
            .find(|(id, _)| self.moment.execution.waits_for(**id) == Some(line.id))?;
        let (id, asked) = (*id, Arc::clone(asked));
        let answer = match event.kind.as_str() {
            "MapRunFailed" => Answer::Value(Err(event.failure())),
            _ => self.stand.answer(&asked, line, None),
        };
        Some(Entry::Give(answer.input(id, &asked)))
    }
}
