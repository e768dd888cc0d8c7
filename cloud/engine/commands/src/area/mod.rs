//! The handlers, one file per area of the table.

pub(crate) mod app;
pub(crate) mod chat;
pub(crate) mod collection;
pub(crate) mod connections;
pub(crate) mod crawl;
pub(crate) mod debug;
pub(crate) mod evaluation;
pub(crate) mod evaluation_runs;
pub(crate) mod facsimile;
pub(crate) mod folders;
pub(crate) mod knowledge;
pub(crate) mod memory;
pub(crate) mod questions;
pub(crate) mod runs;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod workflows;

use awm_api::{Code, UserError};

/// An error about one field of a request.
pub(crate) fn bad_field(field: &str, message: impl Into<String>) -> UserError {
    UserError {
        path: vec![field.to_owned()],
        ..UserError::new(Code::BadRequest, message)
    }
}

/// A name that a person gave: without control characters and space around it, not empty, at most 200 characters.
fn name_of(field: &str, given: &str) -> Result<String, UserError> {
    let name: String = given.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    if name.is_empty() {
        return Err(bad_field(field, "the name is empty").help("give it a name"));
    }
    Ok(name.chars().take(200).collect())
}
