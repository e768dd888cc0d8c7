//! The passages around one, and the tags of documents.

use super::rows::{PASSAGE, missing, one, passage};
use crate::Fault;
use awm_api::knowledge::{Passage, PassagesAround, TagCount};
use rusqlite::{Connection, OptionalExtension, Transaction};

pub(crate) fn neighbours(
    connection: &Connection,
    tenant: &str,
    id: &str,
    before: u32,
    after: u32,
) -> Result<PassagesAround, Fault> {
    let from = "FROM passages p JOIN documents d ON d.tenant = p.tenant AND d.id = p.document_id WHERE p.tenant = ?1";
    let found = connection
        .prepare_cached(&format!("SELECT {PASSAGE} {from} AND p.id = ?2"))?
        .query_row((tenant, id), passage)
        .optional()?
        .ok_or_else(|| missing("passage", id))?;
    let range = |first: u32, past: u32| -> Result<Vec<Passage>, Fault> {
        let sql = format!(
            "SELECT {PASSAGE} {from} AND p.document_id = ?2 AND p.ordinal >= ?3 AND p.ordinal < ?4 ORDER BY p.ordinal"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map((tenant, &found.document_id, first, past), passage)?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let here = found.ordinal;
    let next = here.saturating_add(1);
    Ok(PassagesAround {
        before: range(here.saturating_sub(before), here)?,
        after: range(next, next.saturating_add(after))?,
        passage: found,
    })
}

pub(crate) fn put_tags(
    tx: &Transaction<'_>,
    tenant: &str,
    document: &str,
    tags: &[String],
) -> Result<Vec<String>, Fault> {
    one(tx, tenant, document)?;
    tx.execute(
        "DELETE FROM document_tags WHERE tenant = ?1 AND document_id = ?2",
        (tenant, document),
    )?;
    for tag in tags {
        tx.prepare_cached(
            "INSERT OR IGNORE INTO document_tags (tenant, document_id, tag) VALUES (?1, ?2, ?3)",
        )?
        .execute((tenant, document, tag))?;
    }
    let tags = tags_in_use(tx, tenant, Some(document))?;
    Ok(tags.into_iter().map(|count| count.tag).collect())
}

pub(crate) fn tags_in_use(
    connection: &Connection,
    tenant: &str,
    document: Option<&str>,
) -> Result<Vec<TagCount>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT tag, count(*) FROM document_tags WHERE tenant = ?1 AND (?2 IS NULL OR document_id = ?2) GROUP BY tag ORDER BY tag",
    )?;
    let rows = statement.query_map((tenant, document), |row| {
        Ok(TagCount {
            tag: row.get(0)?,
            documents: row.get::<_, i64>(1)?.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
