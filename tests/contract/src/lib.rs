#![doc = include_str!("../README.md")]

mod chats;
mod memory;
mod runs;
mod settings;
mod workflows;

pub use chats::chats;
pub use memory::memory;
pub use runs::runs;
pub use settings::settings;
pub use workflows::workflows;
