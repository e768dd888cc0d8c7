//! A definition as a whole: its text, its tree, and what is wrong with it.

use crate::diagnostic::Diagnostic;
use crate::source::{Format, Source};
use crate::syntax::Machine;

/// A definition that was read from text.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The text and where its values are.
    pub source: Source,
    /// The tree, as far as the text could be understood.
    pub machine: Option<Machine>,
    /// What is wrong with its form and its fields, each with its place in the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a definition. It never fails: everything that is wrong is reported, all at once, with line and pointer.
pub fn parse(text: &str, format: Format) -> (Option<Machine>, Vec<Diagnostic>) {
    let definition = Definition::read(text, format);
    (definition.machine, definition.diagnostics)
}

impl Definition {
    /// Reads a text; see [`parse`].
    pub fn read(text: impl Into<String>, format: Format) -> Self {
        let source = Source::new(text, format);
        let mut diagnostics = source.diagnostics().to_vec();
        let mut machine = None;
        let value = source.value();
        // A text without any value is no object either; one that was not read has said so already.
        if value.is_some() || diagnostics.is_empty() {
            let (read, mut found) = Machine::from_value(&value.unwrap_or_default());
            source.locate(&mut found);
            machine = read;
            if !source.is_cut_short() {
                diagnostics.extend(found);
            }
        }
        Self {
            source,
            machine,
            diagnostics,
        }
    }
}
