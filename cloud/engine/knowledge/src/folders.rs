//! Folders: what is in them goes into the queue, and stays in step with them.

use crate::{
    Ingest, PipelineError,
    compare::{Compare, Found},
    names::{below, clean_name},
};
use awm_api::{
    Code,
    folders::{Folder, SyncReport},
    knowledge::{Failure, IngestAccepted},
};
use awm_ports::{
    FileFacts, FolderChange, ListedFile, NewDocument, NewFolder, StoreError, Walk, WalkStep,
};
use futures::StreamExt;
use std::sync::PoisonError;

/// Files that are put in the queue by one transaction.
const BATCH: usize = 500;
/// Documents that are taken out by one transaction.
const REMOVED: usize = 100;

impl Ingest {
    /// Puts files and all files below folders in the queue of a source, while they are listed. What is there in the same version is
    /// passed over; a path that can't be read among others becomes a failed row, alone it is an error. Folders are remembered
    /// before they are listed, so that a listing that is cut off is gone on with.
    pub async fn add_paths(
        &self,
        source_id: &str,
        paths: &[String],
        watch: bool,
    ) -> Result<IngestAccepted, PipelineError> {
        let mut accepted = IngestAccepted {
            queued: 0,
            unchanged: 0,
        };
        let mut waiting = Vec::new();
        let mut folders = Vec::new();
        for path in paths {
            match self.parts.files.walk(path).await {
                Err(error) if paths.len() == 1 => return Err(error.into()),
                // Among others: the reader will tell why in its row.
                Err(_) => {
                    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                    let name = clean_name(name);
                    waiting.push(self.listed_document(
                        source_id,
                        ListedFile {
                            path: path.clone(),
                            name,
                            bytes: 0,
                            modified_at: None,
                        },
                    ));
                }
                Ok(walk) if walk.is_folder => {
                    let new = NewFolder {
                        id: self.parts.ids.next(),
                        source_id: source_id.to_owned(),
                        path: walk.root.clone(),
                        watch,
                    };
                    let folder = self.parts.library.put_folder(&self.tenant, new).await?;
                    self.watchers.folder(&folder);
                    folders.push((folder, walk));
                }
                Ok(mut walk) => {
                    while let Some(WalkStep::Files(files)) = walk.steps.next().await {
                        let files = files.into_iter();
                        waiting.extend(files.map(|file| self.listed_document(source_id, file)));
                    }
                }
            }
        }
        self.enqueue(waiting, &mut accepted).await?;
        for (folder, walk) in folders {
            if let Some(_listing) = self.begin_listing(&folder.id) {
                self.fill(&folder, walk, &mut accepted).await?;
            }
        }
        self.tell_status().await;
        Ok(accepted)
    }

    /// Queues what a walk finds, as it is found.
    async fn fill(
        &self,
        folder: &Folder,
        mut walk: Walk,
        accepted: &mut IngestAccepted,
    ) -> Result<(), StoreError> {
        let before = (accepted.queued, accepted.unchanged);
        let mut waiting = Vec::new();
        while let Some(step) = walk.steps.next().await {
            if let WalkStep::Files(files) = step {
                let files = files.into_iter();
                waiting.extend(files.map(|file| self.listed_document(&folder.source_id, file)));
            }
            if waiting.len() >= BATCH {
                self.enqueue(std::mem::take(&mut waiting), accepted).await?;
                self.tell_status_now_and_then().await;
            }
        }
        self.enqueue(waiting, accepted).await?;
        let report = SyncReport {
            added: accepted.queued - before.0,
            unchanged: accepted.unchanged - before.1,
            ..SyncReport::default()
        };
        self.end_sync(folder, report).await?;
        Ok(())
    }

    /// All folders.
    pub async fn folders(&self) -> Result<Vec<Folder>, StoreError> {
        self.parts.library.folders(&self.tenant).await
    }

    /// Turns the watching of a folder on or off.
    pub async fn watch_folder(&self, id: &str, watch: bool) -> Result<Folder, StoreError> {
        let change = FolderChange::Watch(watch);
        let folder = self
            .parts
            .library
            .change_folder(&self.tenant, id, change)
            .await?;
        self.watchers.folder(&folder);
        self.walks.ring();
        Ok(folder)
    }

    /// Forgets a folder; its documents stay.
    pub async fn forget_folder(&self, id: &str) -> Result<Folder, StoreError> {
        let folder = self.parts.library.forget_folder(&self.tenant, id).await?;
        self.walks.ring();
        Ok(folder)
    }

    /// Compares a folder with the ledger: what is new or changed is queued, what moved keeps its document, what is gone goes out.
    /// A folder that can't be read, or that is empty and was not, changes nothing but says so in its row, unless `force`.
    pub async fn sync_folder(&self, id: &str, force: bool) -> Result<Folder, StoreError> {
        let folders = self.folders().await?;
        let folder = folders.into_iter().find(|folder| folder.id == id);
        let folder = folder.ok_or_else(|| StoreError::NotFound {
            what: "folder",
            id: id.to_owned(),
        })?;
        let Some(_listing) = self.begin_listing(id) else {
            return Ok(folder);
        };
        let library = &self.parts.library;
        let folder = library
            .change_folder(&self.tenant, &folder.id, FolderChange::Listing)
            .await?;
        self.watchers.folder(&folder);
        let walk = match self.parts.files.walk(&folder.path).await {
            Ok(walk) if walk.is_folder => walk,
            Ok(_) => {
                let message = format!("`{}` is no folder any more", folder.path);
                return self
                    .trouble_folder(&folder, Code::FolderGone, message)
                    .await;
            }
            Err(error) => {
                return self
                    .trouble_folder(&folder, Code::FolderGone, error.message)
                    .await;
            }
        };
        self.compare(&folder, walk, force).await
    }

    async fn compare(
        &self,
        folder: &Folder,
        mut walk: Walk,
        force: bool,
    ) -> Result<Folder, StoreError> {
        let library = &self.parts.library;
        let source = &folder.source_id;
        let known = library
            .files_below(&self.tenant, source, &below(&folder.path))
            .await?;
        let mut compare = Compare::new(known);
        let (mut waiting, mut perhaps) = (Vec::new(), Vec::new());
        let mut accepted = IngestAccepted {
            queued: 0,
            unchanged: 0,
        };
        while let Some(step) = walk.steps.next().await {
            let files = match step {
                WalkStep::Files(files) => files,
                WalkStep::Unreadable(path) => {
                    compare.spare(&path);
                    continue;
                }
            };
            for file in files {
                match compare.see(&file) {
                    Found::Same => {}
                    Found::Changed | Found::New => waiting.push(self.listed_document(source, file)),
                    Found::Perhaps => perhaps.push(file),
                }
            }
            if waiting.len() >= BATCH {
                self.enqueue(std::mem::take(&mut waiting), &mut accepted)
                    .await?;
                self.tell_status_now_and_then().await;
            }
        }
        if compare.is_emptied() && !force {
            let message = format!(
                "`{}` is empty now; {} documents were kept",
                folder.path,
                compare.missing()
            );
            return self
                .trouble_folder(folder, Code::FolderEmptied, message)
                .await;
        }
        let mut places = Vec::new();
        for file in perhaps {
            let place = match compare.misses_length(file.bytes) {
                true => match self.parts.files.facts(&file.path).await {
                    Ok(facts) => compare.moved(&file, &facts.hash),
                    Err(_) => None,
                },
                false => None,
            };
            match place {
                Some(place) => places.push(place),
                None => {
                    compare.report.added += 1;
                    waiting.push(self.listed_document(source, file));
                }
            }
        }
        if !places.is_empty() {
            let now = self.parts.clock.now();
            library.move_files(&self.tenant, places, now).await?;
        }
        // First out, then in: a file that changed its name in letter case only must find its name free.
        let gone = compare.gone();
        for ids in gone.chunks(REMOVED) {
            library.remove_all(&self.tenant, ids).await?;
        }
        self.enqueue(waiting, &mut accepted).await?;
        if !gone.is_empty() || compare.report.moved > 0 {
            self.watchers.others();
            // What referred to a document that went may have to be read now.
            self.bell.ring();
        }
        let folder = self.end_sync(folder, compare.report).await?;
        self.tell_status().await;
        Ok(folder)
    }

    async fn end_sync(&self, folder: &Folder, report: SyncReport) -> Result<Folder, StoreError> {
        let at = self.parts.clock.now();
        let change = FolderChange::Synced { report, at };
        let library = &self.parts.library;
        let folder = library
            .change_folder(&self.tenant, &folder.id, change)
            .await?;
        self.watchers.folder(&folder);
        Ok(folder)
    }

    async fn trouble_folder(
        &self,
        folder: &Folder,
        code: Code,
        message: String,
    ) -> Result<Folder, StoreError> {
        let failure = Failure {
            help: crate::work::help(code),
            code,
            message,
        };
        let library = &self.parts.library;
        let folder = library
            .change_folder(&self.tenant, &folder.id, FolderChange::Troubled(failure))
            .await?;
        self.watchers.folder(&folder);
        Ok(folder)
    }

    /// The right to list a folder; none while somebody else does.
    fn begin_listing(&self, id: &str) -> Option<Listing<'_>> {
        let mut walking = self.walking.lock().unwrap_or_else(PoisonError::into_inner);
        walking.insert(id.to_owned()).then(|| Listing {
            ingest: self,
            id: id.to_owned(),
        })
    }

    /// Whether a folder is being listed by this process.
    pub(crate) fn is_walking(&self, id: &str) -> bool {
        let walking = self.walking.lock().unwrap_or_else(PoisonError::into_inner);
        walking.contains(id)
    }

    fn listed_document(&self, source_id: &str, file: ListedFile) -> NewDocument {
        let facts = FileFacts {
            bytes: file.bytes,
            hash: String::new(),
            modified_at: file.modified_at,
        };
        self.new_document(source_id, file.name, file.path, Ok(facts))
    }
}

/// Held while a folder is listed. A request that goes away in the middle leaves the rest to [`Ingest::work`].
struct Listing<'a> {
    ingest: &'a Ingest,
    id: String,
}

impl Drop for Listing<'_> {
    fn drop(&mut self) {
        let walking = &self.ingest.walking;
        walking
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
        self.ingest.walks.ring();
    }
}
