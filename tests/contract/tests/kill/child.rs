//! The process that is killed: redrives what was cut off, then starts one run after another.

use async_trait::async_trait;
use awm_api::Timestamp;
use awm_api::runs::{RunEvent, RunSource, RunStatus, RunSummary};
use awm_interpreter::driver::{Deps, EventSink, NewRun, go_on, redriven, run as drive};
use awm_interpreter::{Outcome, Program};
use awm_ports::{Clock, Ids, RunEnd, Runs, StoreError, TaskFailure, TaskRequest, TaskRunner};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

/// Items of the Map state.
pub(crate) const ITEMS: usize = 4;

/// A Map of two tasks for each item, then a Parallel state of three tasks, then a task.
fn definition() -> Value {
    let task = |parameters: Value, next: Option<&str>| {
        let mut state =
            json!({ "Type": "Task", "Resource": "${AwmWork}", "Parameters": parameters });
        match next {
            Some(next) => state["Next"] = json!(next),
            None => state["End"] = json!(true),
        }
        state
    };
    let each = |next| task(json!({ "i.$": "$.i" }), next);
    let own = |next| task(json!({ "i": "-" }), next);
    json!({ "StartAt": "Each", "States": {
        "Each": { "Type": "Map", "MaxConcurrency": 3, "ItemSelector": { "i.$": "$$.Map.Item.Index" }, "Next": "Both",
            "ItemProcessor": { "StartAt": "A", "States": { "A": each(Some("B")), "B": each(None) } } },
        "Both": { "Type": "Parallel", "Next": "Last", "Branches": [
            { "StartAt": "C", "States": { "C": own(None) } },
            { "StartAt": "D", "States": { "D": own(Some("E")), "E": own(None) } } ] },
        "Last": own(None) } })
}

pub(crate) fn run(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work(folder));
}

async fn work(folder: &Path) {
    let store = Store::open(folder.join("store.db")).unwrap();
    let world = World {
        store,
        program: Arc::new(Program::from_definition(&definition()).unwrap()),
        log: Arc::new(Mutex::new(
            std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(folder.join("log"))
                .unwrap(),
        )),
    };
    for cut_off in world.store.unfinished(&TenantId::local()).await.unwrap() {
        world.redrive(&cut_off).await;
    }
    loop {
        world.begin().await;
    }
}

struct World {
    store: Arc<Store>,
    program: Arc<Program>,
    log: Arc<Mutex<std::fs::File>>,
}

impl World {
    async fn begin(&self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let summary = RunSummary {
            id: format!("{:020}", now.as_nanos()),
            workflow_id: "workflow".to_owned(),
            workflow_name: "workflow".to_owned(),
            revision: 1,
            status: RunStatus::Running,
            source: RunSource::Cli,
            started_at: 0,
            ended_at: None,
            events: 0,
            error: None,
            cause: None,
        };
        let (sink, deps) = self.deps(&summary.id);
        let new = self.new_run(&summary.id);
        let stored = awm_ports::NewRun {
            summary,
            document: json!({}),
            input: new.input.clone(),
        };
        self.store.create(&TenantId::local(), stored).await.unwrap();
        let outcome = drive(&TenantId::local(), new, deps, std::future::pending::<()>()).await;
        sink.finish(outcome.unwrap()).await;
    }

    /// What the application does with a run that was cut off, and what its user does then.
    async fn redrive(&self, cut_off: &RunSummary) {
        let tenant = TenantId::local();
        let aborted = RunEvent {
            id: cut_off.events + 1,
            previous: cut_off.events,
            at: 0,
            kind: "ExecutionAborted".to_owned(),
            details: json!({}),
            visit: None,
        };
        let end = RunEnd {
            status: RunStatus::Aborted,
            at: 0,
            output: None,
            error: None,
            cause: None,
        };
        let id = &cut_off.id;
        self.store
            .finish(&tenant, id, &[aborted], end)
            .await
            .unwrap();
        let history = self.store.events(&tenant, id, 0, u32::MAX).await.unwrap();
        let (sink, deps) = self.deps(id);
        // A run that was cut off before its first event has nothing to go on from.
        let Ok(execution) = redriven(&self.new_run(id), &history, &deps) else {
            return;
        };
        self.store.reopen(&tenant, id).await.unwrap();
        let outcome = go_on(
            &tenant,
            id.clone(),
            execution,
            deps,
            std::future::pending::<()>(),
        )
        .await;
        sink.finish(outcome.unwrap()).await;
    }

    fn new_run(&self, id: &str) -> NewRun {
        NewRun {
            id: id.to_owned(),
            workflow: "workflow".to_owned(),
            program: Arc::clone(&self.program),
            input: (0..ITEMS).collect(),
        }
    }

    fn deps(&self, run: &str) -> (Arc<Sink>, Deps) {
        let sink = Arc::new(Sink {
            store: Arc::clone(&self.store),
            run: run.to_owned(),
            last: Mutex::new(Vec::new()),
        });
        let deps = Deps {
            clock: Arc::new(Now),
            ids: Arc::new(Now),
            tasks: Arc::new(Tasks(Arc::clone(&self.log))),
            items: None,
            mocks: BTreeMap::new(),
            sink: Arc::clone(&sink) as Arc<dyn EventSink>,
            progress: Arc::new(|_| ()),
        };
        (sink, deps)
    }
}

/// Stores events, and says so when they are stored.
struct Sink {
    store: Arc<Store>,
    run: String,
    /// The event that ends the run, which is stored with its end.
    last: Mutex<Vec<RunEvent>>,
}

fn ends(event: &RunEvent) -> bool {
    ["Succeeded", "Failed", "Aborted", "TimedOut"]
        .iter()
        .any(|how| event.kind == format!("Execution{how}"))
}

impl Sink {
    async fn finish(&self, outcome: Outcome) {
        let last = std::mem::take(&mut *self.last.lock().unwrap());
        let end = RunEnd {
            status: outcome.status,
            at: 0,
            output: outcome.output,
            error: outcome.error,
            cause: outcome.cause,
        };
        let tenant = TenantId::local();
        self.store
            .finish(&tenant, &self.run, &last, end)
            .await
            .unwrap();
        self.tell(&last);
    }

    /// One write for each call: a line is whole or not there.
    fn tell(&self, events: &[RunEvent]) {
        let lines: String = events
            .iter()
            .map(|event| format!("{} {}\n", self.run, event.id))
            .collect();
        std::io::stdout()
            .lock()
            .write_all(lines.as_bytes())
            .unwrap();
        std::io::stdout().flush().unwrap();
    }
}

#[async_trait]
impl EventSink for Sink {
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError> {
        let (last, events): (Vec<RunEvent>, Vec<RunEvent>) = events.iter().cloned().partition(ends);
        self.last.lock().unwrap().extend(last);
        let tenant = TenantId::local();
        self.store.append(&tenant, &self.run, &events).await?;
        self.tell(&events);
        Ok(())
    }
}

/// Does work that can be counted: a line in a file.
struct Tasks(Arc<Mutex<std::fs::File>>);

#[async_trait]
impl TaskRunner for Tasks {
    async fn run(&self, _: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        tokio::task::yield_now().await;
        let i = &request.arguments["i"];
        let line = format!("{} {} {i}\n", request.run_id, request.name);
        self.0.lock().unwrap().write_all(line.as_bytes()).unwrap();
        Ok(json!({ "did": request.name, "i": i }))
    }
}

#[derive(Debug)]
struct Now;

#[async_trait]
impl Clock for Now {
    fn now(&self) -> Timestamp {
        0
    }
    async fn sleep_until(&self, _: Timestamp) {}
}

impl Ids for Now {
    fn next(&self) -> String {
        String::new()
    }
    fn random(&self) -> f64 {
        0.5
    }
}
