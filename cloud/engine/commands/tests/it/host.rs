//! A host with nothing behind it but memory.

use crate::world::{Nowhere, TestModels, TestTasks};
use async_trait::async_trait;
use awm_api::{Code, Timestamp, UserError, app::AppFacts};
use awm_caller::{Caller, CallerParts};
use awm_commands::{Host, LiveRuns, Ports, dispatch, dispatch_stream};
use awm_crawler::{CrawlParts, Crawler};
use awm_evaluation::Evaluator;
use awm_memory::{
    MemoryChats, MemoryClock, MemoryConnections, MemoryCrawls, MemoryExtractor, MemoryFiles,
    MemoryIds, MemoryLibrary, MemoryMemory, MemoryQuestions, MemoryRuns, MemorySecrets,
    MemorySettings, MemoryWorkflows,
};
use awm_pipeline::{Ingest, IngestParts, Query};
use awm_ports::{Http, HttpError, HttpRequest, HttpResponse, HttpTrace, Runs};
use awm_tenancy::TenantId;
use futures::{StreamExt, future::BoxFuture};
use serde_json::Value;
use std::sync::Arc;

/// A server that answers with what it was sent, and knows one path that fails.
struct Echo;

#[async_trait]
impl Http for Echo {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if request.url.contains("/gone") {
            return Err(HttpError::Unreachable(format!(
                "no answer from {}",
                request.url
            )));
        }
        let body = serde_json::json!({
            "url": request.url,
            "headers": request.headers,
            "body": String::from_utf8_lossy(&request.body),
        });
        Ok(HttpResponse {
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.to_string().into_bytes(),
            url: request.url,
            trace: HttpTrace::default(),
        })
    }
}

#[derive(Clone)]
pub(crate) struct TestHost {
    tenant: TenantId,
    ports: Ports,
    pub(crate) clock: Arc<MemoryClock>,
    pub(crate) files: Arc<MemoryFiles>,
    pub(crate) tasks: Arc<TestTasks>,
}

pub(crate) const NOW: Timestamp = 1_000_000;

impl TestHost {
    pub(crate) fn new() -> Self {
        Self::with_runs(Arc::new(MemoryRuns::default()))
    }

    pub(crate) fn with_runs(runs: Arc<dyn Runs>) -> Self {
        let clock = Arc::new(MemoryClock::standing(NOW));
        let (library, ids) = (
            Arc::new(MemoryLibrary::default()),
            Arc::new(MemoryIds::default()),
        );
        let (files, tasks) = (
            Arc::new(MemoryFiles::default()),
            Arc::new(TestTasks::default()),
        );
        let questions = Arc::new(MemoryQuestions::default());
        let tenant = TenantId::local();
        let connections = Arc::new(MemoryConnections::default());
        let secrets = Arc::new(MemorySecrets::default());
        let extractor = Arc::new(MemoryExtractor::new(files.clone()));
        let ingest = Ingest::new(
            tenant.clone(),
            IngestParts {
                library: library.clone(),
                extractor: extractor.clone(),
                embedder: None,
                vectors_off: Some("no model in tests".into()),
                files: files.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                workers: 1,
            },
        );
        let crawler = Crawler::new(
            tenant.clone(),
            CrawlParts {
                crawls: Arc::new(MemoryCrawls::default()),
                library: library.clone(),
                ingest: ingest.clone(),
                http: Arc::new(Nowhere),
                extractor,
                secrets: Arc::new(MemorySecrets::default()),
                clock: clock.clone(),
                ids: ids.clone(),
                scratch: || Arc::new(MemoryCrawls::default()),
            },
        );
        Self {
            clock: clock.clone(),
            files: files.clone(),
            tasks: tasks.clone(),
            ports: Ports {
                workflows: Arc::new(MemoryWorkflows::default()),
                runs,
                chats: Arc::new(MemoryChats::default()),
                settings: Arc::new(MemorySettings::default()),
                connections: connections.clone(),
                caller: Arc::new(Caller::new(CallerParts {
                    connections,
                    secrets: secrets.clone(),
                    http: Arc::new(Echo),
                    clock: clock.clone(),
                    ids: ids.clone(),
                })),
                secrets,
                memory: Arc::new(MemoryMemory::default()),
                library: library.clone(),
                models: Arc::new(TestModels),
                questions: questions.clone(),
                evaluations: questions,
                ingest,
                crawler,
                evaluator: Evaluator::new(
                    library.clone(),
                    Query::new(library.clone(), None, clock.clone()),
                    clock.clone(),
                ),
                query: Query::new(library, None, clock.clone()),
                tasks: tasks.clone(),
                items: None,
                clock,
                ids,
                live: Arc::new(LiveRuns::default()),
            },
            tenant,
        }
    }

    /// The answer, or the error as JSON.
    pub(crate) async fn ask(&self, name: &str, request: Value) -> Value {
        match dispatch(self, name, request).await {
            Ok(answer) => answer,
            Err(error) => serde_json::to_value(error).unwrap(),
        }
    }

    /// Imports a definition and answers with its id.
    pub(crate) async fn import(&self, definition: Value) -> String {
        let request = serde_json::json!({"file_name": "flow.json", "text": definition.to_string()});
        let made = self.ask("workflow_import", request).await;
        made["summary"]["id"].as_str().unwrap().to_owned()
    }

    /// All items of a stream that ends.
    pub(crate) async fn follow(&self, name: &str, request: Value) -> Vec<Value> {
        let items = dispatch_stream(self, name, request).await.unwrap();
        items.map(|item| item.unwrap()).collect().await
    }
}

#[async_trait]
impl Host for TestHost {
    fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    fn ports(&self) -> &Ports {
        &self.ports
    }

    fn facts(&self) -> AppFacts {
        AppFacts {
            version: "0.0.0".into(),
            home: "/home".into(),
            logs: "/home/logs".into(),
            host: "test".into(),
            started_at: NOW,
            components: Vec::new(),
        }
    }

    fn log_tail(&self) -> String {
        String::new()
    }

    fn settings_changed(&self, _: &awm_api::settings::Settings) {}

    fn spawn(&self, work: BoxFuture<'static, ()>) {
        tokio::spawn(work);
    }

    async fn read_file(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, UserError> {
        match path {
            "/flows/order.asl.json" => {
                Ok(br#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#.to_vec())
            }
            "/flows/photo.json" => Ok(vec![0xff, 0xd8, 0xff]),
            "/flows/huge.json" => Err(awm_commands::too_large(max_bytes + 1)),
            _ => Err(UserError::new(Code::NotFound, "it is not there")),
        }
    }
}
