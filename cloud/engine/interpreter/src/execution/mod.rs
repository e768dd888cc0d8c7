//! A running machine, without I/O: inputs go in, effects come out, and the same inputs give the same effects.

mod child_results;
mod children;
mod choice;
mod control;
mod ends;
mod evaluate;
mod finish;
mod groups;
mod history;
mod inspect;
mod main_first;
mod map;
mod past;
mod results;
mod resume;
mod states;
mod supply;
mod task;
mod thread;
mod wait;

pub use control::{Place, Raised, ThreadView};
pub(crate) use history::rfc3339;
pub(crate) use inspect::{Inspected, MockedState};
pub use resume::ResumeError;

use crate::event::{Details, Event};
use crate::program::Program;
use crate::size::Bound;
use crate::{Effect, Failure, Input, Outcome};
use awm_api::Timestamp;
use awm_api::runs::RunStatus;
use awm_asl::random::{Randomness as _, Seeded};
use groups::Group;
use history::{About, EVENT_LIMIT, Line};
use main_first::MainFirst;
use resume::Start;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use thread::{Thread, Work};

/// What a running machine is called: what the context object tells. What all executions of a machine have in common is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `$$.Execution.Id`
    pub execution_id: String,
    /// `$$.Execution.Name`
    pub execution_name: String,
    /// `$$.Execution.RoleArn`
    pub role: Arc<str>,
    /// `$$.StateMachine.Id`
    pub machine_id: Arc<str>,
    /// `$$.StateMachine.Name`
    pub machine_name: Arc<str>,
    /// The region that integrations are told to be in.
    pub region: Arc<str>,
}

/// How a machine is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Iterations of an inline Map that run at once where it sets no limit.
    pub inline_concurrency: usize,
    /// Child executions of a distributed Map that run at once where it sets no limit.
    pub distributed_concurrency: usize,
    /// Events after which an execution fails.
    pub event_limit: u64,
    /// Whether events are told, and with them the data of states at their stations. Without them an execution can't be redriven, and
    /// a debugger sees no data.
    pub history: bool,
    /// Turns of states in one step.
    pub turns_per_step: usize,
    /// States that something stands in for, as JSON Pointers: told with their visits.
    pub mocked: std::collections::BTreeSet<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            inline_concurrency: 40,
            distributed_concurrency: 100,
            event_limit: EVENT_LIMIT,
            history: true,
            turns_per_step: 100,
            mocked: std::collections::BTreeSet::new(),
        }
    }
}

/// One execution of a [`Program`]. A clone goes on by itself.
#[derive(Clone, Debug)]
pub struct Execution {
    program: Arc<Program>,
    names: Arc<Names>,
    options: Options,
    random: Seeded,
    now: Timestamp,
    threads: MainFirst<Box<Thread>>,
    groups: BTreeMap<u64, Group>,
    /// The histories: number 0 is the execution's own, the others are child executions'.
    lines: MainFirst<Line>,
    /// Which thread waits for a task, a timer, a reading or a writing.
    waiting: BTreeMap<u64, u64>,
    /// Threads that enter a state.
    ready: VecDeque<u64>,
    next_id: u64,
    machine_timer: Option<u64>,
    events: Vec<Event>,
    effects: Vec<Effect>,
    outcome: Option<Arc<Outcome>>,
    /// The context object of a single state that is tested.
    given_context: Option<Arc<Value>>,
    start: Start,
    /// The visit that a fork begins anew.
    anew: Option<u64>,
    /// The errors of the last step.
    raised: Vec<Raised>,
    /// What was exercised, if that is wanted.
    exercised: Option<BTreeSet<String>>,
}

/// Seconds that an Express execution may take.
const EXPRESS_SECONDS: u64 = 300;

/// How far a state came.
#[derive(Debug)]
enum Progress {
    /// It waits for an input.
    Waits,
    /// It is done.
    Done {
        output: Arc<Value>,
        /// How large the output is at most, if that is known.
        bound: Option<Bound>,
        next: Option<usize>,
    },
}

impl Execution {
    /// An execution that has not begun. `input` may be shared, and so may `names`. The seed decides about jitter, random numbers and ids.
    pub fn new(
        program: Arc<Program>,
        input: impl Into<Arc<Value>>,
        names: impl Into<Arc<Names>>,
        options: Options,
        seed: u64,
        now: Timestamp,
    ) -> Self {
        let (input, names) = (input.into(), names.into());
        let told = (options.history || program.reads_context).then(|| Arc::clone(&input));
        let line = Line::new(options.history, About::of(None, told, now));
        let mut execution = Self {
            program,
            names,
            options,
            random: Seeded::new(seed),
            now,
            threads: MainFirst::new(1),
            groups: BTreeMap::new(),
            lines: MainFirst::new(0),
            waiting: BTreeMap::new(),
            ready: VecDeque::new(),
            next_id: 1,
            machine_timer: None,
            events: Vec::new(),
            effects: Vec::new(),
            outcome: None,
            given_context: None,
            start: Start::Fresh,
            anew: None,
            raised: Vec::new(),
            exercised: None,
        };
        execution.lines.insert(0, line);
        execution.prepare(input);
        execution
    }

    /// Gives the outermost machine a thread, which waits for [`Input::Started`].
    fn prepare(&mut self, input: Arc<Value>) {
        let start = self.program.flows.first().map_or(0, |flow| flow.start);
        if let Some(node) = self.program.node(0, start).cloned() {
            let id = self.new_id();
            let thread = Thread::new(id, 0, node, input, Arc::clone(&self.program.no_variables));
            self.threads.insert(id, thread);
        }
    }

    /// From now on remembers what is exercised; see [`Execution::exercised`].
    pub fn remember_exercised(&mut self) {
        self.exercised.get_or_insert_default();
    }

    /// What was exercised, as JSON Pointers: states, rules and `Default` of Choice states, retriers and catchers. Child executions
    /// count too, though their histories are not seen.
    pub fn exercised(&self) -> impl Iterator<Item = &str> {
        self.exercised.iter().flatten().map(String::as_str)
    }

    fn exercise(&mut self, pointer: impl FnOnce() -> String) {
        if let Some(exercised) = &mut self.exercised {
            exercised.insert(pointer());
        }
    }

    /// How the execution ended, if it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_deref()
    }

    /// Takes an input and answers with what is to be done now, events first. An input that nobody waits for is dropped.
    pub fn step(&mut self, now: Timestamp, input: Input) -> Vec<Effect> {
        self.now = self.now.max(now);
        self.raised.clear();
        if self.outcome.is_none() {
            self.take(input);
            self.take_turns();
        }
        self.flush()
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Started => self.begin(),
            Input::Continue => {}
            Input::TaskSubmitted { id, output } => self.task_submitted(id, output),
            Input::TaskSucceeded { id, output } => self.task_ended(id, Ok(output)),
            Input::TaskFailed { id, failure } => self.task_ended(id, Err(failure)),
            Input::Heartbeat { id } => self.heartbeat(id),
            Input::TimerFired { id } => self.timer_fired(id),
            Input::ItemsRead { id, items } => self.items_read(id, items),
            Input::ResultsWritten { id, output } => self.results_written(id, output),
            Input::Stop { error, cause } => {
                self.end_all(RunStatus::Aborted, "ExecutionAborted", None, error, cause);
            }
        }
    }

    fn begin(&mut self) {
        let Some((id, input)) = self
            .threads
            .first()
            .map(|(id, thread)| (id, Arc::clone(&thread.input)))
        else {
            return;
        };
        match std::mem::replace(&mut self.start, Start::Begun) {
            Start::Begun => return,
            Start::Fresh => {
                self.tell(
                    0,
                    0,
                    "ExecutionStarted",
                    Details::Data("input", input),
                    None,
                );
            }
            Start::Redriven(count) => {
                let last = self.lines.get(&0).map_or(0, |line| line.next_event - 1);
                let details = json!({ "redriveCount": count });
                self.tell(0, last, "ExecutionRedriven", details, None);
            }
            Start::Forked => {}
        }
        let express = self.names.is_express().then_some(EXPRESS_SECONDS);
        if let Some(seconds) = self.program.timeout.into_iter().chain(express).min() {
            let timer = self.new_id();
            self.machine_timer = Some(timer);
            self.effects.push(Effect::SetTimer {
                id: timer,
                at: self.after(seconds as f64),
            });
        }
        if let Some(output) = self
            .threads
            .get_mut(&id)
            .and_then(|thread| thread.done.take())
        {
            if let Some(thread) = self.threads.remove(&id) {
                self.thread_succeeded(thread, output);
            }
            return;
        }
        self.ready.push_back(id);
    }

    fn take_turns(&mut self) {
        for _ in 0..self.options.turns_per_step {
            let Some(id) = self.ready.pop_front() else {
                return;
            };
            self.let_in(id);
            if self.outcome.is_some() {
                return;
            }
        }
        if !self.ready.is_empty() {
            self.effects.push(Effect::Continue);
        }
    }

    /// Lets a thread into its state.
    fn let_in(&mut self, id: u64) {
        if let Some(mut thread) = self.threads.remove(&id) {
            if !std::mem::take(&mut thread.resumed) {
                self.enter(&mut thread);
            }
            self.work(thread);
        }
    }

    /// Does a state's work and goes where that leads.
    fn work(&mut self, mut thread: Box<Thread>) {
        let progress = self.perform(&mut thread);
        self.settle(thread, progress);
    }

    fn settle(&mut self, mut thread: Box<Thread>, progress: Result<Progress, Failure>) {
        match progress {
            Ok(Progress::Waits) => {
                self.threads.insert(thread.id, thread);
            }
            Ok(Progress::Done {
                output,
                bound,
                next,
            }) => {
                self.exit(&mut thread, &output);
                self.go(thread, output, bound, next);
            }
            Err(failure) => self.fail(thread, failure),
        }
    }

    /// Goes to the next state, or ends the thread's machine.
    fn go(
        &mut self,
        mut thread: Box<Thread>,
        output: Arc<Value>,
        bound: Option<Bound>,
        next: Option<usize>,
    ) {
        let node = next.and_then(|next| self.program.node(thread.flow, next));
        match node {
            Some(node) => {
                thread.move_to(Arc::clone(node), output, bound);
                self.ready.push_back(thread.id);
                self.threads.insert(thread.id, thread);
            }
            None => self.thread_succeeded(thread, output),
        }
    }

    fn timer_fired(&mut self, id: u64) {
        if self.machine_timer == Some(id) {
            let failure = Failure::timeout();
            self.end_all(
                RunStatus::TimedOut,
                "ExecutionTimedOut",
                None,
                failure.error,
                failure.cause,
            );
            return;
        }
        let Some(mut thread) = self
            .waiting
            .remove(&id)
            .and_then(|id| self.threads.remove(&id))
        else {
            return;
        };
        match thread.work {
            Work::Timer(_) => {
                thread.work = Work::None;
                let progress = self.complete_wait(&mut thread);
                self.settle(thread, progress);
            }
            Work::Retry(_) => {
                thread.work = Work::None;
                self.work(thread);
            }
            Work::Task { .. } => self.task_timed_out(thread, id),
            _ => {
                self.threads.insert(thread.id, thread);
            }
        }
    }

    fn new_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// The time after so many seconds.
    fn after(&self, seconds: f64) -> Timestamp {
        // The cast saturates.
        self.now
            .saturating_add((seconds * 1000.0).ceil() as Timestamp)
    }

    /// Has `thread` told when it is `at`.
    fn set_timer(&mut self, thread: u64, at: Timestamp) -> u64 {
        let id = self.new_id();
        self.waiting.insert(id, thread);
        self.effects.push(Effect::SetTimer { id, at });
        id
    }

    fn cancel_timer(&mut self, id: u64) {
        if self.waiting.remove(&id).is_some() {
            self.effects.push(Effect::CancelTimer { id });
        }
    }

    fn new_token(&mut self) -> String {
        self.random.uuid()
    }

    /// Events first, then the rest.
    fn flush(&mut self) -> Vec<Effect> {
        if self.events.is_empty() {
            return std::mem::take(&mut self.effects);
        }
        let mut effects = Vec::with_capacity(self.effects.len() + 1);
        effects.push(Effect::Emit(std::mem::take(&mut self.events)));
        effects.append(&mut self.effects);
        effects
    }
}
