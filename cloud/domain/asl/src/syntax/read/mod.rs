//! From a JSON value to the tree, reporting everything that is missing, unknown or wrongly typed.

mod choice;
mod closest;
mod errors;
mod machine;
mod map;
mod object;
mod state;

use super::{Machine, QueryLanguage};
use crate::diagnostic::{Code, Diagnostic};
use object::Object;
use serde_json::Value;

/// How deep Parallel and Map states may be nested.
pub const MAX_NESTED_MACHINES: usize = 30;

impl Machine {
    /// Reads a definition. There is a machine unless the value is not an object; what is wrong with it is reported, all at once.
    pub fn from_value(value: &Value) -> (Option<Self>, Vec<Diagnostic>) {
        let mut reader = Reader {
            diagnostics: Vec::new(),
            language: QueryLanguage::JsonPath,
            depth: 0,
        };
        let machine = match value.as_object() {
            Some(map) => Some(reader.outermost(&Object::new(map, String::new()))),
            None => {
                reader.diagnostics.push(
                    Diagnostic::error(
                        Code::SchemaValidationFailed,
                        "",
                        "Definition must be a valid JSON object",
                    )
                    .unlocated(),
                );
                None
            }
        };
        (machine, reader.diagnostics)
    }
}

/// What reading carries along.
struct Reader {
    diagnostics: Vec<Diagnostic>,
    /// The definition's own language.
    language: QueryLanguage,
    /// How many machines enclose the one being read.
    depth: usize,
}

impl Reader {
    fn schema(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(
            Code::SchemaValidationFailed,
            pointer,
            message,
        ));
    }
}
