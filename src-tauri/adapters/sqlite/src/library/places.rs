//! Where the files of documents lie.

use super::rows::missing;
use crate::Fault;
use rusqlite::{Connection, OptionalExtension};

/// The path as it is stored.
pub(crate) fn location(connection: &Connection, tenant: &str, id: &str) -> Result<String, Fault> {
    connection
        .prepare_cached("SELECT path FROM documents WHERE tenant = ?1 AND id = ?2")?
        .query_row((tenant, id), |row| row.get(0))
        .optional()?
        .ok_or_else(|| missing("document", id))
}

/// The folders of a document's path end with those of its name (the file's own name may have got a number), and the first of
/// these is what was dropped: up to there is the root.
pub(crate) fn root_of(
    connection: &Connection,
    tenant: &str,
    path: &str,
) -> Result<Option<String>, Fault> {
    let itself: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM documents WHERE tenant = ?1 AND path = ?2)")?
        .query_row((tenant, path), |row| row.get(0))?;
    if itself {
        return Ok(Some(path.to_owned()));
    }
    let root: Option<String> = connection
        .prepare_cached(
            "WITH files AS (SELECT path, replace(path, '\\', '/') AS plain, name FROM documents \
                WHERE tenant = ?1 AND instr(name, '/') > 1), \
             folders AS (SELECT path, name, rtrim(plain, replace(plain, '/', '')) AS above, \
                rtrim(name, replace(name, '/', '')) AS named FROM files), \
             roots AS (SELECT substr(path, 1, length(above) - length(named) + instr(name, '/') - 1) AS root FROM folders \
                WHERE length(above) > length(named) AND substr(above, -length(named)) = named) \
             SELECT root FROM roots WHERE substr(?2, 1, length(root)) = root \
                AND substr(?2, length(root) + 1, 1) IN ('/', '\\') LIMIT 1",
        )?
        .query_row((tenant, path), |row| row.get(0))
        .optional()?;
    Ok(root)
}
