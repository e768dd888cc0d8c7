#![doc = include_str!("../README.md")]

mod area;
mod debugging;
mod definition;
mod dispatch;
mod evaluating;
mod failure;
mod host;
mod import;
mod live;
mod redrive;
mod run;
mod turn;

pub use definition::{Checked, check, read_text, too_large};
pub use dispatch::{dispatch, dispatch_stream};
pub use failure::{secret_error, store_error};
pub use host::{Host, Ports};
pub use live::LiveRuns;
pub use run::recover;
