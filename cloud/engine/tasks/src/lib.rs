#![doc = include_str!("../README.md")]

mod call_api;
mod chunk;
mod cite;
mod embed;
mod extract;
mod failure;
mod fetch_page;
mod fields;
mod generate;
mod index;
mod passage;
mod prompt;
mod remember;
mod resource;
mod retrieve;
mod rewrite;

use async_trait::async_trait;
use awm_caller::Caller;
use awm_ports::{
    Clock, Embedder, Extractor, Files, Http, Ids, Library, Memory, Models, SettingsStore,
    TaskFailure, TaskProgress, TaskRequest, TaskRunner,
};
use awm_tenancy::TenantId;
use fields::Fields;
use resource::{Call, Task};
use serde_json::{Value, json};
use std::sync::Arc;

/// Does the platform tasks.
#[derive(Clone)]
pub struct PlatformTasks {
    deps: Deps,
}

/// What the tasks need from the world.
#[derive(Clone)]
pub struct Deps {
    /// Finds passages, and takes what `AwmIndex` stores.
    pub library: Arc<dyn Library>,
    /// Keeps what is remembered.
    pub memory: Arc<dyn Memory>,
    /// Tells the configured model and how long memory lasts; read anew at each call.
    pub settings: Arc<dyn SettingsStore>,
    /// Opens the configured model.
    pub models: Arc<dyn Models>,
    /// Reads files and pages.
    pub extractor: Arc<dyn Extractor>,
    /// Tells where a path leads to.
    pub files: Arc<dyn Files>,
    /// Makes vectors; keywords alone are searched without one.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Calls servers.
    pub http: Arc<dyn Http>,
    /// Calls by connections.
    pub caller: Arc<Caller>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
}

impl std::fmt::Debug for PlatformTasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlatformTasks").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Deps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deps").finish_non_exhaustive()
    }
}

impl PlatformTasks {
    /// Tasks over these ports.
    pub fn new(deps: Deps) -> Self {
        Self { deps }
    }

    async fn answer(
        &self,
        tenant: &TenantId,
        task: Task,
        request: Value,
        progress: &TaskProgress,
    ) -> Result<Value, TaskFailure> {
        let deps = &self.deps;
        let fields = Fields::new(task.name(), request)?;
        match task {
            Task::Retrieve => retrieve::run(deps, tenant, fields).await,
            Task::Generate => generate::run(deps, tenant, fields, progress).await,
            Task::Recall => remember::recall(deps, tenant, fields).await,
            Task::Remember => remember::remember(deps, tenant, fields).await,
            Task::CallApi => call_api::run(deps, tenant, fields).await,
            Task::FetchPage => fetch_page::run(deps, fields).await,
            Task::Extract => extract::run(deps, tenant, fields).await,
            Task::Chunk => chunk::run(deps, fields),
            Task::Embed => embed::run(deps, fields).await,
            Task::Index => index::run(deps, tenant, fields).await,
        }
    }
}

#[async_trait]
impl TaskRunner for PlatformTasks {
    async fn run(&self, tenant: &TenantId, request: TaskRequest) -> Result<Value, TaskFailure> {
        match resource::read(&request.resource, request.arguments)? {
            Call::Direct {
                task,
                request: body,
            } => self.answer(tenant, task, body, &request.progress).await,
            Call::Invoke { task, payload } => {
                let answer = self
                    .answer(tenant, task, payload, &request.progress)
                    .await?;
                // What the integration with Lambda wraps around a function's answer.
                Ok(json!({"ExecutedVersion": "$LATEST", "Payload": answer, "StatusCode": 200}))
            }
        }
    }
}
