//! The passages that a filter lets through.

use super::segment::{FLAGS, Flags, place};
use crate::Fault;
use awm_api::knowledge::SearchFilter;
use awm_ports::SearchQuery;
use rusqlite::Connection;
use std::collections::HashMap;

/// Numbers of passages, a bit for each.
#[derive(Debug, Default)]
pub(crate) struct Allowed {
    segments: HashMap<i64, Box<Flags>>,
}

impl Allowed {
    /// What the query's sources and its filter of documents let through; none if they let everything through.
    pub(crate) fn of(
        connection: &Connection,
        tenant: &str,
        query: &SearchQuery,
    ) -> Result<Option<Self>, Fault> {
        let filter = &query.filter;
        // Languages are known by the keyword tables and the codes.
        let of_documents = SearchFilter {
            languages: Vec::new(),
            ..filter.clone()
        };
        if query.sources.is_empty() && of_documents.is_open() {
            return Ok(None);
        }
        let mut allowed = Self::default();
        let mut statement = connection.prepare_cached(
            "SELECT d.first_passage, d.last_passage, d.name FROM documents d WHERE d.tenant = ?1 AND d.first_passage IS NOT NULL \
             AND (?2 = '[]' OR d.source_id IN (SELECT s.id FROM sources s WHERE s.tenant = ?1 \
                 AND (s.id IN (SELECT value FROM json_each(?2)) OR s.name IN (SELECT value FROM json_each(?2))))) \
             AND (?3 IS NULL OR coalesce(d.modified_at, d.queued_at) >= ?3) \
             AND (?4 IS NULL OR coalesce(d.modified_at, d.queued_at) < ?4) \
             AND (SELECT count(DISTINCT w.value) FROM json_each(?5) w) = (SELECT count(*) FROM document_tags t \
                 WHERE t.tenant = d.tenant AND t.document_id = d.id AND t.tag IN (SELECT value FROM json_each(?5)))",
        )?;
        let mut rows = statement.query((
            tenant,
            serde_json::to_string(&query.sources)?,
            filter.from,
            filter.to,
            serde_json::to_string(&filter.tags)?,
        ))?;
        while let Some(row) = rows.next()? {
            let name = row.get_ref(2)?.as_str().unwrap_or_default();
            if filter.takes_name(name) {
                allowed.add(row.get(0)?, row.get(1)?);
            }
        }
        Ok(Some(allowed))
    }

    /// Lets the passages of these numbers through, the last one included.
    pub(crate) fn add(&mut self, first: i64, last: i64) {
        for passage in first..=last {
            let (segment, place) = place(passage);
            let flags = self
                .segments
                .entry(segment)
                .or_insert_with(|| Box::new([0; FLAGS]));
            if let Some(word) = flags.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
    }

    pub(crate) fn takes(&self, passage: i64) -> bool {
        let (segment, place) = place(passage);
        self.segments
            .get(&segment)
            .and_then(|flags| flags.get(place / 64))
            .is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub(crate) fn segment(&self, number: i64) -> Flags {
        self.segments
            .get(&number)
            .map_or([0; FLAGS], |flags| **flags)
    }
}
