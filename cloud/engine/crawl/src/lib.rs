#![doc = include_str!("../README.md")]

mod book;
mod control;
mod crawler;
mod due;
mod error;
mod fetch;
mod gate;
mod keep;
mod list;
mod media;
mod preview;
mod read;
mod run;
mod site;
mod stop;
mod visit;
mod watchers;
mod work;

pub use crawler::{CrawlParts, Crawler};
pub use error::CrawlError;
