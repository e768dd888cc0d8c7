//! One tenant's crawls.

use crate::{gate::Gates, stop::Stop, watchers::Watchers};
use awm_pipeline::Ingest;
use awm_ports::{Clock, Crawls, Extractor, Http, Ids, Library, Secrets};
use awm_tenancy::TenantId;
use futures::{channel::mpsc, lock::Mutex as AsyncMutex};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicI64},
};

/// What the crawler is made of.
#[derive(Clone)]
pub struct CrawlParts {
    /// Crawls and frontiers.
    pub crawls: Arc<dyn Crawls>,
    /// Sources.
    pub library: Arc<dyn Library>,
    /// Takes documents in.
    pub ingest: Arc<Ingest>,
    /// The one way out.
    pub http: Arc<dyn Http>,
    /// Bytes to text.
    pub extractor: Arc<dyn Extractor>,
    /// Credentials for buckets and APIs.
    pub secrets: Arc<dyn Secrets>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids, and jitter.
    pub ids: Arc<dyn Ids>,
    /// An empty frontier that nothing keeps, for previews.
    pub scratch: fn() -> Arc<dyn Crawls>,
}

impl std::fmt::Debug for CrawlParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CrawlParts").finish_non_exhaustive()
    }
}

/// Takes websites, feeds, lists and buckets into one tenant's knowledge base. What goes on is in the store, so it outlives the process.
pub struct Crawler {
    pub(crate) tenant: TenantId,
    pub(crate) parts: CrawlParts,
    pub(crate) gates: Arc<Gates>,
    pub(crate) watchers: Watchers,
    /// Syncs of this process, by crawl.
    pub(crate) stops: Mutex<HashMap<String, Stop>>,
    /// One change of a crawl's row at a time.
    pub(crate) editing: AsyncMutex<()>,
    pub(crate) wake: mpsc::UnboundedSender<()>,
    pub(crate) woken: AsyncMutex<mpsc::UnboundedReceiver<()>>,
    pub(crate) told_at: AtomicI64,
}

impl Crawler {
    /// A crawler that does nothing before [`work`](Self::work) is polled.
    pub fn new(tenant: TenantId, parts: CrawlParts) -> Arc<Self> {
        let (wake, woken) = mpsc::unbounded();
        Arc::new(Self {
            tenant,
            parts,
            gates: Arc::default(),
            watchers: Watchers::default(),
            stops: Mutex::default(),
            editing: AsyncMutex::new(()),
            wake,
            woken: AsyncMutex::new(woken),
            told_at: AtomicI64::new(i64::MIN),
        })
    }

    pub(crate) fn stops(&self) -> MutexGuard<'_, HashMap<String, Stop>> {
        self.stops.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the loop to look at the crawls again.
    pub(crate) fn ring(&self) {
        // Without a loop there is nobody to wake: it looks at all crawls when it begins.
        let _ = self.wake.unbounded_send(());
    }
}

impl std::fmt::Debug for Crawler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crawler")
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}
