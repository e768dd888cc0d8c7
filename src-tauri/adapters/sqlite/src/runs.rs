//! Runs and their events: one row per event, appended in one transaction.

use crate::{
    Fault, Store,
    run_list::list,
    words::{from_word, or_missing, to_word},
};
use async_trait::async_trait;
use awm_api::{
    Page,
    runs::{RunEvent, RunList, RunStatus, RunSummary},
};
use awm_ports::{NewRun, RunEnd, Runs, RunsDeleted, StoreError};
use awm_tenancy::TenantId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

pub(crate) const COLUMNS: &str = "id, workflow_id, workflow_name, revision, status, source, \
     started_at, ended_at, events, error, cause";

#[async_trait]
impl Runs for Store {
    async fn create(&self, tenant: &TenantId, run: NewRun) -> Result<(), StoreError> {
        let tenant = tenant.to_string();
        self.write_clean(move |db| {
            let row = run.summary;
            db.prepare_cached(&format!(
                "INSERT INTO runs (tenant, {COLUMNS}, document, input)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
            ))?
            .execute(params![
                tenant,
                row.id,
                row.workflow_id,
                row.workflow_name,
                row.revision,
                to_word(row.status)?,
                to_word(row.source)?,
                row.started_at,
                row.ended_at,
                row.events,
                row.error,
                row.cause,
                run.document.to_string(),
                run.input.to_string(),
            ])?;
            Ok(())
        })
        .await
    }

    async fn append(
        &self,
        tenant: &TenantId,
        run_id: &str,
        events: &[RunEvent],
    ) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let (tenant, run_id, events) = (tenant.to_string(), run_id.to_owned(), events.to_vec());
        // The row of the run, which holds its input, is written anew for the count of its events.
        self.write_clean(move |db| append(db, &tenant, &run_id, &events))
            .await
    }

    async fn finish(
        &self,
        tenant: &TenantId,
        run_id: &str,
        events: &[RunEvent],
        end: RunEnd,
    ) -> Result<RunSummary, StoreError> {
        let (tenant, run_id, events) = (tenant.to_string(), run_id.to_owned(), events.to_vec());
        self.write_clean(move |db| {
            append(db, &tenant, &run_id, &events)?;
            db.prepare_cached(
                "UPDATE runs SET status = ?3, ended_at = ?4, output = ?5, error = ?6, cause = ?7
                 WHERE tenant = ?1 AND id = ?2",
            )?
            .execute(params![
                tenant,
                run_id,
                to_word(end.status)?,
                end.at,
                end.output.map(|output| output.to_string()),
                end.error,
                end.cause,
            ])?;
            summary(db, &tenant, &run_id)
        })
        .await
    }

    async fn reopen(&self, tenant: &TenantId, run_id: &str) -> Result<RunSummary, StoreError> {
        let (tenant, run_id) = (tenant.to_string(), run_id.to_owned());
        self.write_clean(move |db| {
            let (status, events) = standing(db, &tenant, &run_id)?;
            if matches!(status, RunStatus::Running | RunStatus::Succeeded) {
                return Err(Fault::Store(StoreError::Conflict {
                    what: "run",
                    id: run_id,
                    base: events,
                    newest: events,
                }));
            }
            db.prepare_cached(
                "UPDATE runs SET status = 'RUNNING', ended_at = NULL, output = NULL, error = NULL, cause = NULL
                 WHERE tenant = ?1 AND id = ?2",
            )?
            .execute([&tenant, &run_id])?;
            summary(db, &tenant, &run_id)
        })
        .await
    }

    async fn summary(&self, tenant: &TenantId, run_id: &str) -> Result<RunSummary, StoreError> {
        let (tenant, run_id) = (tenant.to_string(), run_id.to_owned());
        self.read(move |db| summary(db, &tenant, &run_id)).await
    }

    async fn get(
        &self,
        tenant: &TenantId,
        run_id: &str,
    ) -> Result<(RunSummary, Value, Value, Option<Value>), StoreError> {
        let (tenant, run_id) = (tenant.to_string(), run_id.to_owned());
        self.read(move |db| {
            let summary = summary(db, &tenant, &run_id)?;
            let (document, input, output): (String, String, Option<String>) = db
                .prepare_cached(
                    "SELECT document, input, output FROM runs WHERE tenant = ?1 AND id = ?2",
                )?
                .query_row([tenant, run_id], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let output = output.map(|text| serde_json::from_str(&text)).transpose()?;
            Ok((
                summary,
                serde_json::from_str(&document)?,
                serde_json::from_str(&input)?,
                output,
            ))
        })
        .await
    }

    async fn events(
        &self,
        tenant: &TenantId,
        run_id: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError> {
        let (tenant, run_id) = (tenant.to_string(), run_id.to_owned());
        self.read(move |db| {
            standing(db, &tenant, &run_id)?;
            let mut found = Vec::new();
            let mut query = db.prepare_cached(
                "SELECT event FROM run_events
                 WHERE tenant = ?1 AND run_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
            )?;
            let mut rows = query.query(params![tenant, run_id, after, limit])?;
            while let Some(row) = rows.next()? {
                found.push(serde_json::from_str(row.get_ref(0)?.as_str().map_err(
                    |error| StoreError::Damaged(format!("an event is no text: {error}")),
                )?)?);
            }
            Ok(found)
        })
        .await
    }

    async fn list(
        &self,
        tenant: &TenantId,
        filter: &RunList,
    ) -> Result<Page<RunSummary>, StoreError> {
        let (tenant, filter) = (tenant.to_string(), filter.clone());
        self.read(move |db| list(db, &tenant, &filter)).await
    }

    async fn unfinished(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| {
            let query = format!(
                "SELECT {COLUMNS} FROM runs WHERE tenant = ?1 AND status = 'RUNNING'
                 ORDER BY started_at DESC, id DESC"
            );
            rows(db, &query, &tenant)
        })
        .await
    }

    async fn delete(
        &self,
        tenant: &TenantId,
        run_ids: &[String],
    ) -> Result<RunsDeleted, StoreError> {
        let (tenant, ids) = (tenant.to_string(), run_ids.to_vec());
        self.erase(move |db| {
            let mut deleted = RunsDeleted::default();
            let mut events =
                db.prepare_cached("DELETE FROM run_events WHERE tenant = ?1 AND run_id = ?2")?;
            let mut run = db.prepare_cached("DELETE FROM runs WHERE tenant = ?1 AND id = ?2")?;
            for id in ids {
                deleted.events += events.execute([&tenant, &id])? as u64;
                deleted.runs += run.execute([&tenant, &id])? as u64;
            }
            Ok(deleted)
        })
        .await
    }

    async fn latest(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| {
            // The index by workflow answers the inner query with its first entry.
            let query = format!(
                "SELECT {COLUMNS} FROM runs AS run
                 WHERE tenant = ?1 AND id = (
                     SELECT id FROM runs WHERE tenant = ?1 AND workflow_id = run.workflow_id
                     ORDER BY started_at DESC, id DESC LIMIT 1)
                 ORDER BY started_at DESC, id DESC"
            );
            rows(db, &query, &tenant)
        })
        .await
    }
}

fn append(db: &Connection, tenant: &str, run_id: &str, events: &[RunEvent]) -> Result<(), Fault> {
    let (status, stored) = standing(db, tenant, run_id)?;
    let first = events.first().map_or(stored + 1, |event| event.id);
    let in_order = events.iter().zip(first..).all(|(event, id)| event.id == id);
    if status != RunStatus::Running || first != stored + 1 || !in_order {
        return Err(Fault::Store(StoreError::Conflict {
            what: "run",
            id: run_id.to_owned(),
            base: first.saturating_sub(1),
            newest: stored,
        }));
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO run_events (tenant, run_id, id, event) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for event in events {
        insert.execute(params![
            tenant,
            run_id,
            event.id,
            serde_json::to_string(event)?
        ])?;
    }
    db.prepare_cached("UPDATE runs SET events = ?3 WHERE tenant = ?1 AND id = ?2")?
        .execute(params![tenant, run_id, stored + events.len() as u64])?;
    Ok(())
}

/// A run's status and how many events it has.
fn standing(db: &Connection, tenant: &str, run_id: &str) -> Result<(RunStatus, u64), Fault> {
    let found: Option<(String, u64)> = db
        .prepare_cached("SELECT status, events FROM runs WHERE tenant = ?1 AND id = ?2")?
        .query_row([tenant, run_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (status, events) = or_missing(found, "run", run_id)?;
    Ok((from_word(status)?, events))
}

fn summary(db: &Connection, tenant: &str, run_id: &str) -> Result<RunSummary, Fault> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM runs WHERE tenant = ?1 AND id = ?2"
    ))?;
    let mut rows = query.query([tenant, run_id])?;
    row(or_missing(rows.next()?, "run", run_id)?)
}

fn rows(db: &Connection, query: &str, tenant: &str) -> Result<Vec<RunSummary>, Fault> {
    let mut found = Vec::new();
    let mut query = db.prepare_cached(query)?;
    let mut rows = query.query([tenant])?;
    while let Some(next) = rows.next()? {
        found.push(row(next)?);
    }
    Ok(found)
}

/// A run's row from [`COLUMNS`].
pub(crate) fn row(row: &Row<'_>) -> Result<RunSummary, Fault> {
    Ok(RunSummary {
        id: row.get(0)?,
        workflow_id: row.get(1)?,
        workflow_name: row.get(2)?,
        revision: row.get(3)?,
        status: from_word(row.get(4)?)?,
        source: from_word(row.get(5)?)?,
        started_at: row.get(6)?,
        ended_at: row.get(7)?,
        events: row.get(8)?,
        error: row.get(9)?,
        cause: row.get(10)?,
    })
}
