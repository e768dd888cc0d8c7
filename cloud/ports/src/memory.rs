//! What a conversation remembers.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_tenancy::TenantId;

/// Keeps the turns of sessions for a set time. What has expired is never answered.
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
    /// Deletes a session's turns; answers with how many.
    async fn forget(&self, tenant: &TenantId, session_id: &str) -> Result<u64, StoreError>;
    /// Deletes what has expired at `now`; answers with how many.
    async fn purge(&self, tenant: &TenantId, now: Timestamp) -> Result<u64, StoreError>;
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
