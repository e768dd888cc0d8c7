//! Bytes to lines, wherever the network cuts them.

/// The longest line that is believed; a longer one is an endpoint gone wrong.
const MAX_LINE: usize = 4 << 20;

/// Collects bytes until a line is whole. A character cut by a chunk's end waits for its rest, as only whole lines are decoded.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    held: Vec<u8>,
    /// How many bytes of it are known to hold no line's end, so that a long line is looked through once.
    searched: usize,
}

/// A line that is too long or is not UTF-8.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    #[error("the answer holds a line of more than 4 MiB")]
    TooLong,
    #[error("the answer is not UTF-8")]
    NotText,
}

impl Lines {
    /// Takes a chunk and answers with the lines that it completes, without their ends.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<Vec<String>, LineError> {
        self.held.extend_from_slice(chunk);
        let mut lines = Vec::new();
        loop {
            let unseen = self.held.get(self.searched..).unwrap_or_default();
            let Some(end) = unseen.iter().position(|byte| *byte == b'\n') else {
                break;
            };
            let rest = self.held.split_off(self.searched + end + 1);
            let line = std::mem::replace(&mut self.held, rest);
            self.searched = 0;
            lines.push(decode(line)?);
        }
        self.searched = self.held.len();
        if self.held.len() > MAX_LINE {
            return Err(LineError::TooLong);
        }
        Ok(lines)
    }

    /// What came after the last line end, at the end of the answer.
    pub(crate) fn finish(&mut self) -> Result<Option<String>, LineError> {
        if self.held.is_empty() {
            return Ok(None);
        }
        decode(std::mem::take(&mut self.held)).map(Some)
    }
}

fn decode(mut line: Vec<u8>) -> Result<String, LineError> {
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    String::from_utf8(line).map_err(|_| LineError::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to cut the text in two gives the same lines.
    #[test]
    fn cuts_anywhere() {
        let text = "α 漢 🦀\r\nzwei\n\nlast".as_bytes();
        for cut in 0..=text.len() {
            let mut lines = Lines::default();
            let mut found = lines.push(&text[..cut]).unwrap();
            found.extend(lines.push(&text[cut..]).unwrap());
            found.extend(lines.finish().unwrap());
            assert_eq!(found, ["α 漢 🦀", "zwei", "", "last"], "cut at {cut}");
        }
    }

    #[test]
    fn refuses_what_is_no_text() {
        assert_eq!(
            Lines::default().push(b"\xff\xfe\n"),
            Err(LineError::NotText)
        );
        assert_eq!(
            Lines::default().push(&vec![b'a'; MAX_LINE + 1]),
            Err(LineError::TooLong)
        );
    }
}
