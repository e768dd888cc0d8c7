//! The recorded cases, where they are.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder with the cases: named by `AWM_CONFORMANCE`, or beside the checkout. None if it is not there.
pub fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("AWM_CONFORMANCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/asl"),
    };
    folder.is_dir().then_some(folder)
}

/// The files of cases in a folder, by name.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    files
}

/// The cases of a file, one for each line.
pub fn cases(file: &Path) -> Vec<Value> {
    std::fs::read_to_string(file)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// A field's text, empty if there is none.
pub fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case.get(field).and_then(Value::as_str).unwrap_or_default()
}
