//! Where documents, passages, vectors and the ledger of their making are kept.

use crate::{
    Adopted, FileFacts, FolderChange, KnownFile, ModelId, NewContent, NewFolder, NewPlace,
    StoreError,
};
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    folders::Folder,
    knowledge::{
        Document, DocumentList, DocumentState, DocumentText, Failure, Hit, IngestStatus,
        LedgerCounts, Passage, PassagesAround, SearchFilter, Source, TagCount,
    },
};
use awm_tenancy::TenantId;

/// Keeps documents and finds passages. Every step that was acknowledged is there after a crash.
#[async_trait]
pub trait Library: Send + Sync {
    /// All sources by name.
    async fn sources(&self, tenant: &TenantId) -> Result<Vec<Source>, StoreError>;
    /// Stores a source, or answers with the one of that name.
    async fn create_source(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
        at: Timestamp,
    ) -> Result<Source, StoreError>;
    /// Renames a source.
    async fn rename_source(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
    ) -> Result<Source, StoreError>;
    /// Deletes a source with all in it; answers with documents and passages deleted.
    async fn delete_source(&self, tenant: &TenantId, id: &str) -> Result<(u64, u64), StoreError>;

    /// Puts a file in the queue. If the path is there in the same version and not failed, nothing changes and the answer is false.
    /// Versions are told apart by their hashes, or by length and time of change where one has no hash yet.
    async fn enqueue(&self, tenant: &TenantId, document: NewDocument) -> Result<bool, StoreError>;
    /// Puts files in the queue like [`enqueue`](Self::enqueue), in as few transactions as the store can; answers for each.
    async fn enqueue_all(
        &self,
        tenant: &TenantId,
        documents: Vec<NewDocument>,
    ) -> Result<Vec<bool>, StoreError> {
        let mut changed = Vec::with_capacity(documents.len());
        for document in documents {
            changed.push(self.enqueue(tenant, document).await?);
        }
        Ok(changed)
    }
    /// The oldest queued document, marked `Extracting`; also one left in `Extracting` by a crash, after [`recover`](Self::recover).
    async fn claim(&self, tenant: &TenantId, at: Timestamp)
    -> Result<Option<Document>, StoreError>;
    /// At start: documents left in the middle go back to the queue; answers with how many.
    async fn recover(&self, tenant: &TenantId) -> Result<u64, StoreError>;
    /// Tells the bytes of a claimed document. What is known by them is not done again: content that stands stays; the same bytes
    /// elsewhere in the source make it a `Duplicate`; the same bytes in another source are copied with passages and vectors.
    /// Duplicates of a document whose bytes changed keep the old content: the oldest of them takes it over.
    async fn adopt(
        &self,
        tenant: &TenantId,
        document_id: &str,
        facts: &FileFacts,
        at: Timestamp,
    ) -> Result<Adopted, StoreError>;
    /// Stores a document's text and passages in one transaction, in place of older ones; it becomes `Embedding`, or `NoText`
    /// without passages. A text that is as it was, and cut as it was, keeps its passages and vectors.
    async fn put_content(
        &self,
        tenant: &TenantId,
        document_id: &str,
        content: NewContent,
        at: Timestamp,
    ) -> Result<Document, StoreError>;
    /// [`put_content`](Self::put_content) without a note.
    #[expect(
        clippy::too_many_arguments,
        reason = "one transaction stores all of them, and no other method takes them together"
    )]
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
        let content = NewContent {
            media_type: media_type.to_owned(),
            pages,
            text: text.to_owned(),
            note: None,
            passages,
        };
        self.put_content(tenant, document_id, content, at).await
    }
    /// Stores a text that has no file as a document, in one transaction and in place of an older one of the same path; it is
    /// never queued. It becomes `Embedding`, or `NoText` without passages. The id of an older one stays.
    async fn put_document(
        &self,
        tenant: &TenantId,
        document: NewDocument,
        media_type: &str,
        text: &str,
        passages: Vec<NewPassage>,
    ) -> Result<Document, StoreError>;
    /// Stores texts like [`put_document`](Self::put_document), in as few transactions as the store can; answers with each row, or
    /// none where a text of the same name and hash is there.
    async fn put_documents(
        &self,
        tenant: &TenantId,
        documents: Vec<NewText>,
    ) -> Result<Vec<Option<Document>>, StoreError> {
        let mut stored = Vec::with_capacity(documents.len());
        for new in documents {
            let row = self
                .put_document(
                    tenant,
                    new.document,
                    &new.media_type,
                    &new.text,
                    new.passages,
                )
                .await?;
            stored.push(Some(row));
        }
        Ok(stored)
    }
    /// Marks a document as failed, and what refers to its bytes with it; if its bytes were not read, the oldest document that refers
    /// to it takes over its content instead.
    async fn fail(
        &self,
        tenant: &TenantId,
        document_id: &str,
        failure: Failure,
        at: Timestamp,
    ) -> Result<Document, StoreError>;
    /// Puts a document back in the queue, to be read from its bytes on.
    async fn requeue(
        &self,
        tenant: &TenantId,
        document_id: &str,
        at: Timestamp,
    ) -> Result<Document, StoreError>;
    /// Puts all documents that fit the filter and are `Failed` or `NoText` back in the queue; answers with how many.
    async fn requeue_all(
        &self,
        tenant: &TenantId,
        filter: &DocumentList,
        at: Timestamp,
    ) -> Result<u64, StoreError>;
    /// Takes what is queued and not begun out of the ledger; answers with how many.
    async fn cancel_queued(&self, tenant: &TenantId) -> Result<u64, StoreError>;
    /// Passages without a vector of the model, most visited document first, then the newest; at most `limit`.
    async fn unembedded(
        &self,
        tenant: &TenantId,
        model: &ModelId,
        limit: u32,
    ) -> Result<Vec<Passage>, StoreError>;
    /// Stores vectors by passage id; documents whose passages all have one become `Indexed` and are answered.
    async fn put_vectors(
        &self,
        tenant: &TenantId,
        model: &ModelId,
        vectors: Vec<(String, Vec<f32>)>,
        at: Timestamp,
    ) -> Result<Vec<Document>, StoreError>;

    /// Rows of the ledger.
    async fn documents(
        &self,
        tenant: &TenantId,
        filter: &DocumentList,
    ) -> Result<Page<Document>, StoreError>;
    /// One row.
    async fn document(&self, tenant: &TenantId, id: &str) -> Result<Document, StoreError>;
    /// One row with its text and passages.
    async fn document_text(&self, tenant: &TenantId, id: &str) -> Result<DocumentText, StoreError>;
    /// Where a document's bytes are, as [`claim`](Self::claim) tells it; empty for a text that has no file.
    async fn location(&self, tenant: &TenantId, id: &str) -> Result<String, StoreError>;
    /// The folder that was taken in and holds the absolute path, or the path itself when it was taken in by itself; none when the
    /// path has nothing to do with the knowledge base. The path is compared as it is written.
    async fn root_of(&self, tenant: &TenantId, path: &str) -> Result<Option<String>, StoreError>;
    /// Deletes a document with its passages and vectors; answers with its last row. If others refer to it, the oldest of them
    /// takes over its content.
    async fn remove(&self, tenant: &TenantId, id: &str) -> Result<Document, StoreError>;
    /// Deletes documents as [`remove`](Self::remove) does, in one transaction; those that aren't there are passed over. Answers
    /// with how many went.
    async fn remove_all(&self, tenant: &TenantId, ids: &[String]) -> Result<u64, StoreError>;
    /// What the ledger knows of files below a folder, by path. `below` ends with the separator of its system.
    async fn files_below(
        &self,
        tenant: &TenantId,
        source_id: &str,
        below: &str,
    ) -> Result<Vec<KnownFile>, StoreError>;
    /// Tells that files lie elsewhere now; documents that aren't there are passed over.
    async fn move_files(
        &self,
        tenant: &TenantId,
        places: Vec<NewPlace>,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Adds to how often documents were found or opened.
    async fn visit(&self, tenant: &TenantId, visits: &[(String, u64)]) -> Result<(), StoreError>;
    /// Counts for the progress line: `total`, `done`, `failed` and the passages; the rest is the pipeline's.
    async fn counts(&self, tenant: &TenantId) -> Result<IngestStatus, StoreError>;
    /// How many documents stand in each state.
    async fn states(&self, tenant: &TenantId) -> Result<Vec<(DocumentState, u64)>, StoreError>;
    /// States and kinds in numbers, of one source or of all.
    async fn summary(
        &self,
        tenant: &TenantId,
        source_id: Option<&str>,
    ) -> Result<LedgerCounts, StoreError>;

    /// All folders, by path.
    async fn folders(&self, tenant: &TenantId) -> Result<Vec<Folder>, StoreError>;
    /// Remembers a folder of a source, or answers with the one of that path; it is `listing` until it was compared to its end.
    async fn put_folder(&self, tenant: &TenantId, folder: NewFolder) -> Result<Folder, StoreError>;
    /// Tells what happened to a folder.
    async fn change_folder(
        &self,
        tenant: &TenantId,
        id: &str,
        change: FolderChange,
    ) -> Result<Folder, StoreError>;
    /// Forgets a folder, not its documents; answers with its last row.
    async fn forget_folder(&self, tenant: &TenantId, id: &str) -> Result<Folder, StoreError>;

    /// Keywords and, where the query has a vector, meaning; blended by their relative scores.
    async fn search(&self, tenant: &TenantId, query: SearchQuery) -> Result<Vec<Hit>, StoreError>;
    /// A passage with at most so many of its document before and after it.
    async fn neighbours(
        &self,
        tenant: &TenantId,
        passage_id: &str,
        before: u32,
        after: u32,
    ) -> Result<PassagesAround, StoreError>;
    /// Gives a document its tags, in place of those that it has; answers with them in order.
    async fn put_tags(
        &self,
        tenant: &TenantId,
        document_id: &str,
        tags: Vec<String>,
    ) -> Result<Vec<String>, StoreError>;
    /// The tags in use, in order, with the documents that have them; only those of one document if it is named.
    async fn tags(
        &self,
        tenant: &TenantId,
        document_id: Option<&str>,
    ) -> Result<Vec<TagCount>, StoreError>;
}

/// A file that is put in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDocument {
    /// The id if it is new.
    pub id: String,
    /// The source.
    pub source_id: String,
    /// The path below the dropped folder, with `/`.
    pub name: String,
    /// Where the bytes are: an absolute path, or one that begins with [`KEPT`](crate::KEPT) and is told by `claim` only.
    pub path: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// BLAKE3 of the bytes, hexadecimal; empty if they were not read yet.
    pub hash: String,
    /// When the file was last changed.
    pub modified_at: Option<Timestamp>,
    /// When it was queued.
    pub at: Timestamp,
}

/// A text that has no file, with its passages.
#[derive(Clone, Debug, PartialEq)]
pub struct NewText {
    /// The row; its path is empty.
    pub document: NewDocument,
    /// The kind of text, such as `text/markdown`.
    pub media_type: String,
    /// The text.
    pub text: String,
    /// Its passages, in order.
    pub passages: Vec<NewPassage>,
}

/// A passage to store.
#[derive(Clone, Debug, PartialEq)]
pub struct NewPassage {
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The page it begins on, from 1.
    pub page: Option<u32>,
    /// The first character within the document's text, in Unicode scalar values.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// The text.
    pub text: String,
    /// The keyword index that takes it: `en`, `other` or `cjk`.
    pub language: String,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchQuery {
    /// The words, as the person wrote them.
    pub text: String,
    /// The keyword index of the words: `en`, `other` or `cjk`.
    pub language: String,
    /// The vector of the words, if the meaning is to be searched, and its model.
    pub vector: Option<(ModelId, Vec<f32>)>,
    /// Only in these sources, by id or name; all if empty.
    pub sources: Vec<String>,
    /// Passages wanted.
    pub top_k: u32,
    /// Only in documents that pass this.
    pub filter: SearchFilter,
    /// The meaning is looked for in passages of the English index only: the model knows no other language.
    pub english_only: bool,
    /// Compares with every vector instead of a shortlist.
    pub exact: bool,
}
