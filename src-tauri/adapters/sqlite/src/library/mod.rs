//! Documents, passages, keywords and vectors: the port `Library`.

mod allowed;
mod around;
mod codes;
mod content;
mod embedding;
mod frequencies;
mod ledger;
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

use crate::Store;
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    knowledge::{
        Document, DocumentList, DocumentState, DocumentText, Failure, Hit, IngestStatus, Passage,
        PassagesAround, Source, TagCount,
    },
};
use awm_ports::{Library, ModelId, NewDocument, NewPassage, NewText, SearchQuery, StoreError};
use awm_tenancy::TenantId;
use content::Content;
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
        self.write(move |tx| ledger::claim(tx, &tenant, at)).await
    }

    async fn recover(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let tenant = tenant.to_string();
        self.write(move |tx| ledger::recover(tx, &tenant)).await
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
        let content = Content {
            media_type: media_type.to_owned(),
            pages,
            text: text.to_owned(),
            passages,
            at,
        };
        let (of, id) = (tenant.to_string(), document_id.to_owned());
        let (row, gone) = self
            .write(move |tx| content::put(tx, &of, &id, &content))
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
        let content = Content {
            media_type: media_type.to_owned(),
            pages: None,
            text: text.to_owned(),
            passages,
            at: document.at,
        };
        let of = tenant.to_string();
        let (row, gone) = self
            .write(move |tx| {
                let id = ledger::enqueue(tx, &of, &document, DocumentState::Embedding)?;
                content::put(tx, &of, id.as_deref().unwrap_or(&document.id), &content)
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
        self.read(move |connection| ledger::list(connection, &tenant, &filter))
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

    async fn counts(&self, tenant: &TenantId) -> Result<IngestStatus, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |connection| ledger::counts(connection, &tenant))
            .await
    }

    async fn states(&self, tenant: &TenantId) -> Result<Vec<(DocumentState, u64)>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |connection| ledger::states(connection, &tenant))
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
