//! The table `code_segments`: writing in place.

use super::{
    codes::Entry,
    segment::{FLAGS, PLACES, place},
};
use crate::Fault;
use rusqlite::{Connection, MAIN_DB, OptionalExtension, Transaction};
use std::collections::BTreeMap;

/// Bytes of the bits for all places.
const FLAG_BYTES: usize = FLAGS * 8;

/// Stores codes. Only the pages that hold them are written, not the whole segment.
pub(crate) fn put(tx: &Transaction<'_>, tenant: &str, entries: &[Entry]) -> Result<(), Fault> {
    let mut segments: BTreeMap<(i64, i64), Vec<(usize, &Entry)>> = BTreeMap::new();
    for entry in entries {
        let (segment, place) = place(entry.passage);
        let own = segments.entry((entry.model, segment)).or_default();
        own.push((place, entry));
    }
    for ((model, segment), entries) in segments {
        let width = entries.first().map_or(0, |(_, entry)| entry.code.len() * 8);
        let id = row(tx, tenant, model, segment, width)?;
        let mut bits = tx.blob_open(MAIN_DB, "code_segments", "bits", id, false)?;
        for (place, entry) in &entries {
            let bytes: Vec<u8> = entry
                .code
                .iter()
                .flat_map(|word| word.to_le_bytes())
                .collect();
            bits.write_all_at(&bytes, place * width)?;
        }
        drop(bits);
        flag(
            tx,
            id,
            "english",
            entries.iter().map(|(place, entry)| (*place, entry.english)),
        )?;
        flag(
            tx,
            id,
            "present",
            entries.iter().map(|(place, _)| (*place, true)),
        )?;
    }
    Ok(())
}

/// Takes the passages of these numbers out.
pub(crate) fn remove(tx: &Transaction<'_>, tenant: &str, passages: &[i64]) -> Result<(), Fault> {
    let mut segments: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for passage in passages {
        let (segment, place) = place(*passage);
        segments.entry(segment).or_default().push(place);
    }
    for (segment, places) in segments {
        let ids: Vec<i64> = tx
            .prepare_cached("SELECT id FROM code_segments WHERE tenant = ?1 AND segment = ?2")?
            .query_map((tenant, segment), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for id in ids {
            flag(
                tx,
                id,
                "present",
                places.iter().map(|place| (*place, false)),
            )?;
            tx.prepare_cached(
                "DELETE FROM code_segments WHERE id = ?1 AND present = zeroblob(?2)",
            )?
            .execute((id, FLAG_BYTES as i64))?;
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
                FLAG_BYTES as i64,
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
    places: impl Iterator<Item = (usize, bool)>,
) -> Result<(), Fault> {
    let mut blob = connection.blob_open(MAIN_DB, "code_segments", column, id, false)?;
    let mut flags = [0_u8; FLAG_BYTES];
    blob.read_at_exact(&mut flags, 0)?;
    for (place, on) in places {
        if let Some(byte) = flags.get_mut(place / 8) {
            let bit = 1 << (place % 8);
            *byte = if on { *byte | bit } else { *byte & !bit };
        }
    }
    blob.write_all_at(&flags, 0)?;
    Ok(())
}
