//! Where workflows are kept.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::{Timestamp, workflows::WorkflowKind};
use awm_tenancy::TenantId;
use serde_json::Value;

/// Keeps workflows, every saved revision of them, and deleted ones until they are purged.
#[async_trait]
pub trait Workflows: Send + Sync {
    /// All that are not deleted, newest edit first, without their documents (`document` is null).
    async fn list(&self, tenant: &TenantId) -> Result<Vec<StoredWorkflow>, StoreError>;
    /// The newest revision of one.
    async fn get(&self, tenant: &TenantId, id: &str) -> Result<StoredWorkflow, StoreError>;
    /// An older revision's document.
    async fn revision(
        &self,
        tenant: &TenantId,
        id: &str,
        revision: u64,
    ) -> Result<Value, StoreError>;
    /// Stores a new one with revision 1.
    async fn create(&self, tenant: &TenantId, workflow: StoredWorkflow) -> Result<(), StoreError>;
    /// Stores the next revision if `base` is the newest, and answers with its number.
    async fn save(
        &self,
        tenant: &TenantId,
        workflow: StoredWorkflow,
        base: u64,
    ) -> Result<u64, StoreError>;
    /// Renames one; the revision stays.
    async fn rename(&self, tenant: &TenantId, id: &str, name: &str) -> Result<(), StoreError>;
    /// Marks one as deleted at `at`.
    async fn delete(&self, tenant: &TenantId, id: &str, at: Timestamp) -> Result<(), StoreError>;
    /// Takes the mark away.
    async fn restore(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError>;
    /// Takes those away for good that were deleted before a moment; answers with how many.
    async fn purge(&self, tenant: &TenantId, deleted_before: Timestamp) -> Result<u64, StoreError>;
}

/// A workflow as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredWorkflow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: WorkflowKind,
    /// The newest revision.
    pub revision: u64,
    /// States in the definition, counted at the save.
    pub states: u32,
    /// Problems of the definition, counted at the save.
    pub problems: u32,
    /// When the revision was saved.
    pub edited_at: Timestamp,
    /// `awm_flow::Document` as JSON.
    pub document: Value,
}
