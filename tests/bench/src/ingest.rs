//! Mixed files into the store, from the folder to the last passage that can be found by its words; and where the time goes.

use crate::{Failure, peers::PYTHON, process, wiring};
use async_trait::async_trait;
use awm_extract_local::Extract;
use awm_mixed_files::State;
use awm_ports::{ExtractError, ExtractRequest, Extracted, Extractor, Library};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use std::{
    collections::BTreeMap,
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

const FILES: u64 = 10_000;
/// Files that the peer reads as well.
const PEER_FILES: usize = 1_000;

/// What reading the files of a kind took.
#[derive(Clone, Copy, Default)]
struct Reading {
    files: u64,
    pages: u64,
    seconds: f64,
}

/// An extractor that is timed.
struct Timed {
    extractor: Extract,
    by_kind: Mutex<BTreeMap<String, Reading>>,
}

impl Timed {
    fn note(&self, name: &str, pages: u32, began: Instant) {
        let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let mut kinds = self.by_kind.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = kinds.entry(ending).or_default();
        kind.files += 1;
        kind.pages += u64::from(pages);
        kind.seconds += began.elapsed().as_secs_f64();
    }
}

#[async_trait]
impl Extractor for Timed {
    async fn extract(&self, request: ExtractRequest) -> Result<Extracted, ExtractError> {
        let (name, began) = (request.name.clone(), Instant::now());
        let outcome = self.extractor.extract(request).await;
        // What has no pages is one.
        let pages = outcome.as_ref().map_or(0, |read| read.pages.unwrap_or(1));
        self.note(&name, pages, began);
        outcome
    }

    async fn extract_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<Extracted, ExtractError> {
        self.extractor.extract_bytes(name, bytes).await
    }
}

/// Takes the files in, without vectors: those are `embed`'s figure, and wait until no file does.
pub(crate) async fn measure() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let expected = awm_mixed_files::write(folder.path(), 4, FILES)?;
    let files = folder.path().join("files");
    let bytes: u64 = expected
        .iter()
        .filter_map(|file| Some(std::fs::metadata(files.join(&file.path)).ok()?.len()))
        .sum();
    let cores = std::thread::available_parallelism()?.get();
    let timed = Arc::new(Timed {
        extractor: wiring::extractor()?,
        by_kind: Mutex::default(),
    });
    let store = Store::open(folder.path().join("awm.db"))?;
    let ingest = wiring::ingest(&store, timed.clone(), folder.path(), cores);
    let tenant = TenantId::local();
    let source = store.create_source(&tenant, "bench", "bench", 0).await?;
    let own = process::cpu_seconds(std::process::id())?;
    let began = Instant::now();
    let accepted = ingest
        .add_paths(&source.id, &[files.display().to_string()], false)
        .await?;
    let listed = began.elapsed().as_secs_f64();
    let work = tokio::spawn({
        let ingest = ingest.clone();
        async move { ingest.work(futures::future::pending()).await }
    });
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let status = ingest.status().await?;
        if status.listing == 0 && status.done == status.total {
            break;
        }
    }
    let taken = began.elapsed().as_secs_f64();
    let own = process::cpu_seconds(std::process::id())? - own;
    work.abort();
    let counts = store.counts(&tenant).await?;
    let kinds = timed
        .by_kind
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let pages: u64 = kinds.values().map(|kind| kind.pages).sum();
    let reading: f64 = kinds.values().map(|kind| kind.seconds).sum();
    println!(
        "  {} files, {:.0} MB, {} passages in {taken:.1} s: {:.0} files, {:.0} pages a second",
        accepted.queued,
        bytes as f64 / 1e6,
        counts.keyword_passages,
        accepted.queued as f64 / taken,
        pages as f64 / taken
    );
    println!(
        "  listed in {listed:.2} s; {cores} readers spent {:.0} % of their time in the reader's process, the rest cutting and storing ({own:.1} s of CPU)",
        100.0 * reading / (taken - listed) / cores as f64
    );
    for (ending, kind) in &kinds {
        println!(
            "  {:8} {:6} files {:7} pages {:8.1} ms a file",
            ending,
            kind.files,
            kind.pages,
            1000.0 * kind.seconds / kind.files as f64
        );
    }
    let readable = expected
        .iter()
        .filter(|file| file.state == State::Indexed && file.duplicate_of.is_none())
        .count();
    println!("  of {readable} files with text of their own");
    let Some(peers) = std::env::var_os("AWM_PEERS") else {
        return Ok(());
    };
    let paths: Vec<_> = expected
        .iter()
        .take(PEER_FILES)
        .map(|file| files.join(&file.path))
        .collect();
    let peer = in_python(Path::new(&peers), folder.path(), &paths)?;
    println!(
        "  MarkItDown, the first {PEER_FILES} files, reading only: {peer:.0} files a second; ratio {:.1}",
        accepted.queued as f64 / taken / peer
    );
    Ok(())
}

fn in_python(peers: &Path, folder: &Path, paths: &[std::path::PathBuf]) -> Result<f64, Failure> {
    let list = folder.join("paths.json");
    std::fs::write(&list, serde_json::to_vec(paths)?)?;
    let output = Command::new(peers.join(PYTHON))
        .arg(peers.join("ingest.py"))
        .arg(&list)
        .output()?;
    let told: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    told.get("perSecond")
        .and_then(serde_json::Value::as_f64)
        .ok_or_else(|| "the peer told no figure".into())
}
