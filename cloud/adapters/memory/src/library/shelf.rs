//! One tenant's sources and documents.

use awm_api::{
    Sort, Timestamp,
    knowledge::{Document, DocumentState, Passage, SearchFilter, Source},
};
use awm_knowledge::passage_id;
use awm_ports::{KEPT, ModelId, NewDocument, NewPassage, StoreError};
use std::collections::{BTreeMap, BTreeSet, HashSet};

#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) sources: BTreeMap<String, (String, Timestamp)>,
    pub(super) documents: BTreeMap<String, Row>,
    pub(super) batch: u64,
    /// Counts what was queued, for its order.
    pub(super) queued: u64,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) document: Document,
    pub(super) path: String,
    pub(super) hash: String,
    pub(super) batch: u64,
    pub(super) queued: u64,
    pub(super) queued_at: Timestamp,
    pub(super) text: String,
    pub(super) passages: Vec<Kept>,
    pub(super) tags: BTreeSet<String>,
}

#[derive(Debug)]
pub(super) struct Kept {
    pub(super) passage: Passage,
    pub(super) vector: Option<(ModelId, Vec<f32>)>,
    pub(super) language: String,
}

pub(super) fn missing(what: &'static str, id: &str) -> StoreError {
    StoreError::NotFound {
        what,
        id: id.to_owned(),
    }
}

impl Shelf {
    pub(super) fn row(&mut self, id: &str) -> Result<&mut Row, StoreError> {
        self.documents
            .get_mut(id)
            .ok_or_else(|| missing("document", id))
    }

    pub(super) fn source(&self, id: &str) -> Result<Source, StoreError> {
        let (name, changed_at) = self.sources.get(id).ok_or_else(|| missing("source", id))?;
        let mut source = Source {
            id: id.to_owned(),
            name: name.clone(),
            documents: 0,
            passages: 0,
            embedded: 0,
            failed: 0,
            bytes: 0,
            changed_at: *changed_at,
        };
        for row in self
            .documents
            .values()
            .filter(|row| row.document.source_id == id)
        {
            source.documents += 1;
            source.passages += row.document.passages;
            source.embedded += row.document.embedded;
            source.failed += u64::from(row.document.state == DocumentState::Failed);
            source.bytes += row.document.bytes;
            source.changed_at = source.changed_at.max(row.document.changed_at);
        }
        Ok(source)
    }

    pub(super) fn enqueue(
        &mut self,
        new: NewDocument,
        state: DocumentState,
    ) -> Result<Option<String>, StoreError> {
        if !self.sources.contains_key(&new.source_id) {
            return Err(missing("source", &new.source_id));
        }
        let kept = new.path.is_empty() || new.path.starts_with(KEPT);
        let in_source = |row: &&Row| row.document.source_id == new.source_id;
        let by_path = self
            .documents
            .values()
            .filter(in_source)
            .find(|row| !kept && row.path == new.path);
        let by_name = self
            .documents
            .values()
            .filter(in_source)
            .find(|row| row.document.name == new.name);
        let same = by_path.or(by_name);
        let unchanged = |row: &Row| {
            row.hash == new.hash
                && !new.hash.is_empty()
                && row.document.state != DocumentState::Failed
        };
        if same.is_some_and(unchanged) && state == DocumentState::Queued {
            return Ok(None);
        }
        // Another file of the same name is another document.
        let replaced = by_path
            .or_else(|| {
                by_name.filter(|row| kept || row.path.starts_with(KEPT) || row.path.is_empty())
            })
            .map(|row| row.document.id.clone());
        let name = match &replaced {
            Some(id) => self.row(id)?.document.name.clone(),
            None => self.free_name(&new.source_id, &new.name),
        };
        if !self.documents.values().any(|row| row.is_waiting()) {
            self.batch += 1;
        }
        self.queued += 1;
        let id = replaced.unwrap_or_else(|| new.id.clone());
        let old = self.documents.remove(&id);
        let (text, passages, tags) = old
            .map(|row| (row.text, row.passages, row.tags))
            .unwrap_or_default();
        let mut document = Document {
            id: id.clone(),
            source_id: new.source_id,
            name,
            path: if kept {
                String::new()
            } else {
                new.path.clone()
            },
            media_type: String::new(),
            bytes: new.bytes,
            state,
            passages: 0,
            embedded: 0,
            pages: None,
            failure: None,
            modified_at: new.modified_at,
            changed_at: new.at,
        };
        count(&mut document, &passages);
        let row = Row {
            document,
            path: new.path,
            hash: new.hash,
            batch: self.batch,
            queued: self.queued,
            queued_at: new.at,
            text,
            passages,
            tags,
        };
        self.documents.insert(id.clone(), row);
        Ok(Some(id))
    }

    pub(super) fn free_name(&self, source_id: &str, name: &str) -> String {
        let taken = |name: &str| {
            self.documents
                .values()
                .any(|row| row.document.source_id == source_id && row.document.name == name)
        };
        if !taken(name) {
            return name.to_owned();
        }
        (2..)
            .map(|number| format!("{name} ({number})"))
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    pub(super) fn sources_named(&self, wanted: &[String]) -> Option<HashSet<String>> {
        (!wanted.is_empty()).then(|| {
            self.sources
                .iter()
                .filter(|(id, (name, _))| wanted.contains(id) || wanted.contains(name))
                .map(|(id, _)| id.clone())
                .collect()
        })
    }
}

impl Row {
    pub(super) fn is_waiting(&self) -> bool {
        matches!(
            self.document.state,
            DocumentState::Queued | DocumentState::Extracting
        )
    }

    pub(super) fn passes(&self, filter: &SearchFilter) -> bool {
        let changed = self.document.modified_at.unwrap_or(self.queued_at);
        filter.tags.iter().all(|tag| self.tags.contains(tag))
            && filter.from.is_none_or(|from| changed >= from)
            && filter.to.is_none_or(|to| changed < to)
            && filter.takes_name(&self.document.name)
    }

    pub(super) fn put(
        &mut self,
        media_type: &str,
        pages: Option<u32>,
        text: &str,
        passages: Vec<NewPassage>,
        at: Timestamp,
    ) {
        self.document.media_type = media_type.to_owned();
        self.document.pages = pages;
        self.document.failure = None;
        self.document.changed_at = at;
        self.text = text.to_owned();
        self.passages = (0_u32..)
            .zip(passages)
            .map(|(ordinal, new)| Kept {
                passage: Passage {
                    id: passage_id(&self.document.id, ordinal),
                    document_id: self.document.id.clone(),
                    document_name: self.document.name.clone(),
                    ordinal,
                    headings: new.headings,
                    page: new.page,
                    start: new.start,
                    end: new.end,
                    text: new.text,
                },
                vector: None,
                language: new.language,
            })
            .collect();
        self.document.state = if self.passages.is_empty() {
            DocumentState::NoText
        } else {
            DocumentState::Embedding
        };
        count(&mut self.document, &self.passages);
    }
}

pub(super) fn count(document: &mut Document, passages: &[Kept]) {
    document.passages = passages.len() as u64;
    document.embedded = passages.iter().filter(|kept| kept.vector.is_some()).count() as u64;
}

/// A document whose passages all have a vector is done.
pub(super) fn settle(row: &mut Row) {
    count(&mut row.document, &row.passages);
    if row.document.embedded == row.document.passages {
        row.document.state = DocumentState::Indexed;
    }
}

pub(super) fn sort(rows: &mut [Document], by: Option<&Sort>) {
    let column = by.map_or("name", |sort| sort.by.as_str());
    rows.sort_by(|a, b| {
        let order = match column {
            "state" => (a.state as u8).cmp(&(b.state as u8)),
            "passages" => a.passages.cmp(&b.passages),
            "bytes" => a.bytes.cmp(&b.bytes),
            "changed_at" => a.changed_at.cmp(&b.changed_at),
            _ => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
        };
        let order = if by.is_some_and(|sort| sort.descending) {
            order.reverse()
        } else {
            order
        };
        order.then_with(|| a.id.cmp(&b.id))
    });
}
