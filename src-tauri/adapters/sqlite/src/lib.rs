#![doc = include_str!("../README.md")]

mod error;
mod library;
mod migrate;
mod store;

pub use error::Fault;
pub use store::Store;
