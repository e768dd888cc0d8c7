//! In how many passages a term stands, and what of a question is asked for because of it.

use crate::{Fault, store::lock};
use awm_knowledge::Language;
use rusqlite::{Connection, OptionalExtension};
use std::{collections::HashMap, sync::Mutex};

/// Counts that were read, kept: counting a frequent term takes milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Frequencies {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The passages there were when the counts were read.
    passages: i64,
    counts: HashMap<(Language, String), i64>,
}

/// What a table is asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) terms: Vec<String>,
    /// Only passages of a larger number: the newest ones.
    pub(crate) after: i64,
}

/// Below as many passages every term is asked for.
const SMALL: i64 = 50_000;
/// Passages that one question may make the table score: some milliseconds.
const BUDGET: i64 = 4_000;
/// Terms whose counts are kept.
const KEPT: usize = 100_000;

impl Frequencies {
    /// In a large collection the rarest terms decide who comes first, and the frequent ones cost all the time: the rarest are
    /// asked for until together they stand in as many passages as can be scored in time. A term that alone stands in more
    /// than that is looked for in the newest passages only.
    pub(crate) fn choose(
        &self,
        connection: &Connection,
        language: Language,
        terms: Vec<String>,
    ) -> Result<Chosen, Fault> {
        let newest: i64 = connection
            .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'passages'")?
            .query_row([], |row| row.get(0))
            .optional()?
            .unwrap_or(0);
        if newest < SMALL {
            return Ok(Chosen { terms, after: 0 });
        }
        let mut counted = Vec::with_capacity(terms.len());
        for term in terms {
            counted.push((self.count(connection, language, &term, newest)?, term));
        }
        Ok(within(counted, newest))
    }

    fn count(
        &self,
        connection: &Connection,
        language: Language,
        term: &str,
        newest: i64,
    ) -> Result<i64, Fault> {
        let key = (language, term.to_owned());
        {
            let mut known = lock(&self.known);
            // A tenth more passages, and the counts are read anew.
            if known.passages < newest - newest / 10 || known.counts.len() >= KEPT {
                known.counts.clear();
                known.passages = newest;
            }
            if let Some(count) = known.counts.get(&key) {
                return Ok(*count);
            }
        }
        let table = match language {
            Language::English => "terms_en",
            Language::Other => "terms_other",
            Language::Cjk => "terms_cjk",
        };
        let count = connection
            .prepare_cached(&format!("SELECT doc FROM {table} WHERE term = ?1"))?
            .query_row([term], |row| row.get(0))
            .optional()?
            .unwrap_or(0);
        lock(&self.known).counts.insert(key, count);
        Ok(count)
    }
}

fn within(mut counted: Vec<(i64, String)>, newest: i64) -> Chosen {
    counted.retain(|(count, _)| *count > 0);
    counted.sort_by_key(|(count, _)| *count);
    let mut terms = Vec::new();
    let (mut sum, mut after) = (0, 0);
    for (count, term) in counted {
        if !terms.is_empty() && sum + count > BUDGET {
            break;
        }
        sum += count;
        if sum > BUDGET {
            after = newest - newest / sum * BUDGET;
        }
        terms.push(term);
    }
    Chosen { terms, after }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_rarest_terms_within_the_budget() {
        let counted = |counts: &[i64]| {
            counts
                .iter()
                .enumerate()
                .map(|(at, count)| (*count, format!("t{at}")))
                .collect()
        };
        for (counts, terms, after) in [
            (&[5_i64, 0, 3][..], &["t2", "t0"][..], 0_i64),
            (&[90_000, 3_000, 900], &["t2", "t1"], 0),
            (&[500_000, 120_000], &["t1"], 968_000),
            (&[0], &[], 0),
        ] {
            let chosen = within(counted(counts), 1_000_000);
            assert_eq!(chosen.terms, terms, "{counts:?}");
            assert_eq!(chosen.after, after, "{counts:?}");
        }
    }
}
