//! Folders that sources are filled from, and kept in step with.

use crate::{Timestamp, knowledge::Failure};
use serde::{Deserialize, Serialize};

/// Asks for the folders of all sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FolderList {}

/// A folder that a source was filled from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Folder {
    /// The folder's id.
    pub id: String,
    /// The source that its files belong to.
    pub source_id: String,
    /// Its absolute path.
    pub path: String,
    /// Whether changes in it are taken in by themselves.
    pub watch: bool,
    /// Whether it is being listed, or was when the last process ended.
    pub listing: bool,
    /// When it was last compared with the ledger to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_at: Option<Timestamp>,
    /// What the last comparison found.
    #[serde(default)]
    pub last: SyncReport,
    /// Why it could not be compared, if so; the documents stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Failure>,
}

/// What a comparison of a folder with the ledger found and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// Files that are new and were queued.
    pub added: u64,
    /// Files that changed and were queued.
    pub changed: u64,
    /// Files that lie elsewhere now and keep their document.
    pub moved: u64,
    /// Files that are gone, and their documents with them.
    pub removed: u64,
    /// Files that are as they were.
    pub unchanged: u64,
}

/// Turns the watching of a folder on or off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FolderWatch {
    /// The folder.
    pub id: String,
    /// On or off.
    pub watch: bool,
}

/// Compares a folder with the ledger now; answers when changes are queued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FolderSync {
    /// The folder.
    pub id: String,
    /// Take documents out even if all files of the folder are gone.
    #[serde(default)]
    pub force: bool,
}

/// Forgets a folder; its documents stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FolderForget {
    /// The folder.
    pub id: String,
}
