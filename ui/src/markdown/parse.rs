//! The blocks of a Markdown text: the part of CommonMark that answers and help pages use. It never fails.

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Heading(usize, String),
    Paragraph(String),
    Code(String),
    Quote(Vec<Block>),
    List {
        ordered: bool,
        start: u32,
        items: Vec<Vec<Block>>,
    },
    /// Rows of cells; the first is the head.
    Table(Vec<Vec<String>>),
    Rule,
}

/// The blocks of a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    parse(&lines, 6)
}

/// `deep` bounds the nesting of quotes and lists.
fn parse(lines: &[&str], deep: u8) -> Vec<Block> {
    let mut out = Vec::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let trimmed = line.trim_start();
        if trimmed.is_empty() {
            rest = after;
        } else if let Some(fence) = ["```", "~~~"]
            .into_iter()
            .find(|fence| trimmed.starts_with(fence))
        {
            let end = after
                .iter()
                .position(|line| line.trim_start().starts_with(fence))
                .unwrap_or(after.len());
            let (code, beyond) = after.split_at(end);
            out.push(Block::Code(code.join("\n")));
            rest = beyond.get(1..).unwrap_or_default();
        } else if let Some((level, words)) = heading(trimmed) {
            out.push(Block::Heading(level, words.to_owned()));
            rest = after;
        } else if rule(trimmed) {
            out.push(Block::Rule);
            rest = after;
        } else if trimmed.starts_with('>') && deep > 0 {
            let (quoted, beyond) = while_lines(rest, |line| line.trim_start().starts_with('>'));
            let inner: Vec<&str> = quoted
                .iter()
                .map(|line| {
                    line.trim_start()
                        .trim_start_matches('>')
                        .strip_prefix(' ')
                        .unwrap_or(line.trim_start().trim_start_matches('>'))
                })
                .collect();
            out.push(Block::Quote(parse(&inner, deep - 1)));
            rest = beyond;
        } else if let Some(item) = marker(line).filter(|_| deep > 0) {
            let (list, beyond) = list(rest, &item, deep);
            out.push(list);
            rest = beyond;
        } else if trimmed.starts_with('|') && after.first().is_some_and(|line| divider(line)) {
            let (rows, beyond) = while_lines(rest, |line| line.trim_start().starts_with('|'));
            out.push(Block::Table(
                rows.iter()
                    .filter(|line| !divider(line))
                    .map(|line| cells(line))
                    .collect(),
            ));
            rest = beyond;
        } else {
            let (first, more) = (line.trim(), after);
            let (words, beyond) =
                while_lines(more, |line| !line.trim().is_empty() && !begins_block(line));
            let text = std::iter::once(first)
                .chain(words.iter().map(|line| line.trim()))
                .collect::<Vec<_>>()
                .join("\n");
            out.push(Block::Paragraph(text));
            rest = beyond;
        }
    }
    out
}

fn while_lines<'a, 'b>(
    lines: &'b [&'a str],
    fits: impl Fn(&str) -> bool,
) -> (&'b [&'a str], &'b [&'a str]) {
    let end = lines
        .iter()
        .position(|line| !fits(line))
        .unwrap_or(lines.len());
    lines.split_at(end)
}

fn begins_block(line: &str) -> bool {
    let trimmed = line.trim_start();
    trimmed.starts_with("```")
        || trimmed.starts_with("~~~")
        || trimmed.starts_with('>')
        || heading(trimmed).is_some()
        || marker(line).is_some()
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    ((1..=6).contains(&level) && words.starts_with(' '))
        .then(|| (level, words.trim().trim_end_matches('#').trim_end()))
}

fn rule(line: &str) -> bool {
    let marks: String = line.split_whitespace().collect();
    marks.len() >= 3
        && ["-", "*", "_"]
            .iter()
            .any(|mark| marks.chars().all(|letter| mark.starts_with(letter)))
}

/// The mark at the front of a list's item.
struct Marker<'a> {
    ordered: bool,
    number: u32,
    indent: usize,
    /// Columns before the item's own text.
    width: usize,
    text: &'a str,
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let unordered = ["- ", "* ", "+ "]
        .iter()
        .find_map(|mark| trimmed.strip_prefix(mark));
    if let Some(text) = unordered {
        return Some(Marker {
            ordered: false,
            number: 1,
            indent,
            width: indent + 2,
            text,
        });
    }
    let (number, text) = trimmed
        .split_once(". ")
        .or_else(|| trimmed.split_once(") "))?;
    let width = indent + number.len() + 2;
    (number.len() < 10)
        .then(|| number.parse().ok())
        .flatten()
        .map(|number| Marker {
            ordered: true,
            number,
            indent,
            width,
            text,
        })
}

fn list<'a, 'b>(lines: &'b [&'a str], first: &Marker<'_>, deep: u8) -> (Block, &'b [&'a str]) {
    let mut items = Vec::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let Some(item) =
            marker(line).filter(|item| item.ordered == first.ordered && item.indent < first.width)
        else {
            break;
        };
        let inside = |line: &&str| {
            line.trim().is_empty()
                || line.len() - line.trim_start().len() >= item.width.min(first.width)
        };
        let mut end = after
            .iter()
            .position(|line| !inside(line))
            .unwrap_or(after.len());
        // Blank lines at the end belong to what follows.
        while end > 0
            && after
                .get(end - 1)
                .is_some_and(|line| line.trim().is_empty())
        {
            end -= 1;
        }
        let (own, beyond) = after.split_at(end);
        let inner: Vec<&str> = std::iter::once(item.text)
            .chain(
                own.iter()
                    .map(|line| line.get(item.width..).unwrap_or(line.trim_start())),
            )
            .collect();
        items.push(parse(&inner, deep - 1));
        let blank = beyond
            .iter()
            .take_while(|line| line.trim().is_empty())
            .count();
        let next = beyond.get(blank..).unwrap_or_default();
        let goes_on = next
            .first()
            .and_then(|line| marker(line))
            .is_some_and(|item| item.ordered == first.ordered && item.indent < first.width);
        rest = if goes_on { next } else { beyond };
    }
    (
        Block::List {
            ordered: first.ordered,
            start: first.number,
            items,
        },
        rest,
    )
}

fn divider(line: &str) -> bool {
    let line = line.trim();
    line.contains("---")
        && line
            .chars()
            .all(|letter| matches!(letter, '|' | '-' | ':' | ' '))
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let shown: Vec<String> = blocks(text)
            .iter()
            .map(|block| format!("{block:?}"))
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn blocks_of_an_answer() {
        check(
            "# Title\nOne\ntwo\n\nThree",
            expect![[r#"
            Heading(1, "Title")
            Paragraph("One\ntwo")
            Paragraph("Three")"#]],
        );
        check(
            "```json\n{\n}\n```\nafter",
            expect![[r#"
            Code("{\n}")
            Paragraph("after")"#]],
        );
        check(
            "> quoted\n> more",
            expect![[r#"Quote([Paragraph("quoted\nmore")])"#]],
        );
        check(
            "1. one\n2. two\n\n   more\n3. three",
            expect![[
                r#"List { ordered: true, start: 1, items: [[Paragraph("one")], [Paragraph("two"), Paragraph("more")], [Paragraph("three")]] }"#
            ]],
        );
        check(
            "- a\n  - b\n- c",
            expect![[
                r#"List { ordered: false, start: 1, items: [[Paragraph("a"), List { ordered: false, start: 1, items: [[Paragraph("b")]] }], [Paragraph("c")]] }"#
            ]],
        );
        check(
            "| a | b |\n|---|---|\n| 1 | 2 |",
            expect![[r#"Table([["a", "b"], ["1", "2"]])"#]],
        );
        check("---", expect!["Rule"]);
    }

    #[test]
    fn nothing_makes_it_fail() {
        check("", expect![""]);
        check("``` open", expect![[r#"Code("")"#]]);
        check("#no heading", expect![[r##"Paragraph("#no heading")"##]]);
        check(
            &"> ".repeat(9),
            expect![[
                r#"Quote([Quote([Quote([Quote([Quote([Quote([Paragraph("> > >")])])])])])])"#
            ]],
        );
    }
}
