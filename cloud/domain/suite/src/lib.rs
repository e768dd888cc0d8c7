#![doc = include_str!("../README.md")]

mod amount;
mod aws;
mod expect;
mod mocks;
mod pattern;
mod placeholder;
mod problem;
mod read;
mod states;
mod suite;
mod write;

pub use amount::{Amount, milliseconds};
pub use expect::{CallExpected, Expected, PathExpected, StateExpected};
pub use mocks::{MockFile, StateMocks};
pub use pattern::{Given, Mismatch, Pattern};
pub use placeholder::Placeholder;
pub use problem::{Problem, read_text};
pub use states::{UnknownState, resolve, resolve_mocks, with_faults};
pub use suite::{Case, Minimum, Suite};
pub use write::{case_value, mocks_value};
