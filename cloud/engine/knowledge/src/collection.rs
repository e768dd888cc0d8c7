//! Texts that come with ids of their own.

use crate::{Ingest, passages::cut_passages};
use awm_api::{
    collection::{CollectionDocument, CollectionStored},
    knowledge::DocumentState,
};
use awm_knowledge::{Block, markdown_blocks};
use awm_ports::{FileFacts, NewText, StoreError};

impl Ingest {
    /// Stores texts as documents of a source, in one transaction and in place of older ones of the same ids, which become the
    /// documents' names as they are. What is there unchanged is passed over.
    pub async fn put_collection(
        &self,
        source_id: &str,
        documents: Vec<CollectionDocument>,
    ) -> Result<CollectionStored, StoreError> {
        let texts = documents
            .into_iter()
            .map(|document| self.new_text(source_id, document))
            .collect();
        let rows = self
            .parts
            .library
            .put_documents(&self.tenant, texts)
            .await?;
        let mut answer = CollectionStored::default();
        for row in &rows {
            match row {
                None => answer.unchanged += 1,
                Some(row) => {
                    answer.stored += 1;
                    answer.empty += u64::from(row.state == DocumentState::NoText);
                    self.tell_document(row);
                }
            }
        }
        if answer.stored > 0 {
            self.tell_status_now_and_then().await;
            self.quiet.ring();
        }
        Ok(answer)
    }

    fn new_text(&self, source_id: &str, document: CollectionDocument) -> NewText {
        let CollectionDocument { id, title, text } = document;
        // With the id, so that equal texts of two ids stay two documents.
        let mut hash = blake3::Hasher::new();
        for part in [Some(id.as_str()), title.as_deref(), Some(text.as_str())] {
            hash.update(part.unwrap_or_default().as_bytes());
            hash.update(&[0]);
        }
        let mut blocks = Vec::new();
        if let Some(title) = title.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
            blocks.push(Block {
                markdown: format!("# {line}"),
                heading: Some(1),
                page: None,
            });
        }
        blocks.extend(markdown_blocks(&text));
        let facts = FileFacts {
            bytes: text.len() as u64,
            hash: hash.finalize().to_hex().to_string(),
            modified_at: None,
        };
        let (text, passages) = cut_passages(&blocks, self.parts.embedder.as_deref());
        NewText {
            document: self.new_document(source_id, id, String::new(), Ok(facts)),
            media_type: "text/markdown".to_owned(),
            text,
            passages,
        }
    }
}
