//! The parts that are not in the binary.

use awm_ports::EmbedError;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    path::{Path, PathBuf},
};

/// Where the parts are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    /// The shared library of ONNX Runtime.
    pub runtime: PathBuf,
    /// The model.
    pub model: PathBuf,
    /// Its tokenizer.
    pub tokenizer: PathBuf,
}

impl Components {
    /// The parts in a components folder, or which of them is missing.
    pub fn of(folder: &Path) -> Result<Self, EmbedError> {
        let library = if cfg!(windows) {
            "awm_onnxruntime.dll"
        } else if cfg!(target_os = "macos") {
            "libawm_onnxruntime.dylib"
        } else {
            "libawm_onnxruntime.so"
        };
        let part = |name: &str| {
            // A relative path would be looked for in the system's folders too.
            let path = std::path::absolute(folder.join(name)).unwrap_or_else(|_| folder.join(name));
            if path.is_file() {
                Ok(path)
            } else {
                Err(EmbedError::Missing(format!(
                    "search by meaning needs `{}`, which is not there",
                    path.display()
                )))
            }
        };
        Ok(Self {
            runtime: part(&format!("onnxruntime/{library}"))?,
            model: part("minilm/model-int8.onnx")?,
            tokenizer: part("minilm/tokenizer.json")?,
        })
    }
}

/// SHA-256 of a file, hexadecimal.
pub(crate) fn sha256(path: &Path) -> Result<String, EmbedError> {
    let broken = |error| EmbedError::Backend(Box::new(error));
    let mut digest = Sha256::new();
    std::io::copy(&mut File::open(path).map_err(broken)?, &mut digest).map_err(broken)?;
    Ok(digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
