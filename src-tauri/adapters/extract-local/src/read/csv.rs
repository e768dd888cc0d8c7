//! Tables of values.

use super::{reading::Reading, sheet::Rows, table::tables};
use crate::wire::{Refusal, Text};

/// The rows as tables; without a delimiter, the one that parts the first lines most evenly.
pub(crate) fn read(
    text: &str,
    delimiter: Option<u8>,
    reading: &Reading<'_>,
) -> Result<Text, Refusal> {
    let delimiter = delimiter.unwrap_or_else(|| likeliest(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Rows::new(reading.limits.rows);
    for record in reader.records() {
        let record = record.map_err(|_| reading.damaged())?;
        let full = rows.is_full();
        rows.push(record.iter().map(str::to_owned).collect(), 1);
        if full {
            break;
        }
    }
    let media_type = if delimiter == b'\t' {
        "text/tab-separated-values"
    } else {
        "text/csv"
    };
    Ok(Text {
        media_type: media_type.into(),
        notes: rows.note("").into_iter().collect(),
        blocks: tables(&rows.rows, None),
        ..Text::default()
    })
}

fn likeliest(text: &str) -> u8 {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(20)
        .collect();
    let least = |delimiter: u8| {
        lines
            .iter()
            .map(|line| line.bytes().filter(|byte| *byte == delimiter).count())
            .min()
            .unwrap_or(0)
    };
    // Of equals the first; a comma is the custom.
    b",;\t|"
        .iter()
        .copied()
        .rev()
        .max_by_key(|delimiter| least(*delimiter))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_delimiter() {
        for (text, expected) in [
            ("a,b;c\n1,2;3", b','),
            ("a;b\n1,5;2", b';'),
            ("a\tb\n1\t2", b'\t'),
            ("plain", b','),
            ("", b','),
        ] {
            assert_eq!(likeliest(text), expected, "{text:?}");
        }
        let (limits, spent) = (
            crate::Limits::default(),
            crate::read::reading::Spent::default(),
        );
        let reading = Reading::new("a.csv", &limits, None, &spent);
        let text = read("name,days\n\"Bag, large\",30\n,\nCard", None, &reading).unwrap();
        assert_eq!(text.blocks.len(), 1);
        assert_eq!(
            text.blocks[0].markdown,
            "| name | days |\n| --- | --- |\n| Bag, large | 30 |\n| Card |  |"
        );
    }
}
