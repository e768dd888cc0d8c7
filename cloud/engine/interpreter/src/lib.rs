#![doc = include_str!("../README.md")]

pub mod driver;
mod effect;
mod event;
mod execution;
mod failure;
mod items;
mod program;
mod scope;
mod size;
mod test_state;

pub use effect::{Effect, Input, Outcome, TaskCall};
pub use event::Event;
pub use execution::{Execution, Names, Options, Place, Raised, ResumeError, ThreadView};
pub use failure::Failure;
pub use items::{
    ChildOutcome, ChildResult, Item, ItemParser, ItemsPart, ReadItems, Transformation, WriteResults,
};
pub use program::{CompileError, Program};
pub use test_state::{TestAnswer, TestRefused, TestRequest, TestStatus, test_state};
