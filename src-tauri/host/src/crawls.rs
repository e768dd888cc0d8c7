//! The crawler over the embedded store.

use awm_crawler::{CrawlParts, Crawler};
use awm_http_local::LocalHttp;
use awm_memory::MemoryCrawls;
use awm_pipeline::Ingest;
use awm_ports::{Clock, Extractor, Ids, Secrets};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use std::sync::Arc;

/// Makes the crawler of a workspace.
pub(crate) fn open(
    tenant: &TenantId,
    store: Arc<Store>,
    ingest: Arc<Ingest>,
    http: Arc<LocalHttp>,
    extractor: Arc<dyn Extractor>,
    secrets: Arc<dyn Secrets>,
    (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>),
) -> Arc<Crawler> {
    Crawler::new(
        tenant.clone(),
        CrawlParts {
            crawls: store.clone(),
            library: store,
            ingest,
            http,
            extractor,
            secrets,
            clock,
            ids,
            scratch: || Arc::new(MemoryCrawls::default()),
        },
    )
}
