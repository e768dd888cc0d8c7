//! Documents and passages in maps.

mod ranking;
mod shelf;

use crate::lock;
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    knowledge::{
        Document, DocumentList, DocumentState, DocumentText, Failure, Hit, IngestStatus, Passage,
        PassagesAround, Source, TagCount,
    },
};
use awm_knowledge::{Leg, blend};
use awm_ports::{Library, ModelId, NewDocument, NewPassage, NewText, SearchQuery, StoreError};
use awm_tenancy::TenantId;
use ranking::{by_meaning, by_words};
use shelf::{Kept, Row, Shelf, count, missing, settle, sort};
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
                    back += 1;
                }
            }
            Ok(back)
        })
    }

    async fn put_text(
        &self,
        tenant: &TenantId,
        document_id: &str,
        media_type: &str,
        pages: Option<u32>,
        text: &str,
        passages: Vec<NewPassage>,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        self.with(tenant, |shelf| {
            let row = shelf.row(document_id)?;
            row.put(media_type, pages, text, passages, at);
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
            row.put(media_type, None, text, passages, at);
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
                        row.put(&new.media_type, None, &new.text, new.passages, at);
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
            let row = shelf.row(document_id)?;
            row.document.state = DocumentState::Failed;
            row.document.failure = Some(failure);
            row.document.changed_at = at;
            Ok(row.document.clone())
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
            row.batch = batch;
            row.queued = queued;
            row.document.state = DocumentState::Queued;
            row.document.failure = None;
            row.document.changed_at = at;
            Ok(row.document.clone())
        })
    }

    async fn cancel_queued(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        self.with(tenant, |shelf| {
            let before = shelf.documents.len();
            let mut kept = 0;
            for row in shelf.documents.values_mut() {
                // One that was read before goes back to what it was.
                if row.document.state == DocumentState::Queued && !row.passages.is_empty() {
                    row.document.state = DocumentState::Embedding;
                    row.hash.clear();
                    settle(row);
                    kept += 1;
                }
            }
            shelf
                .documents
                .retain(|_, row| row.document.state != DocumentState::Queued);
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
            rows.sort_by_key(|row| std::cmp::Reverse(row.queued));
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
                    settle(row);
                    if row.document.state == DocumentState::Indexed {
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
            let text = filter.text.to_lowercase();
            let mut rows: Vec<Document> = shelf
                .documents
                .values()
                .map(|row| &row.document)
                .filter(|d| {
                    filter
                        .source_id
                        .as_ref()
                        .is_none_or(|id| *id == d.source_id)
                })
                .filter(|d| filter.state.is_none_or(|state| state == d.state))
                .filter(|d| d.name.to_lowercase().contains(&text))
                .cloned()
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
            let row = shelf
                .documents
                .remove(id)
                .ok_or_else(|| missing("document", id))?;
            Ok(row.document)
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
