//! Holds the engine to recordings and to the official JSONata suite.

use crate::step::{self, Failure};

/// Runs the recorded cases of the named files, or of the folder, and prints what differs.
pub(crate) fn cases(files: &[String]) -> Result<(), Failure> {
    let files = files.iter().map(|file| absolute(file));
    run(files.collect::<Result<Vec<_>, _>>()?, "some cases differ")
}

/// Runs the JSONata suite in a folder and prints what differs.
pub(crate) fn jsonata(words: &[String]) -> Result<(), Failure> {
    let [folder] = words else {
        return Err("name the suite's folder: the one that holds groups/ and datasets/".into());
    };
    let words = vec!["jsonata-suite".to_owned(), absolute(folder)?];
    run(words, "some cases of the suite differ")
}

fn run(words: Vec<String>, otherwise: &str) -> Result<(), Failure> {
    let status = step::cargo(&["run", "--quiet", "--package", "awm-conformance", "--"])
        .args(words)
        .status()
        .map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err(otherwise.into())
    }
}

/// Cargo runs in the checkout; names are meant from where the command was given.
fn absolute(path: &str) -> Result<String, Failure> {
    std::path::absolute(path)
        .map(|path| path.to_string_lossy().into_owned())
        .map_err(|error| format!("{path}: {error}"))
}
