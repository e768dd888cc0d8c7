//! The sentences, list items and table rows of a Markdown text.

/// Something that can be quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its first character, in Unicode scalar values.
    pub start: u32,
    /// One past its last character.
    pub end: u32,
    /// Its text: exactly that range.
    pub text: String,
    /// The cells of the table's head, when it is a row of a table that has one.
    pub head: Option<Vec<String>>,
}

impl Sentence {
    /// The text as it reads in an answer: lines joined, emphasis kept, cells of a row named by the table's head.
    pub fn readable(&self) -> String {
        if self.text.starts_with('|') {
            let cells = cells(&self.text);
            return match &self.head {
                Some(head) if head.len() == cells.len() => {
                    let named: Vec<String> = head
                        .iter()
                        .zip(&cells)
                        .filter(|(_, cell)| !cell.is_empty())
                        .map(|(name, cell)| format!("{name}: {cell}"))
                        .collect();
                    named.join("; ")
                }
                _ => cells.join("; "),
            };
        }
        let words: Vec<&str> = self.text.split_whitespace().collect();
        words.join(" ")
    }
}

/// All sentences in order. Headings, rules and the heads of tables are none.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut head: Option<Vec<String>> = None;
    let mut open: Option<(u32, Vec<char>)> = None;
    let mut at: u32 = 0;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let characters: Vec<char> = line.chars().collect();
        let indent = characters.iter().take_while(|c| c.is_whitespace()).count();
        let body: Vec<char> = characters.iter().skip(indent).copied().collect();
        let start = at + length(indent);
        let trimmed = line.trim();
        at += length(characters.len()) + 1;
        if !trimmed.starts_with('|') {
            head = None;
        }
        let marker = marker(&body);
        let breaks = trimmed.is_empty()
            || trimmed.starts_with(['#', '|', '>'])
            || is_rule(trimmed)
            || marker > 0;
        if breaks && let Some((from, unit)) = open.take() {
            cut(from, &unit, &mut found);
        }
        if trimmed.starts_with('|') {
            if lines.peek().is_some_and(|next| is_rule(next.trim())) {
                head = Some(cells(trimmed));
            } else if !is_rule(trimmed) {
                found.push(Sentence {
                    start,
                    end: start + length(trimmed.chars().count()),
                    text: trimmed.to_owned(),
                    head: head.clone(),
                });
            }
        } else if trimmed.is_empty() || trimmed.starts_with('#') || is_rule(trimmed) {
        } else if let Some((_, unit)) = &mut open {
            unit.push('\n');
            unit.extend(&characters);
        } else {
            open = Some((
                start + length(marker),
                body.into_iter().skip(marker).collect(),
            ));
        }
    }
    if let Some((from, unit)) = open.take() {
        cut(from, &unit, &mut found);
    }
    found
}

fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The cells of a table row.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').unwrap_or(row);
    row.replace("\\|", "\u{1}")
        .split('|')
        .map(|cell| cell.trim().replace('\u{1}', "|"))
        .collect()
}

/// A line of dashes: below a table's head, or between parts.
fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line.contains("--") | line.contains("***") | line.contains("___")
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '*' | '_'))
}

/// Characters of a list or quotation marker at the line's begin.
fn marker(line: &[char]) -> usize {
    let blank = |at: usize| line.get(at).is_some_and(|c| c.is_whitespace());
    match line.first() {
        Some('-' | '*' | '+' | '>' | '•') if blank(1) => 2,
        Some(c) if c.is_ascii_digit() => {
            let digits = line.iter().take_while(|c| c.is_ascii_digit()).count();
            let dotted = matches!(line.get(digits), Some('.' | ')'));
            if dotted && blank(digits + 1) && digits < 4 {
                digits + 2
            } else {
                0
            }
        }
        _ => 0,
    }
}

/// Cuts a paragraph into sentences.
fn cut(from: u32, unit: &[char], found: &mut Vec<Sentence>) {
    let mut begin = 0;
    for (at, c) in unit.iter().enumerate() {
        if at + 1 == unit.len() || ends_sentence(unit, at, *c) {
            push(from, unit, begin, at + 1, found);
            begin = at + 1;
        }
    }
}

fn push(from: u32, unit: &[char], begin: usize, end: usize, found: &mut Vec<Sentence>) {
    let piece = unit.get(begin..end).unwrap_or_default();
    let before = piece.iter().take_while(|c| c.is_whitespace()).count();
    let after = piece.iter().rev().take_while(|c| c.is_whitespace()).count();
    let Some(kept) = piece.get(before..piece.len().saturating_sub(after)) else {
        return;
    };
    if kept.iter().any(|c| c.is_alphanumeric()) {
        let start = from + length(begin + before);
        found.push(Sentence {
            start,
            end: start + length(kept.len()),
            text: kept.iter().collect(),
            head: None,
        });
    }
}

fn ends_sentence(unit: &[char], at: usize, c: char) -> bool {
    if matches!(c, '。' | '！' | '？') {
        return true;
    }
    // A closing mark belongs to the sentence before it.
    let closed = matches!(c, '"' | '”' | ')' | '’' | '*')
        && at
            .checked_sub(1)
            .and_then(|before| unit.get(before))
            .is_some_and(|b| matches!(b, '.' | '!' | '?'));
    if !(matches!(c, '.' | '!' | '?' | '…') || closed) {
        return false;
    }
    let mut rest = unit.iter().skip(at + 1);
    if !rest.next().is_some_and(|next| next.is_whitespace()) {
        return false;
    }
    // `No. 5` and `e.g. this` go on; a sentence begins with a capital, a digit or a mark.
    let next = rest.find(|c| !c.is_whitespace());
    if next.is_some_and(|next| next.is_lowercase()) {
        return false;
    }
    let before = unit.get(..at).unwrap_or_default();
    let word: String = before
        .iter()
        .rev()
        .take_while(|c| c.is_alphanumeric() || **c == '.')
        .collect();
    let word: String = word.chars().rev().collect::<String>().to_lowercase();
    const SHORT: &[&str] = &[
        "no", "nr", "mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "e.g", "i.e", "approx",
        "fig", "art", "sec", "inc", "ltd",
    ];
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    !(c == '.' && (initial || SHORT.contains(&word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let characters: Vec<char> = text.chars().collect();
        let told: Vec<String> = sentences(text)
            .into_iter()
            .map(|s| {
                let exact: String = characters[s.start as usize..s.end as usize]
                    .iter()
                    .collect();
                assert_eq!(exact, s.text);
                format!("{:?} = {}", s.text, s.readable())
            })
            .collect();
        expected.assert_eq(&told.join("\n"));
    }

    #[test]
    fn cuts_prose() {
        check("", expect![""]);
        check(
            "Dr. Ito pays 3.50 EUR. See e.g. the list!\nReally? \"Yes.\" Done",
            expect![[r#"
                "Dr. Ito pays 3.50 EUR." = Dr. Ito pays 3.50 EUR.
                "See e.g. the list!" = See e.g. the list!
                "Really?" = Really?
                "\"Yes.\"" = "Yes."
                "Done" = Done"#]],
        );
        check(
            "退货需在30天内。请保留收据。",
            expect![[r#"
                "退货需在30天内。" = 退货需在30天内。
                "请保留收据。" = 请保留收据。"#]],
        );
    }

    #[test]
    fn takes_items_and_rows_one_by_one() {
        check(
            "# Title\n\n- one\n  goes on\n- two. Three.\n1. four\n\n| Item | Days |\n|---|---|\n| Bag | 30 |\n| Card | |\n\n---\nend",
            expect![[r#"
                "one\n  goes on" = one goes on
                "two." = two.
                "Three." = Three.
                "four" = four
                "| Bag | 30 |" = Item: Bag; Days: 30
                "| Card | |" = Item: Card
                "end" = end"#]],
        );
    }
}
