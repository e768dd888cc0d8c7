//! Rows of text as AWS reads them: quotes as in RFC 4180, and backslashes besides.

/// Puts rows together from bytes that come in pieces.
#[derive(Debug)]
pub(super) struct Rows {
    delimiter: u8,
    row: Vec<Vec<u8>>,
    field: Vec<u8>,
    within: Within,
    /// Bytes of the row so far.
    size: usize,
}

/// Where in a field the next byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Start,
    Plain,
    Quotes,
    /// After a quotation mark within quotes: the end, or the first half of a doubled one.
    QuotesEnded,
    /// After a backslash, in quotes or not.
    Escape(bool),
}

impl Rows {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            row: Vec::new(),
            field: Vec::new(),
            within: Within::Start,
            size: 0,
        }
    }

    /// Bytes of the row that is not complete yet.
    pub(super) fn pending(&self) -> usize {
        self.size
    }

    /// Takes the next byte and answers with a row if it is complete now. Empty rows are left out.
    pub(super) fn push(&mut self, byte: u8) -> Option<Vec<String>> {
        self.size += 1;
        match (self.within, byte) {
            (Within::Escape(quoted), _) => {
                self.field.push(byte);
                self.within = if quoted {
                    Within::Quotes
                } else {
                    Within::Plain
                };
            }
            (Within::Quotes, b'"') => self.within = Within::QuotesEnded,
            (Within::Quotes, b'\\') => self.within = Within::Escape(true),
            (Within::Quotes, _) => self.field.push(byte),
            (Within::QuotesEnded, b'"') => {
                self.field.push(byte);
                self.within = Within::Quotes;
            }
            (_, b'\n') => return self.end_row(),
            (_, byte) if byte == self.delimiter => self.end_field(),
            (Within::Start, b'"') => self.within = Within::Quotes,
            (_, b'\\') => self.within = Within::Escape(false),
            (_, byte) => {
                self.field.push(byte);
                self.within = Within::Plain;
            }
        }
        None
    }

    /// The row that the end of the file completes, if there is one.
    pub(super) fn finish(&mut self) -> Option<Vec<String>> {
        self.end_row()
    }

    fn end_field(&mut self) {
        self.row.push(std::mem::take(&mut self.field));
        self.within = Within::Start;
    }

    fn end_row(&mut self) -> Option<Vec<String>> {
        let quoted = self.within == Within::QuotesEnded;
        if self.field.last() == Some(&b'\r') {
            self.field.pop();
        }
        let empty = self.row.is_empty() && self.field.is_empty() && !quoted;
        self.end_field();
        self.size = 0;
        let row = std::mem::take(&mut self.row);
        (!empty).then(|| {
            row.into_iter()
                .map(|field| String::from_utf8_lossy(&field).into_owned())
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut rows = Rows::new(b',');
        let mut found: Vec<_> = text.bytes().filter_map(|byte| rows.push(byte)).collect();
        found.extend(rows.finish());
        found
    }

    #[test]
    fn rows_are_read_as_the_developer_guide_says() {
        for (text, expected) in [
            ("a,b\nc,d\n", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a,b\r\nc,d", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("\"a,1\",\"b\n2\"", vec![vec!["a,1", "b\n2"]]),
            ("\"say \"\"hi\"\"\",x", vec![vec!["say \"hi\"", "x"]]),
            (
                "C:\\\\Program Files\\\\My,1",
                vec![vec!["C:\\Program Files\\My", "1"]],
            ),
            ("a\\,b,c", vec![vec!["a,b", "c"]]),
            ("a\\xb", vec![vec!["axb"]]),
            ("\n\na\n\n", vec![vec!["a"]]),
            (",\n\"\"", vec![vec!["", ""], vec![""]]),
            ("a\"b,c", vec![vec!["a\"b", "c"]]),
            ("\"open", vec![vec!["open"]]),
            ("ü,漢", vec![vec!["ü", "漢"]]),
        ] {
            assert_eq!(rows(text), expected, "{text:?}");
        }
    }
}
