//! Where conversations are kept.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::chat::{ChatSession, ChatTurn};
use awm_tenancy::TenantId;

/// Keeps conversations and their turns.
#[async_trait]
pub trait Chats: Send + Sync {
    /// All conversations, newest change first.
    async fn sessions(&self, tenant: &TenantId) -> Result<Vec<ChatSession>, StoreError>;
    /// One conversation.
    async fn session(&self, tenant: &TenantId, id: &str) -> Result<ChatSession, StoreError>;
    /// Stores a conversation, new or changed.
    async fn put_session(&self, tenant: &TenantId, session: &ChatSession)
    -> Result<(), StoreError>;
    /// Deletes a conversation with its turns.
    async fn delete_session(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError>;
    /// Deletes a turn.
    async fn delete_turn(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn_id: &str,
    ) -> Result<(), StoreError>;
    /// The turns of a conversation, oldest first.
    async fn turns(&self, tenant: &TenantId, session_id: &str)
    -> Result<Vec<ChatTurn>, StoreError>;
    /// Stores a turn, new or changed.
    async fn put_turn(
        &self,
        tenant: &TenantId,
        session_id: &str,
        turn: &ChatTurn,
    ) -> Result<(), StoreError>;
}
