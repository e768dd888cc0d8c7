//! Documents that are kept by an address rather than as a file.

use crate::{Ingest, PipelineError, passages::cut_passages};
use awm_api::{Timestamp, knowledge::Document};
use awm_knowledge::Block;
use awm_ports::FileFacts;

/// A page, an entry or an object that was fetched.
#[derive(Clone, Debug)]
pub struct FetchedPage {
    /// The source.
    pub source_id: String,
    /// What the document is called.
    pub name: String,
    /// The address that citations open; it tells the document apart within the source.
    pub address: String,
    /// The kind, such as `text/html`.
    pub media_type: String,
    /// Bytes of the answer.
    pub bytes: u64,
    /// BLAKE3 of the text, hexadecimal.
    pub hash: String,
    /// When it last changed, if its server tells.
    pub modified_at: Option<Timestamp>,
    /// Its text.
    pub blocks: Vec<Block>,
}

impl Ingest {
    /// Stores a fetched page as a document, in place of an older one of the same address. Keywords can be searched at once,
    /// vectors follow.
    pub async fn put_page(&self, page: FetchedPage) -> Result<Document, PipelineError> {
        let (text, passages) = cut_passages(&page.blocks, self.parts.embedder.as_deref());
        let facts = FileFacts {
            bytes: page.bytes,
            hash: page.hash,
            modified_at: page.modified_at,
        };
        let document = self.new_document(&page.source_id, page.name, page.address, Ok(facts));
        let stored = self
            .parts
            .library
            .put_document(&self.tenant, document, &page.media_type, &text, passages)
            .await?;
        self.tell_document(&stored);
        self.tell_status_now_and_then().await;
        self.quiet.ring();
        Ok(stored)
    }
}
