#![doc = include_str!("../README.md")]

mod area;
mod asking;
mod debugging;
mod definition;
mod dispatch;
mod erase;
mod evaluating;
mod failure;
mod host;
mod import;
mod live;
mod redrive;
mod run;
mod turn;
mod turn_tasks;

pub use definition::{Checked, check, read_text, too_large};
pub use dispatch::{dispatch, dispatch_stream};
pub use erase::tidy;
pub use failure::{secret_error, store_error};
pub use host::{Host, Ports};
pub use live::LiveRuns;
pub use run::recover;
