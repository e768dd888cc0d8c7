//! The bytes of a file to items.

use crate::{Failure, ReadItems};
use serde_json::{Map, Value};

/// The items in a file, by the request's `input_type`.
pub fn parse_items(bytes: &[u8], request: &ReadItems) -> Result<Vec<Value>, Failure> {
    let most = request
        .max_items
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let failed = |cause: String| Failure::work("States.ItemReaderFailed", cause);
    let items = match request.input_type.as_deref() {
        Some("CSV") => read_csv(bytes, request, most).map_err(|error| failed(error.to_string()))?,
        Some("JSONL") => bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.trim_ascii().is_empty())
            .take(most)
            .map(serde_json::from_slice)
            .collect::<Result<_, _>>()
            .map_err(|error| failed(format!("a line of the file is not JSON: {error}")))?,
        Some("MANIFEST") => {
            let manifest = serde_json::from_slice(bytes)
                .map_err(|error| failed(format!("the manifest is not JSON: {error}")))?;
            return Ok(vec![manifest]);
        }
        Some("JSON") => match serde_json::from_slice(bytes) {
            Ok(Value::Array(items)) => items,
            Ok(_) => {
                return Err(failed(
                    "Attempting to map over non-iterable node.".to_owned(),
                ));
            }
            Err(error) => return Err(failed(format!("the file is not JSON: {error}"))),
        },
        other => {
            return Err(failed(format!(
                "items of type `{}` can't be read here",
                other.unwrap_or_default()
            )));
        }
    };
    Ok(items.into_iter().take(most).collect())
}

fn read_csv(bytes: &[u8], request: &ReadItems, most: usize) -> Result<Vec<Value>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(request.csv_delimiter)
        .from_reader(bytes);
    let mut records = reader.records();
    let columns: Vec<String> = match &request.csv_headers {
        Some(columns) => columns.clone(),
        None => match records.next() {
            Some(first) => first?.iter().map(str::to_owned).collect(),
            None => return Ok(Vec::new()),
        },
    };
    let mut items = Vec::new();
    for record in records.take(most) {
        let record = record?;
        let fields: Map<String, Value> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let field = record.get(index).unwrap_or_default();
                (column.clone(), Value::String(field.to_owned()))
            })
            .collect();
        items.push(Value::Object(fields));
    }
    Ok(items)
}
