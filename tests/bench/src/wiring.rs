//! The parts of the knowledge base, as the host joins them, but without a model.

use crate::Failure;
use async_trait::async_trait;
use awm_extract_local::{Extract, Limits, LocalFiles, pdfium_in};
use awm_memory::MemoryIds;
use awm_pipeline::{Ingest, IngestParts};
use awm_ports::{Clock, Extractor};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The argument that makes this program an extractor.
pub(crate) const WORKER: &str = "--extract-worker";

/// Files are read in a child process, which is this same program.
pub(crate) fn extractor() -> Result<Extract, Failure> {
    let program = std::env::current_exe()?;
    let extract = Extract::new(program, vec![WORKER.into()], Limits::default());
    let components = std::env::var_os("AWM_COMPONENTS").ok_or("AWM_COMPONENTS names no folder")?;
    Ok(extract.with_pdfium(pdfium_in(Path::new(&components))))
}

/// A pipeline into the store, with as many readers as are named.
pub(crate) fn ingest(
    store: &Arc<Store>,
    extractor: Arc<dyn Extractor>,
    folder: &Path,
    workers: usize,
) -> Arc<Ingest> {
    let parts = IngestParts {
        library: store.clone(),
        extractor,
        embedder: None,
        vectors_off: None,
        files: Arc::new(LocalFiles::new(folder.join("kept"))),
        clock: Arc::new(WallClock),
        ids: Arc::new(MemoryIds::default()),
        workers,
    };
    Ingest::new(TenantId::local(), parts)
}

/// The time of the machine.
#[derive(Debug)]
pub(crate) struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    async fn sleep_until(&self, at: i64) {
        let wait = u64::try_from(at - self.now()).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}
