//! The filtered list of runs.

use crate::{
    Fault,
    runs::{COLUMNS, row},
    words::to_word,
};
use awm_api::{
    Page, Sort,
    runs::{RunList, RunSummary},
};
use rusqlite::{Connection, named_params};

const MATCHES: &str = "tenant = :tenant
    AND (:workflow IS NULL OR workflow_id = :workflow)
    AND (:status IS NULL OR status = :status)
    AND (:source IS NULL OR source = :source)
    AND (:since IS NULL OR started_at >= :since)
    AND (:text = '' OR instr(lower(workflow_name), :text) OR instr(lower(id), :text)
         OR instr(lower(coalesce(error, '')), :text))";

/// Rows that match, in the order that is asked for.
pub(crate) fn list(
    db: &Connection,
    tenant: &str,
    filter: &RunList,
) -> Result<Page<RunSummary>, Fault> {
    let limit = filter.page.limit.min(1000);
    let status = filter.status.map(to_word).transpose()?;
    let source = filter.source.map(to_word).transpose()?;
    let text = filter.text.to_ascii_lowercase();
    let matching = named_params! {
        ":tenant": tenant,
        ":workflow": filter.workflow_id,
        ":status": status,
        ":source": source,
        ":since": filter.since,
        ":text": text,
    };
    let total: u64 = db
        .prepare_cached(&format!("SELECT count(*) FROM runs WHERE {MATCHES}"))?
        .query_row(matching, |row| row.get(0))?;

    let order = order(filter.page.sort.as_ref());
    let mut query = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM runs WHERE {MATCHES} ORDER BY {order} LIMIT {limit} OFFSET {offset}",
        offset = i64::try_from(filter.page.offset).unwrap_or(i64::MAX),
    ))?;
    let mut found = Vec::new();
    let mut rows = query.query(matching)?;
    while let Some(next) = rows.next()? {
        found.push(row(next)?);
    }
    let end = filter.page.offset.saturating_add(found.len() as u64);
    Ok(Page {
        next: (end < total && !found.is_empty()).then_some(end),
        items: found,
        total,
    })
}

/// Only columns named here reach the statement.
fn order(sort: Option<&Sort>) -> &'static str {
    let newest = "started_at DESC, id DESC";
    let Some(sort) = sort else { return newest };
    match (sort.by.as_str(), sort.descending) {
        ("started_at", false) => "started_at, id",
        ("workflow_name", false) => "workflow_name, started_at DESC, id DESC",
        ("workflow_name", true) => "workflow_name DESC, started_at DESC, id DESC",
        ("status", false) => "status, started_at DESC, id DESC",
        ("status", true) => "status DESC, started_at DESC, id DESC",
        ("events", false) => "events, started_at DESC, id DESC",
        ("events", true) => "events DESC, started_at DESC, id DESC",
        ("duration", false) => "ended_at - started_at, started_at DESC, id DESC",
        ("duration", true) => "ended_at - started_at DESC, started_at DESC, id DESC",
        _ => newest,
    }
}
