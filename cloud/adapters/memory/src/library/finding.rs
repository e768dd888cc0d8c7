//! What is found: passages by a query, what stands around one, tags.

use super::{
    ranking::{by_meaning, by_words},
    shelf::{Kept, Shelf, missing},
};
use awm_api::knowledge::{Hit, Passage, PassagesAround, TagCount};
use awm_knowledge::{Leg, blend};
use awm_ports::{SearchQuery, StoreError};
use std::collections::{BTreeMap, HashMap};

pub(super) fn search(shelf: &Shelf, query: &SearchQuery) -> Vec<Hit> {
    let sources = shelf.sources_named(&query.sources);
    let languages = &query.filter.languages;
    let passages: HashMap<&str, &Kept> = shelf
        .documents
        .values()
        .filter(|row| {
            sources
                .as_ref()
                .is_none_or(|ids| ids.contains(&row.document.source_id))
                && row.passes(&query.filter)
        })
        .flat_map(|row| &row.passages)
        .filter(|kept| languages.is_empty() || languages.contains(&kept.language))
        .map(|kept| (kept.passage.id.as_str(), kept))
        .collect();
    let by_words = by_words(&passages, &query.text);
    let by_meaning = match &query.vector {
        Some((model, vector)) => by_meaning(&passages, model, vector, query.english_only),
        None => Vec::new(),
    };
    let leg = |ranking| Leg {
        ranking,
        cut: false,
    };
    blend(&[leg(&by_words), leg(&by_meaning)])
        .into_iter()
        .take(query.top_k as usize)
        .filter_map(|blended| {
            Some(Hit {
                passage: passages.get(blended.item)?.passage.clone(),
                score: blended.score,
                keyword_rank: blended.ranks.first().copied().flatten(),
                vector_rank: blended.ranks.get(1).copied().flatten(),
                keyword_score: blended.scores.first().copied().flatten(),
                vector_score: blended.scores.get(1).copied().flatten(),
                highlights: Vec::new(),
            })
        })
        .collect()
}

pub(super) fn neighbours(
    shelf: &Shelf,
    passage_id: &str,
    before: u32,
    after: u32,
) -> Result<PassagesAround, StoreError> {
    let all = shelf.documents.values().map(|row| &row.passages);
    let found = all.into_iter().find_map(|passages| {
        let at = passages
            .iter()
            .position(|kept| kept.passage.id == passage_id)?;
        Some((passages, at))
    });
    let (passages, at) = found.ok_or_else(|| missing("passage", passage_id))?;
    let part = |from: usize, to: usize| -> Vec<Passage> {
        let kept = passages.get(from..to.min(passages.len()));
        kept.into_iter()
            .flatten()
            .map(|kept| kept.passage.clone())
            .collect()
    };
    let mut here = part(at, at + 1);
    Ok(PassagesAround {
        before: part(at.saturating_sub(before as usize), at),
        passage: here.pop().ok_or_else(|| missing("passage", passage_id))?,
        after: part(at + 1, (at + 1).saturating_add(after as usize)),
    })
}

/// How many documents have each tag; only those of one document if it is named.
pub(super) fn tags(shelf: &Shelf, document_id: Option<&str>) -> Vec<TagCount> {
    let mut counts: BTreeMap<&String, u64> = BTreeMap::new();
    for (id, row) in &shelf.documents {
        if document_id.is_none_or(|wanted| wanted == id) {
            for tag in &row.tags {
                *counts.entry(tag).or_default() += 1;
            }
        }
    }
    counts
        .into_iter()
        .map(|(tag, documents)| TagCount {
            tag: tag.clone(),
            documents,
        })
        .collect()
}
