//! The loops that do what is queued.

use crate::{Ingest, ingest::guard, passages::cut_passages};
use awm_api::{
    Code,
    knowledge::{Document, DocumentState, Failure},
};
use awm_knowledge::{Block, embedding_text};
use awm_ports::{
    Adopted, Embedder, ExtractError, ExtractRequest, FileError, NewContent, StoreError,
};
use futures::{FutureExt, future::join_all, pin_mut, select};
use std::sync::atomic::Ordering;

/// Passages whose vectors are stored by one transaction: some hundred milliseconds of work, so that a question comes in between.
const PASSAGES: u32 = 16;
/// Milliseconds before a store that failed is asked again.
const STORE_PAUSE_MS: i64 = 1_000;
/// Milliseconds before a model that failed is asked again.
const MODEL_PAUSE_MS: i64 = 30_000;

impl Ingest {
    /// Works until `cancel` is ready; then what is in hand is dropped, and done anew at the next start. The host spawns this once.
    pub async fn work(&self, cancel: impl Future<Output = ()> + Send) {
        let workers = self.parts.workers.max(1);
        self.busy.store(workers, Ordering::SeqCst);
        let work = async {
            self.recover().await;
            let readers = join_all((0..workers).map(|_| self.read_files()));
            futures::future::join3(readers, self.make_vectors(), self.finish_listings()).await;
        }
        .fuse();
        let cancel = cancel.fuse();
        pin_mut!(work, cancel);
        select! {
            () = work => {}
            () = cancel => {}
        }
    }

    /// What was in hand when the last process ended goes back to the queue.
    async fn recover(&self) {
        while self.parts.library.recover(&self.tenant).await.is_err() {
            self.pause(STORE_PAUSE_MS).await;
        }
        self.begin_pace();
    }

    async fn read_files(&self) {
        loop {
            let seen = self.bell.count();
            let claimed = if self.paused.load(Ordering::SeqCst) {
                Ok(None)
            } else {
                let now = self.parts.clock.now();
                self.parts.library.claim(&self.tenant, now).await
            };
            match claimed {
                Ok(Some(document)) => {
                    self.store_works();
                    self.take_in(document).await;
                }
                Ok(None) => {
                    // The last one to run out of files lets the vectors begin.
                    if self.busy.fetch_sub(1, Ordering::SeqCst) == 1 {
                        self.quiet.ring();
                        self.tell_status().await;
                    }
                    self.bell.after(seen).await;
                    self.busy.fetch_add(1, Ordering::SeqCst);
                }
                Err(error) => self.store_failed(&error).await,
            }
        }
    }

    /// Takes one file in. Whatever it suffers ends up in its own row.
    async fn take_in(&self, document: Document) {
        let mut shown = document.clone();
        if shown.path.starts_with(awm_ports::KEPT) {
            shown.path.clear();
        }
        self.tell_document(&shown);
        match self.read(&document).await {
            Ok(row) => {
                self.tell_document(&row);
                if row.state == DocumentState::Failed {
                    // What referred to it may have failed too, or has to be read in its place.
                    self.watchers.others();
                    self.bell.ring();
                }
            }
            // Removed meanwhile: nothing to tell.
            Err(StoreError::NotFound { .. }) => {}
            // A full disk, say: the row goes back to the queue as soon as the store takes it.
            Err(error) => self.put_back(&document.id, error).await,
        }
        self.pace().finish(self.parts.clock.now(), 1);
        self.tell_status_now_and_then().await;
    }

    async fn put_back(&self, document_id: &str, mut error: StoreError) {
        loop {
            self.store_failed(&error).await;
            let now = self.parts.clock.now();
            match self
                .parts
                .library
                .requeue(&self.tenant, document_id, now)
                .await
            {
                Ok(_) | Err(StoreError::NotFound { .. }) => return,
                Err(again) => error = again,
            }
        }
    }

    /// Reads a file's bytes, and its text if they are new; answers with its row.
    async fn read(&self, document: &Document) -> Result<Document, StoreError> {
        let library = &self.parts.library;
        let facts = match self.parts.files.facts(&document.path).await {
            Ok(facts) => facts,
            Err(FileError { code, message }) => {
                let error = ExtractError { code, message };
                return self.store_failure(&document.id, error).await;
            }
        };
        let now = self.parts.clock.now();
        match library
            .adopt(&self.tenant, &document.id, &facts, now)
            .await?
        {
            Adopted::Done(row) => Ok(row),
            Adopted::Extract(_) => match self.extract(document).await {
                Ok(stored) => stored,
                Err(failure) => self.store_failure(&document.id, failure).await,
            },
        }
    }

    async fn extract(
        &self,
        document: &Document,
    ) -> Result<Result<Document, StoreError>, ExtractError> {
        let request = ExtractRequest {
            path: self.parts.files.locate(&document.path),
            name: document.name.clone(),
        };
        let extracted = self.parts.extractor.extract(request).await?;
        let blocks: Vec<Block> = extracted
            .blocks
            .into_iter()
            .map(|block| Block {
                markdown: block.markdown,
                heading: block.heading,
                page: block.page,
            })
            .collect();
        let (text, passages) = cut_passages(&blocks, self.parts.embedder.as_deref());
        let content = NewContent {
            media_type: extracted.media_type,
            pages: extracted.pages,
            text,
            note: (!extracted.notes.is_empty()).then(|| extracted.notes.join("; ")),
            passages,
        };
        let now = self.parts.clock.now();
        Ok(self
            .parts
            .library
            .put_content(&self.tenant, &document.id, content, now)
            .await)
    }

    async fn store_failure(
        &self,
        document_id: &str,
        error: ExtractError,
    ) -> Result<Document, StoreError> {
        let failure = Failure {
            help: help(error.code),
            code: error.code,
            message: error.message,
        };
        let now = self.parts.clock.now();
        self.parts
            .library
            .fail(&self.tenant, document_id, failure, now)
            .await
    }

    async fn make_vectors(&self) {
        let Some(embedder) = self.parts.embedder.as_deref() else {
            return;
        };
        loop {
            let seen = self.quiet.count();
            let waits = self.paused.load(Ordering::SeqCst) || self.busy.load(Ordering::SeqCst) > 0;
            if waits || !self.embed_some(embedder).await {
                self.quiet.after(seen).await;
            }
        }
    }

    /// Makes the vectors of some passages; whether there may be more to do.
    async fn embed_some(&self, embedder: &dyn Embedder) -> bool {
        let library = &self.parts.library;
        let model = embedder.model();
        self.store_visits().await;
        let Ok(passages) = library.unembedded(&self.tenant, &model, PASSAGES).await else {
            self.pause(STORE_PAUSE_MS).await;
            return true;
        };
        if passages.is_empty() {
            return false;
        }
        let texts: Vec<String> = passages
            .iter()
            .map(|p| embedding_text(&p.headings, &p.text))
            .collect();
        let vectors = match embedder.embed(&texts).await {
            Ok(vectors) => vectors,
            Err(error) => {
                *self.trouble() = Some(error.to_string());
                self.tell_status().await;
                self.pause(MODEL_PAUSE_MS).await;
                return true;
            }
        };
        *self.trouble() = None;
        let made = passages.len() as u64;
        let rows = passages.into_iter().map(|p| p.id).zip(vectors).collect();
        let now = self.parts.clock.now();
        match library.put_vectors(&self.tenant, &model, rows, now).await {
            Ok(finished) => {
                self.vector_pace().finish(now, made);
                for document in &finished {
                    self.tell_document(document);
                }
                if finished.is_empty() {
                    self.tell_status_now_and_then().await;
                } else {
                    self.tell_status().await;
                }
            }
            Err(_) => self.pause(STORE_PAUSE_MS).await,
        }
        true
    }

    /// Which documents were found or opened decides whose vectors come first. What can't be stored is forgotten: it is a wish.
    async fn store_visits(&self) {
        let visits: Vec<(String, u64)> = std::mem::take(&mut *guard(&self.visits))
            .into_iter()
            .collect();
        if !visits.is_empty() {
            let stored = self.parts.library.visit(&self.tenant, &visits).await;
            drop(stored);
        }
    }

    /// Says what the store suffers, and waits a moment.
    async fn store_failed(&self, error: &StoreError) {
        let code = match error {
            StoreError::Full => Code::DiskFull,
            StoreError::Busy => Code::StoreBusy,
            StoreError::Damaged(_) => Code::StoreDamaged,
            _ => Code::Internal,
        };
        let failure = Failure {
            code,
            message: error.to_string(),
            help: help(code),
        };
        let before = guard(&self.store_trouble).replace(failure.clone());
        if before != Some(failure) {
            // A full disk can still be read.
            self.tell_status().await;
        }
        self.pause(STORE_PAUSE_MS).await;
    }

    fn store_works(&self) {
        guard(&self.store_trouble).take();
    }

    pub(crate) async fn pause(&self, milliseconds: i64) {
        let clock = &self.parts.clock;
        clock.sleep_until(clock.now() + milliseconds).await;
    }
}

/// The way out that the code's page tells.
pub(crate) fn help(code: Code) -> String {
    code.page()
        .split_once("**What to do.**")
        .map_or_else(String::new, |(_, help)| {
            help.split_whitespace().collect::<Vec<_>>().join(" ")
        })
}
