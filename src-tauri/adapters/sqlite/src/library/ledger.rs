//! The ledger: which file is how far.

use super::rows::{DOCUMENT, document, missing, one, shown, signed, state};
use crate::Fault;
use awm_api::{
    Page, Timestamp,
    knowledge::{Document, DocumentList, DocumentState, Failure, IngestStatus},
};
use awm_ports::{KEPT, NewDocument};
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

/// What is in the queue or in hand.
const WAITING: &str = "state IN ('queued', 'extracting')";

/// What is known of a file that is put in the queue.
struct Known {
    id: String,
    hash: String,
    failed: bool,
    path: String,
}

/// Stores a row in the given state; answers with its id, or none if its content is there already.
pub(crate) fn enqueue(
    tx: &Transaction<'_>,
    tenant: &str,
    new: &NewDocument,
    into: DocumentState,
) -> Result<Option<String>, Fault> {
    let source: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sources WHERE tenant = ?1 AND id = ?2)")?
        .query_row((tenant, &new.source_id), |row| row.get(0))?;
    if !source {
        return Err(missing("source", &new.source_id));
    }
    let kept = new.path.is_empty() || new.path.starts_with(KEPT);
    let by_path = if kept {
        None
    } else {
        known(tx, tenant, new, "path", &new.path)?
    };
    let by_name = known(tx, tenant, new, "name", &new.name)?;
    let unchanged = by_path
        .as_ref()
        .or(by_name.as_ref())
        .is_some_and(|known| known.hash == new.hash && !new.hash.is_empty() && !known.failed);
    if unchanged && into == DocumentState::Queued {
        return Ok(None);
    }
    let batch = batch(tx, tenant)?;
    let name_taken = by_name.is_some();
    // Another file of the same name is another document.
    let replaced = by_path.or_else(|| {
        by_name.filter(|known| kept || known.path.is_empty() || known.path.starts_with(KEPT))
    });
    if let Some(known) = replaced {
        tx.prepare_cached(
            "UPDATE documents SET path = ?3, bytes = ?4, hash = ?5, state = ?6, failure = NULL, modified_at = ?7, \
             queued_at = ?8, changed_at = ?8, batch = ?9 WHERE tenant = ?1 AND id = ?2",
        )?
        .execute((
            tenant,
            &known.id,
            &new.path,
            signed(new.bytes),
            &new.hash,
            state(into),
            new.modified_at,
            new.at,
            batch,
        ))?;
        return Ok(Some(known.id));
    }
    let name = if name_taken {
        free_name(tx, tenant, new)?
    } else {
        new.name.clone()
    };
    tx.prepare_cached(
        "INSERT INTO documents (tenant, id, source_id, name, path, bytes, hash, state, modified_at, queued_at, changed_at, batch) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11)",
    )?
    .execute((
        tenant,
        &new.id,
        &new.source_id,
        name,
        &new.path,
        signed(new.bytes),
        &new.hash,
        state(into),
        new.modified_at,
        new.at,
        batch,
    ))?;
    Ok(Some(new.id.clone()))
}

fn known(
    tx: &Transaction<'_>,
    tenant: &str,
    new: &NewDocument,
    column: &str,
    value: &str,
) -> Result<Option<Known>, Fault> {
    let sql = format!(
        "SELECT id, hash, state = 'failed', path FROM documents WHERE tenant = ?1 AND source_id = ?2 AND {column} = ?3"
    );
    let found = tx
        .prepare_cached(&sql)?
        .query_row((tenant, &new.source_id, value), |row| {
            Ok(Known {
                id: row.get(0)?,
                hash: row.get(1)?,
                failed: row.get(2)?,
                path: row.get(3)?,
            })
        })
        .optional()?;
    Ok(found)
}

fn free_name(tx: &Transaction<'_>, tenant: &str, new: &NewDocument) -> Result<String, Fault> {
    let mut statement = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM documents WHERE tenant = ?1 AND source_id = ?2 AND name = ?3)",
    )?;
    let mut number = 2;
    loop {
        let name = format!("{} ({number})", new.name);
        let taken: bool = statement.query_row((tenant, &new.source_id, &name), |row| row.get(0))?;
        if !taken {
            return Ok(name);
        }
        number += 1;
    }
}

/// The number of the present batch; an empty queue begins a new one.
fn batch(tx: &Transaction<'_>, tenant: &str) -> Result<i64, Fault> {
    let sql = format!(
        "SELECT coalesce((SELECT max(batch) FROM documents WHERE tenant = ?1), 0), \
         EXISTS (SELECT 1 FROM documents WHERE tenant = ?1 AND {WAITING})"
    );
    let (last, waiting): (i64, bool) = tx
        .prepare_cached(&sql)?
        .query_row([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(if waiting { last } else { last + 1 })
}

pub(crate) fn claim(
    tx: &Transaction<'_>,
    tenant: &str,
    at: Timestamp,
) -> Result<Option<Document>, Fault> {
    let sql = format!(
        "UPDATE documents SET state = 'extracting', changed_at = ?2 WHERE tenant = ?1 AND id = \
         (SELECT id FROM documents WHERE tenant = ?1 AND state = 'queued' ORDER BY queued_at, id LIMIT 1) \
         RETURNING {DOCUMENT}"
    );
    let claimed = tx
        .prepare_cached(&sql)?
        .query_row((tenant, at), document)
        .optional()?;
    Ok(claimed)
}

pub(crate) fn recover(tx: &Transaction<'_>, tenant: &str) -> Result<u64, Fault> {
    let back = tx.execute(
        "UPDATE documents SET state = 'queued' WHERE tenant = ?1 AND state = 'extracting'",
        [tenant],
    )?;
    Ok(back as u64)
}

pub(crate) fn fail(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
    failure: &Failure,
    at: Timestamp,
) -> Result<Document, Fault> {
    tx.execute(
        "UPDATE documents SET state = 'failed', failure = ?3, changed_at = ?4 WHERE tenant = ?1 AND id = ?2",
        (tenant, id, serde_json::to_string(failure)?, at),
    )?;
    one(tx, tenant, id)
}

pub(crate) fn requeue(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
    at: Timestamp,
) -> Result<Document, Fault> {
    let batch = batch(tx, tenant)?;
    tx.execute(
        "UPDATE documents SET state = 'queued', failure = NULL, queued_at = ?3, changed_at = ?3, batch = ?4 \
         WHERE tenant = ?1 AND id = ?2",
        (tenant, id, at, batch),
    )?;
    one(tx, tenant, id)
}

/// Takes out what was not begun. A row that was read before goes back to what it was, its hash forgotten so that the file is
/// read anew when it is added again.
pub(crate) fn cancel_queued(tx: &Transaction<'_>, tenant: &str) -> Result<u64, Fault> {
    let back = tx.execute(
        "UPDATE documents SET state = iif(embedded = passages, 'indexed', 'embedding'), hash = '' \
         WHERE tenant = ?1 AND state = 'queued' AND passages > 0",
        [tenant],
    )?;
    let gone = tx.execute(
        "DELETE FROM documents WHERE tenant = ?1 AND state = 'queued'",
        [tenant],
    )?;
    Ok((back + gone) as u64)
}

pub(crate) fn list(
    connection: &Connection,
    tenant: &str,
    filter: &DocumentList,
) -> Result<Page<Document>, Fault> {
    const WHERE: &str = "FROM documents WHERE tenant = :tenant AND (:source IS NULL OR source_id = :source) \
         AND (:state IS NULL OR state = :state) AND instr(lower(name), lower(:text)) > 0";
    let named = filter.state.map(state);
    let total: i64 = connection
        .prepare_cached(&format!("SELECT count(*) {WHERE}"))?
        .query_row(
            named_params! { ":tenant": tenant, ":source": filter.source_id, ":state": named, ":text": filter.text },
            |row| row.get(0),
        )?;
    let order = order(filter);
    let sql = format!("SELECT {DOCUMENT} {WHERE} ORDER BY {order}, id LIMIT :limit OFFSET :offset");
    let mut statement = connection.prepare_cached(&sql)?;
    let items: Vec<Document> = statement
        .query_map(
            named_params! { ":tenant": tenant, ":source": filter.source_id, ":state": named, ":text": filter.text,
            ":limit": filter.page.limit.min(1_000), ":offset": signed(filter.page.offset) },
            shown,
        )?
        .collect::<Result<_, _>>()?;
    let total = total.unsigned_abs();
    let next = filter.page.offset + items.len() as u64;
    Ok(Page {
        next: (next < total && !items.is_empty()).then_some(next),
        items,
        total,
    })
}

/// The order by one of the columns that may be named, so that nothing else gets into the statement.
fn order(filter: &DocumentList) -> String {
    let sort = filter.page.sort.as_ref();
    let column = match sort.map(|sort| sort.by.as_str()) {
        Some("state") => {
            "CASE state WHEN 'queued' THEN 0 WHEN 'extracting' THEN 1 WHEN 'embedding' THEN 2 \
             WHEN 'indexed' THEN 3 WHEN 'no_text' THEN 4 ELSE 5 END"
        }
        Some("passages") => "passages",
        Some("bytes") => "bytes",
        Some("changed_at") => "changed_at",
        _ => "name COLLATE NOCASE",
    };
    let direction = if sort.is_some_and(|sort| sort.descending) {
        "DESC"
    } else {
        "ASC"
    };
    format!("{column} {direction}")
}

pub(crate) fn counts(connection: &Connection, tenant: &str) -> Result<IngestStatus, Fault> {
    let sql = format!(
        "SELECT coalesce(sum(passages), 0), coalesce(sum(embedded), 0), \
         coalesce(sum(batch = last), 0), coalesce(sum(batch = last AND NOT {WAITING}), 0), \
         coalesce(sum(batch = last AND state = 'failed'), 0) \
         FROM documents, (SELECT max(batch) AS last FROM documents WHERE tenant = ?1) WHERE tenant = ?1"
    );
    let status = connection
        .prepare_cached(&sql)?
        .query_row([tenant], |row| {
            let count = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
            Ok(IngestStatus {
                keyword_passages: count(0)?,
                vector_passages: count(1)?,
                total: count(2)?,
                done: count(3)?,
                failed: count(4)?,
                ..IngestStatus::default()
            })
        })?;
    Ok(status)
}

pub(crate) fn states(
    connection: &Connection,
    tenant: &str,
) -> Result<Vec<(DocumentState, u64)>, Fault> {
    let mut statement = connection
        .prepare_cached("SELECT state, count(*) FROM documents WHERE tenant = ?1 GROUP BY state")?;
    let rows = statement.query_map([tenant], |row| {
        let state: String = row.get(0)?;
        let count: i64 = row.get(1)?;
        Ok((super::rows::parse_state(&state), count.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
