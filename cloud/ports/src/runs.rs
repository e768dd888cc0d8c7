//! Where runs and their events are kept.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    runs::{RunEvent, RunList, RunStatus, RunSummary},
};
use awm_tenancy::TenantId;
use serde_json::Value;

/// Keeps runs. An event that was appended is there after a crash.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Stores a new run in the status `Running`.
    async fn create(&self, tenant: &TenantId, run: NewRun) -> Result<(), StoreError>;
    /// Appends events, all or none; their ids go on from the last one.
    async fn append(
        &self,
        tenant: &TenantId,
        run_id: &str,
        events: &[RunEvent],
    ) -> Result<(), StoreError>;
    /// Appends the last events and ends the run, in one transaction.
    async fn finish(
        &self,
        tenant: &TenantId,
        run_id: &str,
        events: &[RunEvent],
        end: RunEnd,
    ) -> Result<RunSummary, StoreError>;
    /// Puts a run that ended otherwise than well back into the status `Running`; its events stay, its end is forgotten. A run that
    /// goes on or succeeded is a conflict.
    async fn reopen(&self, tenant: &TenantId, run_id: &str) -> Result<RunSummary, StoreError>;
    /// One run's row.
    async fn summary(&self, tenant: &TenantId, run_id: &str) -> Result<RunSummary, StoreError>;
    /// One run's row, document, input and output.
    async fn get(
        &self,
        tenant: &TenantId,
        run_id: &str,
    ) -> Result<(RunSummary, Value, Value, Option<Value>), StoreError>;
    /// The events with ids above `after`, at most `limit`.
    async fn events(
        &self,
        tenant: &TenantId,
        run_id: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError>;
    /// Rows by a filter, newest first.
    async fn list(
        &self,
        tenant: &TenantId,
        filter: &RunList,
    ) -> Result<Page<RunSummary>, StoreError>;
    /// The runs that stand as `Running`: at start, those that a crash cut off.
    async fn unfinished(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError>;
    /// Deletes runs with their events; those that are not there count as none. Their text is gone as [`Memory`](crate::Memory)'s is.
    async fn delete(
        &self,
        tenant: &TenantId,
        run_ids: &[String],
    ) -> Result<RunsDeleted, StoreError>;
    /// The newest run of each workflow.
    async fn latest(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError>;
}

/// How much was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunsDeleted {
    /// Runs.
    pub runs: u64,
    /// Their events.
    pub events: u64,
}

/// A run that begins.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// The row, in the status `Running`.
    pub summary: RunSummary,
    /// `awm_flow::Document` that is run, as JSON.
    pub document: Value,
    /// The input.
    pub input: Value,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct RunEnd {
    /// A status other than `Running`.
    pub status: RunStatus,
    /// When.
    pub at: Timestamp,
    /// The output, when it succeeded.
    pub output: Option<Value>,
    /// The error name, when it failed.
    pub error: Option<String>,
    /// The cause, when it failed.
    pub cause: Option<String>,
}
