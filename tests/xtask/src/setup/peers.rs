//! Other engines, which the interpreter, the embedding and the reading of files are measured beside: nothing of the product needs them.

use super::tailwind::{fingerprint, npm};
use crate::{
    cache,
    step::{self, Failure},
};
use std::{path::PathBuf, process::Command};

/// Installs them into the cache folder, once for each set of pins; answers with the folder.
pub(crate) fn install() -> Result<PathBuf, Failure> {
    let source = cache::checkout().join("tests/bench/peers");
    let names = [
        "package.json",
        "package-lock.json",
        "requirements.txt",
        "als.cjs",
        "moto_run.py",
        "embed.py",
        "ingest.py",
    ];
    let mut all = Vec::new();
    for name in names {
        let path = source.join(name);
        all.extend(std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    let folder = cache::tools().join(format!("peers-{:016x}", fingerprint(&all)));
    if folder.join("installed").is_file() {
        return Ok(folder);
    }
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for name in names {
        std::fs::copy(source.join(name), folder.join(name))
            .map_err(|error| format!("{name}: {error}"))?;
    }
    step::run(
        "install aws-local-stepfunctions (npm)",
        npm()
            .args(["install", "--no-save", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )?;
    step::run(
        "make a Python environment for the peers",
        Command::new(if cfg!(windows) { "python" } else { "python3" })
            .args(["-m", "venv", "--clear"])
            .arg(folder.join("venv")),
    )?;
    let python = folder.join(if cfg!(windows) {
        "venv/Scripts/python.exe"
    } else {
        "venv/bin/python"
    });
    step::run(
        "install Moto, ONNX Runtime and MarkItDown (pip)",
        Command::new(python)
            .args(["-m", "pip", "install", "--disable-pip-version-check", "-r"])
            .arg(folder.join("requirements.txt")),
    )?;
    std::fs::write(folder.join("installed"), "")
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}
