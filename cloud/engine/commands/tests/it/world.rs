//! Stand-ins for what is outside: tasks, models, a store that fails.

use async_trait::async_trait;
use awm_api::{
    Page,
    runs::{RunEvent, RunList, RunSummary},
    settings::Model,
};
use awm_memory::MemoryRuns;
use awm_ports::{
    Llm, LlmError, LlmEvent, LlmRequest, Models, NewRun, RunEnd, Runs, RunsDeleted, StoreError,
    TaskFailure, TaskRequest, TaskRunner,
};
use awm_tenancy::TenantId;
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Notify;

/// Tasks by resource. A `wait` goes on when it is let.
#[derive(Default)]
pub(crate) struct TestTasks {
    pub(crate) go_on: Notify,
    pub(crate) done: Mutex<Vec<String>>,
}

#[async_trait]
impl TaskRunner for TestTasks {
    async fn run(&self, _: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        self.done.lock().unwrap().push(request.name.clone());
        match request.resource.as_str() {
            "${AwmGenerate}" => {
                for word in ["At ", "noon ", "[1]"] {
                    request.progress.tell(word);
                    tokio::task::yield_now().await;
                }
                Ok(json!({
                    "answer": "At noon [1]",
                    "citations": [{
                        "number": 1, "passageId": "p", "documentId": "d", "documentName": "a.md",
                        "start": 0, "end": 7, "quote": "at noon",
                    }],
                    "extractive": true,
                    "refused": false,
                }))
            }
            "${AwmRetrieve}" => {
                request.progress.tell("looking");
                Ok(json!({"passages": [], "found": false}))
            }
            "${AwmRecall}" => {
                self.go_on.notified().await;
                Ok(json!({"turns": []}))
            }
            "${AwmEmbed}" => panic!("a fault in a task"),
            other => Err(TaskFailure::new(
                "Awm.ServiceFailed",
                format!("no `{other}`"),
            )),
        }
    }
}

/// A model that answers with its own name.
pub(crate) struct TestModels;

impl Models for TestModels {
    fn open(&self, model: &Model) -> Result<Arc<dyn Llm>, LlmError> {
        Ok(Arc::new(Named(model.clone())))
    }
}

struct Named(Model);

#[async_trait]
impl Llm for Named {
    async fn generate(
        &self,
        _: LlmRequest,
    ) -> Result<stream::BoxStream<'static, Result<LlmEvent, LlmError>>, LlmError> {
        match self.0.name.as_str() {
            "gone" => Err(LlmError::Unreachable("nobody answers".into())),
            "silent" => Ok(stream::iter([Ok(LlmEvent::Done(Default::default()))]).boxed()),
            _ => {
                let key = self.0.api_key.clone().unwrap_or_default();
                Ok(stream::iter([Ok(LlmEvent::Text(format!("yes {key}")))]).boxed())
            }
        }
    }
}

/// Runs of which a write fails because the disk is full: the `fail_at`th and all after it.
pub(crate) struct FullRuns {
    pub(crate) inner: MemoryRuns,
    pub(crate) writes: AtomicU64,
    pub(crate) fail_at: u64,
}

impl FullRuns {
    fn room(&self) -> Result<(), StoreError> {
        match self.writes.fetch_add(1, Ordering::SeqCst) + 1 >= self.fail_at {
            true => Err(StoreError::Full),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Runs for FullRuns {
    async fn create(&self, tenant: &TenantId, run: NewRun) -> Result<(), StoreError> {
        self.room()?;
        self.inner.create(tenant, run).await
    }

    async fn append(
        &self,
        tenant: &TenantId,
        id: &str,
        events: &[RunEvent],
    ) -> Result<(), StoreError> {
        self.room()?;
        self.inner.append(tenant, id, events).await
    }

    async fn finish(
        &self,
        tenant: &TenantId,
        id: &str,
        events: &[RunEvent],
        end: RunEnd,
    ) -> Result<RunSummary, StoreError> {
        self.room()?;
        self.inner.finish(tenant, id, events, end).await
    }

    async fn reopen(&self, tenant: &TenantId, id: &str) -> Result<RunSummary, StoreError> {
        self.room()?;
        self.inner.reopen(tenant, id).await
    }

    async fn summary(&self, tenant: &TenantId, id: &str) -> Result<RunSummary, StoreError> {
        self.inner.summary(tenant, id).await
    }

    async fn get(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<(RunSummary, Value, Value, Option<Value>), StoreError> {
        self.inner.get(tenant, id).await
    }

    async fn events(
        &self,
        tenant: &TenantId,
        id: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError> {
        self.inner.events(tenant, id, after, limit).await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        filter: &RunList,
    ) -> Result<Page<RunSummary>, StoreError> {
        self.inner.list(tenant, filter).await
    }

    async fn unfinished(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError> {
        self.inner.unfinished(tenant).await
    }

    async fn delete(&self, tenant: &TenantId, ids: &[String]) -> Result<RunsDeleted, StoreError> {
        self.inner.delete(tenant, ids).await
    }

    async fn latest(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError> {
        self.inner.latest(tenant).await
    }
}

/// An outside world without anybody in it.
pub(crate) struct Nowhere;

#[async_trait]
impl awm_ports::Http for Nowhere {
    async fn send(
        &self,
        _: awm_ports::HttpRequest,
    ) -> Result<awm_ports::HttpResponse, awm_ports::HttpError> {
        Err(awm_ports::HttpError::Unreachable("nobody is there".into()))
    }
}
