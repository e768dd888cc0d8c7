#![doc = include_str!("../README.md")]

mod evidence;
mod facts;
mod standalone;
mod summary;
mod support;

pub use evidence::{Evidence, evidence};
pub use facts::{facts, may_hold_facts};
pub use standalone::{follows_up, standalone};
pub use summary::summary;
pub use support::supported;
