//! Runs a machine on a virtual clock, with recorded answers in place of services.

use crate::functions::Functions;
use awm_api::runs::RunEvent;
use awm_interpreter::{
    Effect, Execution, Failure, Input, Names, Options, Outcome, Program, TaskCall,
};
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

/// Inputs after which a run is given up.
const MAX_INPUTS: usize = 100_000;

/// What stands in for services.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Answers by the state's name, one for each call.
    pub answers: HashMap<String, Vec<Result<Value, Failure>>>,
    /// Answers for any state that has none of its own.
    pub any: VecDeque<Result<Value, Failure>>,
    /// What services said when they took a request, in order.
    pub submissions: VecDeque<Value>,
    /// Whether it is an Express execution.
    pub express: bool,
    /// What answers where nothing else is recorded.
    pub functions: Functions,
    /// What a Map state reads, or why it can't.
    pub items: Option<Result<Vec<Value>, Failure>>,
    /// What a Map state's results are written as.
    pub written: Option<Value>,
}

/// What happened.
#[derive(Debug)]
pub struct Simulated {
    /// How it ended; none if it never did.
    pub outcome: Option<Outcome>,
    /// The history: type, id, previous id, details.
    pub events: Vec<SimulatedEvent>,
    /// What was asked of services.
    pub calls: Vec<TaskCall>,
}

/// An event of a history.
#[derive(Clone, Debug)]
pub struct SimulatedEvent {
    /// Its number.
    pub id: u64,
    /// The number of the one before.
    pub previous: u64,
    /// Its type.
    pub kind: String,
    /// What it tells.
    pub details: Value,
}

/// The names that recordings have.
pub fn names() -> Names {
    let arn = |kind: &str, name: &str| {
        format!("arn:<partition>:states:<region>:111111111111:{kind}:{name}")
    };
    Names {
        execution_id: arn("execution", "<ArnPart_0idx>:<ExecArnPart_0idx>"),
        execution_name: "<ExecArnPart_0idx>".to_owned(),
        role: "snf_role_arn".into(),
        machine_id: arn("stateMachine", "<ArnPart_0idx>").into(),
        machine_name: "<ArnPart_0idx>".into(),
        region: "<region>".into(),
    }
}

/// Runs to the end.
pub fn simulate(
    program: Arc<Program>,
    input: Value,
    mut recorded: Recorded,
    options: Options,
) -> Simulated {
    let mut now = 1_700_000_000_000;
    let mut names = names();
    if recorded.express {
        names.execution_id = names.execution_id.replace(":execution:", ":express:") + ":<id>";
    }
    let mut execution = Execution::new(program, input, names, options, 7, now);
    let mut inputs = VecDeque::from([Input::Started]);
    let mut timers: BinaryHeap<Reverse<(i64, u64)>> = BinaryHeap::new();
    let mut cancelled = BTreeSet::new();
    // Answers that come later; tasks and timers are numbered together.
    let mut late = BTreeMap::new();
    let mut called: BTreeMap<String, usize> = BTreeMap::new();
    let mut result = Simulated {
        outcome: None,
        events: Vec::new(),
        calls: Vec::new(),
    };
    for _ in 0..MAX_INPUTS {
        let input = match inputs.pop_front() {
            Some(input) => input,
            None => match timers.pop() {
                Some(Reverse((at, id))) => {
                    if cancelled.remove(&id) {
                        continue;
                    }
                    now = now.max(at);
                    late.remove(&id).unwrap_or(Input::TimerFired { id })
                }
                None => return result,
            },
        };
        for effect in execution.step(now, input) {
            match effect {
                Effect::Emit(events) => {
                    result
                        .events
                        .extend(events.into_iter().map(RunEvent::from).map(|event| {
                            SimulatedEvent {
                                id: event.id,
                                previous: event.previous,
                                kind: event.kind,
                                details: event.details,
                            }
                        }));
                }
                Effect::RunTask { id, request } => {
                    let calls = called.entry(request.name.to_string()).or_default();
                    let answers = recorded.answers.get(&*request.name);
                    let answer = answers
                        .and_then(|answers| answers.get(*calls))
                        .cloned()
                        .or_else(|| recorded.any.pop_front())
                        .map(|answer| (0, answer))
                        .or_else(|| recorded.functions.answer(&request));
                    *calls += 1;
                    let waits = [".sync", ".sync:2", ".waitForTaskToken"]
                        .iter()
                        .any(|end| request.resource.ends_with(end));
                    if waits && let Some(output) = recorded.submissions.pop_front() {
                        inputs.push_back(Input::TaskSubmitted { id, output });
                    }
                    let (after, answer) = answer.unwrap_or_else(|| {
                        (0, Err(Failure::work("NoAnswer", "no answer is recorded")))
                    });
                    let input = match answer {
                        Ok(output) => Input::TaskSucceeded { id, output },
                        Err(failure) => Input::TaskFailed { id, failure },
                    };
                    if after > 0 {
                        late.insert(id, input);
                        timers.push(Reverse((now + after, id)));
                    } else {
                        inputs.push_back(input);
                    }
                    result.calls.push(*request);
                }
                Effect::SetTimer { id, at } => timers.push(Reverse((at, id))),
                Effect::CancelTimer { id } => {
                    cancelled.insert(id);
                }
                Effect::ReadItems { id, .. } => inputs.push_back(Input::ItemsRead {
                    id,
                    items: recorded
                        .items
                        .clone()
                        .unwrap_or_else(|| Err(Failure::work("NoItems", "no items are recorded")))
                        .map(Into::into),
                }),
                Effect::WriteResults { id, .. } => inputs.push_back(Input::ResultsWritten {
                    id,
                    output: recorded
                        .written
                        .clone()
                        .ok_or_else(|| Failure::work("NoWriter", "nothing is recorded")),
                }),
                Effect::Continue => inputs.push_back(Input::Continue),
                Effect::CancelTask { .. } | Effect::ReadMore { .. } => {}
                Effect::Finished(outcome) => {
                    result.outcome = Some(Arc::unwrap_or_clone(outcome));
                    return result;
                }
            }
        }
    }
    result
}
