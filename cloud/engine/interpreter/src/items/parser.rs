//! The bytes of a file to items, piece by piece.

use super::csv::Rows;
use super::json::Elements;
use super::{Item, ReadItems};
use crate::Failure;
use flate2::write::MultiGzDecoder;
use serde_json::{Map, Value};
use std::io::Write as _;

/// Bytes that one item may have, as on AWS.
const MAX_ITEM: usize = 8 * 1024 * 1024;

/// Packed bytes that are unpacked at once, so that little text becomes much in small steps.
const PACKED: usize = 4096;

/// Makes items of a file as its bytes come. It holds the items that nobody has taken and the item that is not complete.
#[derive(Debug)]
pub struct ItemParser {
    format: Format,
    unpacker: Option<MultiGzDecoder<Vec<u8>>>,
    begun: bool,
    ready: Vec<Item>,
}

#[derive(Debug)]
enum Format {
    Csv {
        rows: Rows,
        columns: Option<Vec<String>>,
    },
    Lines(Vec<u8>),
    Json(Elements),
}

impl ItemParser {
    /// Reads files of the request's `input_type`. An error says that there is no way to read such.
    pub fn new(request: &ReadItems) -> Result<Self, Failure> {
        let format = match request.input_type.as_deref() {
            Some("CSV" | "MANIFEST") => Format::Csv {
                rows: Rows::new(request.csv_delimiter),
                columns: request.csv_headers.clone(),
            },
            Some("JSONL") => Format::Lines(Vec::new()),
            Some("JSON") => Format::Json(Elements::new(request.items_pointer.as_deref())),
            Some("PARQUET") => {
                return Err(failed(
                    "Parquet files can't be read here: use CSV, JSON or JSONL to try this workflow",
                ));
            }
            other => {
                return Err(failed(format!(
                    "items of type `{}` can't be read here",
                    other.unwrap_or_default()
                )));
            }
        };
        Ok(Self {
            format,
            unpacker: None,
            begun: false,
            ready: Vec::new(),
        })
    }

    /// Takes the next bytes. Those of a gzip file are unpacked.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if !self.begun && !bytes.is_empty() {
            self.begun = true;
            if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
                return Err(failed(
                    "files packed with Zstandard can't be read here: use gzip",
                ));
            }
            if bytes.starts_with(&[0x1f, 0x8b]) {
                self.unpacker = Some(MultiGzDecoder::new(Vec::new()));
            }
        }
        if self.unpacker.is_none() {
            return self.text(bytes);
        }
        for piece in bytes.chunks(PACKED) {
            let Some(unpacker) = &mut self.unpacker else {
                break;
            };
            unpacker
                .write_all(piece)
                .and_then(|()| unpacker.flush())
                .map_err(|_| failed("the file is no whole gzip file"))?;
            let text = std::mem::take(unpacker.get_mut());
            self.text(&text)?;
        }
        Ok(())
    }

    /// Takes the end of the file.
    pub fn finish(&mut self) -> Result<(), Failure> {
        if let Some(unpacker) = self.unpacker.take() {
            let text = unpacker
                .finish()
                .map_err(|_| failed("the file is no whole gzip file"))?;
            self.text(&text)?;
        }
        match &mut self.format {
            Format::Csv { rows, columns } => {
                if let Some(row) = rows.finish() {
                    self.ready.extend(of_row(row, columns));
                }
            }
            Format::Lines(line) => self.ready.extend(of_line(&std::mem::take(line))?),
            Format::Json(elements) => elements.finish().map_err(failed)?,
        }
        Ok(())
    }

    /// How many items are complete and not taken.
    pub fn ready(&self) -> usize {
        self.ready.len()
    }

    /// The items that are complete.
    pub fn take(&mut self) -> Vec<Item> {
        std::mem::take(&mut self.ready)
    }

    fn text(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        for byte in bytes {
            match &mut self.format {
                Format::Csv { rows, columns } => {
                    if let Some(row) = rows.push(*byte) {
                        self.ready.extend(of_row(row, columns));
                    }
                }
                Format::Lines(line) if *byte == b'\n' => {
                    self.ready.extend(of_line(&std::mem::take(line))?);
                }
                Format::Lines(line) => line.push(*byte),
                Format::Json(elements) => {
                    self.ready.extend(elements.push(*byte).map_err(failed)?);
                }
            }
        }
        let pending = match &self.format {
            Format::Csv { rows, .. } => rows.pending(),
            Format::Lines(line) => line.len(),
            Format::Json(elements) => elements.pending(),
        };
        if pending > MAX_ITEM {
            return Err(failed(format!("an item is larger than {MAX_ITEM} bytes")));
        }
        Ok(())
    }
}

/// The items of a whole file.
pub(crate) fn parse_items(bytes: &[u8], request: &ReadItems) -> Result<Vec<Item>, Failure> {
    let mut parser = ItemParser::new(request)?;
    parser.push(bytes)?;
    parser.finish()?;
    let mut items = parser.take();
    let most = request
        .max_items
        .and_then(|most| usize::try_from(most).ok());
    items.truncate(most.unwrap_or(usize::MAX));
    Ok(items)
}

/// A row's item; the first row tells the columns if nothing else does. Missing fields are empty, surplus ones left out.
fn of_row(row: Vec<String>, columns: &mut Option<Vec<String>>) -> Option<Item> {
    let Some(columns) = columns else {
        *columns = Some(row);
        return None;
    };
    let mut fields = row.into_iter();
    let item: Map<String, Value> = columns
        .iter()
        .map(|column| {
            (
                column.clone(),
                Value::String(fields.next().unwrap_or_default()),
            )
        })
        .collect();
    Some(Value::Object(item).into())
}

fn of_line(line: &[u8]) -> Result<Option<Item>, Failure> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    serde_json::from_slice::<Value>(line)
        .map(|value| Some(value.into()))
        .map_err(|error| failed(format!("a line of the file is not JSON: {error}")))
}

fn failed(cause: impl Into<String>) -> Failure {
    Failure::work("States.ItemReaderFailed", cause)
}
