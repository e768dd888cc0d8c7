//! The same bytes are read once: what is done with a file whose bytes are known.

use super::shelf::{Kept, Shelf};
use awm_api::{
    Timestamp,
    knowledge::{Document, DocumentState, DuplicateOf, Passage},
};
use awm_knowledge::passage_id;
use awm_ports::{Adopted, FileFacts, NewContent, StoreError};

impl Shelf {
    pub(super) fn adopt(
        &mut self,
        id: &str,
        facts: &FileFacts,
        at: Timestamp,
    ) -> Result<Adopted, StoreError> {
        self.row(id)?;
        let referred = self
            .documents
            .values()
            .any(|row| refers(&row.document, id) && row.document.hash != facts.hash);
        if referred {
            self.hand_over(id);
        }
        let row = self.row(id)?;
        row.document.hash.clone_from(&facts.hash);
        row.document.bytes = facts.bytes;
        row.document.modified_at = facts.modified_at;
        row.document.hashed_at = Some(at);
        row.document.changed_at = at;
        row.document.duplicate_of = None;
        row.document.failure = None;
        if row.content_hash == facts.hash {
            row.stand();
            return Ok(Adopted::Done(row.document.clone()));
        }
        let source = row.document.source_id.clone();
        if let Some(original) = self.same_bytes(id, &facts.hash, Some(&source)) {
            let of = DuplicateOf {
                id: original.id.clone(),
                name: original.name.clone(),
            };
            let media_type = original.media_type.clone();
            let row = self.row(id)?;
            row.passages.clear();
            row.text.clear();
            row.content_hash.clear();
            row.stand();
            row.document = Document {
                state: DocumentState::Duplicate,
                duplicate_of: Some(of),
                text_hash: String::new(),
                note: None,
                pages: None,
                media_type,
                ..row.document.clone()
            };
            return Ok(Adopted::Done(row.document.clone()));
        }
        if let Some(twin) = self.same_bytes(id, &facts.hash, None).map(|d| d.id.clone()) {
            self.copy(&twin, id, at)?;
            return Ok(Adopted::Done(self.row(id)?.document.clone()));
        }
        Ok(Adopted::Extract(self.row(id)?.document.clone()))
    }

    /// The oldest document with these bytes: in a source also one that is just being read, in any other one whose text is there.
    fn same_bytes(&self, id: &str, hash: &str, source: Option<&str>) -> Option<&Document> {
        self.documents
            .values()
            .filter(|row| {
                let document = &row.document;
                let stored = row.content_hash == hash && document.state != DocumentState::Failed;
                let in_hand = source.is_some()
                    && document.hash == hash
                    && document.state == DocumentState::Extracting;
                document.id != id
                    && !hash.is_empty()
                    && document.duplicate_of.is_none()
                    && source.is_none_or(|source| source == document.source_id)
                    && (stored || in_hand)
            })
            .min_by_key(|row| row.queued)
            .map(|row| &row.document)
    }

    fn copy(&mut self, from: &str, to: &str, at: Timestamp) -> Result<(), StoreError> {
        let from = self.row(from)?;
        let content = NewContent {
            media_type: from.document.media_type.clone(),
            pages: from.document.pages,
            text: from.text.clone(),
            note: from.document.note.clone(),
            passages: Vec::new(),
        };
        let text_hash = from.document.text_hash.clone();
        let passages: Vec<(Passage, _, String)> = from
            .passages
            .iter()
            .map(|kept| {
                (
                    kept.passage.clone(),
                    kept.vector.clone(),
                    kept.language.clone(),
                )
            })
            .collect();
        let row = self.row(to)?;
        row.put(content, at);
        row.document.text_hash = text_hash;
        row.passages = passages
            .into_iter()
            .map(|(passage, vector, language)| Kept {
                passage: Passage {
                    id: passage_id(&row.document.id, passage.ordinal),
                    document_id: row.document.id.clone(),
                    document_name: row.document.name.clone(),
                    ..passage
                },
                vector,
                language,
            })
            .collect();
        row.stand();
        Ok(())
    }

    /// The oldest document that refers to this one takes its content over, or, if it has none yet, goes to the queue.
    pub(super) fn hand_over(&mut self, id: &str) {
        let heir = self
            .documents
            .values()
            .filter(|row| refers(&row.document, id))
            .min_by_key(|row| row.queued)
            .map(|row| (row.document.id.clone(), row.document.name.clone()));
        let Some((heir, name)) = heir else {
            return;
        };
        for row in self.documents.values_mut() {
            if refers(&row.document, id) {
                row.document.duplicate_of = (row.document.id != heir).then(|| DuplicateOf {
                    id: heir.clone(),
                    name: name.clone(),
                });
            }
        }
        let Some(mut row) = self.documents.remove(&heir) else {
            return;
        };
        let old = self
            .documents
            .get_mut(id)
            .filter(|old| !old.content_hash.is_empty() && old.content_hash == row.document.hash);
        match old {
            Some(old) => {
                row.content_hash = std::mem::take(&mut old.content_hash);
                row.text = std::mem::take(&mut old.text);
                row.passages = std::mem::take(&mut old.passages);
                for kept in &mut row.passages {
                    kept.passage.id = passage_id(&heir, kept.passage.ordinal);
                    kept.passage.document_id.clone_from(&heir);
                    kept.passage.document_name.clone_from(&name);
                }
                row.document.media_type.clone_from(&old.document.media_type);
                row.document.pages = old.document.pages;
                row.document.note.clone_from(&old.document.note);
                row.document.text_hash = std::mem::take(&mut old.document.text_hash);
                row.document.extracted_at = old.document.extracted_at;
                row.document.indexed_at = old.document.indexed_at;
                row.stand();
                let state = old.document.state;
                old.stand();
                old.document.state = state;
            }
            None => {
                row.document.state = DocumentState::Queued;
                row.document.hash.clear();
            }
        }
        self.documents.insert(heir, row);
    }
}

pub(super) fn refers(document: &Document, to: &str) -> bool {
    document.duplicate_of.as_ref().is_some_and(|of| of.id == to)
}
