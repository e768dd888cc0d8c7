//! Files in a map, and an extractor that reads Markdown out of it.

use crate::lock;
use async_trait::async_trait;
use awm_api::{Code, Timestamp};
use awm_knowledge::markdown_blocks;
use awm_ports::{
    ExtractError, ExtractRequest, Extracted, ExtractedBlock, Extractor, FileError, FileFacts,
    Files, KEPT, ListedFile, Walk, WalkStep,
};
use futures::{StreamExt, stream};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex},
};

/// Files by absolute path. Hashes are a stand-in: the bytes themselves.
#[derive(Debug, Default)]
pub struct MemoryFiles {
    files: Mutex<BTreeMap<String, (Vec<u8>, Timestamp)>>,
    /// Folders that are there even without a file.
    folders: Mutex<BTreeSet<String>>,
}

impl MemoryFiles {
    /// Writes a file.
    pub fn write(&self, path: &str, bytes: impl Into<Vec<u8>>, modified_at: Timestamp) {
        lock(&self.files).insert(path.to_owned(), (bytes.into(), modified_at));
    }

    /// Makes a folder that is there even without a file.
    pub fn make_folder(&self, path: &str) {
        lock(&self.folders).insert(path.to_owned());
    }

    /// Deletes a file.
    pub fn delete(&self, path: &str) {
        lock(&self.files).remove(path);
    }

    fn read(&self, path: &str) -> Result<(Vec<u8>, Timestamp), FileError> {
        lock(&self.files)
            .get(path)
            .cloned()
            .ok_or_else(|| FileError {
                code: Code::FileVanished,
                message: format!("`{path}` is not there"),
            })
    }
}

#[async_trait]
impl Files for MemoryFiles {
    async fn walk(&self, path: &str) -> Result<Walk, FileError> {
        let root = path.trim_end_matches('/').to_owned();
        let parent = root
            .rsplit_once('/')
            .map_or(0, |(parent, _)| parent.len() + 1);
        let below = format!("{root}/");
        let files = lock(&self.files);
        let found: Vec<ListedFile> = files
            .iter()
            .filter(|(file, _)| **file == root || file.starts_with(&below))
            .map(|(file, (bytes, modified_at))| ListedFile {
                path: file.clone(),
                name: file.get(parent..).unwrap_or(file).to_owned(),
                bytes: bytes.len() as u64,
                modified_at: Some(*modified_at),
            })
            .collect();
        let is_folder = !files.contains_key(&root);
        drop(files);
        if found.is_empty() && !lock(&self.folders).contains(&root) {
            self.read(&root)?;
        }
        // In parts, as a real walk comes.
        let parts: Vec<WalkStep> = found
            .chunks(2)
            .map(|part| WalkStep::Files(part.to_vec()))
            .collect();
        Ok(Walk {
            root,
            is_folder,
            steps: stream::iter(parts).boxed(),
        })
    }

    async fn facts(&self, path: &str) -> Result<FileFacts, FileError> {
        let (bytes, modified_at) = self.read(path)?;
        Ok(FileFacts {
            bytes: bytes.len() as u64,
            hash: format!("hash of {bytes:?}"),
            modified_at: Some(modified_at),
        })
    }

    async fn keep(&self, hash: &str, bytes: Vec<u8>) -> Result<String, FileError> {
        let path = format!("{KEPT}{hash}");
        self.write(&path, bytes, 0);
        Ok(path)
    }

    async fn real_path(&self, path: &str) -> Result<String, FileError> {
        self.walk(path).await.map(|_| path.to_owned())
    }

    fn locate(&self, path: &str) -> PathBuf {
        PathBuf::from(path)
    }
}

/// Reads every file as Markdown; one that is no UTF-8 is damaged.
#[derive(Debug)]
pub struct MemoryExtractor {
    files: Arc<MemoryFiles>,
}

impl MemoryExtractor {
    /// Reads out of `files`.
    pub fn new(files: Arc<MemoryFiles>) -> Self {
        Self { files }
    }
}

#[async_trait]
impl Extractor for MemoryExtractor {
    async fn extract(&self, request: ExtractRequest) -> Result<Extracted, ExtractError> {
        let path = request.path.to_string_lossy().into_owned();
        let (bytes, _) = self.files.read(&path).map_err(|error| ExtractError {
            code: error.code,
            message: error.message,
        })?;
        self.extract_bytes(&request.name, bytes).await
    }

    async fn extract_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<Extracted, ExtractError> {
        let text = String::from_utf8(bytes).map_err(|_| ExtractError {
            code: Code::FileCorrupt,
            message: format!("`{name}` is damaged"),
        })?;
        Ok(Extracted {
            media_type: "text/markdown".into(),
            blocks: markdown_blocks(&text)
                .into_iter()
                .map(|block| ExtractedBlock {
                    markdown: block.markdown,
                    heading: block.heading,
                    page: block.page,
                })
                .collect(),
            ..Extracted::default()
        })
    }
}
