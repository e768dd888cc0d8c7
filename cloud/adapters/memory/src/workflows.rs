//! Workflows.

use crate::lock;
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_ports::{StoreError, StoredWorkflow, Workflows};
use awm_tenancy::TenantId;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// Keeps workflows and their revisions in a map.
#[derive(Debug, Default)]
pub struct MemoryWorkflows {
    rows: Mutex<Rows>,
}

type Rows = HashMap<(TenantId, String), Row>;

#[derive(Debug)]
struct Row {
    newest: StoredWorkflow,
    revisions: HashMap<u64, Value>,
    deleted_at: Option<Timestamp>,
}

impl MemoryWorkflows {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        lock(&self.rows)
    }
}

fn key(tenant: &TenantId, id: &str) -> (TenantId, String) {
    (tenant.clone(), id.to_owned())
}

fn not_found(id: &str) -> StoreError {
    StoreError::NotFound {
        what: "workflow",
        id: id.to_owned(),
    }
}

fn kept<'a>(rows: &'a mut Rows, tenant: &TenantId, id: &str) -> Result<&'a mut Row, StoreError> {
    rows.get_mut(&key(tenant, id))
        .filter(|row| row.deleted_at.is_none())
        .ok_or_else(|| not_found(id))
}

#[async_trait]
impl Workflows for MemoryWorkflows {
    async fn list(&self, tenant: &TenantId) -> Result<Vec<StoredWorkflow>, StoreError> {
        let mut found: Vec<_> = self
            .rows()
            .iter()
            .filter(|((owner, _), row)| owner == tenant && row.deleted_at.is_none())
            .map(|(_, row)| StoredWorkflow {
                document: Value::Null,
                ..row.newest.clone()
            })
            .collect();
        found.sort_by(|a, b| (b.edited_at, &b.id).cmp(&(a.edited_at, &a.id)));
        Ok(found)
    }

    async fn get(&self, tenant: &TenantId, id: &str) -> Result<StoredWorkflow, StoreError> {
        kept(&mut self.rows(), tenant, id).map(|row| row.newest.clone())
    }

    async fn revision(
        &self,
        tenant: &TenantId,
        id: &str,
        revision: u64,
    ) -> Result<Value, StoreError> {
        self.rows()
            .get(&key(tenant, id))
            .and_then(|row| row.revisions.get(&revision))
            .cloned()
            .ok_or_else(|| not_found(id))
    }

    async fn create(
        &self,
        tenant: &TenantId,
        mut workflow: StoredWorkflow,
    ) -> Result<(), StoreError> {
        workflow.revision = 1;
        let row = Row {
            revisions: HashMap::from([(1, workflow.document.clone())]),
            newest: workflow,
            deleted_at: None,
        };
        self.rows().insert(key(tenant, &row.newest.id), row);
        Ok(())
    }

    async fn save(
        &self,
        tenant: &TenantId,
        mut workflow: StoredWorkflow,
        base: u64,
    ) -> Result<u64, StoreError> {
        let mut rows = self.rows();
        let row = kept(&mut rows, tenant, &workflow.id)?;
        if row.newest.revision != base {
            return Err(StoreError::Conflict {
                what: "workflow",
                id: workflow.id,
                base,
                newest: row.newest.revision,
            });
        }
        workflow.revision = base + 1;
        row.revisions
            .insert(workflow.revision, workflow.document.clone());
        row.newest = workflow;
        Ok(row.newest.revision)
    }

    async fn rename(&self, tenant: &TenantId, id: &str, name: &str) -> Result<(), StoreError> {
        kept(&mut self.rows(), tenant, id).map(|row| row.newest.name = name.to_owned())
    }

    async fn delete(&self, tenant: &TenantId, id: &str, at: Timestamp) -> Result<(), StoreError> {
        kept(&mut self.rows(), tenant, id).map(|row| row.deleted_at = Some(at))
    }

    async fn restore(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        match self.rows().get_mut(&key(tenant, id)) {
            Some(row) => {
                row.deleted_at = None;
                Ok(())
            }
            None => Err(not_found(id)),
        }
    }

    async fn purge(&self, tenant: &TenantId, deleted_before: Timestamp) -> Result<u64, StoreError> {
        let mut rows = self.rows();
        let before = rows.len();
        rows.retain(|(owner, _), row| {
            owner != tenant || row.deleted_at.is_none_or(|at| at >= deleted_before)
        });
        Ok((before - rows.len()) as u64)
    }
}
