//! Where connections are kept.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::connections::Connection;
use awm_tenancy::TenantId;

/// Keeps connections. Their secrets are no part of it.
#[async_trait]
pub trait Connections: Send + Sync {
    /// All of them, by name, then id.
    async fn list(&self, tenant: &TenantId) -> Result<Vec<Connection>, StoreError>;
    /// The one of that id, or of that name.
    async fn get(&self, tenant: &TenantId, id: &str) -> Result<Connection, StoreError>;
    /// Stores a connection as its next revision and answers with it. Revision 0 is a new one; any other has to be the newest,
    /// otherwise it is a [`StoreError::Conflict`]. A name that another one has is a conflict too, with base and newest 0.
    async fn save(
        &self,
        tenant: &TenantId,
        connection: Connection,
    ) -> Result<Connection, StoreError>;
    /// Forgets it.
    async fn delete(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError>;
}
