//! Watched folders are kept in step with, and listings that were cut off are gone on with.

use crate::Ingest;
use awm_api::{Timestamp, folders::Folder};
use awm_ports::StoreError;
use futures::{FutureExt, StreamExt, future::Either, pin_mut, select, stream::BoxStream};
use std::collections::{BTreeSet, HashMap};

/// Milliseconds after which a watched folder is compared even if nothing was heard of it.
const EVERY_MS: i64 = 15 * 60 * 1000;
/// Milliseconds that a folder must be quiet after a change before it is compared.
const QUIET_MS: i64 = 1_000;
/// Milliseconds after which it is compared even if it does not become quiet.
const RESTLESS_MS: i64 = 15_000;
/// Milliseconds before a store that failed is asked again.
const STORE_PAUSE_MS: i64 = 1_000;

impl Ingest {
    /// Goes on with listings that an earlier process or a request that went away left in the middle.
    pub(crate) async fn finish_listings(&self) {
        loop {
            let seen = self.walks.count();
            let cut_off = |folder: &&Folder| folder.listing && !self.is_walking(&folder.id);
            match self.folders().await {
                Ok(folders) => {
                    for folder in folders.iter().filter(cut_off) {
                        self.sync_or_pause(&folder.id).await;
                    }
                }
                Err(_) => {
                    self.pause(STORE_PAUSE_MS).await;
                    continue;
                }
            }
            self.walks.after(seen).await;
        }
    }

    /// Keeps watched folders in step until `cancel` is ready: compares each at the start, after changes that the system tells, and
    /// every quarter of an hour. A host that stays spawns this once beside [`work`](Self::work).
    pub async fn keep_folders(&self, cancel: impl Future<Output = ()> + Send) {
        let keep = self.keep().fuse();
        let cancel = cancel.fuse();
        pin_mut!(keep, cancel);
        select! {
            () = keep => {}
            () = cancel => {}
        }
    }

    async fn keep(&self) {
        let mut heard: Option<(Vec<String>, BoxStream<'static, String>)> = None;
        let mut due: BTreeSet<String> = BTreeSet::new();
        // When each was compared last, whatever came of it.
        let mut compared: HashMap<String, Timestamp> = HashMap::new();
        loop {
            let seen = self.walks.count();
            let Ok(folders) = self.watched().await else {
                self.pause(STORE_PAUSE_MS).await;
                continue;
            };
            let now = self.parts.clock.now();
            // What is watched from now on is compared first; what isn't any more is forgotten.
            compared.retain(|id, _| folders.iter().any(|folder| folder.id == *id));
            for folder in &folders {
                let last = compared.get(&folder.id);
                if last.is_none_or(|at| now - at >= EVERY_MS) || due.contains(&folder.path) {
                    compared.insert(folder.id.clone(), now);
                    self.sync_or_pause(&folder.id).await;
                }
            }
            due.clear();
            let paths: Vec<String> = folders.iter().map(|folder| folder.path.clone()).collect();
            if paths.is_empty() {
                heard = None;
                self.walks.after(seen).await;
                continue;
            }
            let changes = match &mut heard {
                Some((of, changes)) if *of == paths => changes,
                _ => {
                    let changes = self.parts.files.changes(paths.clone());
                    &mut heard.insert((paths, changes)).1
                }
            };
            due = self.next_due(changes, seen).await;
        }
    }

    async fn watched(&self) -> Result<Vec<Folder>, StoreError> {
        let mut folders = self.folders().await?;
        folders.retain(|folder| folder.watch);
        Ok(folders)
    }

    /// Waits for a change, the end of the quarter, or a folder that is watched from now on; after a change also for quiet. Answers
    /// with the paths below which something changed.
    async fn next_due(
        &self,
        changes: &mut BoxStream<'static, String>,
        seen: u64,
    ) -> BTreeSet<String> {
        let clock = &self.parts.clock;
        let mut due = BTreeSet::new();
        let rung = self.walks.after(seen).fuse();
        let quarter = clock.sleep_until(clock.now() + EVERY_MS).fuse();
        pin_mut!(rung, quarter);
        select! {
            () = rung => return due,
            () = quarter => return due,
            path = next(changes).fuse() => due.insert(path),
        };
        let restless = clock.now() + RESTLESS_MS;
        loop {
            let until = (clock.now() + QUIET_MS).min(restless);
            let quiet = clock.sleep_until(until);
            let change = next(changes);
            pin_mut!(quiet, change);
            match futures::future::select(quiet, change).await {
                Either::Left(_) => return due,
                Either::Right((path, _)) => {
                    due.insert(path);
                    if clock.now() >= restless {
                        return due;
                    }
                }
            }
        }
    }

    async fn sync_or_pause(&self, id: &str) {
        if let Err(error) = self.sync_folder(id, false).await {
            // Removed meanwhile, or a store that fails: it is tried again.
            if !matches!(error, StoreError::NotFound { .. }) {
                self.pause(STORE_PAUSE_MS).await;
            }
        }
    }
}

/// The next hint; a service that broke down gives none, and the walk every quarter of an hour remains.
async fn next(changes: &mut BoxStream<'static, String>) -> String {
    match changes.next().await {
        Some(path) => path,
        None => futures::future::pending().await,
    }
}
