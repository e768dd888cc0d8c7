//! Vectors: which are missing, and storing them.

use super::{
    codes::{Entry, code},
    rows::{DOCUMENT, PASSAGE, passage, shown},
    segments, vectors,
};
use crate::Fault;
use awm_api::{
    Timestamp,
    knowledge::{Document, Passage},
};
use awm_ports::{ModelId, StoreError};
use rusqlite::{Connection, OptionalExtension, Transaction};
use std::collections::BTreeSet;

/// The number of a model, and whether it is the one that makes the vectors.
pub(crate) fn model(
    connection: &Connection,
    model: &ModelId,
) -> Result<Option<(i64, bool)>, Fault> {
    let found = connection
        .prepare_cached("SELECT number, current FROM models WHERE name = ?1 AND sha256 = ?2")?
        .query_row((&model.name, &model.sha256), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(found)
}

/// Makes a model the one that makes the vectors: what was embedded by another is to be embedded anew.
pub(crate) fn take_over(tx: &Transaction<'_>, new: &ModelId) -> Result<i64, Fault> {
    if let Some((number, true)) = model(tx, new)? {
        return Ok(number);
    }
    tx.execute("UPDATE models SET current = 0", [])?;
    tx.execute(
        "INSERT INTO models (current, name, sha256, dimensions) VALUES (1, ?1, ?2, ?3) \
         ON CONFLICT (name, sha256) DO UPDATE SET current = 1",
        (&new.name, &new.sha256, new.dimensions as i64),
    )?;
    tx.execute(
        "UPDATE documents SET embedded = 0, state = iif(state = 'indexed', 'embedding', state) WHERE embedded > 0",
        [],
    )?;
    let number = tx.query_row("SELECT number FROM models WHERE current = 1", [], |row| {
        row.get(0)
    })?;
    tx.execute("DELETE FROM code_segments WHERE model <> ?1", [number])?;
    Ok(number)
}

pub(crate) fn missing(
    connection: &Connection,
    tenant: &str,
    model: i64,
    limit: u32,
) -> Result<Vec<Passage>, Fault> {
    // CROSS JOIN keeps the order of the loops: the most visited documents first, then the newest, and no further than the limit.
    let sql = format!(
        "SELECT {PASSAGE} FROM documents d CROSS JOIN passages p ON p.tenant = d.tenant AND p.document_id = d.id \
         WHERE d.tenant = ?1 AND d.state = 'embedding' \
         AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.passage = p.number AND v.model = ?2) \
         ORDER BY d.visits DESC, d.queued_at DESC, d.id DESC, p.ordinal LIMIT ?3"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map((tenant, model, limit), passage)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Stores vectors; answers with the documents that are done now, and what the codes in memory are to be given.
pub(crate) fn put(
    tx: &Transaction<'_>,
    tenant: &str,
    model: &ModelId,
    vectors: &[(String, Vec<f32>)],
    at: Timestamp,
) -> Result<(Vec<Document>, Vec<Entry>), Fault> {
    let number = take_over(tx, model)?;
    let mut touched = BTreeSet::new();
    let mut entries = Vec::with_capacity(vectors.len());
    for (id, vector) in vectors {
        if vector.len() != model.dimensions {
            return Err(Fault::Store(StoreError::Backend(
                format!(
                    "a vector of {} numbers for a model of {}",
                    vector.len(),
                    model.dimensions
                )
                .into(),
            )));
        }
        let place: Option<(i64, String, bool)> = tx
            .prepare_cached(
                "SELECT number, document_id, language = 'en' FROM passages WHERE tenant = ?1 AND id = ?2",
            )?
            .query_row((tenant, id), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        // The passage went away while its vector was made.
        let Some((passage, document, english)) = place else {
            continue;
        };
        let code = code(vector);
        let (scale, bytes) = vectors::to_bytes(vector);
        tx.prepare_cached(
            "INSERT OR REPLACE INTO vectors (passage, model, scale, bytes) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((passage, number, scale, bytes))?;
        touched.insert(document);
        entries.push(Entry {
            passage,
            model: number,
            english,
            code,
        });
    }
    segments::put(tx, tenant, &entries)?;
    let mut done = Vec::new();
    for document in touched {
        done.extend(settle(tx, tenant, &document, number, at)?);
    }
    Ok((done, entries))
}

/// Counts a document's vectors anew; answers with its row if they are complete for the first time.
fn settle(
    tx: &Transaction<'_>,
    tenant: &str,
    document: &str,
    model: i64,
    at: Timestamp,
) -> Result<Option<Document>, Fault> {
    tx.prepare_cached(
        "UPDATE documents SET embedded = (SELECT count(*) FROM passages p JOIN vectors v ON v.passage = p.number \
         WHERE p.tenant = ?1 AND p.document_id = ?2 AND v.model = ?3) WHERE tenant = ?1 AND id = ?2",
    )?
    .execute((tenant, document, model))?;
    let sql = format!(
        "UPDATE documents SET state = 'indexed', indexed_at = ?3, changed_at = ?3 WHERE tenant = ?1 AND id = ?2 AND state = 'embedding' \
         AND embedded = passages RETURNING {DOCUMENT}"
    );
    let done = tx
        .prepare_cached(&sql)?
        .query_row((tenant, document, at), shown)
        .optional()?;
    Ok(done)
}
