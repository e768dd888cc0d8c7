//! Where things are: the checkout, and the cache folder that outlives it.
//!
//! Build output and fetched parts are kept outside the checkout, so that a fresh clone starts warm.

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub(crate) fn checkout() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The cache folder: `AWM_CACHE`, or the system's place for caches.
pub(crate) fn root() -> PathBuf {
    if let Some(set) = std::env::var_os("AWM_CACHE") {
        return PathBuf::from(set);
    }
    let home = std::env::var_os("HOME")
        .or_else(|| std::env::var_os("USERPROFILE"))
        .map(PathBuf::from)
        .unwrap_or_else(std::env::temp_dir);
    let base = if cfg!(target_os = "macos") {
        home.join("Library/Caches")
    } else if cfg!(windows) {
        std::env::var_os("LOCALAPPDATA")
            .map(PathBuf::from)
            .unwrap_or(home)
    } else {
        std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .unwrap_or_else(|| home.join(".cache"))
    };
    base.join("ai-workflow-manager")
}

/// Cargo's build output.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map(PathBuf::from)
        .unwrap_or_else(|| root().join("target"))
}

/// Makes the build output this checkout's.
///
/// Cargo names the workspace's own crates by their paths within the checkout and tells a stale one by the times of its files, so
/// that another checkout's build could pass for this one's. When the checkout changes, what was built of the workspace's own
/// crates is forgotten; that of outside crates, which is most, stays.
pub(crate) fn claim() {
    let mark = target().join("checkout");
    let here = checkout().display().to_string();
    if std::fs::read_to_string(&mark).is_ok_and(|last| last == here) {
        return;
    }
    for profile in [
        "debug",
        "release",
        "wasm32-unknown-unknown/web",
        "x86_64-pc-windows-gnu/debug",
    ] {
        let fingerprints = target().join(profile).join(".fingerprint");
        for entry in std::fs::read_dir(fingerprints)
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("awm-")
                || name.starts_with("ai-workflow-manager-")
                || name.starts_with("xtask-")
            {
                // What can't be removed is built anew by whoever finds it stale.
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
    let _ = std::fs::create_dir_all(target());
    let _ = std::fs::write(mark, here);
}

/// Programs fetched for the build, each in a folder with its version in the name.
pub(crate) fn tools() -> PathBuf {
    root().join("tools")
}

/// Native parts and the embedding model.
pub(crate) fn components() -> PathBuf {
    std::env::var_os("AWM_COMPONENTS")
        .map(PathBuf::from)
        .unwrap_or_else(|| root().join("components"))
}

/// What every step printed.
pub(crate) fn logs() -> PathBuf {
    root().join("logs")
}

/// The built screens.
pub(crate) fn screens() -> PathBuf {
    checkout().join("ui/dist")
}

/// A program of the workspace, built in the dev profile.
pub(crate) fn program(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
