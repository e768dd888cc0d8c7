#![doc = include_str!("../README.md")]

mod chats;
mod connections;
mod crawls;
mod error;
mod library;
mod memory;
mod migrate;
mod question_rows;
mod questions;
mod run_list;
mod runs;
mod settings;
mod store;
mod words;
mod workflows;

pub use error::Fault;
pub use store::Store;
