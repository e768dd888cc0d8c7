//! JSON Lines, read one by one: a line that is no JSON object is a problem of its own, with its number.

use crate::output::Output;
use awm_api::{Code, UserError};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    cmp::Ordering,
    io::{BufRead, BufReader, Read},
    path::Path,
};

/// Bytes of a line, at most; the rest of a longer one is passed over.
const LONGEST: u64 = 64 * 1024 * 1024;
/// Problems that are told one by one.
const TOLD: usize = 100;

/// The lines of a file that hold something.
pub(crate) struct JsonLines {
    reader: Box<dyn BufRead + Send>,
    name: String,
    number: u64,
}

/// A line, by its number from 1: an object, or why it is none.
pub(crate) type Line = (u64, Result<Map<String, Value>, String>);

impl JsonLines {
    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(path: &Path) -> Result<Self, UserError> {
        let name = path.display().to_string();
        let reader: Box<dyn BufRead + Send> = if path == Path::new("-") {
            Box::new(BufReader::new(std::io::stdin()))
        } else {
            let file = std::fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        Ok(Self {
            reader,
            name,
            number: 0,
        })
    }

    /// The next line that isn't blank; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, UserError> {
        loop {
            let mut bytes = Vec::new();
            let read = self
                .reader
                .by_ref()
                .take(LONGEST)
                .read_until(b'\n', &mut bytes)
                .map_err(|error| unreadable(&self.name, &error))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let whole = bytes.last() == Some(&b'\n') || (read as u64) < LONGEST;
            if !whole {
                self.pass_over()?;
                return Ok(Some((self.number, Err("the line is too long".into()))));
            }
            let bytes = match self.number {
                1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes),
                _ => &bytes,
            };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            return Ok(Some((self.number, object(bytes))));
        }
    }

    fn pass_over(&mut self) -> Result<(), UserError> {
        let read = |error| unreadable(&self.name, &error);
        loop {
            let held = self.reader.fill_buf().map_err(read)?;
            let (length, end) = match held.iter().position(|byte| *byte == b'\n') {
                Some(place) => (place + 1, true),
                None => (held.len(), held.is_empty()),
            };
            self.reader.consume(length);
            if end {
                return Ok(());
            }
        }
    }
}

fn object(line: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("the line is no JSON object".into()),
        Err(error) => Err(format!("the line is not JSON: {}", reason(&error))),
    }
}

/// The reason without serde's own count of lines, which is always 1 here.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line ") {
        Some((reason, _)) => format!("{reason} at column {}", error.column()),
        None => text,
    }
}

/// A text or a number of one of the names, as text.
pub(crate) fn word(object: &Map<String, Value>, names: &[&str]) -> Result<String, String> {
    let name = names.first().copied().unwrap_or_default();
    let found = names.iter().find_map(|name| object.get(*name));
    match found {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::String(_)) => Err(format!("`{name}` is empty")),
        Some(_) => Err(format!("`{name}` is neither text nor a number")),
        None => Err(format!("`{name}` is missing")),
    }
}

/// What is wrong with lines: all are counted, the first are told.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Problems {
    #[serde(rename = "broken")]
    pub(crate) count: u64,
    #[serde(rename = "problems")]
    pub(crate) told: Vec<Problem>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    pub(crate) line: u64,
    pub(crate) message: String,
}

impl Problems {
    /// Adds one, and tells it too unless there were many before.
    pub(crate) fn add(&mut self, output: &Output, path: &Path, line: u64, message: String) {
        self.count += 1;
        match self.count.cmp(&(TOLD as u64 + 1)) {
            Ordering::Less => {
                output.progress_over();
                output.note(&format!("{}:{line}: {message}", path.display()));
            }
            Ordering::Equal => output.note("further broken lines are counted only"),
            Ordering::Greater => {}
        }
        if self.told.len() < TOLD {
            self.told.push(Problem { line, message });
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> UserError {
    let code = match error.kind() {
        std::io::ErrorKind::NotFound => Code::NotFound,
        _ => Code::BadRequest,
    };
    UserError::new(code, format!("`{name}` can't be read: {error}")).help("check the path")
}
