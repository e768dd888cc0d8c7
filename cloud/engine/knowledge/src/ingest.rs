//! Files in: the queue, its control, and who watches it.

use crate::{
    PipelineError, bell::Bell, names::clean_name, pace::Pace, passages::cut_passages,
    watchers::Watchers,
};
use awm_api::knowledge::{
    Document, DocumentList, DocumentState, Failure, IngestAccepted, IngestAction, IngestStatus,
    IngestUpdate,
};
use awm_knowledge::markdown_blocks;
use awm_ports::{
    Clock, Embedder, Extractor, FileError, Files, Ids, Library, NewDocument, StoreError,
};
use awm_tenancy::TenantId;
use futures::{StreamExt, stream, stream::BoxStream};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
};

/// What the pipeline is made of.
#[derive(Clone)]
pub struct IngestParts {
    /// Where documents and the queue are kept.
    pub library: Arc<dyn Library>,
    /// Files to text.
    pub extractor: Arc<dyn Extractor>,
    /// Text to vectors, if the parts for it are installed.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Why there is no embedder, for the status line.
    pub vectors_off: Option<String>,
    /// Folders, and the originals of uploads.
    pub files: Arc<dyn Files>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Files that are read at the same time, at least 1.
    pub workers: usize,
}

/// Takes files into one tenant's knowledge base. The queue is in the library, so it outlives the process: what was accepted
/// is done, after a crash by the next start.
///
/// Keywords come first: a document is searchable as soon as its text is stored. Vectors are made when no file waits.
pub struct Ingest {
    pub(crate) tenant: TenantId,
    pub(crate) parts: IngestParts,
    /// Rung when a file may be waiting.
    pub(crate) bell: Bell,
    /// Rung when vectors may be made: no file waits, or passages came without one.
    pub(crate) quiet: Bell,
    /// Rung when a listing ended, or what is watched changed.
    pub(crate) walks: Bell,
    /// Folders that are being listed by this process.
    pub(crate) walking: Mutex<HashSet<String>>,
    pub(crate) watchers: Watchers,
    pub(crate) paused: AtomicBool,
    /// Readers that have a file in hand or may find one.
    pub(crate) busy: AtomicUsize,
    pub(crate) pace: Mutex<Pace>,
    pub(crate) vector_pace: Mutex<Pace>,
    /// Documents that were found or opened since it was last stored, and how often.
    pub(crate) visits: Mutex<HashMap<String, u64>>,
    /// What the store suffers; none while it works.
    pub(crate) store_trouble: Mutex<Option<Failure>>,
    /// Why vectors are not made at present.
    pub(crate) trouble: Mutex<Option<String>>,
    status_told: AtomicI64,
}

/// Milliseconds between two status updates while files go through.
const STATUS_MS: i64 = 250;

impl Ingest {
    /// A pipeline that does nothing before [`work`](Self::work) is polled.
    pub fn new(tenant: TenantId, parts: IngestParts) -> Arc<Self> {
        Arc::new(Self {
            tenant,
            trouble: Mutex::new(parts.vectors_off.clone()),
            parts,
            bell: Bell::default(),
            quiet: Bell::default(),
            walks: Bell::default(),
            walking: Mutex::default(),
            watchers: Watchers::default(),
            paused: AtomicBool::new(false),
            busy: AtomicUsize::new(0),
            pace: Mutex::default(),
            vector_pace: Mutex::default(),
            visits: Mutex::default(),
            store_trouble: Mutex::default(),
            status_told: AtomicI64::new(i64::MIN),
        })
    }

    /// Puts one file in the queue by its bytes, which the workspace keeps.
    pub async fn upload(
        &self,
        source_id: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<IngestAccepted, PipelineError> {
        let hash = blake3::hash(&bytes).to_hex().to_string();
        let facts = awm_ports::FileFacts {
            bytes: bytes.len() as u64,
            hash: hash.clone(),
            modified_at: None,
        };
        let path = self.parts.files.keep(&hash, bytes).await?;
        let document = self.new_document(source_id, clean_name(name), path, Ok(facts));
        let mut accepted = IngestAccepted {
            queued: 0,
            unchanged: 0,
        };
        self.enqueue(vec![document], &mut accepted).await?;
        self.tell_status().await;
        Ok(accepted)
    }

    /// Stores a text that has no file, such as a fetched page, as a document of a source by its name or id; the source is made if
    /// it isn't there.
    pub async fn index_text(
        &self,
        source: &str,
        name: &str,
        text: &str,
    ) -> Result<Document, PipelineError> {
        let library = &self.parts.library;
        let now = self.parts.clock.now();
        let known = library.sources(&self.tenant).await?;
        let source_id = match known
            .into_iter()
            .find(|s| s.id == source || s.name == source)
        {
            Some(found) => found.id,
            None => {
                let id = self.parts.ids.next();
                library
                    .create_source(&self.tenant, &id, source, now)
                    .await?
                    .id
            }
        };
        let (text, passages) = cut_passages(&markdown_blocks(text), self.parts.embedder.as_deref());
        let facts = awm_ports::FileFacts {
            bytes: text.len() as u64,
            hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
            modified_at: None,
        };
        let document = self.new_document(&source_id, clean_name(name), String::new(), Ok(facts));
        let stored = library
            .put_document(&self.tenant, document, "text/markdown", &text, passages)
            .await?;
        self.tell_document(&stored);
        self.quiet.ring();
        Ok(stored)
    }

    /// Pauses, resumes or empties the queue, and tells how it stands.
    pub async fn control(&self, action: IngestAction) -> Result<IngestStatus, StoreError> {
        match action {
            IngestAction::Status => {}
            IngestAction::Pause => self.paused.store(true, Ordering::SeqCst),
            IngestAction::Resume => {
                self.paused.store(false, Ordering::SeqCst);
                self.begin_pace();
                self.bell.ring();
                self.quiet.ring();
            }
            IngestAction::Cancel => {
                self.parts.library.cancel_queued(&self.tenant).await?;
                self.watchers.others();
            }
        }
        let status = self.status().await?;
        if action != IngestAction::Status {
            self.watchers.status(&status);
        }
        Ok(status)
    }

    /// How the queue stands.
    pub async fn status(&self) -> Result<IngestStatus, StoreError> {
        let mut status = self.parts.library.counts(&self.tenant).await?;
        status.paused = self.paused.load(Ordering::SeqCst);
        let now = self.parts.clock.now();
        let left = status.total.saturating_sub(status.done);
        if left > 0 && !status.paused {
            status.rate = self.pace().rate(now);
            status.remaining_s = seconds(left, status.rate);
        }
        let left = status
            .keyword_passages
            .saturating_sub(status.vector_passages);
        if left > 0 && !status.paused {
            status.vector_rate = self.vector_pace().rate(now);
            status.vector_remaining_s = seconds(left, status.vector_rate);
        }
        status.listing = guard(&self.walking).len() as u64;
        status.trouble = guard(&self.store_trouble).clone();
        status.vectors_off = self.trouble().clone();
        Ok(status)
    }

    /// Tells how the queue stands, then every change, gathered a few times a second.
    pub async fn watch(&self) -> Result<BoxStream<'static, IngestUpdate>, StoreError> {
        let updates = self.watchers.add(self.parts.clock.clone());
        let status = self.status().await?;
        Ok(stream::iter([IngestUpdate::Status { status }])
            .chain(updates)
            .boxed())
    }

    /// Takes a document in again.
    pub async fn retry(&self, document_id: &str) -> Result<Document, StoreError> {
        let now = self.parts.clock.now();
        let document = self
            .parts
            .library
            .requeue(&self.tenant, document_id, now)
            .await?;
        self.begin_pace();
        self.bell.ring();
        self.tell_document(&document);
        self.tell_status().await;
        Ok(document)
    }

    /// Takes all documents in again that fit the filter and failed or gave no text; answers with how many.
    pub async fn retry_all(&self, filter: &DocumentList) -> Result<u64, StoreError> {
        let now = self.parts.clock.now();
        let library = &self.parts.library;
        let queued = library.requeue_all(&self.tenant, filter, now).await?;
        if queued > 0 {
            self.begin_pace();
            self.bell.ring();
            self.watchers.others();
            self.tell_status().await;
        }
        Ok(queued)
    }

    /// Tells that documents were found or opened: their vectors are made first. Stored when vectors are made next.
    pub fn visited<'a>(&self, documents: impl IntoIterator<Item = &'a str>) {
        let mut visits = guard(&self.visits);
        for id in documents {
            match visits.get_mut(id) {
                Some(times) => *times += 1,
                None => {
                    visits.insert(id.to_owned(), 1);
                }
            }
        }
    }

    /// Takes a document out; its original file stays.
    pub async fn remove(&self, document_id: &str) -> Result<Document, StoreError> {
        let document = self.parts.library.remove(&self.tenant, document_id).await?;
        if document.state != DocumentState::Duplicate {
            // One that referred to it may have taken its content over, or has to be read now.
            self.watchers.others();
            self.bell.ring();
        }
        self.tell_status().await;
        Ok(document)
    }

    pub(crate) async fn enqueue(
        &self,
        documents: Vec<NewDocument>,
        accepted: &mut IngestAccepted,
    ) -> Result<(), StoreError> {
        if documents.is_empty() {
            return Ok(());
        }
        let answers = self
            .parts
            .library
            .enqueue_all(&self.tenant, documents)
            .await?;
        let queued = answers.iter().filter(|queued| **queued).count() as u64;
        accepted.unchanged += answers.len() as u64 - queued;
        if queued > 0 && accepted.queued == 0 {
            self.begin_pace();
        }
        accepted.queued += queued;
        if queued > 0 {
            self.watchers.others();
            self.bell.ring();
        }
        Ok(())
    }

    pub(crate) fn new_document(
        &self,
        source_id: &str,
        name: String,
        path: String,
        facts: Result<awm_ports::FileFacts, FileError>,
    ) -> NewDocument {
        let (bytes, hash, modified_at) = match facts {
            Ok(facts) => (facts.bytes, facts.hash, facts.modified_at),
            Err(_) => (0, String::new(), None),
        };
        NewDocument {
            id: self.parts.ids.next(),
            source_id: source_id.to_owned(),
            name,
            path,
            bytes,
            hash,
            modified_at,
            at: self.parts.clock.now(),
        }
    }

    pub(crate) fn tell_document(&self, document: &Document) {
        self.watchers.document(document);
    }

    /// Tells the status, unless it was told a moment ago and more is to come.
    pub(crate) async fn tell_status_now_and_then(&self) {
        let now = self.parts.clock.now();
        let told = self.status_told.load(Ordering::SeqCst);
        if now >= told.saturating_add(STATUS_MS) || now < told {
            self.tell_status().await;
        }
    }

    pub(crate) async fn tell_status(&self) {
        self.status_told
            .store(self.parts.clock.now(), Ordering::SeqCst);
        // A watcher is told again soon, so a failing store is not reported here.
        if let Ok(status) = self.status().await {
            self.watchers.status(&status);
        }
    }

    /// Work begins, or goes on after a pause.
    pub(crate) fn begin_pace(&self) {
        let now = self.parts.clock.now();
        self.pace().begin(now);
        self.vector_pace().begin(now);
    }

    pub(crate) fn pace(&self) -> MutexGuard<'_, Pace> {
        guard(&self.pace)
    }

    pub(crate) fn vector_pace(&self) -> MutexGuard<'_, Pace> {
        guard(&self.vector_pace)
    }

    pub(crate) fn trouble(&self) -> MutexGuard<'_, Option<String>> {
        guard(&self.trouble)
    }
}

/// A panic while it was held left nothing half done.
pub(crate) fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Seconds that so many take at a rate, if there is one.
fn seconds(left: u64, rate: f64) -> Option<u64> {
    (rate > 0.0).then(|| (left as f64 / rate).ceil() as u64)
}

impl std::fmt::Debug for IngestParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IngestParts")
            .field("embeds", &self.embedder.is_some())
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Ingest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ingest")
            .field("tenant", &self.tenant)
            .field("paused", &self.paused)
            .finish_non_exhaustive()
    }
}
