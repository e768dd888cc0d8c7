#![doc = include_str!("../README.md")]

mod ending;
mod extract;
mod files;
mod kind;
mod limits;
mod read;
mod wire;
mod worker;

pub use extract::Extract;
pub use files::LocalFiles;
pub use limits::Limits;
pub use worker::worker_main;

use std::path::{Path, PathBuf};

/// Where PDFium lies in a components folder.
pub fn pdfium_in(components: &Path) -> PathBuf {
    let library = if cfg!(windows) {
        "pdfium.dll"
    } else if cfg!(target_os = "macos") {
        "libpdfium.dylib"
    } else {
        "libpdfium.so"
    };
    components.join("pdfium").join(library)
}
