#![doc = include_str!("../README.md")]

mod chats;
mod clock;
mod connections;
mod crawls;
mod embedder;
mod files;
mod ids;
mod library;
mod memory;
mod questions;
mod runs;
mod secrets;
mod settings;
mod workflows;

pub use chats::MemoryChats;
pub use clock::MemoryClock;
pub use connections::MemoryConnections;
pub use crawls::MemoryCrawls;
pub use embedder::MemoryEmbedder;
pub use files::{MemoryExtractor, MemoryFiles};
pub use ids::MemoryIds;
pub use library::MemoryLibrary;
pub use memory::MemoryMemory;
pub use questions::MemoryQuestions;
pub use runs::MemoryRuns;
pub use secrets::MemorySecrets;
pub use settings::MemorySettings;
pub use workflows::MemoryWorkflows;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks even after a panic of another holder: the maps are whole between two statements.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
