#![doc = include_str!("../README.md")]

mod address;
mod check;
mod example;
mod fields;
mod learn;
mod mask;
pub mod openapi;
mod pace;
mod plan;

pub use address::{encoded, is_private_line, origin};
pub use check::{blank, check, same_servers};
pub use example::example;
pub use fields::{Field, fields, mapping};
pub use learn::learn;
pub use mask::Mask;
pub use pace::{Bucket, retry_after, retry_wait, worth_a_retry};
pub use plan::{Planned, plan};

/// The description of the shop's server that templates call on this machine.
pub const SAMPLE_API: &str = include_str!("../sample-api.openapi.yaml");

/// What is wrong with a connection, a call or a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What, in a sentence; never with a header's value, which may be a secret.
    pub message: String,
    /// Where, outermost first; empty if it is the whole.
    pub place: Vec<String>,
    /// What can be done; may be empty.
    pub help: String,
}

impl Problem {
    /// A problem of one field.
    pub fn new(place: &[&str], message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: place.iter().map(|part| (*part).to_owned()).collect(),
            help: String::new(),
        }
    }

    /// The same problem with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
