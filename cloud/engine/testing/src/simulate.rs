//! One execution on a virtual clock: waits and retries take no time, and the same seed gives the same run.

use crate::faults::fault_failure;
use awm_api::Timestamp;
use awm_api::mocks::{Fault, MockAnswer, MockedCall};
use awm_api::runs::{RunEvent, RunStatus};
use awm_asl::StateRef;
use awm_interpreter::{
    Effect, Execution, Failure, Input, Names, Options, Outcome, Program, ReadItems, TaskCall,
    WriteResults,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

/// Seconds after which a task without `TimeoutSeconds` times out.
const DEFAULT_TIMEOUT_SECONDS: i64 = 99_999_999;
/// Inputs after which a run is given up: no run within the limits of histories comes near.
const MAX_INPUTS: usize = 20_000_000;

/// Events that a step tells at most: each of its turns enters a state, schedules a call or exits.
const STEP_EVENTS: usize = 1_000;

/// The error of a task that has no mock.
pub(crate) const NOT_MOCKED: &str = "Awm.NotMocked";

/// What is run.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The definition.
    pub program: Arc<Program>,
    /// The workflow's name.
    pub workflow: String,
    /// The input.
    pub input: Value,
    /// What decides about jitter, random numbers and ids.
    pub seed: u64,
    /// When it starts.
    pub start: Timestamp,
    /// What stands in for tasks, and for the items of Map states.
    pub mocks: BTreeMap<StateRef, Vec<MockedCall>>,
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// How it ended.
    pub outcome: Outcome,
    /// The history.
    pub events: Vec<RunEvent>,
    /// What was asked of services, in order.
    pub calls: Vec<Call>,
    /// Virtual time that passed, milliseconds.
    pub elapsed_ms: u64,
    /// What was exercised, as JSON Pointers; see [`Execution::exercised`].
    pub exercised: BTreeSet<String>,
}

/// What was asked of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// The state as a JSON Pointer.
    pub state: StateRef,
    /// The state's name.
    pub name: String,
    /// The `Resource` as written.
    pub resource: String,
    /// After `Parameters` or `Arguments`.
    pub parameters: Value,
    /// The call's number among those of the state, from 0.
    pub call: u32,
    /// The state's `TimeoutSeconds`; not known of child executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<Value>,
    /// The state's `HeartbeatSeconds`; not known of child executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_seconds: Option<Value>,
    /// Whether something stood in for it. Nothing else is done in a test, so the call failed if not.
    pub mocked: bool,
}

/// What is waited for.
#[derive(Debug)]
struct Pending {
    at: Timestamp,
    /// Of things at the same time, what was asked for first comes first.
    order: u64,
    id: u64,
    input: Input,
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}
impl Eq for Pending {}
impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Pending {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

struct World {
    now: Timestamp,
    mocks: BTreeMap<StateRef, Vec<MockedCall>>,
    called: BTreeMap<StateRef, u32>,
    inputs: VecDeque<Input>,
    pending: BinaryHeap<Reverse<Pending>>,
    waiting: BTreeSet<u64>,
    order: u64,
    calls: Vec<Call>,
}

/// Runs to the end.
pub fn simulate(simulation: Simulation) -> Simulated {
    let mut world = World {
        now: simulation.start,
        mocks: simulation.mocks,
        called: BTreeMap::new(),
        inputs: VecDeque::from([Input::Started]),
        pending: BinaryHeap::new(),
        waiting: BTreeSet::new(),
        order: 0,
        calls: Vec::new(),
    };
    let options = Options {
        mocked: world.mocks.keys().cloned().collect(),
        ..Options::default()
    };
    let mut execution = Execution::new(
        simulation.program,
        simulation.input,
        Names::local("test", &simulation.workflow),
        options,
        simulation.seed,
        simulation.start,
    );
    execution.remember_exercised();
    let mut events = Vec::new();
    let mut outcome = None;
    for _ in 0..MAX_INPUTS {
        let Some(input) = world.next() else { break };
        for effect in execution.step(world.now, input) {
            match effect {
                Effect::Emit(new) => events.extend(new.into_iter().map(RunEvent::from)),
                Effect::RunTask { id, request } => {
                    let scheduled = scheduled(&events, request.visit);
                    world.task(id, *request, scheduled);
                }
                Effect::Finished(end) => outcome = Some(Arc::unwrap_or_clone(end)),
                other => world.perform(other),
            }
        }
        if outcome.is_some() {
            break;
        }
    }
    Simulated {
        outcome: outcome.unwrap_or(Outcome {
            status: RunStatus::Aborted,
            output: None,
            error: None,
            cause: Some("nothing would ever go on".to_owned()),
        }),
        events,
        calls: world.calls,
        elapsed_ms: world.now.abs_diff(simulation.start),
        exercised: execution.exercised().map(str::to_owned).collect(),
    }
}

/// What the history tells of the call that a visit makes now; it was told in the same step.
fn scheduled(events: &[RunEvent], visit: u64) -> Option<&Value> {
    let latest = events.iter().rev().take(STEP_EVENTS);
    let mut of_visit = latest.filter(|event| event.visit.as_ref().is_some_and(|it| it.id == visit));
    let found = of_visit.find(|event| event.kind.ends_with("Scheduled"))?;
    Some(&found.details)
}

impl World {
    fn next(&mut self) -> Option<Input> {
        if let Some(input) = self.inputs.pop_front() {
            return Some(input);
        }
        loop {
            let Reverse(next) = self.pending.pop()?;
            if self.waiting.remove(&next.id) {
                self.now = self.now.max(next.at);
                return Some(next.input);
            }
        }
    }

    fn later(&mut self, at: Timestamp, id: u64, input: Input) {
        self.order += 1;
        self.waiting.insert(id);
        self.pending.push(Reverse(Pending {
            at,
            order: self.order,
            id,
            input,
        }));
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Continue => self.inputs.push_back(Input::Continue),
            Effect::SetTimer { id, at } => self.later(at, id, Input::TimerFired { id }),
            Effect::CancelTask { id } | Effect::CancelTimer { id } => {
                self.waiting.remove(&id);
            }
            Effect::ReadItems { id, request } => {
                let (delay, items) = self.items(&request);
                let items = items.map(Into::into);
                self.later(self.now + delay, id, Input::ItemsRead { id, items });
            }
            Effect::WriteResults { id, request } => {
                let output = Ok(written(&request));
                self.later(self.now, id, Input::ResultsWritten { id, output });
            }
            _ => {}
        }
    }

    fn task(&mut self, id: u64, request: TaskCall, scheduled: Option<&Value>) {
        let (call, mock) = self.mock(&request.state);
        if request.waits() && mock.is_some() {
            // What the service says at first depends on it, and no definition can read it.
            self.inputs.push_back(Input::TaskSubmitted {
                id,
                output: json!({}),
            });
        }
        self.calls.push(Call {
            state: request.state.to_string(),
            name: request.name.to_string(),
            resource: request.resource.to_string(),
            parameters: request.arguments,
            call,
            timeout_seconds: scheduled.and_then(|it| it.get("timeoutInSeconds")).cloned(),
            heartbeat_seconds: scheduled
                .and_then(|it| it.get("heartbeatInSeconds"))
                .cloned(),
            mocked: mock.is_some(),
        });
        let Some(mock) = mock else {
            let failure = not_mocked(&request.name, &request.resource, call);
            return self.later(self.now, id, Input::TaskFailed { id, failure });
        };
        let delay = millis(mock.delay_ms);
        let (delay, input) = match mock.answer {
            MockAnswer::Return { value } => (delay, Input::TaskSucceeded { id, output: value }),
            MockAnswer::Fail { error, cause } => {
                let failure = Failure::work(error, cause);
                (delay, Input::TaskFailed { id, failure })
            }
            // A timeout of the state's own comes before this and makes it void.
            MockAnswer::Fault {
                fault: Fault::Timeout,
            } => {
                let failure = fault_failure(Fault::Timeout, &request.resource);
                let failure = Failure::work(failure.error, failure.cause);
                (
                    DEFAULT_TIMEOUT_SECONDS * 1000,
                    Input::TaskFailed { id, failure },
                )
            }
            MockAnswer::Fault { fault } => {
                let failure = fault_failure(fault, &request.resource);
                let failure = Failure::work(failure.error, failure.cause);
                (delay, Input::TaskFailed { id, failure })
            }
        };
        self.later(self.now.saturating_add(delay), id, input);
    }

    fn mock(&mut self, state: &str) -> (u32, Option<MockedCall>) {
        let called = self.called.entry(state.to_owned()).or_default();
        let call = *called;
        *called += 1;
        let mocks = self.mocks.get(state).into_iter().flatten();
        (call, mocks.rev().find(|mock| mock.covers(call)).cloned())
    }

    fn items(&mut self, request: &ReadItems) -> (i64, Result<Vec<Value>, Failure>) {
        let (_, mock) = self.mock(&request.state);
        let failed = |cause: &str| Err(Failure::work("States.ItemReaderFailed", cause));
        let Some(mock) = mock else {
            let items = failed("nothing stands in for the items: mock the Map state with a list");
            return (0, items);
        };
        let items = match mock.answer {
            MockAnswer::Return {
                value: Value::Array(items),
            } => Ok(items),
            MockAnswer::Return { .. } => failed("the mock of a Map state's items must be a list"),
            MockAnswer::Fail { error, cause } => Err(Failure::work(error, cause)),
            MockAnswer::Fault { fault } => {
                let failure = fault_failure(fault, &request.resource);
                Err(Failure::work("States.ItemReaderFailed", failure.cause))
            }
        };
        (millis(mock.delay_ms), items)
    }
}

fn millis(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX / 4)
}

fn not_mocked(name: &str, resource: &str, call: u32) -> Failure {
    Failure::work(
        NOT_MOCKED,
        format!(
            "`{name}` calls `{resource}` (call {call}), which a test does not do, and has no mock for that [AWM-3004]"
        ),
    )
}

/// What a Map state's `ResultWriter` gives, though nothing is written.
fn written(request: &WriteResults) -> Value {
    if !request.last {
        return json!({ "FAILED": [], "PENDING": [], "SUCCEEDED": [] });
    }
    let text = |field: &str| request.arguments.get(field).and_then(Value::as_str);
    let run = request.map_run.rsplit(':').next().unwrap_or_default();
    let prefix = text("Prefix").unwrap_or_default().trim_end_matches('/');
    let folder = [prefix, run].join("/");
    json!({
        "MapRunArn": request.map_run,
        "ResultWriterDetails": {
            "Bucket": text("Bucket").unwrap_or_default(),
            "Key": format!("{}/manifest.json", folder.trim_start_matches('/')),
        },
    })
}
