//! Texts and passages.

use super::{
    duplicates::hand_over,
    ledger,
    rows::{PASSAGE, missing, one, passage},
    segments, words,
};
use crate::Fault;
use awm_api::{
    Timestamp,
    knowledge::{Document, DocumentState, DocumentText},
};
use awm_knowledge::{Language, passage_id, text_hash};
use awm_ports::{NewContent, NewPassage, NewText};
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Stores a document's content in place of the older one; answers with the row and the numbers of the passages that went. The
/// content that is there already stays with its vectors.
pub(crate) fn put(
    tx: &Transaction<'_>,
    tenant: &str,
    document_id: &str,
    content: &NewContent,
    at: Timestamp,
) -> Result<(Document, Vec<i64>), Fault> {
    let hash = text_hash(
        &content.text,
        content
            .passages
            .iter()
            .map(|passage| (passage.start, passage.end, passage.page.unwrap_or(0))),
    );
    let stands: Option<bool> = tx
        .prepare_cached(
            "SELECT text_hash = ?3 AND ?3 <> '' AND passages = ?4 FROM documents WHERE tenant = ?1 AND id = ?2",
        )?
        .query_row(
            (tenant, document_id, &hash, content.passages.len() as i64),
            |row| row.get(0),
        )
        .optional()?;
    let stands = stands.ok_or_else(|| missing("document", document_id))?;
    let gone = if stands {
        Vec::new()
    } else {
        replace(tx, tenant, document_id, content)?
    };
    tx.prepare_cached(
        "UPDATE documents SET media_type = ?3, pages = ?4, passages = ?5, embedded = iif(?6, embedded, 0), text_hash = ?7, \
         note = ?8, content_hash = hash, failure = NULL, duplicate_of = NULL, extracted_at = ?9, changed_at = ?9, \
         state = CASE WHEN ?5 = 0 THEN 'no_text' WHEN ?6 AND embedded = passages THEN 'indexed' ELSE 'embedding' END \
         WHERE tenant = ?1 AND id = ?2",
    )?
    .execute((
        tenant,
        document_id,
        &content.media_type,
        content.pages,
        content.passages.len() as i64,
        stands,
        &hash,
        &content.note,
        at,
    ))?;
    Ok((one(tx, tenant, document_id)?, gone))
}

/// Takes the old text away and stores the new one; answers with the numbers of the passages that went.
fn replace(
    tx: &Transaction<'_>,
    tenant: &str,
    document_id: &str,
    content: &NewContent,
) -> Result<Vec<i64>, Fault> {
    let gone = forget_passages(tx, tenant, "document_id = ?2", document_id)?;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO texts (tenant, document_id, text) VALUES (?1, ?2, ?3)",
    )?
    .execute((tenant, document_id, &content.text))?;
    for (ordinal, passage) in (0_u32..).zip(&content.passages) {
        put_passage(tx, tenant, document_id, ordinal, passage)?;
    }
    // One writer at a time: the numbers of a document's passages have no gap.
    tx.prepare_cached(
        "UPDATE documents SET (first_passage, last_passage) = (SELECT min(number), max(number) FROM passages \
         WHERE tenant = ?1 AND document_id = ?2) WHERE tenant = ?1 AND id = ?2",
    )?
    .execute((tenant, document_id))?;
    Ok(gone)
}

/// Stores texts that have no files; answers with the rows, none for what is there unchanged, and with the numbers of the
/// passages that went.
pub(crate) fn put_all(
    tx: &Transaction<'_>,
    tenant: &str,
    documents: Vec<NewText>,
) -> Result<(Vec<Option<Document>>, Vec<i64>), Fault> {
    let (mut rows, mut gone) = (Vec::with_capacity(documents.len()), Vec::new());
    for new in documents {
        // Nobody sees it in the queue: its content comes in the same transaction.
        let id = ledger::enqueue(tx, tenant, &new.document, DocumentState::Queued)?;
        rows.push(match id {
            None => None,
            Some(id) => {
                let content = NewContent {
                    media_type: new.media_type,
                    text: new.text,
                    passages: new.passages,
                    ..NewContent::default()
                };
                let (row, went) = put(tx, tenant, &id, &content, new.document.at)?;
                gone.extend(went);
                Some(row)
            }
        });
    }
    Ok((rows, gone))
}

pub(crate) fn put_passage(
    tx: &Transaction<'_>,
    tenant: &str,
    document_id: &str,
    ordinal: u32,
    new: &NewPassage,
) -> Result<(), Fault> {
    let language = Language::named(&new.language);
    tx.prepare_cached(
        "INSERT INTO passages (tenant, id, document_id, ordinal, headings, page, start, \"end\", text, language) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute((
        tenant,
        passage_id(document_id, ordinal),
        document_id,
        ordinal,
        serde_json::to_string(&new.headings)?,
        new.page,
        new.start,
        new.end,
        &new.text,
        language.as_str(),
    ))?;
    words::put(
        tx,
        language,
        tx.last_insert_rowid(),
        &new.headings.join("\n"),
        &new.text,
    )
}

/// Deletes passages with their keywords and vectors. The condition is one of this crate's own, with `?1` for the tenant and `?2`
/// for the id. Answers with the passages' numbers.
pub(crate) fn forget_passages(
    tx: &Transaction<'_>,
    tenant: &str,
    condition: &str,
    id: &str,
) -> Result<Vec<i64>, Fault> {
    let numbers: Vec<i64> = tx
        .prepare_cached(&format!(
            "SELECT number FROM passages WHERE tenant = ?1 AND {condition}"
        ))?
        .query_map((tenant, id), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for language in Language::ALL {
        let table = words::table(language);
        tx.prepare_cached(&format!(
            "DELETE FROM {table} WHERE rowid IN \
             (SELECT number FROM passages WHERE tenant = ?1 AND language = ?3 AND {condition})"
        ))?
        .execute((tenant, id, language.as_str()))?;
    }
    tx.prepare_cached(&format!(
        "DELETE FROM passages WHERE tenant = ?1 AND {condition}"
    ))?
    .execute((tenant, id))?;
    segments::remove(tx, tenant, &numbers)?;
    Ok(numbers)
}

pub(crate) fn document_text(
    connection: &Connection,
    tenant: &str,
    id: &str,
) -> Result<DocumentText, Fault> {
    let document = one(connection, tenant, id)?;
    let text: Option<String> = connection
        .query_row(
            "SELECT text FROM texts WHERE tenant = ?1 AND document_id = ?2",
            (tenant, id),
            |row| row.get(0),
        )
        .optional()?;
    let sql = format!(
        "SELECT {PASSAGE} FROM passages p JOIN documents d ON d.tenant = p.tenant AND d.id = p.document_id \
         WHERE p.tenant = ?1 AND p.document_id = ?2 ORDER BY p.ordinal"
    );
    let passages = connection
        .prepare_cached(&sql)?
        .query_map((tenant, id), passage)?
        .collect::<Result<_, _>>()?;
    Ok(DocumentText {
        document,
        text: text.unwrap_or_default(),
        passages,
    })
}

/// Deletes a document; answers with its last row and the numbers of its passages.
pub(crate) fn remove(
    tx: &Transaction<'_>,
    tenant: &str,
    id: &str,
) -> Result<(Document, Vec<i64>), Fault> {
    let document = one(tx, tenant, id)?;
    hand_over(tx, tenant, id)?;
    let gone = forget_passages(tx, tenant, "document_id = ?2", id)?;
    tx.execute(
        "DELETE FROM documents WHERE tenant = ?1 AND id = ?2",
        (tenant, id),
    )?;
    Ok((document, gone))
}
