//! What is wrong with a definition, where, and what to do about it.

use crate::source::changes::{self, Change};
use crate::source::{EditError, Source, TextEdit, difference};
use serde::Serialize;
use std::fmt;

/// One finding about a definition.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// What kind of finding this is; screens and tests decide by it.
    pub code: Code,
    /// How bad it is. A definition without an [`Severity::Error`] can run.
    pub severity: Severity,
    /// What is wrong, in a sentence. Where AWS has a wording, it is AWS's.
    pub message: String,
    /// The JSON Pointer of the value it is about; empty for the whole definition.
    pub pointer: String,
    /// Where that is in the text, if the definition was read from text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// A way out, if there is one to suggest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What would mend it, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Whether it is about the definition as a whole, so that AWS gives no location.
    #[serde(skip)]
    pub unlocated: bool,
}

/// What would mend a finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What it does, in a few words.
    pub title: String,
    /// Whether every execution that does not fail does the same afterwards, and every other one fails still.
    pub safe: bool,
    #[serde(skip)]
    changes: Vec<Change>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// The definition cannot run, and AWS refuses it.
    Error,
    /// It runs, but probably not as meant.
    Warning,
    /// It could be better.
    Info,
}

/// A range of the source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The line of the first byte, from 1.
    pub line: u32,
    /// The column of the first byte, in characters from 1.
    pub column: u32,
}

/// Names of findings: those of AWS's `ValidateStateMachineDefinition`, then those that only this product gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The text is not JSON, or not YAML.
    InvalidJsonDescription,
    /// There is no text at all.
    MissingDescription,
    /// A field is missing, unknown, or of the wrong type or form.
    SchemaValidationFailed,
    /// A `Resource` names nothing that can be called.
    InvalidResource,
    /// No path leads to an end.
    MissingEndState,
    /// Two states have the same name.
    DuplicateStateName,
    /// A state's name is empty or too long.
    InvalidStateName,
    /// Two Map states have the same `Label`.
    DuplicateLabelName,
    /// A `Label` is too long or has characters that it may not have.
    InvalidLabelName,
    /// A transition leads nowhere, or nothing leads to a state.
    MissingTransitionTarget,
    /// States or values are nested too deeply.
    TooDeeplyNested,
    /// A value looks like a path, but its field's name does not end in `.$`.
    NoDollar,
    /// A value looks like a path, but its field's name does not end in `Path`.
    NoPath,
    /// A path in a Pass state's `Result`, which is taken as it is.
    PassResultIsStatic,
    /// The same field occurs twice in an object.
    DuplicateField,
    /// The definition is longer than AWS accepts.
    DefinitionTooLarge,
    /// A Choice state without `Default`.
    NoDefault,
    /// From a state, no end can be reached.
    EndlessLoop,
    /// A Task that gives up at its first failure.
    NoRetry,
    /// Something in the text looks like a password or a key.
    SecretInText,
    /// An expression looks a bare name up, of which there are none.
    NoContext,
    /// An expression calls `$eval`, which AWS does not have.
    NoEval,
    /// A variable is read that no earlier state assigns.
    UnassignedVariable,
    /// A variable is read that some ways lead past.
    MaybeUnassignedVariable,
    /// A variable is assigned, but nothing reads it.
    UnusedVariable,
    /// A result is kept in a field that nothing reads.
    UnusedResult,
    /// An expression needs a newer JSONata than AWS runs.
    NewerJsonata,
    /// A payload that is written in the definition is larger than a state may give.
    PayloadTooLarge,
    /// An execution has more events than its history may have.
    TooManyEvents,
}

impl Code {
    /// The code as it is written, such as `SCHEMA_VALIDATION_FAILED`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJsonDescription => "INVALID_JSON_DESCRIPTION",
            Self::MissingDescription => "MISSING_DESCRIPTION",
            Self::SchemaValidationFailed => "SCHEMA_VALIDATION_FAILED",
            Self::InvalidResource => "INVALID_RESOURCE",
            Self::MissingEndState => "MISSING_END_STATE",
            Self::DuplicateStateName => "DUPLICATE_STATE_NAME",
            Self::InvalidStateName => "INVALID_STATE_NAME",
            Self::DuplicateLabelName => "DUPLICATE_LABEL_NAME",
            Self::InvalidLabelName => "INVALID_LABEL_NAME",
            Self::MissingTransitionTarget => "MISSING_TRANSITION_TARGET",
            Self::TooDeeplyNested => "TOO_DEEPLY_NESTED",
            Self::NoDollar => "NO_DOLLAR",
            Self::NoPath => "NO_PATH",
            Self::PassResultIsStatic => "PASS_RESULT_IS_STATIC",
            Self::DuplicateField => "DUPLICATE_FIELD",
            Self::DefinitionTooLarge => "DEFINITION_TOO_LARGE",
            Self::NoDefault => "NO_DEFAULT",
            Self::EndlessLoop => "ENDLESS_LOOP",
            Self::NoRetry => "NO_RETRY",
            Self::SecretInText => "SECRET_IN_TEXT",
            Self::NoContext => "NO_CONTEXT",
            Self::NoEval => "NO_EVAL",
            Self::UnassignedVariable => "UNASSIGNED_VARIABLE",
            Self::MaybeUnassignedVariable => "MAYBE_UNASSIGNED_VARIABLE",
            Self::UnusedVariable => "UNUSED_VARIABLE",
            Self::UnusedResult => "UNUSED_RESULT",
            Self::NewerJsonata => "NEWER_JSONATA",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::TooManyEvents => "TOO_MANY_EVENTS",
        }
    }
}

impl Fix {
    pub(crate) fn new(title: impl Into<String>, safe: bool, changes: Vec<Change>) -> Self {
        Self {
            title: title.into(),
            safe,
            changes,
        }
    }

    /// The changes of the text that the finding is about.
    pub fn edits(&self, source: &Source) -> Result<Vec<TextEdit>, EditError> {
        let text = changes::write(source, self.changes.clone())?;
        Ok(difference(source.text(), &text))
    }
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, pointer.into(), message.into())
    }

    /// A warning.
    pub fn warning(code: Code, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, pointer.into(), message.into())
    }

    /// A remark.
    pub fn info(code: Code, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, pointer.into(), message.into())
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with its place in the text.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same, about the definition as a whole.
    #[must_use]
    pub fn unlocated(mut self) -> Self {
        self.unlocated = true;
        self
    }

    /// Whether it stops the definition from running.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where it is, as AWS writes it: `/States/Decide/Choices[0]/Next`. None when it is about the whole definition.
    pub fn location(&self) -> Option<String> {
        if self.unlocated {
            return None;
        }
        if self.pointer.is_empty() {
            return Some("/".to_owned());
        }
        let mut location = String::new();
        // A state may be called `1`, all else that looks like an index is one.
        let mut is_state = false;
        for token in crate::pointer::tokens(&self.pointer) {
            let was_states = std::mem::replace(&mut is_state, token == "States");
            if !was_states && crate::pointer::index(&token).is_some() {
                location.push_str(&format!("[{token}]"));
            } else {
                location.push('/');
                location.push_str(&token);
            }
        }
        Some(location)
    }

    fn new(severity: Severity, code: Code, pointer: String, message: String) -> Self {
        Self {
            code,
            severity,
            message,
            pointer,
            span: None,
            help: None,
            fix: None,
            unlocated: false,
        }
    }
}

/// As a line for people: `3:7 error SCHEMA_VALIDATION_FAILED: … at /States/A`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(span) = self.span {
            write!(f, "{}:{} ", span.line, span.column)?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        write!(f, "{severity} {}: {}", self.code.as_str(), self.message)?;
        match self.location() {
            Some(location) => write!(f, " at {location}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
