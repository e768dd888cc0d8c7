//! Builds the screens into `ui/dist`: WASM, its bindings, the style sheet, fonts and page.

use crate::{
    cache, setup,
    step::{self, Failure},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Builds what has changed.
pub(crate) fn build() -> Result<(), Failure> {
    step::run(
        "build the screens (WASM)",
        &mut step::cargo(&[
            "build",
            "--package",
            "awm-ui",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "web",
        ]),
    )?;
    let wasm = cache::target().join("wasm32-unknown-unknown/web/awm-ui.wasm");
    let dist = cache::screens();
    fs::create_dir_all(&dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    if newer(&wasm, &dist.join("awm_ui_bg.wasm")) {
        step::run(
            "bind the screens to the page (wasm-bindgen)",
            std::process::Command::new(setup::wasm_bindgen::program()?)
                .args([
                    "--target",
                    "web",
                    "--no-typescript",
                    "--out-name",
                    "awm_ui",
                    "--out-dir",
                ])
                .arg(&dist)
                .arg(&wasm),
        )?;
    }
    let style = cache::checkout().join("ui/style/tailwind.css");
    step::run(
        "build the style sheet (Tailwind)",
        setup::tailwind()?
            .arg("--input")
            .arg(style)
            .arg("--output")
            .arg(dist.join("style.css"))
            .arg("--minify")
            .current_dir(cache::checkout().join("ui"))
            // The style sheet imports `tailwindcss` by name, from where it was installed.
            .env("NODE_PATH", setup::node_packages()?),
    )?;
    copy(
        &cache::checkout().join("ui/index.html"),
        &dist.join("index.html"),
    )?;
    copy_folder(&cache::checkout().join("ui/assets"), &dist)?;
    Ok(())
}

fn newer(source: &Path, made: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    match (time(source), time(made)) {
        (Some(source), Some(made)) => source > made,
        _ => true,
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))?;
    fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    for entry in entries.flatten() {
        let (path, name): (PathBuf, _) = (entry.path(), entry.file_name());
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?
        } else {
            copy(&path, &to.join(name))?
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    // An unchanged file keeps its time, so that the shell that embeds it is not built anew.
    let new = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    if fs::read(to).is_ok_and(|old| old == new) {
        return Ok(());
    }
    fs::write(to, new).map_err(|error| format!("{}: {error}", to.display()))
}
