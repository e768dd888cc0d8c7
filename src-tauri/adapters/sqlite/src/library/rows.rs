//! Rows of the tables as the port's values.

use crate::Fault;
use awm_api::knowledge::{Document, DocumentState, DuplicateOf, Passage};
use awm_ports::{KEPT, StoreError};
use rusqlite::{Connection, OptionalExtension, Row};

/// The columns that [`document`] reads, of the table `documents`.
pub(crate) const DOCUMENT: &str = "id, source_id, name, path, media_type, bytes, state, passages, embedded, pages, failure, \
     modified_at, changed_at, note, duplicate_of, (SELECT o.name FROM documents o WHERE o.tenant = documents.tenant \
     AND o.id = documents.duplicate_of), hash, text_hash, attempts, visits, queued_at, hashed_at, extracted_at, indexed_at";

/// The columns that [`passage`] reads, of `passages p` joined with `documents d`.
pub(crate) const PASSAGE: &str =
    "p.id, p.document_id, d.name, p.ordinal, p.headings, p.page, p.start, p.\"end\", p.text";

/// A document with the path as it is stored.
pub(crate) fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    let state: String = row.get(6)?;
    let failure: Option<String> = row.get(10)?;
    Ok(Document {
        id: row.get(0)?,
        source_id: row.get(1)?,
        name: row.get(2)?,
        path: row.get(3)?,
        media_type: row.get(4)?,
        bytes: row.get::<_, i64>(5)?.unsigned_abs(),
        state: parse_state(&state),
        passages: row.get::<_, i64>(7)?.unsigned_abs(),
        embedded: row.get::<_, i64>(8)?.unsigned_abs(),
        pages: row.get(9)?,
        failure: failure.and_then(|json| serde_json::from_str(&json).ok()),
        modified_at: row.get(11)?,
        changed_at: row.get(12)?,
        note: row.get(13)?,
        duplicate_of: row
            .get::<_, Option<String>>(14)?
            .zip(row.get(15)?)
            .map(|(id, name)| DuplicateOf { id, name }),
        hash: row.get(16)?,
        text_hash: row.get(17)?,
        attempts: row.get(18)?,
        visits: row.get::<_, i64>(19)?.unsigned_abs(),
        queued_at: row.get(20)?,
        hashed_at: row.get(21)?,
        extracted_at: row.get(22)?,
        indexed_at: row.get(23)?,
    })
}

/// A document as a screen sees it: where an upload is kept is nobody's business.
pub(crate) fn shown(row: &Row<'_>) -> rusqlite::Result<Document> {
    let mut document = document(row)?;
    if document.path.starts_with(KEPT) {
        document.path.clear();
    }
    Ok(document)
}

/// One document's row.
pub(crate) fn one(connection: &Connection, tenant: &str, id: &str) -> Result<Document, Fault> {
    connection
        .prepare_cached(&format!(
            "SELECT {DOCUMENT} FROM documents WHERE tenant = ?1 AND id = ?2"
        ))?
        .query_row((tenant, id), shown)
        .optional()?
        .ok_or_else(|| missing("document", id))
}

pub(crate) fn passage(row: &Row<'_>) -> rusqlite::Result<Passage> {
    let headings: String = row.get(4)?;
    Ok(Passage {
        id: row.get(0)?,
        document_id: row.get(1)?,
        document_name: row.get(2)?,
        ordinal: row.get(3)?,
        headings: serde_json::from_str(&headings).unwrap_or_default(),
        page: row.get(5)?,
        start: row.get(6)?,
        end: row.get(7)?,
        text: row.get(8)?,
    })
}

pub(crate) fn missing(what: &'static str, id: &str) -> Fault {
    Fault::Store(StoreError::NotFound {
        what,
        id: id.to_owned(),
    })
}

pub(crate) const fn state(state: DocumentState) -> &'static str {
    match state {
        DocumentState::Queued => "queued",
        DocumentState::Extracting => "extracting",
        DocumentState::Embedding => "embedding",
        DocumentState::Indexed => "indexed",
        DocumentState::NoText => "no_text",
        DocumentState::Duplicate => "duplicate",
        DocumentState::Failed => "failed",
    }
}

pub(crate) fn parse_state(text: &str) -> DocumentState {
    match text {
        "queued" => DocumentState::Queued,
        "extracting" => DocumentState::Extracting,
        "embedding" => DocumentState::Embedding,
        "indexed" => DocumentState::Indexed,
        "no_text" => DocumentState::NoText,
        "duplicate" => DocumentState::Duplicate,
        _ => DocumentState::Failed,
    }
}

/// SQLite's integers are signed; no count or size comes near the end of them.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
