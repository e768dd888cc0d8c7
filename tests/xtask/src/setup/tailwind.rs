//! Tailwind's command line, pinned by the lock file in `tests/xtask/tailwind`.

use crate::{
    cache,
    step::{self, Failure},
};
use std::{path::PathBuf, process::Command};

/// Installs it into the cache folder, once for each lock file.
pub(crate) fn install() -> Result<(), Failure> {
    let folder = folder()?;
    if folder.join("installed").is_file() {
        return Ok(());
    }
    let source = source();
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for name in ["package.json", "package-lock.json"] {
        std::fs::copy(source.join(name), folder.join(name))
            .map_err(|error| format!("{name}: {error}"))?;
    }
    // Not `npm ci`: it refuses a lock file that does not name the native part of every system, and a registry mirror
    // may hold those of one system only. The versions and hashes that the lock file names are kept all the same.
    step::run(
        "install Tailwind (npm)",
        npm()
            .args(["install", "--no-save", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )?;
    std::fs::write(folder.join("installed"), "")
        .map_err(|error| format!("{}: {error}", folder.display()))
}

/// A Tailwind command; give it `-i` and `-o`.
pub(crate) fn tailwind() -> Result<Command, Failure> {
    let script = node_packages()?.join("@tailwindcss/cli/dist/index.mjs");
    let mut command = Command::new("node");
    command.arg(script);
    Ok(command)
}

/// The folder of installed Node packages.
pub(crate) fn node_packages() -> Result<PathBuf, Failure> {
    Ok(folder()?.join("node_modules"))
}

fn folder() -> Result<PathBuf, Failure> {
    let lock = std::fs::read(source().join("package-lock.json"))
        .map_err(|error| format!("package-lock.json: {error}"))?;
    Ok(cache::tools().join(format!("tailwind-{:016x}", fingerprint(&lock))))
}

fn source() -> PathBuf {
    cache::checkout().join("tests/xtask/tailwind")
}

pub(super) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// FNV-1a: tells one lock file from another, guards against nothing.
pub(crate) fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
