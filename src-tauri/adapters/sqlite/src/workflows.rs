//! Workflows and their revisions.

use crate::{
    Fault, Store,
    words::{from_word, or_missing, to_word},
};
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_ports::{StoreError, StoredWorkflow, Workflows};
use awm_tenancy::TenantId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

const COLUMNS: &str = "id, name, kind, revision, states, problems, edited_at";

#[async_trait]
impl Workflows for Store {
    async fn list(&self, tenant: &TenantId) -> Result<Vec<StoredWorkflow>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| {
            let mut found = Vec::new();
            let mut query = db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM workflows WHERE tenant = ?1 AND deleted_at IS NULL
                 ORDER BY edited_at DESC, id DESC"
            ))?;
            let mut rows = query.query([tenant])?;
            while let Some(row) = rows.next()? {
                found.push(workflow(row)?);
            }
            Ok(found)
        })
        .await
    }

    async fn get(&self, tenant: &TenantId, id: &str) -> Result<StoredWorkflow, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM workflows WHERE tenant = ?1 AND id = ?2 AND deleted_at IS NULL"
            ))?;
            let mut rows = query.query([&tenant, &id])?;
            let mut found = workflow(or_missing(rows.next()?, "workflow", &id)?)?;
            found.document = document(db, &tenant, &id, found.revision)?;
            Ok(found)
        })
        .await
    }

    async fn revision(
        &self,
        tenant: &TenantId,
        id: &str,
        revision: u64,
    ) -> Result<Value, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| document(db, &tenant, &id, revision))
            .await
    }

    async fn create(&self, tenant: &TenantId, workflow: StoredWorkflow) -> Result<(), StoreError> {
        let tenant = tenant.to_string();
        self.write(move |db| {
            db.prepare_cached(&format!(
                "INSERT INTO workflows (tenant, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7)"
            ))?
            .execute(params![
                tenant,
                workflow.id,
                workflow.name,
                to_word(workflow.kind)?,
                workflow.states,
                workflow.problems,
                workflow.edited_at,
            ])?;
            put_document(db, &tenant, &workflow.id, 1, &workflow.document)
        })
        .await
    }

    async fn save(
        &self,
        tenant: &TenantId,
        workflow: StoredWorkflow,
        base: u64,
    ) -> Result<u64, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |db| {
            let newest: Option<u64> = db
                .prepare_cached(
                    "SELECT revision FROM workflows
                     WHERE tenant = ?1 AND id = ?2 AND deleted_at IS NULL",
                )?
                .query_row([&tenant, &workflow.id], |row| row.get(0))
                .optional()?;
            let newest = or_missing(newest, "workflow", &workflow.id)?;
            if newest != base {
                return Err(Fault::Store(StoreError::Conflict {
                    what: "workflow",
                    id: workflow.id,
                    base,
                    newest,
                }));
            }
            let next = base + 1;
            db.prepare_cached(
                "UPDATE workflows SET name = ?3, kind = ?4, revision = ?5, states = ?6,
                 problems = ?7, edited_at = ?8 WHERE tenant = ?1 AND id = ?2",
            )?
            .execute(params![
                tenant,
                workflow.id,
                workflow.name,
                to_word(workflow.kind)?,
                next,
                workflow.states,
                workflow.problems,
                workflow.edited_at,
            ])?;
            put_document(db, &tenant, &workflow.id, next, &workflow.document)?;
            Ok(next)
        })
        .await
    }

    async fn rename(&self, tenant: &TenantId, id: &str, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        change(
            self,
            tenant,
            id,
            "UPDATE workflows SET name = ?3 WHERE tenant = ?1 AND id = ?2 AND deleted_at IS NULL",
            name,
        )
        .await
    }

    async fn delete(&self, tenant: &TenantId, id: &str, at: Timestamp) -> Result<(), StoreError> {
        change(
            self,
            tenant,
            id,
            "UPDATE workflows SET deleted_at = ?3 WHERE tenant = ?1 AND id = ?2 AND deleted_at IS NULL",
            at,
        )
        .await
    }

    async fn restore(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        change(
            self,
            tenant,
            id,
            "UPDATE workflows SET deleted_at = ?3 WHERE tenant = ?1 AND id = ?2",
            None::<Timestamp>,
        )
        .await
    }

    async fn purge(&self, tenant: &TenantId, deleted_before: Timestamp) -> Result<u64, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |db| {
            let purged = db.execute(
                "DELETE FROM workflows WHERE tenant = ?1 AND deleted_at < ?2",
                params![tenant, deleted_before],
            )?;
            Ok(purged as u64)
        })
        .await
    }
}

/// Changes one column of one workflow, which has to be there.
async fn change(
    store: &Store,
    tenant: &TenantId,
    id: &str,
    update: &'static str,
    value: impl rusqlite::ToSql + Send + 'static,
) -> Result<(), StoreError> {
    let (tenant, id) = (tenant.to_string(), id.to_owned());
    store
        .write(move |db| {
            let changed = db
                .prepare_cached(update)?
                .execute(params![tenant, id, value])?;
            Ok(or_missing((changed > 0).then_some(()), "workflow", &id)?)
        })
        .await
}

fn workflow(row: &Row<'_>) -> Result<StoredWorkflow, Fault> {
    Ok(StoredWorkflow {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: from_word(row.get(2)?)?,
        revision: row.get(3)?,
        states: row.get(4)?,
        problems: row.get(5)?,
        edited_at: row.get(6)?,
        document: Value::Null,
    })
}

fn document(db: &Connection, tenant: &str, id: &str, revision: u64) -> Result<Value, Fault> {
    let text: Option<String> = db
        .prepare_cached(
            "SELECT document FROM workflow_revisions
             WHERE tenant = ?1 AND workflow_id = ?2 AND revision = ?3",
        )?
        .query_row(params![tenant, id, revision], |row| row.get(0))
        .optional()?;
    Ok(serde_json::from_str(&or_missing(text, "workflow", id)?)?)
}

fn put_document(
    db: &Connection,
    tenant: &str,
    id: &str,
    revision: u64,
    document: &Value,
) -> Result<(), Fault> {
    db.prepare_cached(
        "INSERT INTO workflow_revisions (tenant, workflow_id, revision, document)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![tenant, id, revision, document.to_string()])?;
    Ok(())
}
