//! Runs a machine by a script on a virtual clock, and redrives it from nothing but the history that it left.

use awm_api::runs::{RunEvent, RunStatus};
use awm_interpreter::{
    ChildOutcome, Effect, Execution, Failure, Input, Names, Options, Outcome, Program,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

/// What a task does at a call.
#[derive(Clone)]
pub(crate) enum Act {
    /// It gives its arguments back.
    Echo,
    Gives(Value),
    Fails(&'static str),
    /// It never answers; the run is stopped when nothing else goes on.
    Hangs,
}

/// A run that is driven more than once.
pub(crate) struct Run {
    program: Arc<Program>,
    script: BTreeMap<&'static str, Vec<Act>>,
    calls: BTreeMap<String, usize>,
    history: Vec<RunEvent>,
    now: i64,
    told: String,
}

impl Run {
    pub(crate) fn new(definition: &Value, script: &[(&'static str, Vec<Act>)]) -> Self {
        Self {
            program: Arc::new(Program::from_definition(definition).unwrap()),
            script: script.iter().cloned().collect(),
            calls: BTreeMap::new(),
            history: Vec::new(),
            now: 0,
            told: String::new(),
        }
    }

    /// The first attempt.
    pub(crate) fn start(mut self, input: Value) -> Self {
        let execution = Execution::new(
            Arc::clone(&self.program),
            input,
            Names::local("run", "machine"),
            Options::default(),
            1,
            self.now,
        );
        self.drive(execution);
        self
    }

    /// Forgets all after an event, as a process does that dies, and ends the run as the next start does.
    pub(crate) fn cut_after(mut self, id: u64) -> Self {
        self.history.retain(|event| event.id <= id);
        self.history.push(RunEvent {
            id: id + 1,
            previous: id,
            at: self.now,
            kind: "ExecutionAborted".to_owned(),
            details: json!({}),
            visit: None,
        });
        writeln!(self.told, "cut off after {id}").unwrap();
        self
    }

    /// The next attempt, whose events are told.
    pub(crate) fn redrive(mut self) -> Self {
        let before = |event: &&RunEvent| event.kind == "ExecutionRedriven";
        let count = u32::try_from(self.history.iter().filter(before).count() + 1).unwrap();
        // The history is all that is left: as text, as a store keeps it.
        let stored = serde_json::to_string(&self.history).unwrap();
        let stored: Vec<RunEvent> = serde_json::from_str(&stored).unwrap();
        let first = stored.len();
        self.now += 60_000;
        let execution = Execution::resume(
            Arc::clone(&self.program),
            &stored,
            Some(count),
            Names::local("run", "machine"),
            Options::default(),
            2,
            self.now,
        )
        .unwrap();
        writeln!(self.told, "redrive {count}").unwrap();
        self.drive(execution);
        for event in self.history.get(first..).unwrap() {
            let name = event.details.get("name").and_then(Value::as_str);
            write!(
                self.told,
                "  {}<{} {}",
                event.id, event.previous, event.kind
            )
            .unwrap();
            if let Some(name) = name {
                write!(self.told, " {name}").unwrap();
            }
            if let Some(index) = event.details.get("index") {
                write!(self.told, " {index}").unwrap();
            }
            if let Some(count) = event.details.get("redriveCount") {
                write!(self.told, " {count}").unwrap();
            }
            self.told.push('\n');
        }
        self
    }

    pub(crate) fn told(self) -> String {
        self.told
    }

    fn drive(&mut self, mut execution: Execution) {
        let mut timers: BTreeMap<(i64, u64), u64> = BTreeMap::new();
        let mut open = BTreeSet::new();
        let mut inputs = VecDeque::from([Input::Started]);
        let start = self.now;
        for _ in 0..10_000 {
            let input = inputs
                .pop_front()
                .unwrap_or_else(|| match timers.pop_first() {
                    Some(((at, _), id)) => {
                        self.now = at;
                        Input::TimerFired { id }
                    }
                    None => Input::Stop {
                        error: None,
                        cause: Some("stopped".to_owned()),
                    },
                });
            for effect in execution.step(self.now, input) {
                match effect {
                    Effect::Emit(events) => {
                        self.history.extend(events.into_iter().map(RunEvent::from));
                    }
                    Effect::RunTask { id, request } => {
                        let after = self.now - start;
                        writeln!(
                            self.told,
                            "{after} {} {} #{}",
                            request.name, request.arguments, request.retries
                        )
                        .unwrap();
                        let call = self.calls.entry(request.name.to_string()).or_default();
                        let acts = self.script.get(&*request.name).unwrap();
                        let act = acts.get(*call).or_else(|| acts.last()).unwrap().clone();
                        *call += 1;
                        match act {
                            Act::Echo => inputs.push_back(Input::TaskSucceeded {
                                id,
                                output: request.arguments,
                            }),
                            Act::Gives(output) => {
                                inputs.push_back(Input::TaskSucceeded { id, output })
                            }
                            Act::Fails(error) => inputs.push_back(Input::TaskFailed {
                                id,
                                failure: Failure::work(error, "because"),
                            }),
                            Act::Hangs => {
                                open.insert(id);
                            }
                        }
                    }
                    Effect::SetTimer { id, at } => {
                        timers.insert((at, id), id);
                    }
                    Effect::CancelTimer { id } => timers.retain(|_, timer| *timer != id),
                    Effect::ReadItems { id, .. } => {
                        writeln!(self.told, "reads").unwrap();
                        inputs.push_back(Input::ItemsRead {
                            id,
                            items: Ok(vec![json!(1), json!(2), json!(3)].into()),
                        });
                    }
                    Effect::WriteResults { id, request } => {
                        let results: Vec<String> = request
                            .results
                            .iter()
                            .map(|result| {
                                format!(
                                    "{}={:?}",
                                    result.input,
                                    match &result.outcome {
                                        ChildOutcome::Succeeded(output) => Some(output.to_string()),
                                        _ => None,
                                    }
                                )
                            })
                            .collect();
                        writeln!(self.told, "writes {}", results.join(" ")).unwrap();
                        inputs.push_back(Input::ResultsWritten {
                            id,
                            output: Ok(json!("written")),
                        });
                    }
                    Effect::Continue => inputs.push_back(Input::Continue),
                    Effect::CancelTask { .. } | Effect::ReadMore { .. } => {}
                    Effect::Finished(outcome) => return self.end(&outcome),
                }
            }
        }
    }

    fn end(&mut self, outcome: &Outcome) {
        let status = match outcome.status {
            RunStatus::Succeeded => "SUCCEEDED",
            RunStatus::Failed => "FAILED",
            RunStatus::TimedOut => "TIMED_OUT",
            RunStatus::Aborted => "ABORTED",
            RunStatus::Running => "RUNNING",
        };
        write!(self.told, "{status}").unwrap();
        if let Some(output) = &outcome.output {
            write!(self.told, " {output}").unwrap();
        }
        if let Some(error) = &outcome.error {
            write!(self.told, " {error}").unwrap();
        }
        self.told.push('\n');
    }
}
