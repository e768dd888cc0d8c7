//! Where settings are kept.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::settings::Settings;
use awm_tenancy::TenantId;

/// Keeps the settings; the defaults until something is stored. The model's key is kept apart from the rest.
#[async_trait]
pub trait SettingsStore: Send + Sync {
    /// The settings, the model's key included.
    async fn load(&self, tenant: &TenantId) -> Result<Settings, StoreError>;
    /// Stores the settings; a model without a key keeps the stored key if its address is the same.
    async fn save(&self, tenant: &TenantId, settings: &Settings) -> Result<(), StoreError>;
}
