//! Documents and passages in maps.

mod duplicates;
mod ranking;
mod shelf;

use crate::lock;
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    folders::{Folder, SyncReport},
    knowledge::{
        Document, DocumentList, DocumentState, DocumentText, Failure, Hit, IngestStatus,
        LedgerCounts, Passage, PassagesAround, Source, TagCount,
    },
};
use awm_knowledge::{Leg, blend};
use awm_ports::{
    Adopted, FileFacts, FolderChange, KnownFile, Library, ModelId, NewContent, NewDocument,
    NewFolder, NewPassage, NewPlace, NewText, SearchQuery, StoreError,
};
use awm_tenancy::TenantId;
use duplicates::refers;
use ranking::{by_meaning, by_words};
use shelf::{Kept, Row, Shelf, count, missing, sort};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard},
};

/// Documents and passages in maps; keywords are ranked by how much of the query a passage holds, rare words first.
#[derive(Debug, Default)]
pub struct MemoryLibrary {
    tenants: Mutex<HashMap<TenantId, Shelf>>,
}

impl MemoryLibrary {
    fn with<T>(&self, tenant: &TenantId, work: impl FnOnce(&mut Shelf) -> T) -> T {
        let mut tenants: MutexGuard<'_, HashMap<TenantId, Shelf>> = lock(&self.tenants);
        work(tenants.entry(tenant.clone()).or_default())
    }
}

#[async_trait]
impl Library for MemoryLibrary {
    async fn sources(&self, tenant: &TenantId) -> Result<Vec<Source>, StoreError> {
        self.with(tenant, |shelf| {
            let mut sources: Vec<Source> = shelf
                .sources
                .keys()
                .map(|id| shelf.source(id))
                .collect::<Result<_, _>>()?;
            sources.sort_by_key(|source| (source.name.to_lowercase(), source.id.clone()));
            Ok(sources)
        })
    }

    async fn create_source(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
        at: Timestamp,
    ) -> Result<Source, StoreError> {
        self.with(tenant, |shelf| {
            let known = shelf
                .sources
                .iter()
                .find(|(_, (known, _))| known == name)
                .map(|(id, _)| id.clone());
            let id = known.unwrap_or_else(|| {
                shelf.sources.insert(id.to_owned(), (name.to_owned(), at));
                id.to_owned()
            });
            shelf.source(&id)
        })
    }

    async fn rename_source(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
    ) -> Result<Source, StoreError> {
        self.with(tenant, |shelf| {
            let taken = shelf
                .sources
                .iter()
                .any(|(other, (known, _))| known == name && other != id);
            let row = shelf
                .sources
                .get_mut(id)
                .ok_or_else(|| missing("source", id))?;
            if taken {
                return Err(StoreError::Conflict {
                    what: "source",
                    id: id.to_owned(),
                    base: 0,
                    newest: 0,
                });
            }
            row.0 = name.to_owned();
            shelf.source(id)
        })
    }

    async fn delete_source(&self, tenant: &TenantId, id: &str) -> Result<(u64, u64), StoreError> {
        self.with(tenant, |shelf| {
            shelf
                .sources
                .remove(id)
                .ok_or_else(|| missing("source", id))?;
            let (mut documents, mut passages) = (0, 0);
            shelf.documents.retain(|_, row| {
                let goes = row.document.source_id == id;
                documents += u64::from(goes);
                passages += if goes { row.passages.len() as u64 } else { 0 };
                !goes
            });
            shelf.folders.retain(|_, folder| folder.source_id != id);
            Ok((documents, passages))
        })
    }

    async fn enqueue(&self, tenant: &TenantId, document: NewDocument) -> Result<bool, StoreError> {
        self.with(tenant, |shelf| {
            Ok(shelf.enqueue(document, DocumentState::Queued)?.is_some())
        })
    }

    async fn claim(
        &self,
        tenant: &TenantId,
        at: Timestamp,
    ) -> Result<Option<Document>, StoreError> {
        self.with(tenant, |shelf| {
            let oldest = shelf
                .documents
                .values_mut()
                .filter(|row| row.document.state == DocumentState::Queued)
                .min_by_key(|row| row.queued);
            Ok(oldest.map(|row| {
                row.document.state = DocumentState::Extracting;
                row.document.attempts += 1;
                row.document.changed_at = at;
                Document {
                    path: row.path.clone(),
                    ..row.document.clone()
                }
            }))
        })
    }

    async fn recover(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        self.with(tenant, |shelf| {
            let mut back = 0;
            for row in shelf.documents.values_mut() {
                if row.document.state == DocumentState::Extracting {
                    row.document.state = DocumentState::Queued;
                    row.document.hash.clear();
                    back += 1;
                }
            }
            Ok(back)
        })
    }

    async fn adopt(
        &self,
        tenant: &TenantId,
        document_id: &str,
        facts: &FileFacts,
        at: Timestamp,
    ) -> Result<Adopted, StoreError> {
        self.with(tenant, |shelf| shelf.adopt(document_id, facts, at))
    }

    async fn put_content(
        &self,
        tenant: &TenantId,
        document_id: &str,
        content: NewContent,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        self.with(tenant, |shelf| {
            let row = shelf.row(document_id)?;
            row.put(content, at);
            Ok(row.document.clone())
        })
    }

    async fn put_document(
        &self,
        tenant: &TenantId,
        document: NewDocument,
        media_type: &str,
        text: &str,
        passages: Vec<NewPassage>,
    ) -> Result<Document, StoreError> {
        self.with(tenant, |shelf| {
            let (at, fallback) = (document.at, document.id.clone());
            let id = shelf
                .enqueue(document, DocumentState::Embedding)?
                .unwrap_or(fallback);
            let row = shelf.row(&id)?;
            let content = NewContent {
                media_type: media_type.to_owned(),
                text: text.to_owned(),
                passages,
                ..NewContent::default()
            };
            row.put(content, at);
            Ok(row.document.clone())
        })
    }

    async fn put_documents(
        &self,
        tenant: &TenantId,
        documents: Vec<NewText>,
    ) -> Result<Vec<Option<Document>>, StoreError> {
        self.with(tenant, |shelf| {
            // All or none, as in one transaction.
            for new in &documents {
                shelf.source(&new.document.source_id)?;
            }
            let mut rows = Vec::with_capacity(documents.len());
            for new in documents {
                let at = new.document.at;
                rows.push(match shelf.enqueue(new.document, DocumentState::Queued)? {
                    None => None,
                    Some(id) => {
                        let row = shelf.row(&id)?;
                        let content = NewContent {
                            media_type: new.media_type,
                            text: new.text,
                            passages: new.passages,
                            ..NewContent::default()
                        };
                        row.put(content, at);
                        Some(row.document.clone())
                    }
                });
            }
            Ok(rows)
        })
    }

    async fn fail(
        &self,
        tenant: &TenantId,
        document_id: &str,
        failure: Failure,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        self.with(tenant, |shelf| {
            if shelf.row(document_id)?.document.hash.is_empty() {
                shelf.hand_over(document_id);
            }
            for row in shelf.documents.values_mut() {
                if row.document.id == document_id || refers(&row.document, document_id) {
                    row.document.state = DocumentState::Failed;
                    row.document.failure = Some(failure.clone());
                    row.document.duplicate_of = None;
                    row.document.changed_at = at;
                }
            }
            Ok(shelf.row(document_id)?.document.clone())
        })
    }

    async fn requeue(
        &self,
        tenant: &TenantId,
        document_id: &str,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        self.with(tenant, |shelf| {
            if !shelf.documents.values().any(Row::is_waiting) {
                shelf.batch += 1;
            }
            shelf.queued += 1;
            let (batch, queued) = (shelf.batch, shelf.queued);
            let row = shelf.row(document_id)?;
            row.requeue(batch, queued, at);
            Ok(row.document.clone())
        })
    }

    async fn requeue_all(
        &self,
        tenant: &TenantId,
        filter: &DocumentList,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        self.with(tenant, |shelf| {
            let batch = shelf.batch + u64::from(!shelf.documents.values().any(Row::is_waiting));
            let mut back = 0;
            for row in shelf.documents.values_mut() {
                let state = row.document.state;
                if matches!(state, DocumentState::Failed | DocumentState::NoText)
                    && row.fits(filter)
                {
                    shelf.queued += 1;
                    row.requeue(batch, shelf.queued, at);
                    back += 1;
                }
            }
            if back > 0 {
                shelf.batch = batch;
            }
            Ok(back)
        })
    }

    async fn cancel_queued(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        self.with(tenant, |shelf| {
            let before = shelf.documents.len();
            let mut kept = 0;
            let mut gone = Vec::new();
            for row in shelf.documents.values_mut() {
                if row.document.state != DocumentState::Queued {
                    continue;
                }
                // One that was read before goes back to what it was.
                if row.document.duplicate_of.is_some() {
                    row.document.state = DocumentState::Duplicate;
                } else if row.passages.is_empty() {
                    gone.push(row.document.id.clone());
                    continue;
                } else {
                    row.stand();
                }
                row.document.hash.clear();
                row.document.modified_at = None;
                kept += 1;
            }
            shelf.documents.retain(|id, row| {
                let of = row.document.duplicate_of.as_ref();
                !gone.contains(id) && !of.is_some_and(|of| gone.contains(&of.id))
            });
            Ok((before - shelf.documents.len()) as u64 + kept)
        })
    }

    async fn unembedded(
        &self,
        tenant: &TenantId,
        model: &ModelId,
        limit: u32,
    ) -> Result<Vec<Passage>, StoreError> {
        self.with(tenant, |shelf| {
            let mut rows: Vec<&Row> = shelf.documents.values().collect();
            rows.sort_by_key(|row| std::cmp::Reverse((row.document.visits, row.queued)));
            Ok(rows
                .into_iter()
                .flat_map(|row| &row.passages)
                .filter(|kept| kept.vector.as_ref().is_none_or(|(of, _)| of != model))
                .take(limit as usize)
                .map(|kept| kept.passage.clone())
                .collect())
        })
    }

    async fn put_vectors(
        &self,
        tenant: &TenantId,
        model: &ModelId,
        vectors: Vec<(String, Vec<f32>)>,
        at: Timestamp,
    ) -> Result<Vec<Document>, StoreError> {
        self.with(tenant, |shelf| {
            let mut vectors: HashMap<String, Vec<f32>> = vectors.into_iter().collect();
            let mut finished = Vec::new();
            for row in shelf.documents.values_mut() {
                let mut touched = false;
                for kept in &mut row.passages {
                    if let Some(vector) = vectors.remove(&kept.passage.id) {
                        kept.vector = Some((model.clone(), vector));
                        touched = true;
                    }
                }
                count(&mut row.document, &row.passages);
                if touched && row.document.state == DocumentState::Embedding {
                    row.stand();
                    if row.document.state == DocumentState::Indexed {
                        row.document.indexed_at = Some(at);
                        row.document.changed_at = at;
                        finished.push(row.document.clone());
                    }
                }
            }
            Ok(finished)
        })
    }

    async fn documents(
        &self,
        tenant: &TenantId,
        filter: &DocumentList,
    ) -> Result<Page<Document>, StoreError> {
        self.with(tenant, |shelf| {
            let mut rows: Vec<Document> = shelf
                .documents
                .values()
                .filter(|row| row.fits(filter))
                .map(|row| row.document.clone())
                .collect();
            sort(&mut rows, filter.page.sort.as_ref());
            let total = rows.len() as u64;
            let limit = u64::from(filter.page.limit.min(1_000));
            let items: Vec<Document> = rows
                .into_iter()
                .skip(usize::try_from(filter.page.offset).unwrap_or(usize::MAX))
                .take(limit as usize)
                .collect();
            let next = filter.page.offset + items.len() as u64;
            Ok(Page {
                next: (next < total && !items.is_empty()).then_some(next),
                items,
                total,
            })
        })
    }

    async fn document(&self, tenant: &TenantId, id: &str) -> Result<Document, StoreError> {
        self.with(tenant, |shelf| Ok(shelf.row(id)?.document.clone()))
    }

    async fn location(&self, tenant: &TenantId, id: &str) -> Result<String, StoreError> {
        self.with(tenant, |shelf| Ok(shelf.row(id)?.path.clone()))
    }

    async fn root_of(&self, tenant: &TenantId, path: &str) -> Result<Option<String>, StoreError> {
        self.with(tenant, |shelf| {
            Ok(shelf
                .documents
                .values()
                .find_map(|row| root(&row.path, &row.document.name, path)))
        })
    }

    async fn document_text(&self, tenant: &TenantId, id: &str) -> Result<DocumentText, StoreError> {
        self.with(tenant, |shelf| {
            let row = shelf.row(id)?;
            Ok(DocumentText {
                document: row.document.clone(),
                text: row.text.clone(),
                passages: row
                    .passages
                    .iter()
                    .map(|kept| kept.passage.clone())
                    .collect(),
            })
        })
    }

    async fn remove(&self, tenant: &TenantId, id: &str) -> Result<Document, StoreError> {
        self.with(tenant, |shelf| {
            shelf.row(id)?;
            shelf.hand_over(id);
            let row = shelf
                .documents
                .remove(id)
                .ok_or_else(|| missing("document", id))?;
            Ok(row.document)
        })
    }

    async fn remove_all(&self, tenant: &TenantId, ids: &[String]) -> Result<u64, StoreError> {
        let mut removed = 0;
        for id in ids {
            match self.remove(tenant, id).await {
                Ok(_) => removed += 1,
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(removed)
    }

    async fn files_below(
        &self,
        tenant: &TenantId,
        source_id: &str,
        below: &str,
    ) -> Result<Vec<KnownFile>, StoreError> {
        self.with(tenant, |shelf| {
            let mut known: Vec<KnownFile> = shelf
                .documents
                .values()
                .filter(|row| row.document.source_id == source_id && row.path.starts_with(below))
                .map(|row| KnownFile {
                    id: row.document.id.clone(),
                    path: row.path.clone(),
                    bytes: row.document.bytes,
                    modified_at: row.document.modified_at,
                    hash: row.document.hash.clone(),
                })
                .collect();
            known.sort_by(|a, b| a.path.cmp(&b.path));
            Ok(known)
        })
    }

    async fn move_files(
        &self,
        tenant: &TenantId,
        places: Vec<NewPlace>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(tenant, |shelf| {
            for place in places {
                let Some(row) = shelf.documents.get(&place.id) else {
                    continue;
                };
                let source = row.document.source_id.clone();
                let name = shelf.free_name(&source, &place.name, Some(&place.id));
                let row = shelf.row(&place.id)?;
                row.path.clone_from(&place.path);
                row.document.path = place.path;
                row.document.modified_at = place.modified_at;
                row.document.changed_at = at;
                for kept in &mut row.passages {
                    kept.passage.document_name.clone_from(&name);
                }
                row.document.name = name;
            }
            Ok(())
        })
    }

    async fn visit(&self, tenant: &TenantId, visits: &[(String, u64)]) -> Result<(), StoreError> {
        self.with(tenant, |shelf| {
            for (id, times) in visits {
                if let Some(row) = shelf.documents.get_mut(id) {
                    row.document.visits += times;
                }
            }
            Ok(())
        })
    }

    async fn summary(
        &self,
        tenant: &TenantId,
        source_id: Option<&str>,
    ) -> Result<LedgerCounts, StoreError> {
        self.with(tenant, |shelf| {
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
            Ok(LedgerCounts {
                states: states.into_iter().collect(),
                kinds,
            })
        })
    }

    async fn folders(&self, tenant: &TenantId) -> Result<Vec<Folder>, StoreError> {
        self.with(tenant, |shelf| {
            let mut folders: Vec<Folder> = shelf.folders.values().cloned().collect();
            folders.sort_by(|a, b| (&a.path, &a.id).cmp(&(&b.path, &b.id)));
            Ok(folders)
        })
    }

    async fn put_folder(&self, tenant: &TenantId, new: NewFolder) -> Result<Folder, StoreError> {
        self.with(tenant, |shelf| {
            shelf.source(&new.source_id)?;
            let known = shelf
                .folders
                .values_mut()
                .find(|folder| folder.source_id == new.source_id && folder.path == new.path);
            if let Some(folder) = known {
                folder.listing = true;
                folder.trouble = None;
                folder.watch |= new.watch;
                return Ok(folder.clone());
            }
            let folder = Folder {
                id: new.id.clone(),
                source_id: new.source_id,
                path: new.path,
                watch: new.watch,
                listing: true,
                synced_at: None,
                last: SyncReport::default(),
                trouble: None,
            };
            shelf.folders.insert(new.id, folder.clone());
            Ok(folder)
        })
    }

    async fn change_folder(
        &self,
        tenant: &TenantId,
        id: &str,
        change: FolderChange,
    ) -> Result<Folder, StoreError> {
        self.with(tenant, |shelf| {
            let folder = shelf
                .folders
                .get_mut(id)
                .ok_or_else(|| missing("folder", id))?;
            match change {
                FolderChange::Watch(watch) => folder.watch = watch,
                FolderChange::Listing => {
                    folder.listing = true;
                    folder.trouble = None;
                }
                FolderChange::Synced { report, at } => {
                    folder.listing = false;
                    folder.trouble = None;
                    folder.synced_at = Some(at);
                    folder.last = report;
                }
                FolderChange::Troubled(why) => {
                    folder.listing = false;
                    folder.trouble = Some(why);
                }
            }
            Ok(folder.clone())
        })
    }

    async fn forget_folder(&self, tenant: &TenantId, id: &str) -> Result<Folder, StoreError> {
        self.with(tenant, |shelf| {
            shelf
                .folders
                .remove(id)
                .ok_or_else(|| missing("folder", id))
        })
    }

    async fn counts(&self, tenant: &TenantId) -> Result<IngestStatus, StoreError> {
        self.with(tenant, |shelf| {
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
            Ok(status)
        })
    }

    async fn states(&self, tenant: &TenantId) -> Result<Vec<(DocumentState, u64)>, StoreError> {
        self.with(tenant, |shelf| {
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
            Ok(states)
        })
    }

    async fn search(&self, tenant: &TenantId, query: SearchQuery) -> Result<Vec<Hit>, StoreError> {
        self.with(tenant, |shelf| {
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
            Ok(blend(&[leg(&by_words), leg(&by_meaning)])
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
                .collect())
        })
    }

    async fn neighbours(
        &self,
        tenant: &TenantId,
        passage_id: &str,
        before: u32,
        after: u32,
    ) -> Result<PassagesAround, StoreError> {
        self.with(tenant, |shelf| {
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
        })
    }

    async fn put_tags(
        &self,
        tenant: &TenantId,
        document_id: &str,
        tags: Vec<String>,
    ) -> Result<Vec<String>, StoreError> {
        self.with(tenant, |shelf| {
            let row = shelf.row(document_id)?;
            row.tags = tags.into_iter().collect();
            Ok(row.tags.iter().cloned().collect())
        })
    }

    async fn tags(
        &self,
        tenant: &TenantId,
        document_id: Option<&str>,
    ) -> Result<Vec<TagCount>, StoreError> {
        self.with(tenant, |shelf| {
            let mut counts: BTreeMap<&String, u64> = BTreeMap::new();
            for (id, row) in &shelf.documents {
                if document_id.is_none_or(|wanted| wanted == id) {
                    for tag in &row.tags {
                        *counts.entry(tag).or_default() += 1;
                    }
                }
            }
            Ok(counts
                .into_iter()
                .map(|(tag, documents)| TagCount {
                    tag: tag.clone(),
                    documents,
                })
                .collect())
        })
    }
}

/// The folder of a document that holds `path`, or the document's own path.
fn root(document: &str, name: &str, path: &str) -> Option<String> {
    if document == path {
        return Some(path.to_owned());
    }
    let plain = document.replace('\\', "/");
    let ((above, _), (named, _)) = (plain.rsplit_once('/')?, name.rsplit_once('/')?);
    let parent = above.strip_suffix(named)?;
    let top = named.split('/').next()?;
    let root = document.get(..parent.len() + top.len())?;
    let below = path.strip_prefix(root).filter(|_| parent.ends_with('/'))?;
    below.starts_with(['/', '\\']).then(|| root.to_owned())
}
