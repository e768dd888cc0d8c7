//! What the pipelines can't go on after.

use awm_ports::{ExtractError, FileError, StoreError};

/// Why a request to the pipeline was not done. What one file suffers is no such error: it is told in the file's row.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A dropped path or the place for uploads can't be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A page can't be shown.
    #[error(transparent)]
    Extract(#[from] ExtractError),
}
