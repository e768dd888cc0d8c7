#![doc = include_str!("../README.md")]

mod chats;
mod clock;
mod connections;
mod crawls;
mod embedder;
mod extractor;
mod files;
mod http;
mod items;
mod ledger;
mod library;
mod llm;
mod memory;
mod questions;
mod runs;
mod secrets;
mod settings;
mod store_error;
mod task;
mod workflows;

pub use chats::Chats;
pub use clock::{Clock, Ids};
pub use connections::Connections;
pub use crawls::{Crawls, Found, FrontierPage, PageKind};
pub use embedder::{EmbedError, Embedder, ModelId};
pub use extractor::{
    ExtractError, ExtractRequest, Extracted, ExtractedBlock, Extractor, PageImage, PageMark,
    PageRequest,
};
pub use files::{FileError, FileFacts, Files, KEPT, ListedFile, Walk, WalkStep};
pub use http::{
    FetchRules, Http, HttpError, HttpHop, HttpRequest, HttpResponse, HttpTrace, Redirects,
};
pub use items::{ItemObject, ItemStore};
pub use ledger::{Adopted, FolderChange, KnownFile, NewContent, NewFolder, NewPlace};
pub use library::{Library, NewDocument, NewPassage, NewText, SearchQuery};
pub use llm::{Llm, LlmError, LlmEvent, LlmMessage, LlmRequest, LlmRole, LlmUsage, Models};
pub use memory::{Forgotten, LOCAL_USER, Memory, MemorySummary, MemoryTurn};
pub use questions::{Evaluations, Questions};
pub use runs::{NewRun, RunEnd, Runs, RunsDeleted};
pub use secrets::{Secret, SecretError, SecretName, Secrets, SecretsPlace};
pub use settings::SettingsStore;
pub use store_error::StoreError;
pub use task::{TaskFailure, TaskProgress, TaskRequest, TaskRunner};
pub use workflows::{StoredWorkflow, Workflows};
