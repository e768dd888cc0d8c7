#![doc = include_str!("../README.md")]

mod cursor;
mod diagnostic;
pub mod intrinsic;
pub mod jsonata;
pub mod path;
pub mod pointer;
pub mod random;
pub mod syntax;
pub mod template;

pub use diagnostic::{Code, Diagnostic, Severity, Span};
pub use pointer::StateRef;
pub use syntax::{Machine, QueryLanguage, State, StateKind};
