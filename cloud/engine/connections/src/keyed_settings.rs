//! Settings, whose models' keys lie among the secrets.

use async_trait::async_trait;
use awm_api::settings::{Model, Settings};
use awm_ports::{Secret, SecretError, SecretName, Secrets, SettingsStore, StoreError};
use awm_tenancy::TenantId;
use std::{collections::BTreeSet, sync::Arc};

/// Keeps settings in a store, and models' keys among the secrets, each bound to the address that it was given for: a changed
/// address is not sent another one's key.
#[derive(Clone)]
pub struct KeyedSettings {
    store: Arc<dyn SettingsStore>,
    secrets: Arc<dyn Secrets>,
}

impl KeyedSettings {
    /// Settings over a store and secrets.
    pub fn new(store: Arc<dyn SettingsStore>, secrets: Arc<dyn Secrets>) -> Self {
        Self { store, secrets }
    }

    async fn key(&self, tenant: &TenantId, address: &str) -> Result<Option<String>, StoreError> {
        let name = model_key_name(address).map_err(of_secrets)?;
        match self.secrets.get(tenant, &name).await {
            Ok(key) => Ok(key.map(|key| key.expose().to_owned())),
            // A locked keychain takes the key away, not the settings.
            Err(SecretError::Locked(_) | SecretError::Unavailable(_)) => Ok(None),
            Err(error) => Err(of_secrets(error)),
        }
    }
}

/// The secret's name for the key of models at an address.
pub fn model_key_name(address: &str) -> Result<SecretName, SecretError> {
    let hash = blake3::hash(address.as_bytes()).to_hex();
    SecretName::new(format!("models/{hash}"))
}

fn of_secrets(error: SecretError) -> StoreError {
    match error {
        SecretError::Full => StoreError::Full,
        other => StoreError::Backend(Box::new(other)),
    }
}

/// The models within settings.
fn models(settings: &mut Settings) -> impl Iterator<Item = &mut Model> {
    settings.models.iter_mut()
}

#[async_trait]
impl SettingsStore for KeyedSettings {
    async fn load(&self, tenant: &TenantId) -> Result<Settings, StoreError> {
        let mut settings = self.store.load(tenant).await?;
        for model in models(&mut settings) {
            // Without a trace of a key the secrets aren't asked, so that a keychain stays closed.
            model.api_key = match model.has_key {
                true => self.key(tenant, &model.base_url).await?,
                false => None,
            };
            model.has_key = model.api_key.is_some();
        }
        Ok(settings)
    }

    async fn save(&self, tenant: &TenantId, settings: &Settings) -> Result<(), StoreError> {
        let mut settings = settings.clone();
        let mut stored = self.store.load(tenant).await?;
        let before: BTreeSet<String> = models(&mut stored)
            .filter(|model| model.has_key)
            .map(|model| model.base_url.clone())
            .collect();
        let mut after = BTreeSet::new();
        for model in models(&mut settings) {
            model.has_key = match model.api_key.take() {
                None => before.contains(&model.base_url) || after.contains(&model.base_url),
                Some(key) if key.is_empty() => false,
                Some(key) => {
                    let name = model_key_name(&model.base_url).map_err(of_secrets)?;
                    let kept = self.secrets.put(tenant, &name, &Secret::new(key)).await;
                    kept.map_err(of_secrets)?;
                    true
                }
            };
            if model.has_key {
                after.insert(model.base_url.clone());
            }
        }
        self.store.save(tenant, &settings).await?;
        for address in before.difference(&after) {
            let name = model_key_name(address).map_err(of_secrets)?;
            let forgotten = self.secrets.delete(tenant, &name).await;
            forgotten.map_err(of_secrets)?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for KeyedSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyedSettings").finish_non_exhaustive()
    }
}
