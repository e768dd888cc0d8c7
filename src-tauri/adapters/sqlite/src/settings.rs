//! Settings in the store, the model's key beside it.

use crate::{Fault, Store, secrets::Secrets};
use async_trait::async_trait;
use awm_api::settings::Settings;
use awm_ports::{SettingsStore, StoreError};
use awm_tenancy::TenantId;
use rusqlite::{Connection, OptionalExtension, params};

#[async_trait]
impl SettingsStore for Store {
    async fn load(&self, tenant: &TenantId) -> Result<Settings, StoreError> {
        let tenant = tenant.to_string();
        let secrets = Secrets::beside(self.path());
        self.read(move |db| {
            let mut settings = load(db, &tenant)?;
            if let Some(model) = &mut settings.model {
                model.api_key = secrets.model_key(&tenant, &model.base_url);
                model.has_key = model.api_key.is_some();
            }
            Ok(settings)
        })
        .await
    }

    async fn save(&self, tenant: &TenantId, settings: &Settings) -> Result<(), StoreError> {
        let (tenant, mut settings) = (tenant.to_string(), settings.clone());
        let secrets = Secrets::beside(self.path());
        self.write(move |db| {
            match &mut settings.model {
                Some(model) => {
                    // The key is bound to the address: a changed address must not be sent another one's key.
                    let key = match model.api_key.take() {
                        Some(key) => Some(key).filter(|key| !key.is_empty()),
                        None => secrets.model_key(&tenant, &model.base_url),
                    };
                    model.has_key = key.is_some();
                    secrets.put_model_key(&tenant, &model.base_url, key)?;
                }
                None => secrets.put_model_key(&tenant, "", None)?,
            }
            db.execute(
                "INSERT INTO settings (tenant, settings) VALUES (?1, ?2)
                 ON CONFLICT (tenant) DO UPDATE SET settings = ?2",
                params![tenant, serde_json::to_string(&settings)?],
            )?;
            Ok(())
        })
        .await
    }
}

fn load(db: &Connection, tenant: &str) -> Result<Settings, Fault> {
    let stored: Option<String> = db
        .prepare_cached("SELECT settings FROM settings WHERE tenant = ?1")?
        .query_row([tenant], |row| row.get(0))
        .optional()?;
    Ok(match stored {
        Some(text) => serde_json::from_str(&text)?,
        None => Settings::default(),
    })
}
