//! Sources: named collections of documents.

use super::{content::forget_passages, rows::missing};
use crate::Fault;
use awm_api::{Timestamp, knowledge::Source};
use awm_ports::StoreError;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

const SOURCE: &str = "SELECT s.id, s.name, coalesce(sum(t.documents), 0), coalesce(sum(t.passages), 0), \
     coalesce(sum(t.embedded), 0), coalesce(sum(iif(t.state = 'failed', t.documents, 0)), 0), \
     coalesce(sum(iif(t.state IN ('queued', 'extracting'), t.documents, 0)), 0), \
     coalesce(sum(iif(t.state = 'duplicate', t.documents, 0)), 0), coalesce(sum(t.bytes), 0), s.changed_at \
     FROM sources s LEFT JOIN tallies t ON t.tenant = s.tenant AND t.source_id = s.id WHERE s.tenant = ?1";

fn source(row: &Row<'_>) -> rusqlite::Result<Source> {
    let count = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
    Ok(Source {
        id: row.get(0)?,
        name: row.get(1)?,
        documents: count(2)?,
        passages: count(3)?,
        embedded: count(4)?,
        failed: count(5)?,
        waiting: count(6)?,
        duplicates: count(7)?,
        bytes: count(8)?,
        changed_at: row.get(9)?,
    })
}

pub(crate) fn all(connection: &Connection, tenant: &str) -> Result<Vec<Source>, Fault> {
    let sql = format!("{SOURCE} GROUP BY s.id ORDER BY s.name COLLATE NOCASE, s.id");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([tenant], source)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn one(connection: &Connection, tenant: &str, id: &str) -> Result<Source, Fault> {
    connection
        .prepare_cached(&format!("{SOURCE} AND s.id = ?2 GROUP BY s.id"))?
        .query_row((tenant, id), source)
        .optional()?
        .ok_or_else(|| missing("source", id))
}

pub(crate) fn create(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
    name: &str,
    at: Timestamp,
) -> Result<Source, Fault> {
    tx.execute(
        "INSERT INTO sources (tenant, id, name, changed_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant, name) DO NOTHING",
        (tenant, id, name, at),
    )?;
    let known: String = tx.query_row(
        "SELECT id FROM sources WHERE tenant = ?1 AND name = ?2",
        (tenant, name),
        |row| row.get(0),
    )?;
    one(tx, tenant, &known)
}

pub(crate) fn rename(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
    name: &str,
) -> Result<Source, Fault> {
    let taken: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM sources WHERE tenant = ?1 AND name = ?2 AND id <> ?3)",
        (tenant, name, id),
        |row| row.get(0),
    )?;
    one(tx, tenant, id)?;
    if taken {
        return Err(Fault::Store(StoreError::Conflict {
            what: "source",
            id: id.to_owned(),
            base: 0,
            newest: 0,
        }));
    }
    tx.execute(
        "UPDATE sources SET name = ?3 WHERE tenant = ?1 AND id = ?2",
        (tenant, id, name),
    )?;
    one(tx, tenant, id)
}

/// Deletes a source; answers with documents deleted and the numbers of the passages that went with them.
pub(crate) fn delete(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
) -> Result<(u64, Vec<i64>), Fault> {
    let source = one(tx, tenant, id)?;
    let gone = forget_passages(
        tx,
        tenant,
        "document_id IN (SELECT id FROM documents WHERE tenant = ?1 AND source_id = ?2)",
        id,
    )?;
    tx.execute(
        "DELETE FROM sources WHERE tenant = ?1 AND id = ?2",
        (tenant, id),
    )?;
    Ok((source.documents, gone))
}
