//! Lines and columns of byte offsets.

use crate::diagnostic::Span;

/// Where each line starts.
#[derive(Clone, Debug)]
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Self(starts)
    }

    pub(super) fn span(&self, text: &str, start: usize, end: usize) -> Span {
        let line = self.0.partition_point(|line| *line <= start).max(1);
        let line_start = self.0.get(line - 1).copied().unwrap_or_default();
        let column = text
            .get(line_start..start)
            .map_or(0, |before| before.chars().count());
        Span {
            start,
            end,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }
}

/// The start of the line that a byte is on.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline + 1)
}

/// The end of the line that a byte is on, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let Some(rest) = text.get(at..) else {
        return text.len();
    };
    let end = rest.find('\n').map_or(text.len(), |newline| at + newline);
    match text.get(at..end).is_some_and(|line| line.ends_with('\r')) {
        true => end - 1,
        false => end,
    }
}

/// The white space at the start of the line that a byte is on, not beyond it.
pub(super) fn indentation(text: &str, at: usize) -> &str {
    let line = text.get(line_start(text, at)..at).unwrap_or_default();
    let width = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(..width).unwrap_or_default()
}

/// The line break that a text uses.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text.get(..at).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}
