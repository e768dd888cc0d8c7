//! A document's blocks to passages.

use crate::language::{Language, language, language_or};
use crate::split::{Tokens, split, table_columns};
use crate::terms::is_cjk;
use std::ops::Range;

/// A paragraph, heading, list item, table or code block of a document, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Markdown of the block.
    pub markdown: String,
    /// The heading level, 1 to 6, when it is a heading.
    pub heading: Option<u8>,
    /// The page it begins on, from 1.
    pub page: Option<u32>,
}

/// A passage: a part of a document's text that can be found and cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// The page it begins on, from 1.
    pub page: Option<u32>,
    /// Its first character within the document's text, in Unicode scalar values.
    pub start: u32,
    /// One past its last character.
    pub end: u32,
    /// Its text: exactly that range.
    pub text: String,
    /// The keyword index that takes it.
    pub language: Language,
}

/// How long passages become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkOptions {
    /// Tokens to fill a passage with.
    pub target: usize,
    /// Tokens of a passage with its headings at most: what the model reads.
    pub max: usize,
    /// A passage of fewer tokens is joined to the one before it in the same section.
    pub small: usize,
}

impl Default for ChunkOptions {
    fn default() -> Self {
        Self {
            target: 220,
            // The sentence model reads 256, two of which mark the ends.
            max: 254,
            small: 24,
        }
    }
}

/// Joins the blocks to the document's text (normalised, a blank line between blocks) and cuts passages out of it.
///
/// A passage never reaches across a heading; the headings are kept beside it. A heading with nothing below it is a
/// passage itself, so that it can be found.
pub fn chunk(blocks: &[Block], tokens: Tokens<'_>, options: &ChunkOptions) -> (String, Vec<Chunk>) {
    let (text, placed) = compose(blocks);
    let mut cutter = Cutter {
        text: &text,
        tokens,
        options,
        path: Vec::new(),
        bare: None,
        open: None,
        done: Vec::new(),
    };
    for block in &placed {
        match block.heading {
            Some(level) => cutter.heading(block, level),
            None => cutter.body(block),
        }
    }
    let drafts = cutter.finish();
    let whole = language(&text);
    let mut place = Place::default();
    let chunks = drafts
        .into_iter()
        .filter_map(|draft| {
            let body = text.get(draft.bytes.clone())?;
            Some(Chunk {
                start: place.of(&text, draft.bytes.start),
                end: place.of(&text, draft.bytes.end),
                language: language_or(body, whole),
                headings: draft.headings,
                page: draft.page,
                text: body.to_owned(),
            })
        })
        .collect();
    (text, chunks)
}

/// The id of a document's passage: the same content gives the same ids on every machine.
pub fn passage_id(document_id: &str, ordinal: u32) -> String {
    format!("{document_id}-{ordinal}")
}

/// What a passage's vector is made of: the innermost headings, then the text.
pub fn embedding_text(headings: &[String], text: &str) -> String {
    let prefix = prefix(headings);
    if prefix.is_empty() {
        text.to_owned()
    } else {
        format!("{prefix}\n{text}")
    }
}

/// A guess of a text's tokens where no tokenizer is at hand; rather too many than too few.
pub fn approximate_tokens(text: &str) -> usize {
    let (mut tokens, mut word) = (0, 0);
    for c in text.chars() {
        if c.is_alphanumeric() && !is_cjk(c) {
            // A word is one token, a long one some.
            tokens += usize::from(word % 6 == 0);
            word += 1;
        } else {
            word = 0;
            tokens += usize::from(!c.is_whitespace());
        }
    }
    tokens
}

fn prefix(headings: &[String]) -> String {
    let inner = headings
        .get(headings.len().saturating_sub(3)..)
        .unwrap_or(headings);
    let short: Vec<String> = inner
        .iter()
        .map(|heading| heading.chars().take(80).collect())
        .collect();
    short.join(" > ")
}

/// A block where it lies in the text.
struct Placed {
    bytes: Range<usize>,
    heading: Option<u8>,
    page: Option<u32>,
}

fn compose(blocks: &[Block]) -> (String, Vec<Placed>) {
    let mut text = String::new();
    let mut placed = Vec::with_capacity(blocks.len());
    for block in blocks {
        let markdown = normalise(&block.markdown);
        if markdown.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&markdown);
        placed.push(Placed {
            bytes: start..text.len(),
            heading: block.heading,
            page: block.page,
        });
    }
    (text, placed)
}

/// Line ends become `\n`, other control characters go, and the white space at the ends of lines and around the block.
fn normalise(markdown: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in markdown
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .split('\n')
    {
        let kept: String = line
            .chars()
            .filter(|c| *c == '\t' || !c.is_control())
            .collect();
        lines.push(kept.trim_end().to_owned());
    }
    // Leading blanks on the first line may be code, so only empty lines go there.
    let joined = lines.join("\n");
    let joined = joined.trim_end();
    joined.trim_start_matches('\n').to_owned()
}

struct Draft {
    headings: Vec<String>,
    page: Option<u32>,
    bytes: Range<usize>,
    tokens: usize,
}

struct Cutter<'a> {
    text: &'a str,
    tokens: Tokens<'a>,
    options: &'a ChunkOptions,
    path: Vec<(u8, String)>,
    /// The last heading, as long as nothing came below it.
    bare: Option<(u8, Draft)>,
    open: Option<Draft>,
    done: Vec<Draft>,
}

impl Cutter<'_> {
    fn heading(&mut self, block: &Placed, level: u8) {
        self.close();
        if let Some((bare, draft)) = self.bare.take()
            && bare >= level
        {
            self.done.push(draft);
        }
        while self.path.last().is_some_and(|(above, _)| *above >= level) {
            self.path.pop();
        }
        let line = self.text.get(block.bytes.clone()).unwrap_or_default();
        self.bare = Some((
            level,
            Draft {
                headings: self.headings(),
                page: block.page,
                bytes: block.bytes.clone(),
                tokens: (self.tokens)(line),
            },
        ));
        self.path.push((level, title(line)));
    }

    fn body(&mut self, block: &Placed) {
        self.bare = None;
        let body = self.text.get(block.bytes.clone()).unwrap_or_default();
        let headings = self.headings();
        let size = (self.tokens)(body);
        let mut longest = headings.clone();
        longest.extend(table_columns(body));
        let budget = self.budget(&longest);
        if size > budget {
            self.close();
            let columns = table_columns(body);
            for (at, piece) in split(body, self.tokens, budget).into_iter().enumerate() {
                let tokens = (self.tokens)(body.get(piece.clone()).unwrap_or_default());
                let bytes = block.bytes.start + piece.start..block.bytes.start + piece.end;
                let mut headings = headings.clone();
                // The rows after the first piece say nothing without the names of their columns.
                headings.extend(columns.clone().filter(|_| at > 0));
                self.open = Some(Draft {
                    headings,
                    page: block.page,
                    bytes,
                    tokens,
                });
                self.close();
            }
            // What follows may be joined to the last piece.
            self.open = self.done.pop();
            return;
        }
        match &mut self.open {
            Some(open) if open.tokens + size <= budget => {
                open.bytes.end = block.bytes.end;
                open.tokens += size;
            }
            _ => {
                self.close();
                self.open = Some(Draft {
                    headings,
                    page: block.page,
                    bytes: block.bytes.clone(),
                    tokens: size,
                });
            }
        }
    }

    /// Ends the open passage; a small one goes to its neighbour if that has room.
    fn close(&mut self) {
        let Some(open) = self.open.take() else {
            return;
        };
        let most = self
            .options
            .max
            .saturating_sub((self.tokens)(&prefix(&open.headings)));
        match self.done.last_mut() {
            Some(last)
                if open.tokens < self.options.small
                    && last.headings == open.headings
                    && last.tokens + open.tokens <= most =>
            {
                last.bytes.end = open.bytes.end;
                last.tokens += open.tokens;
            }
            _ => self.done.push(open),
        }
    }

    fn finish(mut self) -> Vec<Draft> {
        self.close();
        self.done.extend(self.bare.take().map(|(_, draft)| draft));
        self.done
    }

    fn headings(&self) -> Vec<String> {
        self.path.iter().map(|(_, title)| title.clone()).collect()
    }

    /// Tokens for the text, when the headings have theirs.
    fn budget(&self, headings: &[String]) -> usize {
        let left = self
            .options
            .max
            .saturating_sub((self.tokens)(&prefix(headings)));
        self.options.target.min(left).max(16)
    }
}

/// The words of a heading line.
fn title(line: &str) -> String {
    let words = line
        .trim_start_matches('#')
        .trim_end_matches('#')
        .replace(['*', '`'], "");
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").chars().take(200).collect()
}

/// Counts characters up to a byte; places are asked for in ascending order.
#[derive(Default)]
struct Place {
    byte: usize,
    characters: u32,
}

impl Place {
    fn of(&mut self, text: &str, byte: usize) -> u32 {
        if byte < self.byte {
            *self = Self::default();
        }
        let between = text.get(self.byte..byte).unwrap_or_default();
        self.characters += u32::try_from(between.chars().count()).unwrap_or(u32::MAX);
        self.byte = byte;
        self.characters
    }
}
