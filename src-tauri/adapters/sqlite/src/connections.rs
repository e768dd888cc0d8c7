//! Connections.

use crate::{Fault, Store};
use async_trait::async_trait;
use awm_api::connections::Connection;
use awm_ports::{Connections, StoreError};
use awm_tenancy::TenantId;
use rusqlite::{OptionalExtension, params};

const WHAT: &str = "connection";

fn gone(id: &str) -> StoreError {
    StoreError::NotFound {
        what: WHAT,
        id: id.to_owned(),
    }
}

#[async_trait]
impl Connections for Store {
    async fn list(&self, tenant: &TenantId) -> Result<Vec<Connection>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| {
            let mut rows = db.prepare_cached(
                "SELECT document FROM connections WHERE tenant = ?1 ORDER BY name, id",
            )?;
            let rows = rows.query_map([tenant], |row| row.get::<_, String>(0))?;
            let mut found = Vec::new();
            for text in rows {
                found.push(serde_json::from_str(&text?)?);
            }
            Ok(found)
        })
        .await
    }

    async fn get(&self, tenant: &TenantId, id: &str) -> Result<Connection, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| {
            let stored: Option<String> = db
                .prepare_cached(
                    "SELECT document FROM connections WHERE tenant = ?1 AND (id = ?2 OR name = ?2)
                     ORDER BY id <> ?2 LIMIT 1",
                )?
                .query_row([&tenant, &id], |row| row.get(0))
                .optional()?;
            match stored {
                Some(text) => Ok(serde_json::from_str(&text)?),
                None => Err(Fault::Store(gone(&id))),
            }
        })
        .await
    }

    async fn save(
        &self,
        tenant: &TenantId,
        mut connection: Connection,
    ) -> Result<Connection, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |db| {
            let newest: Option<u64> = db
                .prepare_cached("SELECT revision FROM connections WHERE tenant = ?1 AND id = ?2")?
                .query_row([&tenant, &connection.id], |row| row.get(0))
                .optional()?;
            if newest.is_none() && connection.revision > 0 {
                return Err(Fault::Store(gone(&connection.id)));
            }
            let newest = newest.unwrap_or(0);
            let taken: bool = db
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM connections WHERE tenant = ?1 AND name = ?2 AND id <> ?3)",
                )?
                .query_row([&tenant, &connection.name, &connection.id], |row| row.get(0))?;
            if newest != connection.revision || taken {
                return Err(Fault::Store(StoreError::Conflict {
                    what: WHAT,
                    id: if taken { connection.name } else { connection.id },
                    base: if taken { 0 } else { connection.revision },
                    newest: if taken { 0 } else { newest },
                }));
            }
            connection.revision += 1;
            connection.secrets.clear();
            db.execute(
                "INSERT INTO connections (tenant, id, name, revision, document) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (tenant, id) DO UPDATE SET name = ?3, revision = ?4, document = ?5",
                params![
                    tenant,
                    connection.id,
                    connection.name,
                    connection.revision,
                    serde_json::to_string(&connection)?
                ],
            )?;
            Ok(connection)
        })
        .await
    }

    async fn delete(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.write(move |db| {
            let removed = db.execute(
                "DELETE FROM connections WHERE tenant = ?1 AND id = ?2",
                [&tenant, &id],
            )?;
            match removed {
                0 => Err(Fault::Store(gone(&id))),
                _ => Ok(()),
            }
        })
        .await
    }
}
