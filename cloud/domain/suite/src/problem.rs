//! What is wrong with a file, and where.

use awm_asl::source::{Format, Source};
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// Something wrong with a mock file or a test file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The JSON Pointer of what it is about; empty for the whole file.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// The line, from 1, if the file was read from text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Problem {
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            line: None,
            column: None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(&self.message)?;
        match self.pointer.as_str() {
            "" => Ok(()),
            pointer => write!(f, " at {pointer}"),
        }
    }
}

/// Reads a file's text, JSON or YAML as the text tells, by a reader of its value. Every problem is given its line.
pub fn read_text<T>(
    text: &str,
    read: impl FnOnce(&Value) -> Result<T, Vec<Problem>>,
) -> Result<T, Vec<Problem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let format = match text.trim_start().starts_with(['{', '[']) {
        true => Format::Json,
        false => Format::Yaml,
    };
    let source = Source::new(text, format);
    if source.is_broken() {
        let errors = source.diagnostics().iter().filter(|found| found.is_error());
        return Err(errors
            .map(|found| Problem {
                pointer: found.pointer.clone(),
                message: found.message.clone(),
                line: found.span.map(|span| span.line),
                column: found.span.map(|span| span.column),
            })
            .collect());
    }
    let value = source.value().unwrap_or_default();
    read(&value).map_err(|mut problems| {
        for problem in &mut problems {
            let span = source
                .key_span(&problem.pointer)
                .or_else(|| source.span(&problem.pointer));
            problem.line = span.map(|span| span.line);
            problem.column = span.map(|span| span.column);
        }
        problems
    })
}
