//! Secrets.

use crate::lock;
use async_trait::async_trait;
use awm_ports::{Secret, SecretError, SecretName, Secrets, SecretsPlace};
use awm_tenancy::TenantId;
use std::{collections::BTreeMap, sync::Mutex};

/// Keeps secrets in a map.
#[derive(Debug, Default)]
pub struct MemorySecrets {
    values: Mutex<BTreeMap<(TenantId, SecretName), Secret>>,
}

#[async_trait]
impl Secrets for MemorySecrets {
    async fn put(
        &self,
        tenant: &TenantId,
        name: &SecretName,
        value: &Secret,
    ) -> Result<(), SecretError> {
        let length = value.expose().len();
        if length > Secret::MAX_BYTES {
            return Err(SecretError::TooLarge(length));
        }
        lock(&self.values).insert((tenant.clone(), name.clone()), value.clone());
        Ok(())
    }

    async fn get(
        &self,
        tenant: &TenantId,
        name: &SecretName,
    ) -> Result<Option<Secret>, SecretError> {
        let key = (tenant.clone(), name.clone());
        Ok(lock(&self.values).get(&key).cloned())
    }

    async fn delete(&self, tenant: &TenantId, name: &SecretName) -> Result<bool, SecretError> {
        let key = (tenant.clone(), name.clone());
        Ok(lock(&self.values).remove(&key).is_some())
    }

    async fn list(&self, tenant: &TenantId) -> Result<Vec<SecretName>, SecretError> {
        Ok(lock(&self.values)
            .keys()
            .filter(|(owner, _)| owner == tenant)
            .map(|(_, name)| name.clone())
            .collect())
    }

    fn place(&self) -> SecretsPlace {
        SecretsPlace::Memory
    }
}
