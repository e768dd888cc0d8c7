//! Settings.

use crate::lock;
use async_trait::async_trait;
use awm_api::settings::Settings;
use awm_ports::{SettingsStore, StoreError};
use awm_tenancy::TenantId;
use std::{collections::HashMap, sync::Mutex};

/// Keeps the settings in a map.
#[derive(Debug, Default)]
pub struct MemorySettings {
    settings: Mutex<HashMap<TenantId, Settings>>,
}

#[async_trait]
impl SettingsStore for MemorySettings {
    async fn load(&self, tenant: &TenantId) -> Result<Settings, StoreError> {
        Ok(lock(&self.settings)
            .get(tenant)
            .cloned()
            .unwrap_or_default())
    }

    async fn save(&self, tenant: &TenantId, settings: &Settings) -> Result<(), StoreError> {
        let mut all = lock(&self.settings);
        let mut settings = settings.clone();
        for model in &mut settings.models {
            if model.api_key.is_none() {
                // The key is bound to the address: a changed address must not be sent another one's key.
                model.api_key = all
                    .get(tenant)
                    .into_iter()
                    .flat_map(|stored| &stored.models)
                    .filter(|stored| stored.base_url == model.base_url)
                    .find_map(|stored| stored.api_key.clone());
            }
            model.api_key = model.api_key.take().filter(|key| !key.is_empty());
            model.has_key = model.api_key.is_some();
        }
        all.insert(tenant.clone(), settings);
        Ok(())
    }
}
