//! Files that are to be taken in, and the originals that the workspace keeps.

use async_trait::async_trait;
use awm_api::{Code, Timestamp};
use std::path::PathBuf;

/// How the path of a kept original begins; the rest is its hash. Such a path is told to the pipeline only.
pub const KEPT: &str = "blob:";

/// Lists and reads files of this machine, and keeps uploaded ones.
#[async_trait]
pub trait Files: Send + Sync {
    /// What lies at an absolute path: the file itself, or all files below the folder, in order of their names. Hidden files,
    /// links out of the folder and what can't be listed are left out.
    async fn list(&self, path: &str) -> Result<Vec<ListedFile>, FileError>;
    /// Length, hash and time of change of a file's content as it is now.
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
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFile {
    /// Its absolute path.
    pub path: String,
    /// Its path below the listed folder's parent, with `/`, the folder's own name first; of a single file its name.
    pub name: String,
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
    /// `FileVanished`, `FileUnreadable`, or `DiskFull`.
    pub code: Code,
    /// What happened, for a person.
    pub message: String,
}
