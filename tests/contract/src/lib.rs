#![doc = include_str!("../README.md")]

mod chats;
mod connections;
mod crawls;
mod embedder;
mod extractor;
mod library;
mod memory;
mod questions;
mod runs;
mod secrets;
mod settings;
mod tenants;
mod workflows;

pub use chats::chats;
pub use connections::connections;
pub use crawls::crawls;
pub use embedder::embedder;
pub use extractor::extractor;
pub use library::library;
pub use memory::memory;
pub use questions::{evaluations, questions};
pub use runs::runs;
pub use secrets::secrets;
pub use settings::settings;
pub use tenants::tenants;
pub use workflows::workflows;
