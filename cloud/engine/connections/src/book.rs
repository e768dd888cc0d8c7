//! Connections and their secrets, kept together.

use crate::{CallError, Caller};
use awm_api::connections::{Connection, SecretState};
use awm_connections::{check, same_servers};
use awm_ports::{SecretError, SecretName, StoreError};
use awm_tenancy::TenantId;

/// The fields that connections have secrets in.
const FIELDS: [&str; 4] = ["key", "password", "token", "client-secret"];

/// The name of a connection's secret.
pub fn secret_name(connection: &str, field: &str) -> Result<SecretName, SecretError> {
    SecretName::new(format!("connections/{connection}/{field}"))
}

impl Caller {
    /// The connection of that id or name.
    pub async fn connection(&self, tenant: &TenantId, id: &str) -> Result<Connection, CallError> {
        Ok(self.parts.connections.get(tenant, id).await?)
    }

    /// Stores a connection as its next revision. One that leads to other servers than before loses its secrets first: they were
    /// entered for those.
    pub async fn save(
        &self,
        tenant: &TenantId,
        connection: Connection,
    ) -> Result<Connection, CallError> {
        let connection = check(connection)?;
        match self.parts.connections.get(tenant, &connection.id).await {
            Ok(before)
                if before.id == connection.id
                    && before.revision == connection.revision
                    && !same_servers(&before, &connection) =>
            {
                self.forget(tenant, &connection.id).await?;
            }
            Ok(_) | Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(self.parts.connections.save(tenant, connection).await?)
    }

    /// Deletes a connection and its secrets; answers how many these were.
    pub async fn delete(&self, tenant: &TenantId, id: &str) -> Result<u32, CallError> {
        // The secrets first: without the connection nobody would find them.
        let connection = self.parts.connections.get(tenant, id).await?;
        let forgotten = self.forget(tenant, &connection.id).await?;
        self.parts
            .connections
            .delete(tenant, &connection.id)
            .await?;
        Ok(forgotten)
    }

    /// Which secrets the connection needs, and whether they are there.
    pub async fn secret_states(
        &self,
        tenant: &TenantId,
        connection: &Connection,
    ) -> Result<Vec<SecretState>, CallError> {
        let mut states = Vec::new();
        if let Some(field) = connection.auth.secret() {
            let name = secret_name(&connection.id, field)?;
            let present = match self.parts.secrets.get(tenant, &name).await {
                Ok(secret) => Some(secret.is_some()),
                // A closed keychain is no reason not to show the connection.
                Err(_) => None,
            };
            states.push(SecretState {
                field: field.to_owned(),
                name: name.to_string(),
                present,
            });
        }
        Ok(states)
    }

    async fn forget(&self, tenant: &TenantId, id: &str) -> Result<u32, CallError> {
        let mut forgotten = 0;
        for field in FIELDS {
            let name = secret_name(id, field)?;
            forgotten += u32::from(self.parts.secrets.delete(tenant, &name).await?);
        }
        Ok(forgotten)
    }
}
