//! A definition made ready to be tested.

use awm_asl::{Definition, Format, Machine, MachineType, validate_definition};
use awm_interpreter::Program;
use serde_json::Value;
use std::sync::Arc;

/// A workflow that is tested.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// Its name, for the context object and reports.
    pub name: String,
    /// The definition.
    pub definition: Value,
    /// Its tree.
    pub machine: Machine,
    pub(crate) program: Arc<Program>,
}

/// Why a definition can't be tested: what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub Vec<String>);

impl Workflow {
    /// Reads a definition, JSON or YAML as the text tells.
    pub fn read(name: impl Into<String>, text: &str) -> Result<Self, Unreadable> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let format = match text.trim_start().starts_with(['{', '[']) {
            true => Format::Json,
            false => Format::Yaml,
        };
        let definition = Definition::read(text, format);
        let found = validate_definition(&definition, MachineType::Standard);
        let errors: Vec<String> = found
            .iter()
            .filter(|found| found.is_error())
            .map(ToString::to_string)
            .collect();
        let value = definition.source.value().unwrap_or_default();
        let Some(machine) = definition.machine.filter(|_| errors.is_empty()) else {
            return Err(Unreadable(errors));
        };
        let program = Program::compile(&machine)
            .map_err(|errors| Unreadable(errors.iter().map(ToString::to_string).collect()))?;
        Ok(Self {
            name: name.into(),
            definition: value,
            machine,
            program: Arc::new(program),
        })
    }
}
