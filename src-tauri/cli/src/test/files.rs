//! Which files are tests.

use crate::{mock_file, output::Output};
use awm_api::{Code, UserError};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How test files end.
const TESTS: [&str; 3] = [".test.yaml", ".test.yml", ".test.json"];
/// Folders that hold what others made.
const SKIPPED: [&str; 4] = ["node_modules", "target", "dist", "build"];
/// Folders within folders that are looked into.
const MAX_DEPTH: usize = 32;

/// The name that a test file shares with its workflow.
pub(crate) fn stem(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?;
    let mut endings = TESTS.iter();
    endings
        .find_map(|ending| name.strip_suffix(ending))
        .map(str::to_owned)
}

/// The test files of what was given, each once, in order.
pub(crate) fn find(output: &Output, given: &[PathBuf]) -> Result<Vec<PathBuf>, UserError> {
    let here = [PathBuf::from(".")];
    let given = if given.is_empty() { &here } else { given };
    let mut found = BTreeSet::new();
    for path in given {
        if path.is_dir() {
            let mut skipped = Vec::new();
            walk(path, 0, &mut found, &mut skipped);
            for file in skipped {
                output.note(&format!(
                    "{}: no workflow lies beside it, left out",
                    file.display()
                ));
            }
        } else if !path.is_file() {
            return Err(UserError::new(
                Code::NotFound,
                format!("`{}` can't be found", path.display()),
            )
            .help("check the path"));
        } else if stem(path).is_some() {
            found.insert(path.clone());
        } else {
            let folder = path.parent().unwrap_or(Path::new(""));
            let stem = mock_file::stem(path).unwrap_or_default();
            let beside = mock_file::beside(folder, &stem, "test");
            if beside.is_empty() {
                return Err(UserError::new(
                    Code::NotFound,
                    format!("`{}` has no tests beside it", path.display()),
                )
                .help(format!(
                    "write `{stem}.test.yaml`, or record a run by `awm test --record RUN_ID`"
                )));
            }
            found.extend(beside);
        }
    }
    if found.is_empty() {
        return Err(UserError::new(Code::NotFound, "there are no tests here")
            .help("tests are files `NAME.test.yaml` or `.json` beside `NAME.asl.json`"));
    }
    Ok(found.into_iter().collect())
}

fn walk(folder: &Path, depth: usize, found: &mut BTreeSet<PathBuf>, skipped: &mut Vec<PathBuf>) {
    // A folder that can't be read holds no tests for whoever can't read it.
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        // Links are not followed, so that none leads round in a circle.
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            let hidden = name.starts_with('.') || SKIPPED.contains(&&*name);
            if !hidden && depth < MAX_DEPTH {
                walk(&path, depth + 1, found, skipped);
            }
        } else if let Some(stem) = stem(&path) {
            // Other programs' tests may have such names.
            let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
            let folder = path.parent().unwrap_or(Path::new(""));
            if mock_file::workflow_of(folder, &stem).is_some() || names_workflow(&path) {
                found.insert(path);
            } else {
                skipped.push(path);
            }
        }
    }
}

/// Whether a file says which workflow it tests, in some line.
fn names_workflow(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().any(|line| {
        let line = line
            .trim_start()
            .trim_start_matches(['{', '"', '\''])
            .trim_start();
        line.trim_start_matches('"').starts_with("workflow")
    })
}
