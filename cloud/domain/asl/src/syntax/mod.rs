//! The typed syntax tree of a definition.
//!
//! Reading never fails: what cannot be understood is reported and left out, so that a definition that is only half written can be
//! drawn. A tree is fit to run when reading and [`crate::check`] gave no error.

mod choice;
mod errors;
mod fields;
mod machine;
mod map;
mod read;
mod scalar;
mod state;
mod task;

pub use choice::{Choice, ChoiceRule, Condition, Operand, Relation, Test, TestedType};
pub use errors::{Catcher, Jitter, Retrier};
pub use fields::{Applies, FIELDS, Field, Languages, is_supported, supported};
pub use machine::{Machine, QueryLanguage, States};
pub use map::{ItemBatcher, ItemProcessor, ItemReader, Map, ProcessorConfig, ResultWriter};
pub use read::MAX_NESTED_MACHINES;
pub use scalar::{PathField, Quantity, Text};
pub use state::{Fail, Pass, State, StateKind, StateType, Transition, Wait};
pub use task::Task;

#[cfg(test)]
mod tests;
