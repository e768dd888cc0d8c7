#![doc = include_str!("../README.md")]

pub mod compare;
pub mod data;
pub mod diagnostics;
pub mod executions;
mod functions;
pub mod history;
pub mod kinds;
mod nondeterminism;
pub mod own;
pub mod replays;
pub mod report;
pub mod simulate;
pub mod suite;
pub mod test_states;
