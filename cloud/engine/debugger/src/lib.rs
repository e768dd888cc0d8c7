#![doc = include_str!("../README.md")]

mod actions;
mod breakpoints;
mod debugger;
mod going;
pub mod replay;
mod report;
mod session;
mod steps;
mod tickets;
mod timeline;

pub use debugger::{Debugger, NewSession, Next, Refused};
pub use session::{DebugSink, Handle, World, session};
pub use tickets::{Answer, Asked, Need};
