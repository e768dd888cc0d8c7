//! Standard libraries for other targets.

use crate::step::{self, Failure};
use std::process::Command;

/// The screens' target.
pub(crate) fn wasm_target() -> Result<(), Failure> {
    target("wasm32-unknown-unknown")
}

/// Adds a target to the toolchain of `rust-toolchain.toml`.
pub(crate) fn target(triple: &str) -> Result<(), Failure> {
    let sysroot = step::answers("rustc", "--print=sysroot").unwrap_or_default();
    if std::path::Path::new(&sysroot)
        .join("lib/rustlib")
        .join(triple)
        .join("lib")
        .is_dir()
    {
        return Ok(());
    }
    step::run(
        &format!("add the standard library for {triple}"),
        Command::new("rustup").args(["target", "add", triple]).current_dir(crate::cache::checkout()),
    )
    .map(drop)
    .map_err(|failure| format!("{failure}\n\nWithout rustup: install your system's Rust package for {triple}, then try again."))
}
