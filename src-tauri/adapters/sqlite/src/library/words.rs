//! The keyword tables: one for each class of languages.
//!
//! Nothing of a person's text is ever syntax: what is asked for are terms, and every term goes in quoted.

use super::frequencies::Frequencies;
use crate::Fault;
use awm_knowledge::{Language, index_terms, query_terms};
use rusqlite::{Connection, Transaction};

/// The keyword table of a language class.
pub(crate) const fn table(language: Language) -> &'static str {
    match language {
        Language::English => "words_en",
        Language::Other => "words_other",
        Language::Cjk => "words_cjk",
    }
}

/// Terms of a question that are looked for, at most: a pasted page is no question.
const MOST: usize = 128;
/// A word in a heading counts half as much again as one in the text.
const RANK: &str = "bm25({table}, 1.5, 1.0)";

/// Stores what the index holds of a passage.
pub(crate) fn put(
    tx: &Transaction<'_>,
    language: Language,
    number: i64,
    headings: &str,
    text: &str,
) -> Result<(), Fault> {
    let table = table(language);
    tx.prepare_cached(&format!(
        "INSERT INTO {table} (rowid, headings, text) VALUES (?1, ?2, ?3)"
    ))?
    .execute((
        number,
        index_terms(headings, language).join(" "),
        index_terms(text, language).join(" "),
    ))?;
    Ok(())
}

/// The best passages of one table by BM25, best first with their scores, at most `limit`. Of all tenants: the caller leaves
/// out what is another's.
pub(crate) fn best(
    connection: &Connection,
    frequencies: &Frequencies,
    text: &str,
    language: Language,
    limit: usize,
) -> Result<Vec<(i64, f64)>, Fault> {
    let mut terms = query_terms(text, language);
    terms.truncate(MOST);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = frequencies.choose(connection, language, terms)?;
    if chosen.terms.is_empty() {
        return Ok(Vec::new());
    }
    let table = table(language);
    let rank = RANK.replace("{table}", table);
    let sql = format!(
        "SELECT rowid, -{rank} FROM {table} WHERE {table} MATCH ?1 AND rowid > ?2 ORDER BY {rank}, rowid LIMIT ?3"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map((any_of(&chosen.terms), chosen.after, limit as i64), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn any_of(terms: &[String]) -> String {
    let quoted: Vec<String> = terms
        .iter()
        .map(|term| format!("\"{}\"", term.replace('"', "\"\"")))
        .collect();
    quoted.join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_every_term() {
        let terms = ["return".to_owned(), "a\"b*".to_owned()];
        assert_eq!(any_of(&terms), "\"return\" OR \"a\"\"b*\"");
        let hostile = query_terms("text:x OR NEAR(a b) -y ^z* \"", Language::Other);
        assert_eq!(
            any_of(&hostile),
            r#""text" OR "x" OR "or" OR "near" OR "a" OR "b" OR "y" OR "z""#
        );
    }
}
