//! The parts that are not in the binary.

use crate::Usage;
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
    /// How the model is used.
    pub usage: Usage,
}

impl Components {
    /// The parts in a components folder, or which of them is missing.
    pub fn of(folder: &Path) -> Result<Self, EmbedError> {
        Ok(Self {
            runtime: runtime(folder)?,
            model: part(folder, "minilm/model-int8.onnx")?,
            tokenizer: part(folder, "minilm/tokenizer.json")?,
            usage: Usage::mini_lm(),
        })
    }

    /// The runtime of a components folder with a model that lies in a folder of its own.
    pub fn with_model(folder: &Path, model: &Path) -> Result<Self, EmbedError> {
        let found = MODELS
            .iter()
            .map(|name| model.join(name))
            .find(|path| path.is_file());
        let Some(found) = found else {
            return Err(EmbedError::Missing(format!(
                "`{}` holds no `model.onnx`",
                model.display()
            )));
        };
        Ok(Self {
            runtime: runtime(folder)?,
            model: std::path::absolute(&found).unwrap_or(found),
            tokenizer: part(model, "tokenizer.json")?,
            usage: Usage::read(model)?,
        })
    }
}

/// What exporters call the model, the smaller forms first: on a CPU they are faster by far.
const MODELS: &[&str] = &[
    "model-int8.onnx",
    "model_int8.onnx",
    "model_quantized.onnx",
    "onnx/model_int8.onnx",
    "onnx/model_quantized.onnx",
    "model.onnx",
    "onnx/model.onnx",
];

fn runtime(folder: &Path) -> Result<PathBuf, EmbedError> {
    let library = if cfg!(windows) {
        "awm_onnxruntime.dll"
    } else if cfg!(target_os = "macos") {
        "libawm_onnxruntime.dylib"
    } else {
        "libawm_onnxruntime.so"
    };
    part(folder, &format!("onnxruntime/{library}"))
}

fn part(folder: &Path, name: &str) -> Result<PathBuf, EmbedError> {
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
