//! One run: stored, driven, told, ended.

use crate::{Host, Ports, definition, failure::Failure, live::Live};
use async_trait::async_trait;
use awm_api::{
    Code, Timestamp, UserError,
    mocks::MockedCall,
    runs::{Mock, RunEvent, RunSource, RunStatus, RunSummary},
};
use awm_interpreter::{
    Outcome,
    driver::{self, Deps, EventSink, ProgressText},
};
use awm_ports::{NewRun, RunEnd, StoreError, TaskRunner};
use awm_tenancy::TenantId;
use awm_testing::MockedTasks;
use futures::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
};

/// What is to be run.
pub(crate) struct Plan {
    /// Empty for a document that is not in the workspace.
    pub(crate) workflow_id: String,
    pub(crate) workflow_name: String,
    pub(crate) revision: u64,
    /// `awm_flow::Document` as JSON.
    pub(crate) document: Value,
    pub(crate) input: Value,
    /// In place of the document's, if given.
    pub(crate) mocks: Option<BTreeMap<String, Mock>>,
    /// Mocks that tell calls apart; they go before the others.
    pub(crate) calls: BTreeMap<String, Vec<MockedCall>>,
    pub(crate) source: RunSource,
    /// In place of the host's tasks, if given.
    pub(crate) tasks: Option<Arc<dyn TaskRunner>>,
}

/// A run that is stored and waits to be worked on.
pub(crate) struct Begun {
    pub(crate) summary: RunSummary,
    pub(crate) live: Arc<Live>,
    /// Works to the run's end and answers with the row and the output.
    pub(crate) work: BoxFuture<'static, Result<Ended, UserError>>,
}

/// A run's last row.
pub(crate) struct Ended {
    pub(crate) summary: RunSummary,
    pub(crate) output: Option<Value>,
}

/// Checks and stores a run. Nothing happens before its work is polled.
pub(crate) async fn begin<H: Host>(host: &H, plan: Plan) -> Result<Begun, Failure> {
    let (tenant, mut ports) = (host.tenant().clone(), host.ports().clone());
    if let Some(tasks) = plan.tasks {
        ports.tasks = tasks;
    }
    let document = definition::document(plan.document.clone())?;
    let checked = definition::check(&document);
    let program = Arc::new(checked.program()?);
    let summary = RunSummary {
        id: ports.ids.next(),
        workflow_id: plan.workflow_id,
        workflow_name: plan.workflow_name,
        revision: plan.revision,
        status: RunStatus::Running,
        source: plan.source,
        started_at: ports.clock.now(),
        ended_at: None,
        events: 0,
        error: None,
        cause: None,
    };
    // Entered before it is stored: whoever sees it in the store can watch it.
    let (live, stop) = ports.live.enter(&summary.id, checked.answering());
    let stored = ports.runs.create(
        &tenant,
        NewRun {
            summary: summary.clone(),
            document: plan.document,
            input: plan.input.clone(),
        },
    );
    if let Err(error) = stored.await {
        ports.live.leave(&summary.id);
        return Err(error.into());
    }
    let run = driver::NewRun {
        id: summary.id.clone(),
        workflow: summary.workflow_name.clone(),
        program,
        input: plan.input,
    };
    let worker = Worker {
        tenant: tenant.clone(),
        summary,
        ports,
        live,
        mocks: plan.mocks.unwrap_or(document.mocks),
        calls: plan.calls,
    };
    Ok(
        worker
            .begun(move |deps| async move { driver::run(&tenant, run, deps, stop).await }.boxed()),
    )
}

/// What works on a run.
pub(crate) struct Worker {
    pub(crate) tenant: TenantId,
    pub(crate) summary: RunSummary,
    pub(crate) ports: Ports,
    pub(crate) live: Arc<Live>,
    pub(crate) mocks: BTreeMap<String, Mock>,
    pub(crate) calls: BTreeMap<String, Vec<MockedCall>>,
}

pub(crate) type Driven = BoxFuture<'static, Result<Outcome, StoreError>>;

impl Worker {
    pub(crate) fn begun(self, drive: impl FnOnce(Deps) -> Driven + Send + 'static) -> Begun {
        let Self {
            tenant,
            summary,
            ports,
            live,
            mocks,
            calls,
        } = self;
        let sink = Arc::new(Sink {
            tenant,
            run_id: summary.id.clone(),
            ports: ports.clone(),
            live: Arc::clone(&live),
            last: Mutex::default(),
        });
        let told = Arc::clone(&live);
        let clock = Arc::clone(&ports.clock);
        let mut mocks = driver::always(mocks);
        // A state with no answer of the driver's own is told as mocked, and asked of the runner.
        mocks.extend(calls.keys().map(|state| (state.clone(), Vec::new())));
        let tasks: Arc<dyn TaskRunner> = match calls.is_empty() {
            true => ports.tasks,
            false => Arc::new(MockedTasks::new(
                calls,
                Arc::clone(&ports.clock),
                ports.tasks,
            )),
        };
        let deps = Deps {
            clock: ports.clock,
            ids: ports.ids,
            tasks,
            items: ports.items,
            mocks,
            sink: Arc::clone(&sink) as Arc<dyn EventSink>,
            progress: Arc::new(move |said: ProgressText| {
                told.progress(clock.now(), said.visit, &said.state, &said.text);
            }),
        };
        let work = async move {
            // A fault in the interpreter ends this run and no other, and leaves no run that goes on for ever.
            let outcome = AssertUnwindSafe(async { drive(deps).await })
                .catch_unwind()
                .await;
            let end = sink.end(outcome.unwrap_or_else(|_| Ok(fault()))).await;
            if let Err(error) = &end {
                sink.live.lost(error.clone());
            }
            sink.ports.live.leave(&sink.run_id);
            end
        };
        Begun {
            summary,
            live,
            work: work.boxed(),
        }
    }
}

/// Stores events, then tells that they are there.
struct Sink {
    tenant: TenantId,
    run_id: String,
    ports: Ports,
    live: Arc<Live>,
    /// The event that ends the run: stored together with the end, so that a crash leaves both or none.
    last: Mutex<Vec<RunEvent>>,
}

#[async_trait]
impl EventSink for Sink {
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError> {
        let held = usize::from(events.last().is_some_and(|event| ends(&event.kind)));
        let (now, later) = events
            .split_at_checked(events.len() - held)
            .unwrap_or((events, Default::default()));
        if let Some(last) = now.last() {
            let runs = &self.ports.runs;
            runs.append(&self.tenant, &self.run_id, now).await?;
            self.live.stored(last.id);
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = later.to_vec();
        Ok(())
    }
}

impl Sink {
    async fn end(&self, outcome: Result<Outcome, StoreError>) -> Result<Ended, UserError> {
        let outcome = outcome.unwrap_or_else(|error| Outcome {
            status: RunStatus::Failed,
            output: None,
            error: Some("Awm.StoreFailed".to_owned()),
            cause: Some(error.to_string()),
        });
        let mut last =
            std::mem::take(&mut *self.last.lock().unwrap_or_else(PoisonError::into_inner));
        let at = self.ports.clock.now();
        if last.is_empty() {
            // The interpreter did not come to its own end.
            last.push(ending(self.live.last_stored(), at, &outcome));
        }
        let end = RunEnd {
            status: outcome.status,
            at,
            output: outcome.output.clone(),
            error: outcome.error,
            cause: outcome.cause,
        };
        let runs = &self.ports.runs;
        let summary = runs
            .finish(&self.tenant, &self.run_id, &last, end)
            .await
            .map_err(Failure::from)?;
        Ok(Ended {
            summary,
            output: outcome.output,
        })
    }
}

/// The event that ends a run in place of the interpreter's own.
fn ending(previous: u64, at: Timestamp, outcome: &Outcome) -> RunEvent {
    RunEvent {
        id: previous + 1,
        previous,
        at,
        kind: match outcome.status {
            RunStatus::Aborted => "ExecutionAborted",
            _ => "ExecutionFailed",
        }
        .to_owned(),
        details: json!({"error": outcome.error, "cause": outcome.cause}),
        visit: None,
    }
}

/// Whether an event is a run's last.
fn ends(kind: &str) -> bool {
    matches!(
        kind,
        "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted"
    )
}

fn fault() -> Outcome {
    Outcome {
        status: RunStatus::Failed,
        output: None,
        error: Some("Awm.Internal".to_owned()),
        cause: Some("the interpreter broke: this is a fault in the application".to_owned()),
    }
}

/// Ends runs that stand as going on though nobody works on them: the process that did has ended. Called once, at start,
/// before any run begins; answers with how many.
pub async fn recover<H: Host>(host: &H) -> Result<usize, UserError> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let cut_off = ports.runs.unfinished(tenant).await.map_err(Failure::from)?;
    for run in &cut_off {
        abort(host, run).await?;
        if run.source == RunSource::Chat {
            close_turn(host, run).await?;
        }
    }
    Ok(cut_off.len())
}

const CUT_OFF: &str = "the application ended while the run went on";

/// Ends a run that nobody works on.
pub(crate) async fn abort<H: Host>(host: &H, run: &RunSummary) -> Result<RunSummary, Failure> {
    let ports = host.ports();
    let at = ports.clock.now();
    let outcome = Outcome {
        status: RunStatus::Aborted,
        output: None,
        error: None,
        cause: Some(CUT_OFF.to_owned()),
    };
    let event = ending(run.events, at, &outcome);
    let end = RunEnd {
        status: outcome.status,
        at,
        output: None,
        error: None,
        cause: outcome.cause,
    };
    Ok(ports
        .runs
        .finish(host.tenant(), &run.id, &[event], end)
        .await?)
}

/// The turn that waited for a run which was cut off has failed.
async fn close_turn<H: Host>(host: &H, run: &RunSummary) -> Result<(), Failure> {
    let (tenant, chats) = (host.tenant(), &host.ports().chats);
    let (_, _, input, _) = host.ports().runs.get(tenant, &run.id).await?;
    let Some(session_id) = input.get("sessionId").and_then(Value::as_str) else {
        return Ok(());
    };
    let turns = match chats.turns(tenant, session_id).await {
        // The conversation may have been deleted meanwhile.
        Err(StoreError::NotFound { .. }) => return Ok(()),
        turns => turns?,
    };
    for mut turn in turns {
        if turn.run_id == run.id {
            turn.error =
                Some(UserError::new(Code::Cancelled, CUT_OFF).help("send the question again"));
            chats.put_turn(tenant, session_id, &turn).await?;
        }
    }
    Ok(())
}
