//! A machine with nothing on it but a template and its documents.

use async_trait::async_trait;
use awm_api::{Timestamp, runs::RunEvent};
use awm_caller::{Caller, CallerParts};
use awm_extract_local::{Extract, Limits, LocalFiles};
use awm_flow::Document;
use awm_http_local::{HttpOptions, LocalHttp};
use awm_interpreter::{
    Program,
    driver::{self, Deps, EventSink, NewRun, always},
};
use awm_llm_local::LocalModels;
use awm_memory::{
    MemoryConnections, MemoryEmbedder, MemoryIds, MemoryLibrary, MemoryMemory, MemorySecrets,
    MemorySettings,
};
use awm_ports::{Clock, StoreError, TaskProgress, TaskRequest, TaskRunner};
use awm_sample_api::SampleApi;
use awm_tasks::PlatformTasks;
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

/// Time that goes fifty times as fast as real time, and can be put forward.
#[derive(Debug)]
struct FastClock {
    began: Instant,
    forward: AtomicI64,
}

const SPEED: i64 = 50;

#[async_trait]
impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX / SPEED);
        1_000_000 + passed * SPEED + self.forward.load(Ordering::Relaxed)
    }

    async fn sleep_until(&self, at: Timestamp) {
        let wait = (at - self.now()).max(0) / SPEED + 1;
        tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())).await;
    }
}

#[derive(Default)]
struct Events(Mutex<Vec<RunEvent>>);

#[async_trait]
impl EventSink for Events {
    async fn append(&self, events: &[RunEvent]) -> Result<(), StoreError> {
        self.0.lock().unwrap().extend_from_slice(events);
        Ok(())
    }
}

pub(crate) struct World {
    tasks: Arc<PlatformTasks>,
    clock: Arc<FastClock>,
    ids: Arc<MemoryIds>,
    template: awm_api::workflows::Template,
    document: Document,
    _sample: SampleApi,
}

/// How a run ended.
pub(crate) struct Ended {
    /// The output, or the error and cause.
    pub(crate) output: Result<Value, String>,
    /// The kinds of the events, in order.
    pub(crate) events: Vec<String>,
    /// What streamed.
    pub(crate) told: String,
}

impl World {
    /// With a template opened: its documents are in the source of its name.
    pub(crate) async fn of(id: &str) -> Self {
        let template = awm_templates::templates()
            .into_iter()
            .find(|template| template.id == id)
            .unwrap();
        let sample = awm_sample_api::start(([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let http = Arc::new(LocalHttp::new(HttpOptions {
            sample_api: Some(sample.address()),
            allow_local: false,
        }));
        let clock = Arc::new(FastClock {
            began: Instant::now(),
            forward: AtomicI64::new(0),
        });
        let ids = Arc::new(MemoryIds::default());
        let worker = env!("CARGO_BIN_EXE_journeys-extract-worker");
        let tasks = Arc::new(PlatformTasks::new(awm_tasks::Deps {
            library: Arc::new(MemoryLibrary::default()),
            memory: Arc::new(MemoryMemory::default()),
            settings: Arc::new(MemorySettings::default()),
            models: Arc::new(LocalModels::default()),
            extractor: Arc::new(Extract::new(worker.into(), Vec::new(), Limits::default())),
            files: Arc::new(LocalFiles::new("/nowhere".into())),
            embedder: Some(Arc::new(MemoryEmbedder)),
            caller: Arc::new(Caller::new(CallerParts {
                connections: Arc::new(MemoryConnections::default()),
                secrets: Arc::new(MemorySecrets::default()),
                http: http.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            })),
            http,
            clock: clock.clone(),
            ids: ids.clone(),
        }));
        let document = serde_json::from_value(template.document.clone()).unwrap();
        let world = Self {
            tasks,
            clock,
            ids,
            template,
            document,
            _sample: sample,
        };
        for (name, _) in awm_templates::template_documents(id) {
            let path = format!("sample:{name}");
            let read = world.task("AwmExtract", json!({ "path": path })).await;
            let source = &world.template.name;
            let text = &read["text"];
            world
                .task(
                    "AwmIndex",
                    json!({"source": source, "name": name, "text": text}),
                )
                .await;
        }
        world
    }

    /// A task's answer.
    pub(crate) async fn task(&self, name: &str, arguments: Value) -> Value {
        let request = TaskRequest {
            run_id: "test".into(),
            state: String::new(),
            name: name.into(),
            resource: format!("${{{name}}}"),
            arguments,
            retries: 0,
            progress: TaskProgress::none(),
        };
        self.tasks.run(&TenantId::local(), request).await.unwrap()
    }

    /// Puts the clock forward.
    pub(crate) fn pass_minutes(&self, minutes: i64) {
        self.clock
            .forward
            .fetch_add(minutes * 60_000, Ordering::Relaxed);
    }

    /// Runs the template with its sample input.
    pub(crate) async fn run_sample(&self) -> Ended {
        self.run(self.document.sample_input.clone().unwrap()).await
    }

    /// Runs a chat template with a message.
    pub(crate) async fn say(&self, message: &str) -> Ended {
        self.run(json!({"sessionId": "s", "message": message}))
            .await
    }

    /// Runs the template.
    pub(crate) async fn run(&self, input: Value) -> Ended {
        let definition: Value = serde_json::from_str(&self.document.text).unwrap();
        let program = Program::from_definition(&definition).unwrap();
        let events = Arc::new(Events::default());
        let told = Arc::new(Mutex::new(String::new()));
        let listener = told.clone();
        let mocks: BTreeMap<_, _> = self.document.mocks.clone();
        let outcome = driver::run(
            &TenantId::local(),
            NewRun {
                id: "run".into(),
                workflow: self.template.name.clone(),
                program: Arc::new(program),
                input,
            },
            Deps {
                clock: self.clock.clone(),
                ids: self.ids.clone(),
                tasks: self.tasks.clone(),
                items: None,
                mocks: always(mocks),
                sink: events.clone(),
                progress: Arc::new(move |piece| listener.lock().unwrap().push_str(&piece.text)),
            },
            std::future::pending::<()>(),
        )
        .await
        .unwrap();
        let output = outcome.output.ok_or_else(|| {
            format!(
                "{}: {}",
                outcome.error.unwrap_or_default(),
                outcome.cause.unwrap_or_default()
            )
        });
        let events = events.0.lock().unwrap();
        Ended {
            output,
            events: events.iter().map(|event| event.kind.clone()).collect(),
            told: told.lock().unwrap().clone(),
        }
    }
}
