#![doc = include_str!("../README.md")]

pub mod driver;
mod effect;
mod execution;
mod failure;
mod items;
mod program;
mod scope;
mod size;
mod test_state;

pub use effect::{ChildResult, Effect, Input, Outcome, ReadItems, TaskCall, WriteResults};
pub use execution::{Execution, Names, Options, Place, Raised, ResumeError, ThreadView};
pub use failure::Failure;
pub use items::parse_items;
pub use program::{CompileError, Program};
pub use test_state::{TestAnswer, TestRefused, TestRequest, TestStatus, test_state};
