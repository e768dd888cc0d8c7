//! What the handlers need from whoever calls them.

use crate::LiveRuns;
use async_trait::async_trait;
use awm_api::{UserError, app::AppFacts, settings::Settings};
use awm_caller::Caller;
use awm_crawler::Crawler;
use awm_evaluation::Evaluator;
use awm_pipeline::{Ingest, Query};
use awm_ports::{
    Chats, Clock, Connections, Evaluations, Ids, ItemStore, Library, Memory, Models, Questions,
    Runs, Secrets, SettingsStore, TaskRunner, Workflows,
};
use awm_tenancy::TenantId;
use futures::future::BoxFuture;
use std::sync::Arc;

/// The world behind the handlers. A clone is the same host: work that outlives its request keeps one.
#[async_trait]
pub trait Host: Clone + Send + Sync + 'static {
    /// Whose data it is.
    fn tenant(&self) -> &TenantId;
    /// The ports.
    fn ports(&self) -> &Ports;
    /// What is running, and with what.
    fn facts(&self) -> AppFacts;
    /// The last lines of the log, which holds no document text and no secrets; empty if there is none.
    fn log_tail(&self) -> String;
    /// Hears that the settings were saved.
    fn settings_changed(&self, settings: &Settings);
    /// Does the work beside the request, to its end.
    fn spawn(&self, work: BoxFuture<'static, ()>);
    /// Reads a file of the host's machine; one with more than `max_bytes` is refused with `DefinitionTooLarge`.
    async fn read_file(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, UserError>;
}

/// The ports that the handlers use, and what the host keeps for all of them.
#[derive(Clone)]
pub struct Ports {
    /// Workflows.
    pub workflows: Arc<dyn Workflows>,
    /// Runs.
    pub runs: Arc<dyn Runs>,
    /// Conversations.
    pub chats: Arc<dyn Chats>,
    /// Settings.
    pub settings: Arc<dyn SettingsStore>,
    /// Connections to APIs.
    pub connections: Arc<dyn Connections>,
    /// Calls by connections.
    pub caller: Arc<Caller>,
    /// Keys, passwords, tokens.
    pub secrets: Arc<dyn Secrets>,
    /// What conversations remember.
    pub memory: Arc<dyn Memory>,
    /// Documents and passages.
    pub library: Arc<dyn Library>,
    /// Makes models of settings.
    pub models: Arc<dyn Models>,
    /// Takes documents in.
    pub ingest: Arc<Ingest>,
    /// Takes websites, feeds, lists and buckets in.
    pub crawler: Arc<Crawler>,
    /// Finds passages.
    pub query: Query,
    /// Question sets.
    pub questions: Arc<dyn Questions>,
    /// Evaluations of question sets.
    pub evaluations: Arc<dyn Evaluations>,
    /// Measures the knowledge base.
    pub evaluator: Evaluator,
    /// Does the work of Task states.
    pub tasks: Arc<dyn TaskRunner>,
    /// Files of Map states, if there is a place for them.
    pub items: Option<Arc<dyn ItemStore>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// The runs that go on in this process.
    pub live: Arc<LiveRuns>,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ports").finish_non_exhaustive()
    }
}
