//! What a migration can't say in SQL.

use super::{codes::Entry, segments, words};
use crate::Fault;
use awm_knowledge::Language;
use rusqlite::Transaction;

/// After `0005_search.sql`: fills the keyword tables from the passages, and the segments from the codes of the model in use.
pub(crate) fn fill_search(tx: &Transaction<'_>) -> Result<(), Fault> {
    let mut statement = tx.prepare("SELECT number, headings, text, language FROM passages")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let headings: Vec<String> =
            serde_json::from_str(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
        let text: String = row.get(2)?;
        let language: String = row.get(3)?;
        words::put(
            tx,
            Language::named(&language),
            row.get(0)?,
            &headings.join("\n"),
            &text,
        )?;
    }
    let mut statement = tx.prepare(
        "SELECT p.tenant, c.passage, c.model, p.language = 'en', c.bits FROM codes c \
         JOIN models m ON m.number = c.model AND m.current = 1 JOIN passages p ON p.number = c.passage ORDER BY c.passage",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let tenant: String = row.get(0)?;
        let bits: Vec<u8> = row.get(4)?;
        let (words, _) = bits.as_chunks::<8>();
        let entry = Entry {
            passage: row.get(1)?,
            model: row.get(2)?,
            english: row.get(3)?,
            code: words.iter().map(|word| u64::from_le_bytes(*word)).collect(),
        };
        segments::put(tx, &tenant, &[entry])?;
    }
    drop(rows);
    drop(statement);
    tx.execute_batch("DROP TABLE codes")?;
    Ok(())
}
