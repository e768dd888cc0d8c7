//! Files that Map states read their items from and write their results to.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_tenancy::TenantId;

/// Buckets of objects; on the desktop, folders of files. A key never leads out of its bucket.
#[async_trait]
pub trait ItemStore: Send + Sync {
    /// The bytes of an object from `from` on, `most` at most: fewer mean that it ends there.
    async fn read_part(
        &self,
        tenant: &TenantId,
        bucket: &str,
        key: &str,
        from: u64,
        most: usize,
    ) -> Result<Vec<u8>, StoreError>;
    /// Stores an object, new or in place of an older one.
    async fn write(
        &self,
        tenant: &TenantId,
        bucket: &str,
        key: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError>;
    /// The objects whose key begins with `prefix`, by key.
    async fn list(
        &self,
        tenant: &TenantId,
        bucket: &str,
        prefix: &str,
    ) -> Result<Vec<ItemObject>, StoreError>;
}

/// An object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemObject {
    /// The key, parts divided by `/`.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// Changes when the bytes change.
    pub etag: String,
    /// When the object was last written.
    pub modified_at: Timestamp,
}
