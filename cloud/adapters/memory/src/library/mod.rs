//! Documents and passages in maps.

mod counts;
mod duplicates;
mod finding;
mod folders;
mod ranking;
mod shelf;

use crate::lock;
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    folders::Folder,
    knowledge::{
        Document, DocumentList, DocumentState, DocumentText, Failure, Hit, IngestStatus,
        LedgerCounts, Passage, PassagesAround, Source, TagCount,
    },
};
use awm_ports::{
    Adopted, FileFacts, FolderChange, KnownFile, Library, ModelId, NewContent, NewDocument,
    NewFolder, NewPassage, NewPlace, NewText, SearchQuery, StoreError,
};
use awm_tenancy::TenantId;
use duplicates::refers;
use shelf::{Row, Shelf, count, missing, sort};
use std::{
    collections::HashMap,
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
                .find_map(|row| folders::root(&row.path, &row.document.name, path)))
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
            Ok(folders::files_below(shelf, source_id, below))
        })
    }

    async fn move_files(
        &self,
        tenant: &TenantId,
        places: Vec<NewPlace>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(tenant, |shelf| folders::move_files(shelf, places, at))
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
        self.with(tenant, |shelf| Ok(counts::summary(shelf, source_id)))
    }

    async fn folders(&self, tenant: &TenantId) -> Result<Vec<Folder>, StoreError> {
        self.with(tenant, |shelf| {
            let mut folders: Vec<Folder> = shelf.folders.values().cloned().collect();
            folders.sort_by(|a, b| (&a.path, &a.id).cmp(&(&b.path, &b.id)));
            Ok(folders)
        })
    }

    async fn put_folder(&self, tenant: &TenantId, new: NewFolder) -> Result<Folder, StoreError> {
        self.with(tenant, |shelf| folders::put(shelf, new))
    }

    async fn change_folder(
        &self,
        tenant: &TenantId,
        id: &str,
        change: FolderChange,
    ) -> Result<Folder, StoreError> {
        self.with(tenant, |shelf| folders::change(shelf, id, change))
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
        self.with(tenant, |shelf| Ok(counts::progress(shelf)))
    }

    async fn states(&self, tenant: &TenantId) -> Result<Vec<(DocumentState, u64)>, StoreError> {
        self.with(tenant, |shelf| Ok(counts::states(shelf)))
    }

    async fn search(&self, tenant: &TenantId, query: SearchQuery) -> Result<Vec<Hit>, StoreError> {
        self.with(tenant, |shelf| Ok(finding::search(shelf, &query)))
    }

    async fn neighbours(
        &self,
        tenant: &TenantId,
        passage_id: &str,
        before: u32,
        after: u32,
    ) -> Result<PassagesAround, StoreError> {
        self.with(tenant, |shelf| {
            finding::neighbours(shelf, passage_id, before, after)
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
        self.with(tenant, |shelf| Ok(finding::tags(shelf, document_id)))
    }
}
