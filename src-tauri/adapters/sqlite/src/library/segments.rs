//! The table `code_segments`: writing in place.

use super::{
    codes::Entry,
    segment::{FLAGS, PLACES, place},
};
use crate::Fault;
use rusqlite::{Connection, MAIN_DB, OptionalExtension, Transaction};
use std::collections::BTreeSet;

/// Stores codes. Only the pages that hold them are written, not the whole segment.
pub(crate) fn put(tx: &Transaction<'_>, tenant: &str, entries: &[Entry]) -> Result<(), Fault> {
    for entry in entries {
        let (segment, place) = place(entry.passage);
        let width = entry.code.len() * 8;
        let id = row(tx, tenant, entry.model, segment, width)?;
        let bytes: Vec<u8> = entry
            .code
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect();
        tx.blob_open(MAIN_DB, "code_segments", "bits", id, false)?
            .write_all_at(&bytes, place * width)?;
        flag(tx, id, "english", place, entry.english)?;
        flag(tx, id, "present", place, true)?;
    }
    Ok(())
}

/// Takes the passages of these numbers out.
pub(crate) fn remove(tx: &Transaction<'_>, tenant: &str, passages: &[i64]) -> Result<(), Fault> {
    let segments: BTreeSet<i64> = passages.iter().map(|passage| place(*passage).0).collect();
    for segment in segments {
        let ids: Vec<i64> = tx
            .prepare_cached("SELECT id FROM code_segments WHERE tenant = ?1 AND segment = ?2")?
            .query_map((tenant, segment), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for id in ids {
            for passage in passages
                .iter()
                .filter(|passage| place(**passage).0 == segment)
            {
                flag(tx, id, "present", place(*passage).1, false)?;
            }
            tx.prepare_cached(
                "DELETE FROM code_segments WHERE id = ?1 AND present = zeroblob(?2)",
            )?
            .execute((id, FLAGS as i64 * 8))?;
        }
    }
    Ok(())
}

fn row(
    connection: &Connection,
    tenant: &str,
    model: i64,
    segment: i64,
    width: usize,
) -> Result<i64, Fault> {
    let known = connection
        .prepare_cached(
            "SELECT id FROM code_segments WHERE tenant = ?1 AND model = ?2 AND segment = ?3",
        )?
        .query_row((tenant, model, segment), |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let flags = FLAGS as i64 * 8;
    let id = connection
        .prepare_cached(
            "INSERT INTO code_segments (tenant, model, segment, width, present, english, bits) \
             VALUES (?1, ?2, ?3, ?4, zeroblob(?5), zeroblob(?5), zeroblob(?6)) RETURNING id",
        )?
        .query_row(
            (
                tenant,
                model,
                segment,
                width as i64,
                flags,
                (PLACES * width) as i64,
            ),
            |row| row.get(0),
        )?;
    Ok(id)
}

fn flag(
    connection: &Connection,
    id: i64,
    column: &str,
    place: usize,
    on: bool,
) -> Result<(), Fault> {
    let mut blob = connection.blob_open(MAIN_DB, "code_segments", column, id, false)?;
    let mut byte = [0];
    blob.read_at_exact(&mut byte, place / 8)?;
    let bit = 1 << (place % 8);
    let [old] = byte;
    blob.write_all_at(&[if on { old | bit } else { old & !bit }], place / 8)?;
    Ok(())
}
