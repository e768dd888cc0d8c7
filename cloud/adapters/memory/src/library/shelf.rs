//! One tenant's sources and documents.

use awm_api::{
    Sort, Timestamp,
    folders::Folder,
    knowledge::{Document, DocumentList, DocumentState, Passage, SearchFilter, Source},
};
use awm_knowledge::{file_kind, passage_id, text_hash};
use awm_ports::{KEPT, ModelId, NewContent, NewDocument, StoreError};
use std::collections::{BTreeMap, BTreeSet, HashSet};

#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) sources: BTreeMap<String, (String, Timestamp)>,
    pub(super) documents: BTreeMap<String, Row>,
    pub(super) folders: BTreeMap<String, Folder>,
    pub(super) batch: u64,
    /// Counts what was queued, for its order.
    pub(super) queued: u64,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) document: Document,
    pub(super) path: String,
    /// The hash of the bytes that the text came from.
    pub(super) content_hash: String,
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
            waiting: 0,
            duplicates: 0,
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
            source.waiting += u64::from(row.is_waiting());
            source.duplicates += u64::from(row.document.state == DocumentState::Duplicate);
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
        if same.is_some_and(|row| row.is_unchanged(&new)) && state == DocumentState::Queued {
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
            None => self.free_name(&new.source_id, &new.name, None),
        };
        if !self.documents.values().any(|row| row.is_waiting()) {
            self.batch += 1;
        }
        self.queued += 1;
        let id = replaced.unwrap_or_else(|| new.id.clone());
        let path = if kept {
            String::new()
        } else {
            new.path.clone()
        };
        let mut row = self.documents.remove(&id).unwrap_or_else(|| Row {
            document: blank(&id),
            path: String::new(),
            content_hash: String::new(),
            batch: 0,
            queued: 0,
            queued_at: 0,
            text: String::new(),
            passages: Vec::new(),
            tags: BTreeSet::new(),
        });
        row.path = new.path;
        row.batch = self.batch;
        row.queued = self.queued;
        row.queued_at = new.at;
        row.document = Document {
            source_id: new.source_id,
            name,
            path,
            bytes: new.bytes,
            state,
            failure: None,
            hash: new.hash,
            modified_at: new.modified_at,
            queued_at: new.at,
            changed_at: new.at,
            ..row.document
        };
        count(&mut row.document, &row.passages);
        self.documents.insert(id.clone(), row);
        Ok(Some(id))
    }

    pub(super) fn free_name(&self, source_id: &str, name: &str, own: Option<&str>) -> String {
        let taken = |name: &str| {
            self.documents.values().any(|row| {
                row.document.source_id == source_id
                    && row.document.name == name
                    && own != Some(row.document.id.as_str())
            })
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
    /// Whether the file is as it was: by its hash, or where one has none yet by length and time of change.
    fn is_unchanged(&self, new: &NewDocument) -> bool {
        let known = &self.document;
        if known.state == DocumentState::Failed {
            return false;
        }
        if !known.hash.is_empty() && !new.hash.is_empty() {
            return known.hash == new.hash;
        }
        self.path == new.path
            && known.bytes == new.bytes
            && known.modified_at.is_some()
            && known.modified_at == new.modified_at
    }

    /// The kind by the file's own name: the document's may have got a number.
    pub(super) fn kind(&self) -> String {
        match self.path.is_empty() || self.path.starts_with(KEPT) {
            true => file_kind(&self.document.name),
            false => file_kind(&self.path),
        }
    }

    pub(super) fn fits(&self, filter: &DocumentList) -> bool {
        let document = &self.document;
        let kind = filter.kind.as_ref().map(|kind| kind.to_lowercase());
        filter
            .source_id
            .as_ref()
            .is_none_or(|id| *id == document.source_id)
            && filter.state.is_none_or(|state| state == document.state)
            && kind.is_none_or(|kind| kind == self.kind())
            && document
                .name
                .to_lowercase()
                .contains(&filter.text.trim().to_lowercase())
    }

    pub(super) fn requeue(&mut self, batch: u64, queued: u64, at: Timestamp) {
        self.batch = batch;
        self.queued = queued;
        self.content_hash.clear();
        self.document.hash.clear();
        self.document.state = DocumentState::Queued;
        self.document.failure = None;
        self.document.queued_at = at;
        self.document.changed_at = at;
    }

    /// The state that the content that stands gives it.
    pub(super) fn stand(&mut self) {
        count(&mut self.document, &self.passages);
        self.document.state = match (self.document.passages, self.document.embedded) {
            (0, _) => DocumentState::NoText,
            (all, embedded) if all == embedded => DocumentState::Indexed,
            _ => DocumentState::Embedding,
        };
    }

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

    pub(super) fn put(&mut self, content: NewContent, at: Timestamp) {
        let hash = text_hash(
            &content.text,
            content
                .passages
                .iter()
                .map(|passage| (passage.start, passage.end, passage.page.unwrap_or(0))),
        );
        let document = &mut self.document;
        let stands = !hash.is_empty()
            && document.text_hash == hash
            && self.passages.len() == content.passages.len();
        document.media_type = content.media_type;
        document.pages = content.pages;
        document.note = content.note;
        document.failure = None;
        document.duplicate_of = None;
        document.text_hash = hash;
        document.extracted_at = Some(at);
        document.changed_at = at;
        self.content_hash.clone_from(&document.hash);
        if !stands {
            self.text = content.text;
            self.passages = (0_u32..)
                .zip(content.passages)
                .map(|(ordinal, new)| Kept {
                    passage: Passage {
                        id: passage_id(&document.id, ordinal),
                        document_id: document.id.clone(),
                        document_name: document.name.clone(),
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
        }
        self.stand();
    }
}

fn blank(id: &str) -> Document {
    Document {
        id: id.to_owned(),
        source_id: String::new(),
        name: String::new(),
        path: String::new(),
        media_type: String::new(),
        bytes: 0,
        state: DocumentState::Queued,
        passages: 0,
        embedded: 0,
        pages: None,
        failure: None,
        note: None,
        duplicate_of: None,
        hash: String::new(),
        text_hash: String::new(),
        attempts: 0,
        visits: 0,
        modified_at: None,
        queued_at: 0,
        hashed_at: None,
        extracted_at: None,
        indexed_at: None,
        changed_at: 0,
    }
}

pub(super) fn count(document: &mut Document, passages: &[Kept]) {
    document.passages = passages.len() as u64;
    document.embedded = passages.iter().filter(|kept| kept.vector.is_some()).count() as u64;
}

pub(super) fn sort(rows: &mut [Document], by: Option<&Sort>) {
    let column = by.map_or("name", |sort| sort.by.as_str());
    rows.sort_by(|a, b| {
        let order = match column {
            "state" => rank(a.state).cmp(&rank(b.state)),
            "passages" => a.passages.cmp(&b.passages),
            "bytes" => a.bytes.cmp(&b.bytes),
            "changed_at" => a.changed_at.cmp(&b.changed_at),
            _ => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
        };
        let order = order.then_with(|| a.id.cmp(&b.id));
        match by.is_some_and(|sort| sort.descending) {
            true => order.reverse(),
            false => order,
        }
    });
}

/// What is still to be done comes first, what failed last.
const fn rank(state: DocumentState) -> u8 {
    match state {
        DocumentState::Queued => 0,
        DocumentState::Extracting => 1,
        DocumentState::Embedding => 2,
        DocumentState::Indexed => 3,
        DocumentState::NoText => 4,
        DocumentState::Duplicate => 5,
        DocumentState::Failed => 6,
    }
}
