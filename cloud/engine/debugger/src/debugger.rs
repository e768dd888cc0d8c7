//! The debugger without I/O: what is to be done comes out, answers and actions go in.

use crate::breakpoints::Breakpoints;
use crate::going::{Goal, Going};
use crate::steps::Step;
use crate::tickets::{Answer, Need, Tickets};
use crate::timeline::Timeline;
use awm_api::Timestamp;
use awm_api::debug::{Breakpoint, HoldReason};
use awm_api::runs::RunEvent;
use awm_interpreter::{Execution, Names, Options, Place, Program};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Turns and inputs before the caller has its turn.
const TURNS: usize = 500;

/// What a session is about.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What is run.
    pub program: Arc<Program>,
    /// Its input.
    pub input: Value,
    /// What it is called in the context object.
    pub names: Names,
    /// How it is run.
    pub options: Options,
    /// What random numbers begin with.
    pub seed: u64,
    /// When it begins.
    pub now: Timestamp,
    /// Timers wait by the clock.
    pub real_time: bool,
    /// The state to start at, if not the first.
    pub start_at: Option<String>,
    /// The variables that it sees.
    pub variables: Map<String, Value>,
}

/// What a session wants next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// It holds, or has ended: an action.
    Held,
    /// That these are done.
    Needs(Vec<Need>),
    /// An answer, or that it is so late.
    Waits {
        /// When the next timer fires, with real time.
        until: Option<Timestamp>,
    },
    /// To go on, once others had their turn.
    More,
}

/// Why an action is not taken: a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// A machine under control.
#[derive(Debug)]
pub struct Debugger {
    pub(crate) base: NewSession,
    pub(crate) timeline: Timeline,
    pub(crate) tickets: Tickets,
    pub(crate) breakpoints: Breakpoints,
    pub(crate) going: Going,
    pub(crate) reason: HoldReason,
    pub(crate) selected: Option<u64>,
    pub(crate) rewound: u64,
    /// What is to be done and was not told yet.
    needs: Vec<Need>,
    /// Answers that came and were not given, in order.
    pub(crate) inbox: VecDeque<Step>,
    /// Answers that stand in for tasks that are not asked yet, by the line and its moves.
    pub(crate) forced: BTreeMap<(u64, u64), Answer>,
    /// The step that it holds before, which does not hold again.
    pub(crate) passed: Option<Step>,
    /// The same of an error, by the length of the log.
    pub(crate) passed_error: Option<usize>,
    asked: bool,
    /// The line that waits for the one that is stepped.
    parent: Option<u64>,
}

impl Debugger {
    /// A session, held before the first state.
    pub fn new(base: NewSession) -> Result<Self, Refused> {
        let timeline = begin(&base)?;
        let mut debugger = Self {
            base,
            timeline,
            tickets: Tickets::default(),
            breakpoints: Breakpoints::default(),
            going: Going::Held,
            reason: HoldReason::Start,
            selected: None,
            rewound: 0,
            needs: Vec::new(),
            inbox: VecDeque::new(),
            forced: BTreeMap::new(),
            passed: None,
            passed_error: None,
            asked: false,
            parent: None,
        };
        debugger.select_any();
        Ok(debugger)
    }

    /// The history so far.
    pub fn events(&self) -> &[RunEvent] {
        &self.timeline.events
    }

    /// How often the run was taken back.
    pub fn rewound(&self) -> u64 {
        self.rewound
    }

    /// The run as it stands.
    pub fn execution(&self) -> &Execution {
        &self.timeline.moment.execution
    }

    /// Puts these breakpoints in place of all.
    pub fn set_breakpoints(&mut self, breakpoints: Vec<Breakpoint>) {
        let program = Arc::clone(&self.base.program);
        self.breakpoints
            .replace(breakpoints, |state| program.has_state(state));
    }

    /// Adds a breakpoint, or changes the one with its number; answers with the number.
    pub fn set_breakpoint(&mut self, breakpoint: Breakpoint) -> u64 {
        let program = Arc::clone(&self.base.program);
        self.breakpoints
            .set(breakpoint, |state| program.has_state(state))
    }

    /// Takes the answer to what was asked for.
    pub fn answer(&mut self, ticket: u64, answer: Answer) {
        if let Some(id) = self.tickets.answer(ticket, answer) {
            self.inbox.push_back(Step::Answer(id));
        }
    }

    /// A task gives a sign that it goes on.
    pub fn beat(&mut self, ticket: u64) {
        if let Some(id) = self.tickets.named(ticket) {
            self.inbox.push_back(Step::Beat(id));
        }
    }

    /// Has it hold as soon as may be.
    pub(crate) fn ask_to_hold(&mut self) {
        self.asked = self.going != Going::Held;
    }

    /// Has it go.
    pub(crate) fn go(&mut self, going: Going) {
        self.passed = self.selected.and_then(|thread| self.step_of(thread));
        self.parent = self
            .selected
            .and_then(|thread| self.execution().thread(thread))
            .and_then(|line| line.parent);
        self.going = going;
        self.asked = false;
    }

    /// What a line does next, if it is known.
    fn step_of(&self, thread: u64) -> Option<Step> {
        let line = self.execution().thread(thread)?;
        match line.place {
            Place::Entering => Some(Step::Turn {
                thread,
                moves: line.moves,
            }),
            Place::Working(id) => self.tickets.peek(id).map(|_| Step::Answer(id)),
            _ => None,
        }
    }

    /// Goes on to where something is to be done outside, or it holds.
    pub fn advance(&mut self, now: Timestamp) -> Next {
        for _ in 0..TURNS {
            if self.going == Going::Held {
                return Next::Held;
            }
            if self.execution().outcome().is_some() {
                self.hold(HoldReason::Step, None);
                return Next::Held;
            }
            self.bind();
            if !self.needs.is_empty() {
                return Next::Needs(std::mem::take(&mut self.needs));
            }
            if std::mem::take(&mut self.asked) {
                self.hold(HoldReason::Asked, self.selected);
                continue;
            }
            let parent = self.parent;
            match self.going.look(&self.timeline.moment.execution, parent) {
                Goal::NotYet => {}
                Goal::Reached(thread) => {
                    self.hold(HoldReason::Step, Some(thread));
                    continue;
                }
                Goal::LineEnded(thread) => {
                    self.hold(HoldReason::LineEnded, Some(thread));
                    continue;
                }
            }
            match self.choose(now) {
                Some(step) => self.take(step, now),
                None if self.unanswered() => {
                    return Next::Waits {
                        until: self.next_timer(),
                    };
                }
                None => match self.next_timer() {
                    Some(until) => return Next::Waits { until: Some(until) },
                    None if matches!(self.going, Going::Step { .. } | Going::Into { .. }) => {
                        // It waits for lines that are held.
                        self.going = Going::Ended { parent };
                    }
                    None => self.hold(HoldReason::Stuck, self.selected),
                },
            }
        }
        Next::More
    }

    /// Has a ticket for all that is open; what stands in for a task is its answer.
    fn bind(&mut self) {
        let moment = &self.timeline.moment;
        let forced = &mut self.forced;
        let (needs, answered) = self.tickets.bind(&moment.open, |id| {
            let line = moment.execution.waits_for(id)?;
            let moves = moment.execution.thread(line)?.moves;
            forced.remove(&(line, moves))
        });
        self.inbox.extend(answered.into_iter().map(Step::Answer));
        self.needs.extend(needs);
    }

    fn choose(&mut self, now: Timestamp) -> Option<Step> {
        let execution = &self.timeline.moment.execution;
        let ready = execution
            .ready()
            .find(|thread| self.going.allows(execution, *thread));
        if let Some(thread) = ready {
            let moves = execution.thread(thread)?.moves;
            return Some(Step::Turn { thread, moves });
        }
        self.inbox.retain(|step| match step {
            Step::Answer(id) | Step::Beat(id) => execution.waits_for(*id).is_some(),
            _ => true,
        });
        let place = self.inbox.iter().position(|step| match step {
            Step::Answer(id) | Step::Beat(id) => execution
                .waits_for(*id)
                .is_some_and(|thread| self.going.allows(execution, thread)),
            _ => true,
        });
        if let Some(place) = place {
            return self.inbox.get(place).copied();
        }
        let (at, id) = self.timers().next()?;
        let due = match self.base.real_time {
            true => at <= now,
            false => !self.unanswered(),
        };
        due.then_some(Step::Timer(id, at))
    }

    /// The timers of lines that go, the earliest first.
    fn timers(&self) -> impl Iterator<Item = (Timestamp, u64)> + '_ {
        let execution = self.execution();
        self.timeline.moment.timers().filter(|(_, id)| {
            execution
                .waits_for(*id)
                .is_none_or(|thread| self.going.allows(execution, thread))
        })
    }

    fn next_timer(&self) -> Option<Timestamp> {
        let at = self.timers().next().map(|(at, _)| at);
        at.filter(|_| self.base.real_time)
    }

    /// Whether a line that goes waits for something outside.
    fn unanswered(&self) -> bool {
        let execution = self.execution();
        self.timeline.moment.open.keys().any(|id| {
            self.tickets.peek(*id).is_none()
                && execution
                    .waits_for(*id)
                    .is_some_and(|thread| self.going.allows(execution, thread))
        })
    }

    pub(crate) fn hold(&mut self, reason: HoldReason, thread: Option<u64>) {
        self.going = Going::Held;
        self.reason = reason;
        self.selected = thread;
        self.select_any();
    }

    /// Chooses a line that is there, if the chosen one is not.
    pub(crate) fn select_any(&mut self) {
        let execution = &self.timeline.moment.execution;
        let there = self
            .selected
            .is_some_and(|id| execution.thread(id).is_some());
        if !there {
            self.selected = execution
                .ready()
                .next()
                .or_else(|| execution.threads().first().map(|line| line.id));
        }
    }

    /// The run is another one from here on: what was on its way is for the old one.
    pub(crate) fn cut(&mut self, length: usize) {
        self.timeline.cut(length);
        self.after_rewind(length.max(1));
    }

    pub(crate) fn begin_anew(&mut self) -> Result<(), Refused> {
        self.timeline = begin(&self.base)?;
        self.after_rewind(0);
        Ok(())
    }

    fn after_rewind(&mut self, length: usize) {
        self.tickets.rewind(length);
        self.inbox.clear();
        self.forced.clear();
        self.passed = None;
        self.passed_error = None;
        self.rewound += 1;
        self.bind();
    }
}

fn begin(base: &NewSession) -> Result<Timeline, Refused> {
    let mut execution = Execution::new(
        Arc::clone(&base.program),
        base.input.clone(),
        base.names.clone(),
        base.options.clone(),
        base.seed,
        base.now,
    );
    if let Some(state) = &base.start_at
        && !execution.start_at(state, base.variables.clone())
    {
        return Err(Refused(format!("there is no state at `{state}`")));
    }
    Ok(Timeline::new(execution, base.now))
}
