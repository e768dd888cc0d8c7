//! The platform tasks over ports in memory, with a model and a network that say what a test tells them to.

use async_trait::async_trait;
use awm_api::settings::{Model, ModelKind, Settings};
use awm_caller::{Caller, CallerParts};
use awm_memory::{
    MemoryClock, MemoryConnections, MemoryEmbedder, MemoryExtractor, MemoryFiles, MemoryIds,
    MemoryLibrary, MemoryMemory, MemorySecrets, MemorySettings,
};
use awm_ports::{
    Http, HttpError, HttpRequest, HttpResponse, HttpTrace, Llm, LlmError, LlmEvent, LlmRequest,
    LlmUsage, Models, TaskFailure, TaskProgress, TaskRequest, TaskRunner,
};
use awm_tasks::{Deps, PlatformTasks};
use awm_tenancy::TenantId;
use futures::{StreamExt, stream, stream::BoxStream};
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// What a model says: pieces, then the error, or the end.
#[derive(Clone, Default)]
pub(crate) struct Said {
    pub(crate) pieces: Vec<&'static str>,
    pub(crate) error: Option<LlmError>,
    pub(crate) heard: Arc<Mutex<Vec<LlmRequest>>>,
}

impl Models for Said {
    fn open(&self, _: &Model) -> Result<Arc<dyn Llm>, LlmError> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl Llm for Said {
    async fn generate(
        &self,
        request: LlmRequest,
    ) -> Result<BoxStream<'static, Result<LlmEvent, LlmError>>, LlmError> {
        self.heard.lock().unwrap().push(request);
        let end = match self.error.clone() {
            Some(error) => Err(error),
            None => Ok(LlmEvent::Done(LlmUsage {
                tokens_in: Some(10),
                tokens_out: Some(5),
            })),
        };
        let pieces: Vec<Result<LlmEvent, LlmError>> = self
            .pieces
            .iter()
            .map(|piece| Ok(LlmEvent::Text((*piece).into())))
            .chain([end])
            .collect();
        Ok(stream::iter(pieces).boxed())
    }
}

/// A network of one answer.
pub(crate) struct Net(pub(crate) Result<HttpResponse, HttpError>);

#[async_trait]
impl Http for Net {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.0.clone()
    }
}

pub(crate) fn response(
    status: u16,
    media_type: &str,
    body: &str,
) -> Result<HttpResponse, HttpError> {
    Ok(HttpResponse {
        status,
        headers: vec![("content-type".into(), media_type.into())],
        body: body.as_bytes().to_vec(),
        url: "https://a.example/guide".into(),
        trace: HttpTrace::default(),
    })
}

pub(crate) struct World {
    pub(crate) deps: Deps,
    pub(crate) clock: Arc<MemoryClock>,
    pub(crate) files: Arc<MemoryFiles>,
}

impl World {
    /// Without a model and with a network that nobody answers in.
    pub(crate) fn new() -> Self {
        let clock = Arc::new(MemoryClock::standing(1_000_000));
        let files = Arc::new(MemoryFiles::default());
        let http: Arc<dyn Http> =
            Arc::new(Net(Err(HttpError::Unreachable("nobody is there".into()))));
        let deps = Deps {
            caller: Arc::new(Caller::new(CallerParts {
                connections: Arc::new(MemoryConnections::default()),
                secrets: Arc::new(MemorySecrets::default()),
                http: http.clone(),
                clock: clock.clone(),
                ids: Arc::new(MemoryIds::default()),
            })),
            library: Arc::new(MemoryLibrary::default()),
            memory: Arc::new(MemoryMemory::default()),
            settings: Arc::new(MemorySettings::default()),
            models: Arc::new(Said::default()),
            extractor: Arc::new(MemoryExtractor::new(files.clone())),
            files: files.clone(),
            embedder: Some(Arc::new(MemoryEmbedder)),
            http,
            clock: clock.clone(),
            ids: Arc::new(MemoryIds::default()),
        };
        Self { deps, clock, files }
    }

    /// With a model that says this.
    pub(crate) async fn saying(said: Said) -> Self {
        let mut world = Self::new();
        world.deps.models = Arc::new(said);
        let settings = Settings {
            models: vec![Model {
                kind: ModelKind::Ollama,
                base_url: "http://localhost:1".into(),
                name: "tiny".into(),
                ..Model::default()
            }],
            ..Settings::default()
        };
        let tenant = TenantId::local();
        world.deps.settings.save(&tenant, &settings).await.unwrap();
        world
    }

    /// With a network that answers this.
    pub(crate) fn answering(answer: Result<HttpResponse, HttpError>) -> Self {
        let mut world = Self::new();
        world.deps.http = Arc::new(Net(answer));
        world
    }

    /// The answer of a task, and what it told while it worked.
    pub(crate) async fn run(
        &self,
        task: &str,
        arguments: Value,
    ) -> (Result<Value, TaskFailure>, String) {
        let told = Arc::new(Mutex::new(String::new()));
        let listener = told.clone();
        let answer = PlatformTasks::new(self.deps.clone())
            .run(
                &TenantId::local(),
                TaskRequest {
                    run_id: "run".into(),
                    state: "/States/A".into(),
                    name: "A".into(),
                    resource: format!("${{{task}}}"),
                    arguments,
                    retries: 0,
                    progress: TaskProgress::new(move |text| {
                        listener.lock().unwrap().push_str(text);
                    }),
                },
            )
            .await;
        let told = told.lock().unwrap().clone();
        (answer, told)
    }

    /// The answer as a line, or the failure.
    pub(crate) async fn line(&self, task: &str, arguments: Value) -> String {
        match self.run(task, arguments).await.0 {
            Ok(answer) => answer.to_string(),
            Err(failure) => failure.to_string(),
        }
    }
}
