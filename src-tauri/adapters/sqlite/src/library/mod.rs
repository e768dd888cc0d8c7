//! Documents, passages, keywords and vectors: the port `Library`.

mod allowed;
mod around;
mod codes;
mod content;
mod duplicates;
mod embedding;
mod folders;
mod frequencies;
mod ledger;
mod list;
mod places;
mod products;
mod rows;
mod search;
mod segment;
mod segments;
mod sources;
mod upgrade;
mod vectors;
mod words;

pub(crate) use codes::Codes;
pub(crate) use frequencies::Frequencies;
pub(crate) use upgrade::fill_search;

use crate::{Fault, Store};
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
use std::sync::Arc;

#[async_trait]
impl Library for Store {
    async fn sources(&self, tenant: &TenantId) -> Result<Vec<Source>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |connection| sources::all(connection, &tenant))
            .await
    }

    async fn create_source(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
        at: Timestamp,
    ) -> Result<Source, StoreError> {
        let (tenant, id, name) = (tenant.to_string(), id.to_owned(), name.to_owned());
        self.write(move |tx| sources::create(tx, &tenant, &id, &name, at))
            .await
    }

    async fn rename_source(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
    ) -> Result<Source, StoreError> {
        let (tenant, id, name) = (tenant.to_string(), id.to_owned(), name.to_owned());
        self.write(move |tx| sources::rename(tx, &tenant, &id, &name))
            .await
    }

    async fn delete_source(&self, tenant: &TenantId, id: &str) -> Result<(u64, u64), StoreError> {
        let (of, id) = (tenant.to_string(), id.to_owned());
        let (documents, gone) = self.write(move |tx| sources::delete(tx, &of, &id)).await?;
        self.codes.remove(tenant.as_str(), &gone);
        Ok((documents, gone.len() as u64))
    }

    async fn enqueue(&self, tenant: &TenantId, document: NewDocument) -> Result<bool, StoreError> {
        let answers = self.enqueue_all(tenant, vec![document]).await?;
        Ok(answers.first().copied().unwrap_or(false))
    }

    async fn enqueue_all(
        &self,
        tenant: &TenantId,
        documents: Vec<NewDocument>,
    ) -> Result<Vec<bool>, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |tx| {
            let mut answers = Vec::with_capacity(documents.len());
            for document in &documents {
                let id = ledger::enqueue(tx, &tenant, document, DocumentState::Queued)?;
                answers.push(id.is_some());
            }
            Ok(answers)
        })
        .await
    }

    async fn claim(
        &self,
        tenant: &TenantId,
        at: Timestamp,
    ) -> Result<Option<Document>, StoreError> {
        let tenant = tenant.to_string();
        self.write_soon(move |tx| ledger::claim(tx, &tenant, at))
            .await
    }

    async fn recover(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |tx| ledger::recover(tx, &tenant)).await
    }

    async fn adopt(
        &self,
        tenant: &TenantId,
        document_id: &str,
        facts: &FileFacts,
        at: Timestamp,
    ) -> Result<Adopted, StoreError> {
        let (of, id, facts) = (tenant.to_string(), document_id.to_owned(), facts.clone());
        let outcome = self
            .write_soon(move |tx| duplicates::adopt(tx, &of, &id, &facts, at))
            .await?;
        self.codes.remove(tenant.as_str(), &outcome.gone);
        self.codes.put(tenant.as_str(), outcome.entries);
        Ok(match outcome.extract {
            true => Adopted::Extract(outcome.document),
            false => Adopted::Done(outcome.document),
        })
    }

    async fn put_content(
        &self,
        tenant: &TenantId,
        document_id: &str,
        content: NewContent,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        let (of, id) = (tenant.to_string(), document_id.to_owned());
        let (row, gone) = self
            .write(move |tx| content::put(tx, &of, &id, &content, at))
            .await?;
        self.codes.remove(tenant.as_str(), &gone);
        Ok(row)
    }

    async fn put_document(
        &self,
        tenant: &TenantId,
        document: NewDocument,
        media_type: &str,
        text: &str,
        passages: Vec<NewPassage>,
    ) -> Result<Document, StoreError> {
        let content = NewContent {
            media_type: media_type.to_owned(),
            text: text.to_owned(),
            passages,
            ..NewContent::default()
        };
        let of = tenant.to_string();
        let (row, gone) = self
            .write(move |tx| {
                let id = ledger::enqueue(tx, &of, &document, DocumentState::Embedding)?;
                let id = id.as_deref().unwrap_or(&document.id);
                content::put(tx, &of, id, &content, document.at)
            })
            .await?;
        self.codes.remove(tenant.as_str(), &gone);
        Ok(row)
    }

    async fn put_documents(
        &self,
        tenant: &TenantId,
        documents: Vec<NewText>,
    ) -> Result<Vec<Option<Document>>, StoreError> {
        let of = tenant.to_string();
        let (rows, gone) = self
            .write(move |tx| content::put_all(tx, &of, documents))
            .await?;
        self.codes.remove(tenant.as_str(), &gone);
        Ok(rows)
    }

    async fn fail(
        &self,
        tenant: &TenantId,
        document_id: &str,
        failure: Failure,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        let (tenant, id) = (tenant.to_string(), document_id.to_owned());
        self.write(move |tx| ledger::fail(tx, &tenant, &id, &failure, at))
            .await
    }

    async fn requeue(
        &self,
        tenant: &TenantId,
        document_id: &str,
        at: Timestamp,
    ) -> Result<Document, StoreError> {
        let (tenant, id) = (tenant.to_string(), document_id.to_owned());
        self.write(move |tx| ledger::requeue(tx, &tenant, &id, at))
            .await
    }

    async fn requeue_all(
        &self,
        tenant: &TenantId,
        filter: &DocumentList,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let (tenant, filter) = (tenant.to_string(), filter.clone());
        self.write(move |tx| ledger::requeue_all(tx, &tenant, &filter, at))
            .await
    }

    async fn cancel_queued(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |tx| ledger::cancel_queued(tx, &tenant))
            .await
    }

    async fn unembedded(
        &self,
        tenant: &TenantId,
        model: &ModelId,
        limit: u32,
    ) -> Result<Vec<Passage>, StoreError> {
        let tenant = tenant.to_string();
        let asked = model.clone();
        let known = self
            .read(move |connection| embedding::model(connection, &asked))
            .await?;
        let number = match known {
            Some((number, true)) => number,
            _ => {
                let new = model.clone();
                self.write(move |tx| embedding::take_over(tx, &new)).await?
            }
        };
        self.read(move |connection| embedding::missing(connection, &tenant, number, limit))
            .await
    }

    async fn put_vectors(
        &self,
        tenant: &TenantId,
        model: &ModelId,
        vectors: Vec<(String, Vec<f32>)>,
        at: Timestamp,
    ) -> Result<Vec<Document>, StoreError> {
        let (of, model) = (tenant.to_string(), model.clone());
        let (done, entries) = self
            .write(move |tx| embedding::put(tx, &of, &model, &vectors, at))
            .await?;
        self.codes.put(tenant.as_str(), entries);
        Ok(done)
    }

    async fn documents(
        &self,
        tenant: &TenantId,
        filter: &DocumentList,
    ) -> Result<Page<Document>, StoreError> {
        let (tenant, filter) = (tenant.to_string(), filter.clone());
        self.read(move |connection| list::list(connection, &tenant, &filter))
            .await
    }

    async fn document(&self, tenant: &TenantId, id: &str) -> Result<Document, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |connection| rows::one(connection, &tenant, &id))
            .await
    }

    async fn location(&self, tenant: &TenantId, id: &str) -> Result<String, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |connection| places::location(connection, &tenant, &id))
            .await
    }

    async fn root_of(&self, tenant: &TenantId, path: &str) -> Result<Option<String>, StoreError> {
        let (tenant, path) = (tenant.to_string(), path.to_owned());
        self.read(move |connection| places::root_of(connection, &tenant, &path))
            .await
    }

    async fn document_text(&self, tenant: &TenantId, id: &str) -> Result<DocumentText, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |connection| content::document_text(connection, &tenant, &id))
            .await
    }

    async fn remove(&self, tenant: &TenantId, id: &str) -> Result<Document, StoreError> {
        let (of, id) = (tenant.to_string(), id.to_owned());
        let (row, gone) = self.write(move |tx| content::remove(tx, &of, &id)).await?;
        self.codes.remove(tenant.as_str(), &gone);
        Ok(row)
    }

    async fn remove_all(&self, tenant: &TenantId, ids: &[String]) -> Result<u64, StoreError> {
        let (of, ids) = (tenant.to_string(), ids.to_vec());
        let (removed, gone) = self
            .write(move |tx| {
                let (mut removed, mut gone) = (0, Vec::new());
                for id in &ids {
                    match content::remove(tx, &of, id) {
                        Ok((_, passages)) => {
                            removed += 1;
                            gone.extend(passages);
                        }
                        Err(Fault::Store(StoreError::NotFound { .. })) => {}
                        Err(fault) => return Err(fault),
                    }
                }
                Ok((removed, gone))
            })
            .await?;
        self.codes.remove(tenant.as_str(), &gone);
        Ok(removed)
    }

    async fn files_below(
        &self,
        tenant: &TenantId,
        source_id: &str,
        below: &str,
    ) -> Result<Vec<KnownFile>, StoreError> {
        let (tenant, source, below) = (tenant.to_string(), source_id.to_owned(), below.to_owned());
        self.read(move |connection| folders::files_below(connection, &tenant, &source, &below))
            .await
    }

    async fn move_files(
        &self,
        tenant: &TenantId,
        places: Vec<NewPlace>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let tenant = tenant.to_string();
        self.write(move |tx| folders::move_files(tx, &tenant, &places, at))
            .await
    }

    async fn visit(&self, tenant: &TenantId, visits: &[(String, u64)]) -> Result<(), StoreError> {
        let (tenant, visits) = (tenant.to_string(), visits.to_vec());
        self.write_soon(move |tx| folders::visit(tx, &tenant, &visits))
            .await
    }

    async fn summary(
        &self,
        tenant: &TenantId,
        source_id: Option<&str>,
    ) -> Result<LedgerCounts, StoreError> {
        let (tenant, source) = (tenant.to_string(), source_id.map(str::to_owned));
        self.read(move |connection| list::summary(connection, &tenant, source.as_deref()))
            .await
    }

    async fn folders(&self, tenant: &TenantId) -> Result<Vec<Folder>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |connection| folders::all(connection, &tenant))
            .await
    }

    async fn put_folder(&self, tenant: &TenantId, folder: NewFolder) -> Result<Folder, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |tx| folders::put(tx, &tenant, &folder))
            .await
    }

    async fn change_folder(
        &self,
        tenant: &TenantId,
        id: &str,
        change: FolderChange,
    ) -> Result<Folder, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.write(move |tx| folders::change(tx, &tenant, &id, &change))
            .await
    }

    async fn forget_folder(&self, tenant: &TenantId, id: &str) -> Result<Folder, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.write(move |tx| folders::forget(tx, &tenant, &id))
            .await
    }

    async fn counts(&self, tenant: &TenantId) -> Result<IngestStatus, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |connection| list::counts(connection, &tenant))
            .await
    }

    async fn states(&self, tenant: &TenantId) -> Result<Vec<(DocumentState, u64)>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |connection| list::states(connection, &tenant, None))
            .await
    }

    async fn search(&self, tenant: &TenantId, query: SearchQuery) -> Result<Vec<Hit>, StoreError> {
        let query = Arc::new(query);
        let tenant: Arc<str> = tenant.as_str().into();
        // Both at the same time: each waits for the disk or the memory most of the time.
        let by_words = {
            let (tenant, query) = (Arc::clone(&tenant), Arc::clone(&query));
            let frequencies = Arc::clone(&self.frequencies);
            self.read(move |connection| search::by_words(connection, &frequencies, &tenant, &query))
        };
        let by_meaning = async {
            if query.vector.is_none() {
                return Ok(Vec::new());
            }
            let (tenant, query) = (Arc::clone(&tenant), Arc::clone(&query));
            let codes = Arc::clone(&self.codes);
            self.read(move |connection| match &query.vector {
                Some((model, vector)) => {
                    search::by_meaning(connection, &codes, &tenant, &query, (model, vector))
                }
                None => Ok(Vec::new()),
            })
            .await
        };
        let (by_words, by_meaning) = futures::future::try_join(by_words, by_meaning).await?;
        self.read(move |connection| {
            search::hits(connection, &tenant, &query, &by_words, &by_meaning)
        })
        .await
    }

    async fn neighbours(
        &self,
        tenant: &TenantId,
        passage_id: &str,
        before: u32,
        after: u32,
    ) -> Result<PassagesAround, StoreError> {
        let (tenant, id) = (tenant.to_string(), passage_id.to_owned());
        self.read(move |connection| around::neighbours(connection, &tenant, &id, before, after))
            .await
    }

    async fn put_tags(
        &self,
        tenant: &TenantId,
        document_id: &str,
        tags: Vec<String>,
    ) -> Result<Vec<String>, StoreError> {
        let (tenant, id) = (tenant.to_string(), document_id.to_owned());
        self.write(move |tx| around::put_tags(tx, &tenant, &id, &tags))
            .await
    }

    async fn tags(
        &self,
        tenant: &TenantId,
        document_id: Option<&str>,
    ) -> Result<Vec<TagCount>, StoreError> {
        let (tenant, id) = (tenant.to_string(), document_id.map(str::to_owned));
        self.read(move |connection| around::tags_in_use(connection, &tenant, id.as_deref()))
            .await
    }
}
