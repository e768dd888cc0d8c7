//! XLSX and XLS: a heading for each sheet, its rows as tables.

use super::{archive::Archive, heading, reading::Reading, sheet::Rows, table::tables};
use crate::wire::{Refusal, Text};
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xls, Xlsx};
use std::io::Cursor;

/// Columns that are kept.
const COLUMNS: u32 = 1_000;

/// The text of an opened workbook. Cells come one by one, so that an empty sheet with a cell in its last corner costs nothing.
pub(crate) fn xlsx(archive: &mut Archive<'_>, bytes: &[u8]) -> Result<Text, Refusal> {
    // The workbook's reader unpacks by itself: what it would unpack is measured before.
    archive.measure()?;
    let title = archive.core_title()?;
    let reading = archive.reading();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| reading.damaged())?;
    let mut text = Text {
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        title,
        ..Text::default()
    };
    for name in book.sheet_names() {
        reading.page()?;
        // Charts are sheets without cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut rows = Rows::new(reading.limits.rows);
        let (mut at, mut row) = (0, Vec::new());
        while let Some(cell) = cells.next_cell().map_err(|_| reading.damaged())? {
            let (line, column) = cell.get_position();
            if line != at {
                rows.push(std::mem::take(&mut row), 1);
                at = line;
                if rows.is_full() {
                    // One more, so that it is known that some were left out.
                    rows.push(vec![name.clone()], 1);
                    break;
                }
            }
            put(&mut row, column, written(cell.get_value()), reading)?;
        }
        rows.push(row, 1);
        take(&mut text, &name, &rows);
    }
    Ok(text)
}

/// The text of an old workbook.
pub(crate) fn xls(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsError::Password => super::locked(&reading.name),
        _ => reading.damaged(),
    })?;
    let mut text = Text {
        media_type: "application/vnd.ms-excel".into(),
        ..Text::default()
    };
    for name in book.sheet_names() {
        reading.page()?;
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        let mut rows = Rows::new(reading.limits.rows);
        for line in range.rows() {
            let mut row = Vec::new();
            for (column, cell) in (0..).zip(line) {
                put(&mut row, column, plain(cell), reading)?;
            }
            rows.push(row, 1);
        }
        take(&mut text, &name, &rows);
    }
    Ok(text)
}

fn put(
    row: &mut Vec<String>,
    column: u32,
    value: String,
    reading: &Reading<'_>,
) -> Result<(), Refusal> {
    if value.is_empty() || column >= COLUMNS {
        return Ok(());
    }
    reading.text(value.len())?;
    let column = column as usize;
    if row.len() <= column {
        row.resize(column, String::new());
        row.push(value);
    } else if let Some(cell) = row.get_mut(column) {
        *cell = value;
    }
    Ok(())
}

fn take(text: &mut Text, name: &str, rows: &Rows) {
    text.notes.extend(rows.note(name));
    if !rows.rows.is_empty() {
        text.blocks.push(heading(1, name, None));
        text.blocks.extend(tables(&rows.rows, None));
    }
}

fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(date) => moment(date),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        _ => String::new(),
    }
}

fn plain(value: &Data) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => float(*number),
        Data::String(text) => text.trim().to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(date) => moment(date),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Error(error) => error.to_string(),
        _ => String::new(),
    }
}

/// As a sheet shows it: 15 digits are what it knows, so 0.1 + 0.2 is 0.3.
fn float(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return number.to_string();
    }
    let digits = number.abs().log10().floor() as i32;
    if (-5..15).contains(&digits) {
        let places = usize::try_from(14 - digits).unwrap_or(0);
        let text = format!("{number:.places$}");
        if text.contains('.') {
            return text.trim_end_matches('0').trim_end_matches('.').to_owned();
        }
        return text;
    }
    number.to_string()
}

fn moment(date: &ExcelDateTime) -> String {
    if date.is_duration() {
        let seconds = (date.as_f64() * 86_400.0).round() as i64;
        return format!(
            "{}:{:02}:{:02}",
            seconds / 3_600,
            seconds / 60 % 60,
            seconds % 60
        );
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time = if (hour, minute, second) == (0, 0, 0) {
        String::new()
    } else {
        format!(" {hour:02}:{minute:02}:{second:02}")
    };
    if date.as_f64() < 1.0 {
        return time.trim().to_owned();
    }
    format!("{year:04}-{month:02}-{day:02}{time}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_as_a_sheet_does() {
        for (number, expected) in [
            (0.1 + 0.2, "0.3"),
            (1_200.0, "1200"),
            (-3.5, "-3.5"),
            (0.0, "0"),
            (1e20, "100000000000000000000"),
            (12_345_678.9, "12345678.9"),
        ] {
            assert_eq!(float(number), expected);
        }
    }
}
