//! The ledger in numbers.

use super::shelf::Shelf;
use awm_api::knowledge::{DocumentState, IngestStatus, LedgerCounts};
use std::collections::HashMap;

pub(super) fn summary(shelf: &Shelf, source_id: Option<&str>) -> LedgerCounts {
    let mut states: HashMap<DocumentState, u64> = HashMap::new();
    let mut kinds: HashMap<String, u64> = HashMap::new();
    for row in shelf.documents.values() {
        if source_id.is_none_or(|id| id == row.document.source_id) {
            *states.entry(row.document.state).or_default() += 1;
            *kinds.entry(row.kind()).or_default() += 1;
        }
    }
    let mut kinds: Vec<(String, u64)> = kinds.into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    kinds.truncate(40);
    LedgerCounts {
        states: states.into_iter().collect(),
        kinds,
    }
}

pub(super) fn progress(shelf: &Shelf) -> IngestStatus {
    let mut status = IngestStatus::default();
    for row in shelf.documents.values() {
        status.keyword_passages += row.document.passages;
        status.vector_passages += row.document.embedded;
        if row.batch == shelf.batch {
            status.total += 1;
            status.done += u64::from(!row.is_waiting());
            status.failed += u64::from(row.document.state == DocumentState::Failed);
        }
    }
    status
}

pub(super) fn states(shelf: &Shelf) -> Vec<(DocumentState, u64)> {
    let mut states: Vec<(DocumentState, u64)> = Vec::new();
    for row in shelf.documents.values() {
        match states
            .iter_mut()
            .find(|(state, _)| *state == row.document.state)
        {
            Some((_, count)) => *count += 1,
            None => states.push((row.document.state, 1)),
        }
    }
    states
}
