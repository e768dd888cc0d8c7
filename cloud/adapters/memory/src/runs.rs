//! Runs and their events.

use crate::lock;
use async_trait::async_trait;
use awm_api::{
    Page,
    runs::{RunEvent, RunList, RunStatus, RunSummary},
};
use awm_ports::{NewRun, RunEnd, Runs, RunsDeleted, StoreError};
use awm_tenancy::TenantId;
use serde_json::Value;
use std::{
    cmp::{Ordering, Reverse},
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard},
};

/// Keeps runs in a map.
#[derive(Debug, Default)]
pub struct MemoryRuns {
    rows: Mutex<Rows>,
}

type Rows = HashMap<(TenantId, String), Row>;

#[derive(Debug)]
struct Row {
    summary: RunSummary,
    document: Value,
    input: Value,
    output: Option<Value>,
    events: Vec<RunEvent>,
}

impl MemoryRuns {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        lock(&self.rows)
    }

    fn newest_first(&self, tenant: &TenantId) -> Vec<RunSummary> {
        let mut found: Vec<_> = self
            .rows()
            .iter()
            .filter(|((owner, _), _)| owner == tenant)
            .map(|(_, row)| row.summary.clone())
            .collect();
        found.sort_by(|a, b| (b.started_at, &b.id).cmp(&(a.started_at, &a.id)));
        found
    }
}

fn row<'a>(rows: &'a mut Rows, tenant: &TenantId, id: &str) -> Result<&'a mut Row, StoreError> {
    rows.get_mut(&(tenant.clone(), id.to_owned()))
        .ok_or_else(|| StoreError::NotFound {
            what: "run",
            id: id.to_owned(),
        })
}

impl Row {
    fn append(&mut self, events: &[RunEvent]) -> Result<(), StoreError> {
        let first = events.first().map_or(self.summary.events + 1, |e| e.id);
        let in_order = events.iter().zip(first..).all(|(event, id)| event.id == id);
        if self.summary.status != RunStatus::Running
            || first != self.summary.events + 1
            || !in_order
        {
            return Err(StoreError::Conflict {
                what: "run",
                id: self.summary.id.clone(),
                base: first.saturating_sub(1),
                newest: self.summary.events,
            });
        }
        self.events.extend_from_slice(events);
        self.summary.events = self.events.len() as u64;
        Ok(())
    }
}

#[async_trait]
impl Runs for MemoryRuns {
    async fn create(&self, tenant: &TenantId, run: NewRun) -> Result<(), StoreError> {
        let row = Row {
            summary: run.summary,
            document: run.document,
            input: run.input,
            output: None,
            events: Vec::new(),
        };
        self.rows()
            .insert((tenant.clone(), row.summary.id.clone()), row);
        Ok(())
    }

    async fn append(
        &self,
        tenant: &TenantId,
        run_id: &str,
        events: &[RunEvent],
    ) -> Result<(), StoreError> {
        row(&mut self.rows(), tenant, run_id)?.append(events)
    }

    async fn finish(
        &self,
        tenant: &TenantId,
        run_id: &str,
        events: &[RunEvent],
        end: RunEnd,
    ) -> Result<RunSummary, StoreError> {
        let mut rows = self.rows();
        let row = row(&mut rows, tenant, run_id)?;
        row.append(events)?;
        row.summary.status = end.status;
        row.summary.ended_at = Some(end.at);
        row.summary.error = end.error;
        row.summary.cause = end.cause;
        row.output = end.output;
        Ok(row.summary.clone())
    }

    async fn reopen(&self, tenant: &TenantId, run_id: &str) -> Result<RunSummary, StoreError> {
        let mut rows = self.rows();
        let row = row(&mut rows, tenant, run_id)?;
        if matches!(
            row.summary.status,
            RunStatus::Running | RunStatus::Succeeded
        ) {
            return Err(StoreError::Conflict {
                what: "run",
                id: run_id.to_owned(),
                base: row.summary.events,
                newest: row.summary.events,
            });
        }
        row.summary.status = RunStatus::Running;
        row.summary.ended_at = None;
        row.summary.error = None;
        row.summary.cause = None;
        row.output = None;
        Ok(row.summary.clone())
    }

    async fn summary(&self, tenant: &TenantId, run_id: &str) -> Result<RunSummary, StoreError> {
        row(&mut self.rows(), tenant, run_id).map(|row| row.summary.clone())
    }

    async fn get(
        &self,
        tenant: &TenantId,
        run_id: &str,
    ) -> Result<(RunSummary, Value, Value, Option<Value>), StoreError> {
        row(&mut self.rows(), tenant, run_id).map(|row| {
            (
                row.summary.clone(),
                row.document.clone(),
                row.input.clone(),
                row.output.clone(),
            )
        })
    }

    async fn events(
        &self,
        tenant: &TenantId,
        run_id: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RunEvent>, StoreError> {
        row(&mut self.rows(), tenant, run_id).map(|row| {
            row.events
                .iter()
                .filter(|event| event.id > after)
                .take(limit as usize)
                .cloned()
                .collect()
        })
    }

    async fn list(
        &self,
        tenant: &TenantId,
        filter: &RunList,
    ) -> Result<Page<RunSummary>, StoreError> {
        let mut found = self.newest_first(tenant);
        found.retain(|run| matches(run, filter));
        if let Some(sort) = &filter.page.sort {
            found.sort_by(|a, b| {
                let order = compare(&sort.by, a, b);
                if sort.descending {
                    order.reverse()
                } else {
                    order
                }
            });
        }
        let total = found.len() as u64;
        let (offset, limit) = (filter.page.offset, filter.page.limit.min(1000));
        let items: Vec<_> = found
            .into_iter()
            .skip(offset as usize)
            .take(limit as usize)
            .collect();
        let end = offset.saturating_add(items.len() as u64);
        Ok(Page {
            next: (end < total && !items.is_empty()).then_some(end),
            items,
            total,
        })
    }

    async fn unfinished(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError> {
        let mut found = self.newest_first(tenant);
        found.retain(|run| run.status == RunStatus::Running);
        Ok(found)
    }

    async fn delete(
        &self,
        tenant: &TenantId,
        run_ids: &[String],
    ) -> Result<RunsDeleted, StoreError> {
        let mut rows = self.rows();
        let mut deleted = RunsDeleted::default();
        for id in run_ids {
            if let Some(row) = rows.remove(&(tenant.clone(), id.clone())) {
                deleted.runs += 1;
                deleted.events += row.events.len() as u64;
            }
        }
        Ok(deleted)
    }

    async fn latest(&self, tenant: &TenantId) -> Result<Vec<RunSummary>, StoreError> {
        let mut seen = HashSet::new();
        let mut found = self.newest_first(tenant);
        found.retain(|run| seen.insert(run.workflow_id.clone()));
        Ok(found)
    }
}

fn matches(run: &RunSummary, filter: &RunList) -> bool {
    let text = filter.text.to_ascii_lowercase();
    let error = run.error.as_deref().unwrap_or_default();
    filter
        .workflow_id
        .as_ref()
        .is_none_or(|id| *id == run.workflow_id)
        && filter.status.is_none_or(|status| status == run.status)
        && filter.source.is_none_or(|source| source == run.source)
        && filter.since.is_none_or(|since| run.started_at >= since)
        && [run.workflow_name.as_str(), run.id.as_str(), error]
            .iter()
            .any(|field| field.to_ascii_lowercase().contains(&text))
}

fn compare(by: &str, a: &RunSummary, b: &RunSummary) -> Ordering {
    match by {
        "started_at" => (a.started_at, &a.id).cmp(&(b.started_at, &b.id)),
        "workflow_name" => a.workflow_name.cmp(&b.workflow_name),
        "status" => status_word(a.status).cmp(status_word(b.status)),
        "events" => a.events.cmp(&b.events),
        "duration" => duration(a).cmp(&duration(b)),
        _ => Reverse((a.started_at, &a.id)).cmp(&Reverse((b.started_at, &b.id))),
    }
}

/// A run that goes on sorts as the shortest, as a missing value does in SQL.
fn duration(run: &RunSummary) -> Option<i64> {
    run.ended_at.map(|end| end - run.started_at)
}

fn status_word(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "RUNNING",
        RunStatus::Succeeded => "SUCCEEDED",
        RunStatus::Failed => "FAILED",
        RunStatus::TimedOut => "TIMED_OUT",
        RunStatus::Aborted => "ABORTED",
    }
}
