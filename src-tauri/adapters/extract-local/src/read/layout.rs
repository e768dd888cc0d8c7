//! Lines on pages to headings and paragraphs.

use super::{columns::table, heading, table::tables};
use crate::wire::Block;
use std::collections::HashMap;

/// A line of text where it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pub(crate) page: u32,
    pub(crate) text: String,
    /// Height of its letters in points.
    pub(crate) size: f32,
    /// Points from the page's lower edge.
    pub(crate) y: f32,
    /// Its parts between wide gaps.
    pub(crate) cells: Vec<Cell>,
}

/// A part of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// Points from the page's left edge.
    pub(crate) left: f32,
    pub(crate) right: f32,
}

/// Letters so much larger than the body's make a heading.
const LARGER: f32 = 1.12;
/// Characters of a heading, at most.
const HEADING: usize = 160;

/// Headings are told by their size; paragraphs by the space above them, bullets and pages. What stands at the edge of most
/// pages (running heads, page numbers) is left out.
pub(crate) fn blocks(lines: &[Line], pages: u32) -> Vec<Block> {
    let edges = edges(lines, pages);
    let lines: Vec<&Line> = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| !(edges.contains(&key(line)) && is_at_edge(lines, *at)))
        .map(|(_, line)| line)
        .collect();
    let body = body_size(&lines);
    let sizes = heading_sizes(&lines, body);
    let pitch = pitch(&lines, body);
    let mut blocks: Vec<Block> = Vec::new();
    let mut last: Option<&Line> = None;
    let mut rest = lines.as_slice();
    while let Some((line, after)) = rest.split_first() {
        if let Some((rows, used)) = table(rest) {
            blocks.extend(tables(&rows, Some(line.page)));
            rest = rest.get(used.max(1)..).unwrap_or_default();
            last = None;
            continue;
        }
        rest = after;
        let level = level(line, body, &sizes);
        let goes_on = last.is_some_and(|last| goes_on(last, line, pitch));
        match (level, blocks.last_mut()) {
            (Some(level), Some(open)) if goes_on && open.heading == Some(level) => {
                open.markdown.push(' ');
                open.markdown.push_str(line.text.trim());
            }
            (Some(level), _) => blocks.push(heading(level, line.text.trim(), Some(line.page))),
            (None, Some(open)) if goes_on && open.heading.is_none() => {
                join(&mut open.markdown, &line.text)
            }
            (None, _) => blocks.push(Block {
                markdown: bullet(line.text.trim()),
                heading: None,
                page: Some(line.page),
            }),
        }
        last = Some(line);
    }
    for block in &mut blocks {
        // A hyphen that no further line followed.
        block.markdown = block.markdown.replace('\u{ad}', "-");
    }
    blocks
}

/// A line's text with its digits alike, so that page numbers are.
fn key(line: &Line) -> String {
    line.text
        .trim()
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect()
}

fn is_at_edge(lines: &[Line], at: usize) -> bool {
    let here = lines.get(at).map(|line| line.page);
    let page = |at: Option<usize>| at.and_then(|at| lines.get(at)).map(|line| line.page);
    page(at.checked_sub(1)) != here || page(at.checked_add(1)) != here
}

/// What stands first or last on most pages of a document with some.
fn edges(lines: &[Line], pages: u32) -> Vec<String> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        if is_at_edge(lines, at) && line.text.len() < 120 {
            *counts.entry(key(line)).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(_, count)| pages >= 3 && *count * 5 >= pages * 3)
        .map(|(key, _)| key)
        .collect()
}

/// The size of most letters.
fn body_size(lines: &[&Line]) -> f32 {
    let mut counts: HashMap<i32, usize> = HashMap::new();
    for line in lines {
        *counts.entry(rounded(line.size)).or_default() += line.text.chars().count();
    }
    let most = counts
        .into_iter()
        .max_by_key(|(size, count)| (*count, std::cmp::Reverse(*size)));
    most.map_or(0.0, |(size, _)| size as f32 / 2.0)
}

/// In halves of a point.
fn rounded(size: f32) -> i32 {
    (size * 2.0).round() as i32
}

fn is_heading(line: &Line, body: f32) -> bool {
    line.size > body * LARGER
        && line.text.chars().count() <= HEADING
        && line.text.chars().any(char::is_alphabetic)
}

/// The sizes of headings, largest first.
fn heading_sizes(lines: &[&Line], body: f32) -> Vec<i32> {
    let mut sizes: Vec<i32> = lines
        .iter()
        .filter(|line| is_heading(line, body))
        .map(|line| rounded(line.size))
        .collect();
    sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
    sizes.dedup();
    sizes
}

fn level(line: &Line, body: f32, sizes: &[i32]) -> Option<u8> {
    if !is_heading(line, body) {
        return None;
    }
    let place = sizes.iter().position(|size| *size == rounded(line.size))?;
    Some(u8::try_from(place.min(5)).unwrap_or(5) + 1)
}

/// The usual distance of two lines.
fn pitch(lines: &[&Line], body: f32) -> f32 {
    let mut steps: Vec<f32> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a.page == b.page && a.y > b.y => Some(a.y - b.y),
            _ => None,
        })
        .collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 4).copied().unwrap_or(body * 1.2)
}

/// Whether a line belongs to the paragraph or heading of the one before it.
fn goes_on(last: &Line, line: &Line, pitch: f32) -> bool {
    if is_bullet(line.text.trim_start()) {
        return false;
    }
    let ended = last.text.trim_end().ends_with(['.', '!', '?', ':', '。']);
    if last.page != line.page {
        // A sentence may run over the page's end.
        let begins_small = line.text.trim_start().starts_with(char::is_lowercase);
        return !ended && begins_small;
    }
    let same_size = (last.size - line.size).abs() < 0.6;
    let step = last.y - line.y;
    // Upwards is a new column.
    let near = if step < -pitch {
        !ended
    } else {
        step <= (pitch * 1.45).max(line.size * 1.35)
    };
    same_size && near
}

fn is_bullet(text: &str) -> bool {
    text.starts_with(['•', '▪', '‣', '◦', '●', '·'])
        || text.starts_with("- ")
        || text.starts_with("– ")
}

fn bullet(text: &str) -> String {
    if is_bullet(text) {
        let rest = text
            .trim_start_matches(['•', '▪', '‣', '◦', '●', '·', '-', '–'])
            .trim_start();
        format!("- {rest}")
    } else {
        text.to_owned()
    }
}

/// Joins a line to its paragraph; a word cut by a hyphen becomes whole.
fn join(paragraph: &mut String, line: &str) {
    let line = line.trim();
    let small = line.starts_with(char::is_lowercase);
    if paragraph.ends_with('\u{ad}') {
        paragraph.pop();
        if !small {
            paragraph.push('-');
        }
    } else if paragraph.ends_with('-') && small {
        // `long-term` or `docu-ment`: the hyphen is kept only where a letter is not before it.
        let letters = paragraph
            .trim_end_matches('-')
            .chars()
            .next_back()
            .is_some_and(char::is_alphabetic);
        if letters {
            paragraph.pop();
        }
    } else if !paragraph.is_empty() {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(lines: &[(u32, f32, f32, &str)], pages: u32, expected: Expect) {
        let lines: Vec<Line> = lines
            .iter()
            .map(|(page, size, y, text)| Line {
                page: *page,
                size: *size,
                y: *y,
                text: (*text).into(),
                cells: Vec::new(),
            })
            .collect();
        let told: Vec<String> = blocks(&lines, pages)
            .iter()
            .map(|b| format!("{} {}", b.page.unwrap_or(0), b.markdown))
            .collect();
        expected.assert_eq(&told.join("\n"));
    }

    #[test]
    fn finds_headings_and_paragraphs() {
        check(&[], 0, expect![""]);
        check(
            &[
                (1, 20.0, 800.0, "The long"),
                (1, 20.0, 778.0, "handbook"),
                (1, 14.0, 740.0, "Returns"),
                (1, 10.0, 720.0, "Goods may be re\u{ad}"),
                (1, 10.0, 708.0, "turned within 30 days."),
                (1, 10.0, 680.0, "A new paragraph that"),
                (2, 10.0, 800.0, "runs over."),
                (2, 10.0, 788.0, "• One"),
                (2, 10.0, 776.0, "• Two"),
            ],
            2,
            expect![[r##"
                1 # The long handbook
                1 ## Returns
                1 Goods may be returned within 30 days.
                1 A new paragraph that runs over.
                2 - One
                2 - Two"##]],
        );
    }

    #[test]
    fn leaves_running_heads_out() {
        let mut lines = Vec::new();
        for page in 1..=4 {
            lines.push((page, 9.0, 820.0, "ACME Handbook"));
            lines.push((page, 10.0, 700.0, "Some text of this page."));
            lines.push((page, 10.0, 500.0, "More text of this page."));
            lines.push((page, 9.0, 20.0, if page == 1 { "Page 1" } else { "Page 2" }));
        }
        check(
            &lines,
            4,
            expect![[r#"
                1 Some text of this page. More text of this page.
                2 Some text of this page. More text of this page.
                3 Some text of this page. More text of this page.
                4 Some text of this page. More text of this page."#]],
        );
    }
}
