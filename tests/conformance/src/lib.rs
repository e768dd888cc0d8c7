#![doc = include_str!("../README.md")]

pub mod compare;
pub mod data;
pub mod diagnostics;
pub mod executions;
pub mod history;
pub mod own;
pub mod report;
pub mod simulate;
pub mod test_states;
