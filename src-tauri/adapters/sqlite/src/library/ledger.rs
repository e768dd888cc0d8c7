//! The ledger: which file is how far.

use super::{
    duplicates::hand_over,
    list::Condition,
    rows::{DOCUMENT, document, missing, one, signed, state},
};
use crate::Fault;
use awm_api::{
    Timestamp,
    knowledge::{Document, DocumentList, DocumentState, Failure},
};
use awm_knowledge::file_kind;
use awm_ports::{KEPT, NewDocument};
use rusqlite::{OptionalExtension, Transaction};

/// What is in the queue or in hand.
const WAITING: &str = "state IN ('queued', 'extracting')";

/// What is known of a file that is put in the queue.
struct Known {
    id: String,
    hash: String,
    failed: bool,
    path: String,
    bytes: i64,
    modified_at: Option<Timestamp>,
}

impl Known {
    /// Whether the file is as it was: by its hash, or where one has none yet by length and time of change.
    fn is(&self, new: &NewDocument) -> bool {
        if self.failed {
            return false;
        }
        if !self.hash.is_empty() && !new.hash.is_empty() {
            return self.hash == new.hash;
        }
        self.path == new.path
            && self.bytes == signed(new.bytes)
            && self.modified_at.is_some()
            && self.modified_at == new.modified_at
    }
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
        .is_some_and(|known| known.is(new));
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
        free_name(tx, tenant, &new.source_id, &new.name, None)?
    } else {
        new.name.clone()
    };
    tx.prepare_cached(
        "INSERT INTO documents (tenant, id, source_id, name, path, bytes, hash, state, modified_at, queued_at, changed_at, batch, \
         folded, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?13)",
    )?
    .execute((
        tenant,
        &new.id,
        &new.source_id,
        &name,
        &new.path,
        signed(new.bytes),
        &new.hash,
        state(into),
        new.modified_at,
        new.at,
        batch,
        name.to_lowercase(),
        file_kind(&new.name),
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
        "SELECT id, hash, state = 'failed', path, bytes, modified_at FROM documents WHERE tenant = ?1 AND source_id = ?2 AND {column} = ?3"
    );
    let found = tx
        .prepare_cached(&sql)?
        .query_row((tenant, &new.source_id, value), |row| {
            Ok(Known {
                id: row.get(0)?,
                hash: row.get(1)?,
                failed: row.get(2)?,
                path: row.get(3)?,
                bytes: row.get(4)?,
                modified_at: row.get(5)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// The name, or the name with a number where another document has it already.
pub(crate) fn free_name(
    tx: &Transaction<'_>,
    tenant: &str,
    source: &str,
    name: &str,
    own: Option<&str>,
) -> Result<String, Fault> {
    let mut statement = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM documents WHERE tenant = ?1 AND source_id = ?2 AND name = ?3 AND id IS NOT ?4)",
    )?;
    let mut free = name.to_owned();
    let mut number = 2;
    while statement.query_row((tenant, source, &free, own), |row| row.get(0))? {
        free = format!("{name} ({number})");
        number += 1;
    }
    Ok(free)
}

/// The number of the present batch; an empty queue begins a new one.
fn batch(tx: &Transaction<'_>, tenant: &str) -> Result<i64, Fault> {
    let sql = format!(
        "SELECT coalesce((SELECT max(batch) FROM tallies WHERE tenant = ?1), 0), \
         EXISTS (SELECT 1 FROM tallies WHERE tenant = ?1 AND {WAITING})"
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
        "UPDATE documents SET state = 'extracting', attempts = attempts + 1, changed_at = ?2 WHERE tenant = ?1 AND id = \
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
        "UPDATE documents SET state = 'queued', hash = '' WHERE tenant = ?1 AND state = 'extracting'",
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
    let read: Option<bool> = tx
        .query_row(
            "SELECT hash <> '' FROM documents WHERE tenant = ?1 AND id = ?2",
            (tenant, id),
            |row| row.get(0),
        )
        .optional()?;
    // What the same bytes hold elsewhere is no better; but a file that is gone says nothing about its copies.
    if read == Some(false) {
        hand_over(tx, tenant, id)?;
    }
    let failure = serde_json::to_string(failure)?;
    // Two statements, since one with both conditions would look at every document of the tenant.
    for those in ["id = ?2", "duplicate_of = ?2"] {
        tx.prepare_cached(&format!(
            "UPDATE documents SET state = 'failed', failure = ?3, changed_at = ?4, duplicate_of = NULL WHERE tenant = ?1 AND {those}"
        ))?
        .execute((tenant, id, &failure, at))?;
    }
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
        "UPDATE documents SET state = 'queued', failure = NULL, hash = '', content_hash = '', queued_at = ?3, changed_at = ?3, \
         batch = ?4 WHERE tenant = ?1 AND id = ?2",
        (tenant, id, at, batch),
    )?;
    one(tx, tenant, id)
}

/// Puts all that fit the filter and failed or gave no text back in the queue.
pub(crate) fn requeue_all(
    tx: &Transaction<'_>,
    tenant: &str,
    filter: &DocumentList,
    at: Timestamp,
) -> Result<u64, Fault> {
    let batch = batch(tx, tenant)?;
    let condition = Condition::new(tenant, filter);
    let mut values = condition.values();
    values.push((":at", &at));
    values.push((":batch", &batch));
    let back = tx
        .prepare_cached(&format!(
            "UPDATE documents SET state = 'queued', failure = NULL, hash = '', content_hash = '', queued_at = :at, \
             changed_at = :at, batch = :batch WHERE {} AND state IN ('failed', 'no_text')",
            condition.sql
        ))?
        .execute(values.as_slice())?;
    Ok(back as u64)
}

/// Takes out what was not begun, and what refers to it. A row that was read before goes back to what it was, its version forgotten
/// so that the file is read anew when it is added again.
pub(crate) fn cancel_queued(tx: &Transaction<'_>, tenant: &str) -> Result<u64, Fault> {
    let back = tx.execute(
        "UPDATE documents SET state = iif(embedded = passages, 'indexed', 'embedding'), hash = '', modified_at = NULL \
         WHERE tenant = ?1 AND state = 'queued' AND passages > 0",
        [tenant],
    )?;
    let back = back
        + tx.execute(
            "UPDATE documents SET state = 'duplicate', hash = '', modified_at = NULL \
             WHERE tenant = ?1 AND state = 'queued' AND duplicate_of IS NOT NULL",
            [tenant],
        )?;
    let referring = tx.execute(
        "DELETE FROM documents WHERE tenant = ?1 AND duplicate_of IN \
         (SELECT id FROM documents WHERE tenant = ?1 AND state = 'queued')",
        [tenant],
    )?;
    let gone = tx.execute(
        "DELETE FROM documents WHERE tenant = ?1 AND state = 'queued'",
        [tenant],
    )?;
    Ok((back + referring + gone) as u64)
}
