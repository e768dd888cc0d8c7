//! Documents as they come in: read, counted, checked.

use crate::failure::Failure;
use awm_api::{Code, UserError, workflows::WorkflowKind};
use awm_asl::{
    Definition, Diagnostic, Machine, MachineType, Severity, StateKind, validate_definition,
};
use awm_flow::{Document, Format};
use awm_interpreter::Program;
use serde_json::Value;
use std::collections::HashSet;

/// A definition above this is not taken in. Step Functions takes 1 MiB; what lies between is kept and reported as a problem.
pub(crate) const MAX_BYTES: u64 = 8 * 1024 * 1024;
/// Problems that an error names; the rest is counted.
const NAMED: usize = 20;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    machine: Option<Machine>,
    /// Everything that is wrong or could be better, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a document's definition.
pub fn check(document: &Document) -> Checked {
    let format = match document.format {
        Format::Json => awm_asl::Format::Json,
        Format::Yaml => awm_asl::Format::Yaml,
    };
    let definition = Definition::read(document.text.as_str(), format);
    let diagnostics = validate_definition(&definition, MachineType::Standard);
    Checked {
        machine: definition.machine,
        diagnostics,
    }
}

impl Checked {
    /// States, nested ones included.
    pub fn states(&self) -> u32 {
        let states = self
            .machine
            .as_ref()
            .map_or(0, |machine| machine.all_states().len());
        u32::try_from(states).unwrap_or(u32::MAX)
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        let of = |found: &&Diagnostic| found.severity == severity;
        self.diagnostics.iter().filter(of).count()
    }

    /// How many errors and warnings.
    pub(crate) fn problems(&self) -> u32 {
        let found = self.count(Severity::Error) + self.count(Severity::Warning);
        u32::try_from(found).unwrap_or(u32::MAX)
    }

    /// The definition made ready to run; `DefinitionInvalid` names what keeps it from running.
    pub(crate) fn program(&self) -> Result<Program, UserError> {
        let errors = self.diagnostics.iter().filter(|found| found.is_error());
        let mut errors: Vec<String> = errors.map(ToString::to_string).collect();
        if errors.is_empty()
            && let Some(machine) = &self.machine
        {
            match Program::compile(machine) {
                Ok(program) => return Ok(program),
                Err(found) => errors.extend(found.iter().map(ToString::to_string)),
            }
        }
        Err(invalid(&errors))
    }

    /// The states whose text is the answer of a conversation's turn: those that let a model write.
    pub(crate) fn answering(&self) -> HashSet<String> {
        let states = self.machine.iter().flat_map(Machine::all_states);
        states
            .filter(|state| match &state.kind {
                StateKind::Task(task) if task.substitution() == Some("AwmGenerate") => true,
                // Or called as AWS calls it: by the integration with Lambda.
                StateKind::Task(_) => [&state.arguments, &state.parameters]
                    .into_iter()
                    .flatten()
                    .any(|given| given.get("FunctionName") == Some(&"${AwmGenerate}".into())),
                _ => false,
            })
            .map(|state| state.pointer.clone())
            .collect()
    }
}

fn invalid(errors: &[String]) -> UserError {
    let mut named: Vec<&str> = errors.iter().take(NAMED).map(String::as_str).collect();
    let rest = format!("and {} more", errors.len().saturating_sub(NAMED));
    if errors.len() > NAMED {
        named.push(&rest);
    }
    UserError {
        path: named.iter().map(|&line| line.to_owned()).collect(),
        ..UserError::new(
            Code::DefinitionInvalid,
            format!(
                "the definition has {} errors: {}",
                errors.len(),
                named.join("; ")
            ),
        )
        .help("mend what the list of problems names; the definition is kept meanwhile")
    }
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

/// A document around the text of a file. Whether it is JSON or YAML is told by the text. A definition with errors is taken in,
/// a text that holds none is not.
pub fn read_text(file_name: &str, text: String) -> Result<Document, UserError> {
    small_enough(text.len())?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.trim().is_empty() {
        return Err(not_asl(file_name, "it is empty"));
    }
    let format = match text.trim_start().starts_with(['{', '[']) {
        true => Format::Json,
        false => Format::Yaml,
    };
    let document = Document::new(format, text);
    let checked = check(&document);
    // A definition that is half written has one of its two first fields, or a form so broken that nothing can be told.
    let has_form = match &checked.machine {
        Some(_) => true,
        None => checked.diagnostics.is_empty(),
    };
    if has_form && (document.text.contains("StartAt") || document.text.contains("States")) {
        return Ok(document);
    }
    let first = checked.diagnostics.first().map(ToString::to_string);
    Err(not_asl(
        file_name,
        &first.unwrap_or_else(|| "it has neither `StartAt` nor `States`".to_owned()),
    ))
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
            bytes.div_ceil(1024 * 1024),
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
