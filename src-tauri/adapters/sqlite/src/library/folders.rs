//! Folders that sources are filled from, and the files below them.

use super::rows::{missing, signed};
use crate::Fault;
use awm_api::{Timestamp, folders::Folder};
use awm_knowledge::file_kind;
use awm_ports::{FolderChange, KnownFile, NewFolder, NewPlace};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

const FOLDER: &str = "id, source_id, path, watch, listing, synced_at, last, trouble";

fn folder(row: &Row<'_>) -> rusqlite::Result<Folder> {
    let last: String = row.get(6)?;
    Ok(Folder {
        id: row.get(0)?,
        source_id: row.get(1)?,
        path: row.get(2)?,
        watch: row.get(3)?,
        listing: row.get(4)?,
        synced_at: row.get(5)?,
        last: serde_json::from_str(&last).unwrap_or_default(),
        trouble: row
            .get::<_, Option<String>>(7)?
            .and_then(|json| serde_json::from_str(&json).ok()),
    })
}

pub(crate) fn all(connection: &Connection, tenant: &str) -> Result<Vec<Folder>, Fault> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {FOLDER} FROM folders WHERE tenant = ?1 ORDER BY path, id"
    ))?;
    let rows = statement.query_map([tenant], folder)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn one(connection: &Connection, tenant: &str, id: &str) -> Result<Folder, Fault> {
    connection
        .prepare_cached(&format!(
            "SELECT {FOLDER} FROM folders WHERE tenant = ?1 AND id = ?2"
        ))?
        .query_row((tenant, id), folder)
        .optional()?
        .ok_or_else(|| missing("folder", id))
}

pub(crate) fn put(tx: &Transaction<'_>, tenant: &str, new: &NewFolder) -> Result<Folder, Fault> {
    let source: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM sources WHERE tenant = ?1 AND id = ?2)",
        (tenant, &new.source_id),
        |row| row.get(0),
    )?;
    if !source {
        return Err(missing("source", &new.source_id));
    }
    let id: String = tx.query_row(
        "INSERT INTO folders (tenant, id, source_id, path, watch, listing) VALUES (?1, ?2, ?3, ?4, ?5, 1) \
         ON CONFLICT (tenant, source_id, path) DO UPDATE SET listing = 1, trouble = NULL, watch = watch OR excluded.watch \
         RETURNING id",
        (tenant, &new.id, &new.source_id, &new.path, new.watch),
        |row| row.get(0),
    )?;
    one(tx, tenant, &id)
}

pub(crate) fn change(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
    change: &FolderChange,
) -> Result<Folder, Fault> {
    match change {
        FolderChange::Watch(watch) => tx.execute(
            "UPDATE folders SET watch = ?3 WHERE tenant = ?1 AND id = ?2",
            (tenant, id, watch),
        )?,
        FolderChange::Listing => tx.execute(
            "UPDATE folders SET listing = 1, trouble = NULL WHERE tenant = ?1 AND id = ?2",
            (tenant, id),
        )?,
        FolderChange::Synced { report, at } => tx.execute(
            "UPDATE folders SET listing = 0, trouble = NULL, synced_at = ?3, last = ?4 WHERE tenant = ?1 AND id = ?2",
            (tenant, id, at, serde_json::to_string(report)?),
        )?,
        FolderChange::Troubled(why) => tx.execute(
            "UPDATE folders SET listing = 0, trouble = ?3 WHERE tenant = ?1 AND id = ?2",
            (tenant, id, serde_json::to_string(why)?),
        )?,
    };
    one(tx, tenant, id)
}

pub(crate) fn forget(tx: &Transaction<'_>, tenant: &str, id: &str) -> Result<Folder, Fault> {
    let folder = one(tx, tenant, id)?;
    tx.execute(
        "DELETE FROM folders WHERE tenant = ?1 AND id = ?2",
        (tenant, id),
    )?;
    Ok(folder)
}

/// Paths that begin with `below` are one range of the index.
pub(crate) fn files_below(
    connection: &Connection,
    tenant: &str,
    source: &str,
    below: &str,
) -> Result<Vec<KnownFile>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, path, bytes, modified_at, hash FROM documents \
         WHERE tenant = ?1 AND source_id = ?2 AND path >= ?3 AND substr(path, 1, length(?3)) = ?3 AND path < ?4 ORDER BY path",
    )?;
    // Nothing that is stored begins with the last character there is.
    let end = format!("{below}\u{10ffff}");
    let rows = statement.query_map((tenant, source, below, end), |row| {
        Ok(KnownFile {
            id: row.get(0)?,
            path: row.get(1)?,
            bytes: row.get::<_, i64>(2)?.unsigned_abs(),
            modified_at: row.get(3)?,
            hash: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn move_files(
    tx: &Transaction<'_>,
    tenant: &str,
    places: &[NewPlace],
    at: Timestamp,
) -> Result<(), Fault> {
    for place in places {
        let source: Option<String> = tx
            .prepare_cached("SELECT source_id FROM documents WHERE tenant = ?1 AND id = ?2")?
            .query_row((tenant, &place.id), |row| row.get(0))
            .optional()?;
        let Some(source) = source else {
            continue;
        };
        let name = super::ledger::free_name(tx, tenant, &source, &place.name, Some(&place.id))?;
        tx.prepare_cached(
            "UPDATE documents SET path = ?3, name = ?4, folded = ?5, kind = ?6, modified_at = ?7, changed_at = ?8 \
             WHERE tenant = ?1 AND id = ?2",
        )?
        .execute((
            tenant,
            &place.id,
            &place.path,
            &name,
            name.to_lowercase(),
            file_kind(&place.name),
            place.modified_at,
            at,
        ))?;
    }
    Ok(())
}

pub(crate) fn visit(
    tx: &Transaction<'_>,
    tenant: &str,
    visits: &[(String, u64)],
) -> Result<(), Fault> {
    let mut add = tx.prepare_cached(
        "UPDATE documents SET visits = visits + ?3 WHERE tenant = ?1 AND id = ?2",
    )?;
    for (id, times) in visits {
        add.execute((tenant, id, signed(*times)))?;
    }
    Ok(())
}
