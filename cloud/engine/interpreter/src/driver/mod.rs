//! Runs an [`Execution`] in the world: stores its events, has its tasks done, waits for its timers.
//!
//! Whatever an event causes happens after the event was stored. The driver knows no runtime: it is a future like any other,
//! and waits by the clock that it is given.

mod reading;
mod writing;

use crate::{
    Effect, Execution, Failure, Input, Item, Names, Options, Outcome, Program, ReadItems,
    ResumeError, TaskCall, WriteResults,
};
use async_trait::async_trait;
use awm_api::runs::{Mock, RunEvent};
use awm_asl::random::{Randomness as _, Seeded};
use awm_ports::{Clock, Ids, ItemStore, StoreError, TaskProgress, TaskRequest, TaskRunner};
use awm_tenancy::TenantId;
use futures::channel::mpsc;
use futures::future::{AbortHandle, Abortable, BoxFuture, FusedFuture as _};
use futures::lock::Mutex;
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use reading::Reading;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// Where events are kept.
#[async_trait]
pub trait EventSink: Send + Sync {
    /// Stores events, all or none. They may be shown once this has answered.
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError>;
}

/// Text that a task tells while it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressText {
    /// The visit of the state: the id of its `…StateEntered` event.
    pub visit: u64,
    /// The state as a JSON Pointer.
    pub state: Arc<str>,
    /// The text.
    pub text: String,
}

/// What a run needs of the world.
#[derive(Clone)]
pub struct Deps {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
    /// Does the work of Task states.
    pub tasks: Arc<dyn TaskRunner>,
    /// Files of Map states; without it these states fail.
    pub items: Option<Arc<dyn ItemStore>>,
    /// What stands in for tasks, by the state's JSON Pointer, one for each call; the last one for all that follow.
    pub mocks: BTreeMap<String, Vec<Mock>>,
    /// Keeps the events.
    pub sink: Arc<dyn EventSink>,
    /// Hears text of tasks; must be quick.
    pub progress: Arc<dyn Fn(ProgressText) + Send + Sync>,
}

impl std::fmt::Debug for Deps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deps")
            .field("mocks", &self.mocks)
            .finish_non_exhaustive()
    }
}

/// A run to be made.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// The run's id.
    pub id: String,
    /// The workflow's name, for the context object.
    pub workflow: String,
    /// What is run.
    pub program: Arc<Program>,
    /// Its input.
    pub input: Value,
}

impl Names {
    /// Names for a run on this machine.
    pub fn local(run_id: &str, workflow: &str) -> Self {
        let arn =
            |kind: &str, name: &str| format!("arn:aws:states:local:000000000000:{kind}:{name}");
        Self {
            execution_id: arn("execution", &format!("{workflow}:{run_id}")),
            execution_name: run_id.to_owned(),
            role: "arn:aws:iam::000000000000:role/local".into(),
            machine_id: arn("stateMachine", workflow).into(),
            machine_name: workflow.into(),
            region: "local".into(),
        }
    }
}

/// One mock for every call of a state.
pub fn always(mocks: BTreeMap<String, Mock>) -> BTreeMap<String, Vec<Mock>> {
    mocks
        .into_iter()
        .map(|(state, mock)| (state, vec![mock]))
        .collect()
}

/// Runs to the end and answers with the outcome, which is stored with the last event before. When `stop` is ready the run
/// ends as aborted. An error means that events could not be stored; nothing that they would have caused has happened.
pub async fn run(
    tenant: &TenantId,
    run: NewRun,
    deps: Deps,
    stop: impl Future<Output: Into<StopReason>> + Send,
) -> Result<Outcome, StoreError> {
    let execution = Execution::new(
        Arc::clone(&run.program),
        run.input,
        Names::local(&run.id, &run.workflow),
        options(&deps),
        seed(&deps),
        deps.clock.now(),
    );
    go_on(tenant, run.id, execution, deps, stop).await
}

/// An execution that goes on with a run that failed, was aborted or timed out, as RedriveExecution does; `history` is all that it stored, and tells
/// the input.
pub fn redriven(run: &NewRun, history: &[RunEvent], deps: &Deps) -> Result<Execution, ResumeError> {
    let before = history
        .iter()
        .filter(|event| event.kind == "ExecutionRedriven");
    let count = u32::try_from(before.count() + 1).unwrap_or(u32::MAX);
    Execution::resume(
        Arc::clone(&run.program),
        history,
        Some(count),
        Names::local(&run.id, &run.workflow),
        options(deps),
        seed(deps),
        deps.clock.now(),
    )
}

/// Why a run is stopped: what StopExecution is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopReason {
    /// The error name to report.
    pub error: Option<String>,
    /// The cause to report.
    pub cause: Option<String>,
}

impl From<()> for StopReason {
    fn from((): ()) -> Self {
        Self::default()
    }
}

fn seed(deps: &Deps) -> u64 {
    Seeded::new(deps.ids.random().to_bits() ^ deps.clock.now().unsigned_abs()).bits()
}

fn options(deps: &Deps) -> Options {
    Options {
        mocked: deps.mocks.keys().cloned().collect::<BTreeSet<String>>(),
        ..Options::default()
    }
}

/// Works on an execution that has not begun, to its end; otherwise as [`run`].
pub async fn go_on(
    tenant: &TenantId,
    run_id: String,
    execution: Execution,
    deps: Deps,
    stop: impl Future<Output: Into<StopReason>> + Send,
) -> Result<Outcome, StoreError> {
    let (beats, heard) = mpsc::unbounded();
    let driver = Driver {
        tenant: tenant.clone(),
        run_id,
        deps,
        work: FuturesUnordered::new(),
        handles: HashMap::new(),
        readings: HashMap::new(),
        calls: HashMap::new(),
        beats,
    };
    driver.drive(execution, heard, stop.map(Into::into)).await
}

/// Reads all items that a Map state asks for at once; without a store it fails as the run would.
pub async fn read_items(
    tenant: &TenantId,
    store: Option<Arc<dyn ItemStore>>,
    request: &ReadItems,
) -> Result<Vec<Value>, Failure> {
    let mut reading = Reading::new(tenant.clone(), store, request.clone());
    let mut items = Vec::new();
    loop {
        let part = reading.next().await?;
        items.extend(part.items.into_iter().map(Item::into_input));
        if !part.more {
            return Ok(items);
        }
    }
}

/// Writes the results of a Map state; answers with the state's result.
pub async fn write_results(
    tenant: &TenantId,
    store: Option<&dyn ItemStore>,
    request: &WriteResults,
) -> Result<Value, Failure> {
    writing::write(tenant, store, request).await
}

struct Driver {
    tenant: TenantId,
    run_id: String,
    deps: Deps,
    /// Tasks, timers, readings and writings that go on; each answers with an input, or nothing if it was cancelled.
    work: FuturesUnordered<BoxFuture<'static, Option<Input>>>,
    handles: HashMap<u64, AbortHandle>,
    /// Files that items of Map states are read from.
    readings: HashMap<u64, Arc<Mutex<Reading>>>,
    /// How often each mocked state was called.
    calls: HashMap<Arc<str>, usize>,
    beats: mpsc::UnboundedSender<u64>,
}

impl Driver {
    async fn drive(
        mut self,
        mut execution: Execution,
        mut heard: mpsc::UnboundedReceiver<u64>,
        stop: impl Future<Output = StopReason> + Send,
    ) -> Result<Outcome, StoreError> {
        let mut stop = std::pin::pin!(stop.fuse());
        let mut inputs = VecDeque::from([Input::Started]);
        loop {
            let input = match inputs.pop_front() {
                Some(input) if stop.is_terminated() => input,
                Some(input) => futures::select_biased! {
                    reason = stop => {
                        inputs.push_front(input);
                        stopped(reason)
                    },
                    default => input,
                },
                None => self.next_input(&mut heard, stop.as_mut()).await,
            };
            for effect in execution.step(self.deps.clock.now(), input) {
                match effect {
                    Effect::Emit(events) => {
                        let events: Vec<RunEvent> = events.into_iter().map(Into::into).collect();
                        self.deps.sink.append(&events).await?;
                    }
                    Effect::Continue => inputs.push_back(Input::Continue),
                    Effect::Finished(outcome) => return Ok(Arc::unwrap_or_clone(outcome)),
                    Effect::RunTask { id, request } => {
                        if request.waits() && self.deps.mocks.contains_key(&*request.state) {
                            // What a service says at first is in no mock, and no definition can read it.
                            let output = Value::Object(Default::default());
                            inputs.push_back(Input::TaskSubmitted { id, output });
                        }
                        self.perform(Effect::RunTask { id, request });
                    }
                    other => self.perform(other),
                }
            }
        }
    }

    async fn next_input(
        &mut self,
        heard: &mut mpsc::UnboundedReceiver<u64>,
        mut stop: std::pin::Pin<
            &mut futures::future::Fuse<impl Future<Output = StopReason> + Send>,
        >,
    ) -> Input {
        loop {
            if self.work.is_empty() {
                // Nothing is waited for, so nothing would ever come.
                return stopped(StopReason::default());
            }
            let answer = futures::select_biased! {
                reason = stop => Some(stopped(reason)),
                beat = heard.select_next_some() => Some(Input::Heartbeat { id: beat }),
                answer = self.work.select_next_some() => answer,
            };
            if let Some(answer) = answer {
                if let Some(id) = answered(&answer) {
                    self.handles.remove(&id);
                }
                if let Input::ItemsRead { id, items } = &answer
                    && !items.as_ref().is_ok_and(|part| part.more)
                {
                    self.readings.remove(id);
                }
                return answer;
            }
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::RunTask { id, request } => {
                let work = self.task(id, *request);
                self.start(id, work);
            }
            Effect::SetTimer { id, at } => {
                let clock = Arc::clone(&self.deps.clock);
                self.start(
                    id,
                    async move {
                        clock.sleep_until(at).await;
                        Input::TimerFired { id }
                    }
                    .boxed(),
                );
            }
            Effect::CancelTask { id } | Effect::CancelTimer { id } => {
                self.readings.remove(&id);
                if let Some(handle) = self.handles.remove(&id) {
                    handle.abort();
                }
            }
            Effect::ReadItems { id, request } => {
                let (tenant, store) = (self.tenant.clone(), self.deps.items.clone());
                let reading = Reading::new(tenant, store, *request);
                self.readings.insert(id, Arc::new(Mutex::new(reading)));
                self.read_on(id);
            }
            Effect::ReadMore { id } => self.read_on(id),
            Effect::WriteResults { id, request } => {
                let (tenant, store) = (self.tenant.clone(), self.deps.items.clone());
                self.start(
                    id,
                    async move {
                        let output = writing::write(&tenant, store.as_deref(), &request).await;
                        Input::ResultsWritten { id, output }
                    }
                    .boxed(),
                );
            }
            Effect::Emit(_) | Effect::Continue | Effect::Finished(_) => {}
        }
    }

    /// Reads the next items of a Map state.
    fn read_on(&mut self, id: u64) {
        let Some(reading) = self.readings.get(&id).map(Arc::clone) else {
            return;
        };
        self.start(
            id,
            async move {
                let items = reading.lock().await.next().await;
                Input::ItemsRead { id, items }
            }
            .boxed(),
        );
    }

    fn start(&mut self, id: u64, work: BoxFuture<'static, Input>) {
        let (handle, registration) = AbortHandle::new_pair();
        self.handles.insert(id, handle);
        self.work
            .push(Abortable::new(work, registration).map(Result::ok).boxed());
    }

    fn task(&mut self, id: u64, call: TaskCall) -> BoxFuture<'static, Input> {
        if let Some(mock) = self.mock(&call.state) {
            let input = answer(id, mock);
            return async move { input }.boxed();
        }
        let (tenant, tasks) = (self.tenant.clone(), Arc::clone(&self.deps.tasks));
        let request = TaskRequest {
            run_id: self.run_id.clone(),
            state: call.state.to_string(),
            name: call.name.to_string(),
            resource: call.resource.to_string(),
            arguments: call.arguments,
            retries: call.retries,
            progress: self.progress(id, call.visit, call.state),
        };
        async move {
            match tasks.run(&tenant, request).await {
                Ok(output) => Input::TaskSucceeded { id, output },
                Err(failure) => Input::TaskFailed {
                    id,
                    failure: Failure::work(failure.error, failure.cause),
                },
            }
        }
        .boxed()
    }

    fn progress(&self, id: u64, visit: u64, state: Arc<str>) -> TaskProgress {
        let (beats, hear) = (self.beats.clone(), Arc::clone(&self.deps.progress));
        TaskProgress::new(move |text| {
            // Nobody hears it any more when the run is over.
            let _ = beats.unbounded_send(id);
            hear(ProgressText {
                visit,
                state: Arc::clone(&state),
                text: text.to_owned(),
            });
        })
    }

    fn mock(&mut self, state: &Arc<str>) -> Option<Mock> {
        let mocks = self.deps.mocks.get(&**state)?;
        let calls = self.calls.entry(Arc::clone(state)).or_default();
        let mock = mocks.get(*calls).or_else(|| mocks.last());
        *calls += 1;
        mock.cloned()
    }
}

fn answer(id: u64, mock: Mock) -> Input {
    match mock {
        Mock::Return { value } => Input::TaskSucceeded { id, output: value },
        Mock::Fail { error, cause } => Input::TaskFailed {
            id,
            failure: Failure::work(error, cause),
        },
    }
}

/// The effect that an input answers.
fn answered(input: &Input) -> Option<u64> {
    match input {
        Input::TaskSucceeded { id, .. }
        | Input::TaskFailed { id, .. }
        | Input::TimerFired { id }
        | Input::ItemsRead { id, .. }
        | Input::ResultsWritten { id, .. } => Some(*id),
        _ => None,
    }
}

fn stopped(reason: StopReason) -> Input {
    Input::Stop {
        error: reason.error,
        cause: reason.cause,
    }
}
