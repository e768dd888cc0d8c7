//! What is given as an argument, a file or standard input.

use awm_api::{Code, UserError};
use serde_json::Value;
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// JSON as written, `@FILE`, or `-`.
pub(crate) fn json(given: &str) -> Result<Value, UserError> {
    let (text, from) = match given.strip_prefix('@') {
        Some(file) => (text(Path::new(file))?, format!("`{file}`")),
        None if given == "-" => (text(Path::new("-"))?, "standard input".to_owned()),
        None => (given.to_owned(), "the input".to_owned()),
    };
    serde_json::from_str(&text).map_err(|error| {
        UserError::new(Code::BadRequest, format!("{from} is not JSON: {error}"))
            .help("quote it for the shell, or write it into a file and give `@FILE`")
    })
}

/// A file's text, or standard input's for `-`.
pub(crate) fn text(path: &Path) -> Result<String, UserError> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    let shown = path.display();
    read.map_err(|error| {
        let code = match error.kind() {
            std::io::ErrorKind::NotFound => Code::NotFound,
            _ => Code::BadRequest,
        };
        UserError::new(code, format!("`{shown}` can't be read: {error}")).help("check the path")
    })?;
    String::from_utf8(bytes).map_err(|_| {
        UserError::new(Code::NotAslText, format!("`{shown}` is not a text file"))
            .help("give a file written in UTF-8")
    })
}

/// A path that means the same wherever it is read.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, UserError> {
    std::fs::canonicalize(path).map_err(|error| {
        UserError::new(
            Code::NotFound,
            format!("`{}` can't be found: {error}", path.display()),
        )
        .help("check the path")
    })
}
