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

/// The cases of a file, one for each line; none if there is no such file.
pub fn cases(folder: &Path, file: &str) -> Vec<Value> {
    std::fs::read_to_string(folder.join(file))
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// A field's text, empty if there is none.
pub fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case.get(field).and_then(Value::as_str).unwrap_or_default()
}
