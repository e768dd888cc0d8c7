//! wasm-bindgen's program, at exactly the version of the library: the two share a format that has no version of its own.

use crate::{
    cache,
    step::{self, Failure},
};
use std::path::PathBuf;

/// Builds the program from source, once for each version.
pub(crate) fn install() -> Result<(), Failure> {
    if program()?.is_file() {
        return Ok(());
    }
    let version = version()?;
    let folder = folder(&version);
    step::run(
        &format!("build wasm-bindgen {version} (two minutes, once)"),
        step::cargo(&[
            "install",
            "wasm-bindgen-cli",
            "--version",
            &version,
            "--root",
        ])
        .arg(folder)
        .env("CARGO_TARGET_DIR", cache::root().join("tools-target")),
    )
    .map(drop)
}

/// Where the program is, once installed.
pub(crate) fn program() -> Result<PathBuf, Failure> {
    Ok(folder(&version()?)
        .join("bin")
        .join(format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX)))
}

fn folder(version: &str) -> PathBuf {
    cache::tools().join(format!("wasm-bindgen-{version}"))
}

/// The version in Cargo.lock.
fn version() -> Result<String, Failure> {
    let lock = std::fs::read_to_string(cache::checkout().join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock can't be read: {error}"))?;
    let mut lines = lock.lines();
    lines
        .by_ref()
        .find(|line| *line == "name = \"wasm-bindgen\"")
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = \""))
        .map(|rest| rest.trim_end_matches('"').to_owned())
        .ok_or_else(|| "Cargo.lock names no wasm-bindgen".into())
}
