//! The same bytes are read once: what is done with a file whose bytes are known.

use super::{
    codes::Entry,
    content::{self, forget_passages},
    embedding,
    rows::{missing, one, signed},
};
use crate::Fault;
use awm_api::{Timestamp, knowledge::Document};
use awm_knowledge::passage_id;
use awm_ports::{FileFacts, ModelId, NewContent, NewPassage};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// What was made of a file's bytes, and what the codes in memory are to be told of it.
pub(crate) struct Outcome {
    pub(crate) document: Document,
    /// Whether its text has to be taken out.
    pub(crate) extract: bool,
    pub(crate) gone: Vec<i64>,
    pub(crate) entries: Vec<Entry>,
}

/// Tells a claimed document its bytes, and settles what is known by them.
pub(crate) fn adopt(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
    facts: &FileFacts,
    at: Timestamp,
) -> Result<Outcome, Fault> {
    let (source, content_hash): (String, String) = tx
        .prepare_cached(
            "SELECT source_id, content_hash FROM documents WHERE tenant = ?1 AND id = ?2",
        )?
        .query_row((tenant, id), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(|| missing("document", id))?;
    let referred: bool = tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM documents WHERE tenant = ?1 AND duplicate_of = ?2 AND hash <> ?3)",
        )?
        .query_row((tenant, id, &facts.hash), |row| row.get(0))?;
    if referred {
        hand_over(tx, tenant, id)?;
    }
    tx.prepare_cached(
        "UPDATE documents SET hash = ?3, bytes = ?4, modified_at = ?5, hashed_at = ?6, changed_at = ?6, duplicate_of = NULL, \
         failure = NULL WHERE tenant = ?1 AND id = ?2",
    )?
    .execute((
        tenant,
        id,
        &facts.hash,
        signed(facts.bytes),
        facts.modified_at,
        at,
    ))?;
    let mut outcome = Outcome {
        document: one(tx, tenant, id)?,
        extract: false,
        gone: Vec::new(),
        entries: Vec::new(),
    };
    if content_hash == facts.hash {
        // The file was touched, or a kill came between two steps: what stands is not done again.
        tx.prepare_cached(
            "UPDATE documents SET state = CASE WHEN passages = 0 THEN 'no_text' WHEN embedded = passages THEN 'indexed' \
             ELSE 'embedding' END WHERE tenant = ?1 AND id = ?2",
        )?
        .execute((tenant, id))?;
    } else if let Some(original) = same_bytes(tx, tenant, id, &facts.hash, Some(&source))? {
        outcome.gone = forget_passages(tx, tenant, "document_id = ?2", id)?;
        tx.execute(
            "DELETE FROM texts WHERE tenant = ?1 AND document_id = ?2",
            (tenant, id),
        )?;
        tx.prepare_cached(
            "UPDATE documents SET state = 'duplicate', duplicate_of = ?3, content_hash = '', text_hash = '', note = NULL, \
             passages = 0, embedded = 0, first_passage = NULL, last_passage = NULL, pages = NULL, media_type = (SELECT o.media_type FROM documents o \
             WHERE o.tenant = ?1 AND o.id = ?3) WHERE tenant = ?1 AND id = ?2",
        )?
        .execute((tenant, id, &original))?;
    } else if let Some(twin) = same_bytes(tx, tenant, id, &facts.hash, None)? {
        (outcome.gone, outcome.entries) = copy(tx, tenant, &twin, id, at)?;
    } else {
        outcome.extract = true;
    }
    outcome.document = one(tx, tenant, id)?;
    Ok(outcome)
}

/// The oldest document with these bytes: in a source also one that is just being read, in any other one whose text is there.
fn same_bytes(
    connection: &Connection,
    tenant: &str,
    id: &str,
    hash: &str,
    source: Option<&str>,
) -> Result<Option<String>, Fault> {
    // Two indexes instead of one condition over both columns.
    const STORED: &str = "SELECT id, queued_at FROM documents WHERE tenant = ?1 AND content_hash = ?3 AND content_hash <> '' \
         AND id <> ?2 AND duplicate_of IS NULL AND state <> 'failed'";
    const IN_HAND: &str = "SELECT id, queued_at FROM documents WHERE tenant = ?1 AND hash = ?3 AND hash <> '' \
         AND id <> ?2 AND duplicate_of IS NULL AND state = 'extracting'";
    let sql = match source {
        Some(_) => format!(
            "SELECT id FROM ({STORED} AND source_id = ?4 UNION ALL {IN_HAND} AND source_id = ?4) ORDER BY queued_at, id LIMIT 1"
        ),
        None => {
            format!("SELECT id FROM ({STORED}) WHERE ?4 IS NULL ORDER BY queued_at, id LIMIT 1")
        }
    };
    let found = connection
        .prepare_cached(&sql)?
        .query_row((tenant, id, hash, source), |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Stores another source's content of the same bytes, with the vectors that are there; answers with the numbers of the passages
/// that went, and the codes that came.
fn copy(
    tx: &Transaction<'_>,
    tenant: &str,
    from: &str,
    to: &str,
    at: Timestamp,
) -> Result<(Vec<i64>, Vec<Entry>), Fault> {
    let mut content = tx
        .prepare_cached(
            "SELECT d.media_type, d.pages, coalesce(t.text, ''), d.note FROM documents d \
             LEFT JOIN texts t ON t.tenant = d.tenant AND t.document_id = d.id WHERE d.tenant = ?1 AND d.id = ?2",
        )?
        .query_row((tenant, from), |row| {
            Ok(NewContent {
                media_type: row.get(0)?,
                pages: row.get(1)?,
                text: row.get(2)?,
                note: row.get(3)?,
                passages: Vec::new(),
            })
        })?;
    content.passages = tx
        .prepare_cached(
            "SELECT headings, page, start, \"end\", text, language FROM passages \
             WHERE tenant = ?1 AND document_id = ?2 ORDER BY ordinal",
        )?
        .query_map((tenant, from), |row| {
            let headings: String = row.get(0)?;
            Ok(NewPassage {
                headings: serde_json::from_str(&headings).unwrap_or_default(),
                page: row.get(1)?,
                start: row.get(2)?,
                end: row.get(3)?,
                text: row.get(4)?,
                language: row.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let (_, gone) = content::put(tx, tenant, to, &content, at)?;
    let model = tx
        .query_row(
            "SELECT name, sha256, dimensions FROM models WHERE current = 1",
            [],
            |row| {
                Ok(ModelId {
                    name: row.get(0)?,
                    sha256: row.get(1)?,
                    dimensions: row.get::<_, i64>(2)?.unsigned_abs() as usize,
                })
            },
        )
        .optional()?;
    let Some(model) = model else {
        return Ok((gone, Vec::new()));
    };
    let vectors: Vec<(String, Vec<f32>)> = tx
        .prepare_cached(
            "SELECT p.ordinal, v.scale, v.bytes FROM passages p JOIN vectors v ON v.passage = p.number \
             JOIN models m ON m.number = v.model AND m.current = 1 WHERE p.tenant = ?1 AND p.document_id = ?2",
        )?
        .query_map((tenant, from), |row| {
            let (ordinal, scale, bytes): (u32, f64, Vec<u8>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let vector = bytes
                .into_iter()
                .map(|byte| (f64::from(i8::from_le_bytes([byte])) * scale) as f32)
                .collect();
            Ok((passage_id(to, ordinal), vector))
        })?
        .collect::<Result<_, _>>()?;
    let (_, entries) = embedding::put(tx, tenant, &model, &vectors, at)?;
    Ok((gone, entries))
}

/// The oldest document that refers to this one takes its content over, or, if it has none yet, goes to the queue; the others refer
/// to that one from now on. Without such a document nothing changes.
pub(crate) fn hand_over(tx: &Transaction<'_>, tenant: &str, id: &str) -> Result<(), Fault> {
    let heir: Option<String> = tx
        .prepare_cached(
            "SELECT id FROM documents WHERE tenant = ?1 AND duplicate_of = ?2 ORDER BY queued_at, id LIMIT 1",
        )?
        .query_row((tenant, id), |row| row.get(0))
        .optional()?;
    let Some(heir) = heir else {
        return Ok(());
    };
    tx.execute(
        "UPDATE documents SET duplicate_of = iif(id = ?3, NULL, ?3) WHERE tenant = ?1 AND duplicate_of = ?2",
        (tenant, id, &heir),
    )?;
    // What stands is of the bytes that the heir has too.
    let stands: bool = tx.query_row(
        "SELECT o.content_hash <> '' AND o.content_hash = h.hash FROM documents o, documents h \
         WHERE o.tenant = ?1 AND o.id = ?2 AND h.tenant = ?1 AND h.id = ?3",
        (tenant, id, &heir),
        |row| row.get(0),
    )?;
    if !stands {
        tx.execute(
            "UPDATE documents SET state = 'queued', hash = '' WHERE tenant = ?1 AND id = ?2",
            (tenant, &heir),
        )?;
        return Ok(());
    }
    tx.execute(
        "UPDATE texts SET document_id = ?3 WHERE tenant = ?1 AND document_id = ?2",
        (tenant, id, &heir),
    )?;
    // Keywords and vectors go by the passages' numbers, which stay.
    let numbers: Vec<(i64, u32)> = tx
        .prepare_cached(
            "SELECT number, ordinal FROM passages WHERE tenant = ?1 AND document_id = ?2",
        )?
        .query_map((tenant, id), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut moved =
        tx.prepare_cached("UPDATE passages SET document_id = ?2, id = ?3 WHERE number = ?1")?;
    for (number, ordinal) in numbers {
        moved.execute((number, &heir, passage_id(&heir, ordinal)))?;
    }
    tx.execute(
        "UPDATE documents SET (media_type, pages, passages, embedded, content_hash, text_hash, note, extracted_at, indexed_at, \
         first_passage, last_passage) = (SELECT o.media_type, o.pages, o.passages, o.embedded, o.content_hash, o.text_hash, o.note, \
         o.extracted_at, o.indexed_at, o.first_passage, o.last_passage FROM documents o WHERE o.tenant = ?1 AND o.id = ?2) WHERE tenant = ?1 AND id = ?3",
        (tenant, id, &heir),
    )?;
    tx.execute(
        "UPDATE documents SET state = CASE WHEN passages = 0 THEN 'no_text' WHEN embedded = passages THEN 'indexed' \
         ELSE 'embedding' END WHERE tenant = ?1 AND id = ?2",
        (tenant, &heir),
    )?;
    tx.execute(
        "UPDATE documents SET passages = 0, embedded = 0, content_hash = '', text_hash = '', first_passage = NULL, \
         last_passage = NULL WHERE tenant = ?1 AND id = ?2",
        (tenant, id),
    )?;
    Ok(())
}
