//! What a crawl can't go on after.

use awm_pipeline::PipelineError;
use awm_ports::StoreError;

/// Why a request to the crawler was not done, or a sync broke off. What one page suffers is no such error: it is told in its row.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document can't be stored.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// What is to be taken makes no sense; the sentence names the field's value.
    #[error("{0}")]
    Spec(String),
    /// The feed, list or bucket can't be had.
    #[error("{message}")]
    Source {
        /// Whether the rules forbid the address.
        forbidden: bool,
        /// What happened.
        message: String,
    },
}
