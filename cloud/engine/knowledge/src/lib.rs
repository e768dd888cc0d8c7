#![doc = include_str!("../README.md")]

mod bell;
mod collection;
mod compare;
mod error;
mod facsimile;
mod folders;
mod ingest;
mod keep;
mod names;
mod pace;
mod page;
mod passages;
mod query;
mod watchers;
mod work;

pub use error::PipelineError;
pub use ingest::{Ingest, IngestParts};
pub use page::FetchedPage;
pub use passages::cut_passages;
pub use query::{Legs, Query};
