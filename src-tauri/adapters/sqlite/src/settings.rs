//! Settings in the store. A key given with them is not kept: keys lie among the secrets.

use crate::{Fault, Store};
use async_trait::async_trait;
use awm_api::settings::Settings;
use awm_ports::{SettingsStore, StoreError};
use awm_tenancy::TenantId;
use rusqlite::{Connection, OptionalExtension, params};

#[async_trait]
impl SettingsStore for Store {
    async fn load(&self, tenant: &TenantId) -> Result<Settings, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| load(db, &tenant)).await
    }

    async fn save(&self, tenant: &TenantId, settings: &Settings) -> Result<(), StoreError> {
        let (tenant, mut settings) = (tenant.to_string(), settings.clone());
        for model in &mut settings.models {
            model.api_key = None;
        }
        self.write(move |db| {
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
