#![doc = include_str!("../README.md")]

pub mod check;
pub mod convert;
mod cursor;
mod definition;
mod diagnostic;
pub mod intrinsic;
pub mod jsonata;
pub mod lint;
pub mod path;
pub mod pointer;
pub mod random;
pub mod source;
pub mod syntax;
pub mod template;

pub use check::{MachineType, check, validate, validate_definition, validate_value};
pub use definition::{Definition, parse};
pub use diagnostic::{Code, Diagnostic, Fix, Severity, Span};
pub use pointer::StateRef;
pub use source::Format;
pub use syntax::{Machine, QueryLanguage, State, StateKind};
