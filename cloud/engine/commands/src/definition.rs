//! Documents as they come in: read, counted, checked.

use crate::failure::Failure;
use awm_api::{Code, UserError, workflows::WorkflowKind};
use awm_flow::{Document, Format};
use serde_json::Value;

/// A definition above this is not taken in. Step Functions takes 1 MiB; what lies between is kept and reported as a problem.
pub(crate) const MAX_BYTES: u64 = 10 * 1024 * 1024;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// States, nested ones included.
    pub states: u32,
    /// Errors, a line for each.
    pub errors: Vec<String>,
    /// Warnings, a line for each.
    pub warnings: Vec<String>,
}

impl Checked {
    /// How many errors and warnings.
    pub(crate) fn problems(&self) -> u32 {
        u32::try_from(self.errors.len() + self.warnings.len()).unwrap_or(u32::MAX)
    }
}

/// Counts and checks a document's definition.
pub fn check(document: &Document) -> Checked {
    let definition: Value = serde_json::from_str(&document.text).unwrap_or_default();
    Checked {
        states: count(&definition),
        errors: Vec::new(),
        warnings: Vec::new(),
    }
}

fn count(machine: &Value) -> u32 {
    let mut states = 0;
    for state in machine["States"].as_object().into_iter().flatten() {
        states += 1;
        for branch in state.1["Branches"].as_array().into_iter().flatten() {
            states += count(branch);
        }
        states += count(&state.1["ItemProcessor"]);
        states += count(&state.1["Iterator"]);
    }
    states
}

/// A document from its JSON.
pub(crate) fn document(json: Value) -> Result<Document, UserError> {
    let version = json.get("version").and_then(Value::as_u64);
    if version.is_some_and(|version| version > u64::from(Document::VERSION)) {
        return Err(UserError::new(
            Code::BadRequest,
            "the document was written by a newer version of the application",
        )
        .help("install the newest version"));
    }
    let document: Document = serde_json::from_value(json).map_err(|error| {
        UserError::new(
            Code::BadRequest,
            format!("the document can't be read: {error}"),
        )
    })?;
    small_enough(document.text.len())?;
    Ok(document)
}

/// A document's JSON.
pub(crate) fn to_json(document: &Document) -> Result<Value, Failure> {
    Ok(serde_json::to_value(document).map_err(|error| {
        UserError::new(
            Code::Internal,
            format!("the document can't be written: {error}"),
        )
    })?)
}

/// A document around the text of a file. Whether it is JSON or YAML is told by the text.
pub fn read_text(file_name: &str, text: String) -> Result<Document, UserError> {
    small_enough(text.len())?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let format = match text.trim_start().starts_with('{') {
        true => Format::Json,
        false => Format::Yaml,
    };
    if text.trim().is_empty() {
        return Err(not_asl(file_name, "it is empty"));
    }
    Ok(Document::new(format, text))
}

/// What a definition is for, told by the platform tasks in it.
pub(crate) fn kind(text: &str) -> WorkflowKind {
    let calls = |tasks: &[&str]| tasks.iter().any(|task| text.contains(task));
    if calls(&["${AwmGenerate}", "${AwmRecall}", "${AwmRemember}"]) {
        WorkflowKind::Chat
    } else if calls(&["${AwmExtract}", "${AwmChunk}", "${AwmEmbed}", "${AwmIndex}"]) {
        WorkflowKind::Document
    } else {
        WorkflowKind::Job
    }
}

fn small_enough(bytes: usize) -> Result<(), UserError> {
    if bytes as u64 <= MAX_BYTES {
        return Ok(());
    }
    Err(too_large(bytes as u64))
}

/// The refusal of a definition of so many bytes.
pub fn too_large(bytes: u64) -> UserError {
    UserError::new(
        Code::DefinitionTooLarge,
        format!(
            "the definition has {} MiB; up to {} MiB are taken in",
            bytes / (1024 * 1024),
            MAX_BYTES / (1024 * 1024)
        ),
    )
    .help("check that it is the right file; Step Functions itself takes up to 1 MiB")
}

fn not_asl(file_name: &str, why: &str) -> UserError {
    UserError::new(
        Code::NotAslText,
        format!("`{file_name}` holds no state machine: {why}"),
    )
    .help("open a JSON or YAML file with `StartAt` and `States`")
}
