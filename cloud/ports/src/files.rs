//! Files that are to be taken in, and the originals that the workspace keeps.

use async_trait::async_trait;
use awm_api::{Code, Timestamp};
use futures::{StreamExt, stream, stream::BoxStream};
use std::path::PathBuf;

/// How the path of a kept original begins; the rest is its hash. Such a path is told to the pipeline only.
pub const KEPT: &str = "blob:";

/// Lists and reads files of this machine, and keeps uploaded ones.
#[async_trait]
pub trait Files: Send + Sync {
    /// What lies at an absolute path: the file itself, or all files below the folder, told while it is listed. Hidden files are
    /// left out, and links below the folder: they may lead out of it, or back into it.
    async fn walk(&self, path: &str) -> Result<Walk, FileError>;
    /// Length, hash and time of change of a file's content as it is now. A path that leads through a link is refused.
    async fn facts(&self, path: &str) -> Result<FileFacts, FileError>;
    /// Keeps bytes under their hash (BLAKE3, hexadecimal), once, and answers with the path to
    /// read them by, which begins with [`KEPT`].
    async fn keep(&self, hash: &str, bytes: Vec<u8>) -> Result<String, FileError>;
    /// The path with every link in it followed; an error if nothing is there.
    async fn real_path(&self, path: &str) -> Result<String, FileError>;
    /// Folders of the workspace whose files workflows may read by path.
    fn open_folders(&self) -> Vec<String> {
        Vec::new()
    }
    /// Where the extractor finds a path of [`list`](Self::list) or [`keep`](Self::keep).
    fn locate(&self, path: &str) -> PathBuf;
    /// Tells, until it is dropped, below which of the folders something may have changed. It is a hint: changes may go untold,
    /// as where a system has no such service, and what is told may be no change.
    fn changes(&self, _folders: Vec<String>) -> BoxStream<'static, String> {
        stream::pending().boxed()
    }
}

/// A file or folder that is being listed.
pub struct Walk {
    /// The path without links, by which its files are named.
    pub root: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// What is found, in no order.
    pub steps: BoxStream<'static, WalkStep>,
}

impl std::fmt::Debug for Walk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Walk")
            .field("root", &self.root)
            .field("is_folder", &self.is_folder)
            .finish_non_exhaustive()
    }
}

/// A step of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkStep {
    /// Files that were found, some hundred at most.
    Files(Vec<ListedFile>),
    /// A folder that can't be listed: nothing can be said of what is below it.
    Unreadable(String),
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// Its absolute path.
    pub path: String,
    /// Its path below the listed folder's parent, with `/`, the folder's own name first; of a single file its name.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// When it was last changed, if the file system tells.
    pub modified_at: Option<Timestamp>,
}

/// A file's content in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Bytes.
    pub bytes: u64,
    /// BLAKE3 of the bytes, hexadecimal.
    pub hash: String,
    /// When it was last changed, if the file system tells.
    pub modified_at: Option<Timestamp>,
}

/// Why a file could not be listed, read or kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FileError {
    /// `FileVanished`, `FileUnreadable`, `FileIsLink`, or `DiskFull`.
    pub code: Code,
    /// What happened, for a person.
    pub message: String,
}
