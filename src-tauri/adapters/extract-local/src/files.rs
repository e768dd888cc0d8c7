//! Files of this machine, and the folder of kept originals.

mod changes;
mod walk;

use async_trait::async_trait;
use awm_api::{Code, Timestamp};
use awm_ports::{FileError, FileFacts, Files, KEPT, Walk};
use futures::stream::BoxStream;
use std::{
    fs::{self, File},
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// The port `Files` over the file system. Work goes to threads that may block.
#[derive(Clone, Debug)]
pub struct LocalFiles {
    blobs: PathBuf,
    open: Vec<PathBuf>,
}

impl LocalFiles {
    /// Keeps originals below `blobs`, which is made when it is needed.
    pub fn new(blobs: PathBuf) -> Self {
        Self {
            blobs,
            open: Vec::new(),
        }
    }

    /// With folders of the workspace whose files workflows may read.
    #[must_use]
    pub fn with_open(mut self, folders: Vec<PathBuf>) -> Self {
        self.open = folders;
        self
    }

    fn blob(&self, hash: &str) -> PathBuf {
        // Only what a hash is made of, so that no path leads elsewhere.
        let hash: String = hash.chars().filter(char::is_ascii_hexdigit).collect();
        let (folder, _) = hash.split_at(hash.len().min(2));
        self.blobs.join(folder).join(&hash)
    }
}

#[async_trait]
impl Files for LocalFiles {
    async fn walk(&self, path: &str) -> Result<Walk, FileError> {
        let path = PathBuf::from(path);
        on_thread(move || walk::begin(&path)).await
    }

    async fn facts(&self, path: &str) -> Result<FileFacts, FileError> {
        let kept = path.starts_with(KEPT);
        let path = self.locate(path);
        on_thread(move || {
            if !kept {
                refuse_links(&path)?;
            }
            facts(&path)
        })
        .await
    }

    async fn keep(&self, hash: &str, bytes: Vec<u8>) -> Result<String, FileError> {
        let target = self.blob(hash);
        on_thread(move || keep(&target, &bytes)).await?;
        Ok(format!("{KEPT}{hash}"))
    }

    async fn real_path(&self, path: &str) -> Result<String, FileError> {
        let path = PathBuf::from(path);
        on_thread(move || {
            let real = fs::canonicalize(&path).map_err(|error| failed(&path, &error))?;
            let unnamed = || FileError {
                code: Code::FileUnreadable,
                message: format!("`{}` has a name that is no Unicode", path.display()),
            };
            Ok(real.to_str().ok_or_else(unnamed)?.to_owned())
        })
        .await
    }

    fn open_folders(&self) -> Vec<String> {
        self.open
            .iter()
            .filter_map(|folder| Some(folder.to_str()?.to_owned()))
            .collect()
    }

    fn locate(&self, path: &str) -> PathBuf {
        match path.strip_prefix(KEPT) {
            Some(hash) => self.blob(hash),
            None => PathBuf::from(path),
        }
    }

    fn changes(&self, folders: Vec<String>) -> BoxStream<'static, String> {
        changes::changes(folders)
    }
}

pub(crate) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| {
            Err(FileError {
                code: Code::Internal,
                message: error.to_string(),
            })
        })
}

pub(crate) fn failed(path: &Path, error: &std::io::Error) -> FileError {
    let shown = path.display();
    let (code, message) = match error.kind() {
        ErrorKind::NotFound => (Code::FileVanished, format!("`{shown}` is not there")),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            (Code::DiskFull, "the disk is full".into())
        }
        _ => (
            Code::FileUnreadable,
            format!("`{shown}` can't be read: {error}"),
        ),
    };
    FileError { code, message }
}

/// Paths are listed without links: one that has become a link, or lies below one, leads elsewhere now.
fn refuse_links(path: &Path) -> Result<(), FileError> {
    let real = walk::real(path).map_err(|error| failed(path, &error))?;
    match real == path {
        true => Ok(()),
        false => Err(FileError {
            code: Code::FileIsLink,
            message: format!("`{}` is a link now", path.display()),
        }),
    }
}

fn modified_at(facts: &fs::Metadata) -> Option<Timestamp> {
    let since = facts.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Timestamp::try_from(since.as_millis()).ok()
}

fn facts(path: &Path) -> Result<FileFacts, FileError> {
    let broken = |error: std::io::Error| failed(path, &error);
    let mut file = File::open(path).map_err(broken)?;
    let modified_at = file.metadata().ok().as_ref().and_then(modified_at);
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                hasher.update(buffer.get(..read).unwrap_or_default());
                bytes += read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(error)),
        }
    }
    Ok(FileFacts {
        bytes,
        hash: hasher.finalize().to_hex().to_string(),
        modified_at,
    })
}

/// Writes beside the place, then moves into it, so that no half file is ever there.
fn keep(target: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let broken = |error: std::io::Error| failed(target, &error);
    if fs::metadata(target).is_ok_and(|facts| facts.len() == bytes.len() as u64) {
        return Ok(());
    }
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder).map_err(broken)?;
    let scratch = target.with_extension("new");
    let written = File::create(&scratch).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&scratch, target))
        .map_err(|error| {
            drop(fs::remove_file(&scratch));
            broken(error)
        })
}
