//! Too-long blocks into pieces that fit.

use std::ops::Range;
use text_splitter::{ChunkConfig, ChunkSizer, MarkdownSplitter};

/// How a piece of text is measured, in tokens of the model that will read it.
pub(crate) type Tokens<'a> = &'a dyn Fn(&str) -> usize;

struct Sizer<'a>(Tokens<'a>);

impl ChunkSizer for Sizer<'_> {
    fn size(&self, chunk: &str) -> usize {
        (self.0)(chunk)
    }
}

/// Byte ranges of the pieces of `text`, in order, without white space around them, each of at most `budget` tokens as far as
/// words allow. Tables are cut between rows only, unless one row alone is too long.
pub(crate) fn split(text: &str, tokens: Tokens<'_>, budget: usize) -> Vec<Range<usize>> {
    if is_table(text) {
        split_table(text, tokens, budget)
    } else {
        split_prose(text, 0, tokens, budget)
    }
}

/// Whether every line is a row of a Markdown table.
pub(crate) fn is_table(text: &str) -> bool {
    text.lines().all(|line| line.trim_start().starts_with('|')) && !text.is_empty()
}

/// The names of a table's columns, if its second line parts them from the rows.
pub(crate) fn table_columns(text: &str) -> Option<String> {
    if !is_table(text) {
        return None;
    }
    let mut lines = text.lines();
    let (names, rule) = (lines.next()?, lines.next()?);
    let is_rule = rule.contains('-') && rule.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    let names: Vec<&str> = names
        .split('|')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    (is_rule && !names.is_empty()).then(|| names.join(", ").chars().take(200).collect())
}

fn split_table(text: &str, tokens: Tokens<'_>, budget: usize) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut open: Option<(Range<usize>, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let row = at..at + line.trim_end().len();
        at += line.len();
        let size = tokens(line);
        if size > budget {
            pieces.extend(open.take().map(|(range, _)| range));
            pieces.extend(split_prose(line.trim_end(), row.start, tokens, budget));
            continue;
        }
        open = Some(match open.take() {
            Some((range, total)) if total + size <= budget => (range.start..row.end, total + size),
            full => {
                pieces.extend(full.map(|(range, _)| range));
                (row, size)
            }
        });
    }
    pieces.extend(open.map(|(range, _)| range));
    pieces
}

fn split_prose(text: &str, offset: usize, tokens: Tokens<'_>, budget: usize) -> Vec<Range<usize>> {
    let splitter = MarkdownSplitter::new(ChunkConfig::new(budget).with_sizer(Sizer(tokens)));
    let mut pieces = Vec::new();
    let mut at = offset;
    for part in parts(text) {
        for (start, piece) in splitter.chunk_indices(part) {
            pieces.push(at + start..at + start + piece.len());
        }
        at += part.len();
    }
    pieces
}

/// The splitter measures a text many times over, so it gets it in parts of some pages, cut at a line or a blank.
fn parts(text: &str) -> Vec<&str> {
    const BYTES: usize = 16_384;
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > BYTES {
        let Some(head) = rest.get(..rest.floor_char_boundary(BYTES)) else {
            break;
        };
        let cut = head
            .rfind('\n')
            .or_else(|| head.rfind(' '))
            .map_or(head.len(), |at| at + 1);
        let (part, tail) = rest.split_at(cut);
        parts.push(part);
        rest = tail;
    }
    parts.push(rest);
    parts
}
