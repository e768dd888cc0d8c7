//! What a conversation remembers, what is known of a person, and the receipts of deletions.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::{
    Timestamp,
    memory::{Fact, Receipt},
};
use awm_tenancy::TenantId;

/// Whose facts they are where a workspace has one person: on a desktop.
pub const LOCAL_USER: &str = "local";

/// Keeps the turns of sessions for a set time. What has expired is never answered. What was deleted or purged is gone from
/// everything that the store writes, its journal included.
#[async_trait]
pub trait Memory: Send + Sync {
    /// The newest turns of a session that have not expired at `now`, oldest first, at most `limit`.
    async fn recall(
        &self,
        tenant: &TenantId,
        session_id: &str,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<MemoryTurn>, StoreError>;
    /// Stores a turn.
    async fn remember(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn: MemoryTurn,
    ) -> Result<(), StoreError>;
    /// Puts a summary in the place of a session's turns up to its moment, in one transaction.
    async fn fold(
        &self,
        tenant: &TenantId,
        session_id: &str,
        summary: MemorySummary,
    ) -> Result<(), StoreError>;
    /// A session's summaries that have not expired at `now`, oldest first.
    async fn summaries(
        &self,
        tenant: &TenantId,
        session_id: &str,
        now: Timestamp,
    ) -> Result<Vec<MemorySummary>, StoreError>;
    /// Deletes a session's turns of `since` and later, and the summaries that hold such; all of them if none.
    async fn forget(
        &self,
        tenant: &TenantId,
        session_id: &str,
        since: Option<Timestamp>,
    ) -> Result<Forgotten, StoreError>;
    /// Deletes what has expired at `now`.
    async fn purge(&self, tenant: &TenantId, now: Timestamp) -> Result<Forgotten, StoreError>;

    /// What is known of a user, oldest first.
    async fn facts(&self, tenant: &TenantId, user: &str) -> Result<Vec<Fact>, StoreError>;
    /// Stores a fact, new or changed.
    async fn put_fact(&self, tenant: &TenantId, user: &str, fact: Fact) -> Result<(), StoreError>;
    /// Deletes a user's fact, or all of them; answers with how many.
    async fn delete_facts(
        &self,
        tenant: &TenantId,
        user: &str,
        id: Option<&str>,
    ) -> Result<u64, StoreError>;

    /// Keeps a receipt.
    async fn put_receipt(&self, tenant: &TenantId, receipt: Receipt) -> Result<(), StoreError>;
    /// The newest receipts, newest first.
    async fn receipts(&self, tenant: &TenantId, limit: u32) -> Result<Vec<Receipt>, StoreError>;
}

/// A remembered turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryTurn {
    /// `user` or `assistant`.
    pub role: String,
    /// What was said.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// What is left of turns that fell out of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemorySummary {
    /// The text.
    pub text: String,
    /// When the last of the turns was said.
    pub at: Timestamp,
    /// When it is forgotten: with the first of them.
    pub expires_at: Timestamp,
}

/// How much was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Turns.
    pub turns: u64,
    /// Summaries of turns.
    pub summaries: u64,
}
