//! Files beside a workflow, and mock files.

use crate::input;
use awm_api::{Code, UserError};
use awm_suite::{MockFile, Problem, StateMocks, read_text};
use std::path::{Path, PathBuf};

/// How a definition's file may end, the longer before the shorter.
const WORKFLOWS: [&str; 6] = [
    ".asl.json",
    ".asl.yaml",
    ".asl.yml",
    ".json",
    ".yaml",
    ".yml",
];
/// How files beside it end, after `.mocks` or `.test`.
const BESIDE: [&str; 3] = [".yaml", ".yml", ".json"];

/// The name that a workflow shares with the files beside it.
pub(crate) fn stem(workflow: &Path) -> Option<String> {
    let name = workflow.file_name()?.to_str()?;
    let mut endings = WORKFLOWS.iter();
    let stem = endings.find_map(|ending| name.strip_suffix(ending));
    Some(stem.unwrap_or(name).to_owned())
}

/// Files `NAME.KIND.yaml`, `.yml` and `.json` that are there.
pub(crate) fn beside(folder: &Path, stem: &str, kind: &str) -> Vec<PathBuf> {
    let all = BESIDE
        .iter()
        .map(|ending| folder.join(format!("{stem}.{kind}{ending}")));
    all.filter(|path| path.is_file()).collect()
}

/// The workflow that a file with this name is about.
pub(crate) fn workflow_of(folder: &Path, stem: &str) -> Option<PathBuf> {
    let mut all = WORKFLOWS
        .iter()
        .map(|ending| folder.join(format!("{stem}{ending}")));
    all.find(|path| path.is_file())
}

/// A mock file.
pub(crate) fn read(path: &Path) -> Result<MockFile, UserError> {
    let text = input::text(path)?;
    read_text(&text, MockFile::read).map_err(|problems| wrong(path, &problems))
}

/// What is wrong with a file, as an error.
pub(crate) fn wrong(path: &Path, problems: &[Problem]) -> UserError {
    let name = path.display();
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{name}:{problem}"))
        .collect();
    UserError {
        path: lines.clone(),
        ..UserError::new(
            Code::BadRequest,
            format!("`{name}` has {} errors: {}", lines.len(), lines.join("; ")),
        )
        .help("mend what is named; the form of the file is in the README of the command line")
    }
}

/// `FILE`, `FILE#SET` or, of a file of Step Functions Local, `FILE#MACHINE#CASE`.
pub(crate) fn given(argument: &str) -> Result<StateMocks, UserError> {
    let (path, set) = match Path::new(argument).is_file() {
        true => (argument, None),
        false => argument
            .split_once('#')
            .map_or((argument, None), |(path, set)| (path, Some(set.to_owned()))),
    };
    let file = read(Path::new(path))?;
    if set.is_none() && file.always.is_empty() && !file.sets.is_empty() {
        return Err(UserError::new(
            Code::BadRequest,
            format!("`{path}` holds sets of mocks only, and none is named"),
        )
        .help(format!("write `{path}#SET`, {}", known(&file))));
    }
    file.with(set.as_slice()).map_err(|set| {
        UserError::new(
            Code::NotFound,
            format!("`{path}` has no set of mocks `{set}`"),
        )
        .help(known(&file))
    })
}

fn known(file: &MockFile) -> String {
    let names: Vec<&str> = file.sets.keys().map(String::as_str).collect();
    match names.is_empty() {
        true => "it has no sets".to_owned(),
        false => format!("with one of {}", names.join(", ")),
    }
}
