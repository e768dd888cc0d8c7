//! Connections.

use crate::lock;
use async_trait::async_trait;
use awm_api::connections::Connection;
use awm_ports::{Connections, StoreError};
use awm_tenancy::TenantId;
use std::{collections::BTreeMap, sync::Mutex};

/// Keeps connections in a map.
#[derive(Debug, Default)]
pub struct MemoryConnections {
    connections: Mutex<BTreeMap<(TenantId, String), Connection>>,
}

const WHAT: &str = "connection";

fn gone(id: &str) -> StoreError {
    StoreError::NotFound {
        what: WHAT,
        id: id.to_owned(),
    }
}

#[async_trait]
impl Connections for MemoryConnections {
    async fn list(&self, tenant: &TenantId) -> Result<Vec<Connection>, StoreError> {
        let mut found: Vec<Connection> = lock(&self.connections)
            .iter()
            .filter(|((owner, _), _)| owner == tenant)
            .map(|(_, connection)| connection.clone())
            .collect();
        found.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(found)
    }

    async fn get(&self, tenant: &TenantId, id: &str) -> Result<Connection, StoreError> {
        let all = self.list(tenant).await?;
        let named = || all.iter().find(|connection| connection.name == id);
        let found = all.iter().find(|connection| connection.id == id);
        found.or_else(named).cloned().ok_or_else(|| gone(id))
    }

    async fn save(
        &self,
        tenant: &TenantId,
        mut connection: Connection,
    ) -> Result<Connection, StoreError> {
        let mut all = lock(&self.connections);
        let key = (tenant.clone(), connection.id.clone());
        let newest = all.get(&key).map_or(0, |stored| stored.revision);
        if connection.revision > 0 && newest == 0 {
            return Err(gone(&connection.id));
        }
        let taken = all.iter().any(|((owner, id), stored)| {
            owner == tenant && *id != connection.id && stored.name == connection.name
        });
        if newest != connection.revision || taken {
            return Err(StoreError::Conflict {
                what: WHAT,
                id: if taken {
                    connection.name
                } else {
                    connection.id
                },
                base: if taken { 0 } else { connection.revision },
                newest: if taken { 0 } else { newest },
            });
        }
        connection.revision += 1;
        connection.secrets.clear();
        all.insert(key, connection.clone());
        Ok(connection)
    }

    async fn delete(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        let removed = lock(&self.connections).remove(&(tenant.clone(), id.to_owned()));
        removed.map(drop).ok_or_else(|| gone(id))
    }
}
