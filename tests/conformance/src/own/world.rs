//! The world around an execution: a clock that jumps, tasks that do as the case says, callers with tokens.

use super::case::{Act, Case, Signal};
use awm_api::runs::RunEvent;
use awm_interpreter::{
    Effect, Execution, Failure, Input, Names, Options, Outcome, Program, TaskCall,
};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// What happened.
#[derive(Debug, Default)]
pub struct Played {
    /// How it ended; none if it never did.
    pub outcome: Option<Outcome>,
    /// Milliseconds until it ended.
    pub at: i64,
    /// When, which state, with what.
    pub calls: Vec<(i64, String, Value)>,
    /// Milliseconds from a failure to the retry after it.
    pub delays: Vec<i64>,
    /// States whose task was cancelled.
    pub cancelled: Vec<String>,
    /// Calls that were under way at once, at most.
    pub together: usize,
    /// Types of events.
    pub events: Vec<String>,
    /// Signals that nothing waited for, by their place.
    pub refused: Vec<usize>,
    /// What is wrong with the history, if anything.
    pub history_fault: Option<String>,
}

/// What comes when nothing else is left to do.
#[derive(Debug)]
enum Coming {
    /// An answer to this effect.
    Answer(u64, Input),
    /// A signal, by its place.
    Signal(usize),
}

struct World<'a> {
    case: &'a Case,
    now: i64,
    order: u64,
    coming: BTreeMap<(i64, u64), Coming>,
    calls: BTreeMap<String, usize>,
    /// The state, by task.
    under_way: BTreeMap<u64, String>,
    failed_at: BTreeMap<String, i64>,
    tokens: BTreeMap<(String, usize), String>,
    cancelled: Vec<u64>,
    played: Played,
}

/// Inputs after which an execution is given up.
const MAX_INPUTS: usize = 1_000_000;

/// Plays a case on a virtual clock that begins at 0. An error tells that the machine does not compile.
pub fn play(case: &Case, seed: u64) -> Result<Played, String> {
    let program = Program::from_definition(&case.definition).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        told.join("; ")
    })?;
    let mut execution = Execution::new(
        Arc::new(program),
        case.input.clone(),
        Names::local("run", "machine"),
        Options::default(),
        seed,
        0,
    );
    let mut world = World {
        case,
        now: 0,
        order: 0,
        coming: BTreeMap::new(),
        calls: BTreeMap::new(),
        under_way: BTreeMap::new(),
        failed_at: BTreeMap::new(),
        tokens: BTreeMap::new(),
        cancelled: Vec::new(),
        played: Played::default(),
    };
    for (place, signal) in case.signals.iter().enumerate() {
        world.comes(signal.at, Coming::Signal(place));
    }
    let mut inputs = VecDeque::from([Input::Started]);
    for _ in 0..MAX_INPUTS {
        let Some(input) = inputs.pop_front().or_else(|| world.next(&execution)) else {
            break;
        };
        for effect in execution.step(world.now, input) {
            match effect {
                Effect::Continue => inputs.push_back(Input::Continue),
                Effect::Finished(outcome) => {
                    world.played.outcome = Some(Arc::unwrap_or_clone(outcome));
                    world.played.at = world.now;
                    return Ok(world.played);
                }
                other => world.take(other),
            }
        }
    }
    Ok(world.played)
}

impl World<'_> {
    fn comes(&mut self, at: i64, what: Coming) {
        self.order += 1;
        self.coming.insert((at, self.order), what);
    }

    fn next(&mut self, execution: &Execution) -> Option<Input> {
        loop {
            let ((at, _), coming) = self.coming.pop_first()?;
            match coming {
                Coming::Answer(id, _) if self.cancelled.contains(&id) => {}
                Coming::Answer(id, input) => {
                    self.now = self.now.max(at);
                    if matches!(
                        input,
                        Input::TaskSucceeded { .. } | Input::TaskFailed { .. }
                    ) {
                        let state = self.under_way.remove(&id);
                        if let (Some(state), Input::TaskFailed { .. }) = (state, &input) {
                            self.failed_at.insert(state, at);
                        }
                    }
                    return Some(input);
                }
                Coming::Signal(place) => {
                    self.now = at;
                    if let Some(input) = self.signal(place, execution) {
                        return Some(input);
                    }
                }
            }
        }
    }

    fn signal(&mut self, place: usize, execution: &Execution) -> Option<Input> {
        let signal: &Signal = self.case.signals.get(place)?;
        if signal.stop {
            return Some(Input::Stop {
                error: signal.error.clone(),
                cause: signal.cause.clone(),
            });
        }
        let token = match &signal.token_of {
            Some(state) => self.tokens.get(&(state.clone(), signal.call)),
            None => signal.token.as_ref(),
        };
        let Some(id) = token.and_then(|token| execution.task_of(token)) else {
            self.played.refused.push(place);
            return None;
        };
        if signal.heartbeat {
            return Some(Input::Heartbeat { id });
        }
        self.under_way.remove(&id);
        Some(match &signal.output {
            Some(output) => Input::TaskSucceeded {
                id,
                output: output.clone(),
            },
            None => Input::TaskFailed {
                id,
                failure: Failure::named(signal.error.as_deref(), signal.cause.as_deref()),
            },
        })
    }

    fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Emit(events) => {
                for event in events.into_iter().map(RunEvent::from) {
                    let id = self.played.events.len() as u64 + 1;
                    if event.id != id || event.previous >= id {
                        self.played.history_fault = Some(format!(
                            "event {} after {} comes as number {id}",
                            event.id, event.previous
                        ));
                    }
                    self.played.events.push(event.kind);
                }
            }
            Effect::RunTask { id, request } => self.call(id, &request),
            Effect::SetTimer { id, at } => {
                self.comes(at, Coming::Answer(id, Input::TimerFired { id }));
            }
            Effect::CancelTimer { id } => self.cancelled.push(id),
            Effect::CancelTask { id } => {
                self.cancelled.push(id);
                if let Some(state) = self.under_way.remove(&id) {
                    self.failed_at.insert(state.clone(), self.now);
                    self.played.cancelled.push(state);
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, id: u64, request: &TaskCall) {
        let state = request.name.to_string();
        if request.retries > 0
            && let Some(failed) = self.failed_at.get(&state)
        {
            self.played.delays.push(self.now - failed);
        }
        self.played
            .calls
            .push((self.now, state.clone(), request.arguments.clone()));
        let calls = self.calls.entry(state.clone()).or_default();
        let acts = self.case.world.get(&state);
        let act = acts
            .and_then(|acts| acts.get(*calls).or_else(|| acts.last()))
            .cloned()
            .unwrap_or_else(|| Act {
                output: Some(request.arguments.clone()),
                ..Act::default()
            });
        if let Some(token) = &request.token {
            self.tokens.insert((state.clone(), *calls), token.clone());
        }
        *calls += 1;
        self.under_way.insert(id, state);
        self.played.together = self.played.together.max(self.under_way.len());
        let at = self.now + act.after;
        if let Some(every) = act.beats.filter(|every| *every > 0) {
            let mut beat = self.now + every;
            while beat < at {
                self.comes(beat, Coming::Answer(id, Input::Heartbeat { id }));
                beat += every;
            }
        }
        if let Some(output) = act.submitted {
            self.comes(at, Coming::Answer(id, Input::TaskSubmitted { id, output }));
        } else if !act.never {
            let input = match act.output {
                Some(output) => Input::TaskSucceeded { id, output },
                None => Input::TaskFailed {
                    id,
                    failure: Failure::named(act.error.as_deref(), act.cause.as_deref()),
                },
            };
            self.comes(at, Coming::Answer(id, input));
        }
    }
}
