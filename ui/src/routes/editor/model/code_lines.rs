//! The lines of a text: where they begin, what of them is on the screen, and what a key does to them.

use super::tokens::{self, Carry, Class};
use std::ops::Range;

/// Where the lines of a text begin, in bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    starts: Vec<usize>,
    carries: Vec<Carry>,
    /// The length of the last line.
    last: usize,
    yaml: bool,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 0.
    pub line: usize,
    /// UTF-16 units from the line's start, as the browser counts.
    pub column: usize,
}

impl Lines {
    /// Finds the lines of a text.
    pub fn of(text: &str, yaml: bool) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1),
        );
        let last = text.len() - starts.last().copied().unwrap_or_default();
        Self {
            starts,
            carries: Vec::new(),
            last,
            yaml,
        }
    }

    /// How many lines there are; at least one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Where a line lies, without its end.
    pub fn range(&self, text: &str, line: usize) -> Range<usize> {
        let start = self.starts.get(line).copied().unwrap_or(text.len());
        let end = self
            .starts
            .get(line + 1)
            .map_or(text.len(), |next| next - 1);
        let end = if text
            .get(start..end)
            .is_some_and(|line| line.ends_with('\r'))
        {
            end - 1
        } else {
            end
        };
        start..end.max(start)
    }

    /// A line's text.
    pub fn text<'a>(&self, text: &'a str, line: usize) -> &'a str {
        text.get(self.range(text, line)).unwrap_or_default()
    }

    /// The line and column of a byte.
    pub fn place(&self, text: &str, byte: usize) -> Place {
        let line = self
            .starts
            .partition_point(|start| *start <= byte)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        Place {
            line,
            column: text
                .get(start..byte)
                .map_or(0, |text| text.encode_utf16().count()),
        }
    }

    /// The length of the longest line, in bytes.
    pub fn longest(&self) -> usize {
        let ends = self.starts.iter().skip(1);
        self.starts
            .iter()
            .zip(ends)
            .map(|(start, next)| next - start)
            .max()
            .unwrap_or_default()
            .max(self.last)
    }

    /// Like [`coloured`](Self::coloured), owning the text.
    pub fn coloured_owned(
        &mut self,
        text: &str,
        window: Range<usize>,
    ) -> Vec<Vec<(Class, String)>> {
        let runs = self.coloured(text, window);
        runs.into_iter()
            .map(|line| {
                line.into_iter()
                    .map(|(class, run)| (class, run.to_owned()))
                    .collect()
            })
            .collect()
    }

    /// The coloured runs of the lines in a window.
    pub fn coloured<'a>(
        &mut self,
        text: &'a str,
        window: Range<usize>,
    ) -> Vec<Vec<(Class, &'a str)>> {
        let end = window.end.min(self.count());
        if !self.yaml {
            return (window.start..end)
                .map(|n| tokens::line(self.text(text, n), false, Carry::None).0)
                .collect();
        }
        // A line's colours depend on all before it: what each line begins in is found once, as far as is needed.
        while self.carries.len() < end {
            let n = self.carries.len();
            let carry = match n.checked_sub(1) {
                None => Carry::None,
                Some(before) => {
                    let carry = self.carries.get(before).copied().unwrap_or_default();
                    tokens::line(self.text(text, before), true, carry).1
                }
            };
            self.carries.push(carry);
        }
        (window.start..end)
            .map(|n| {
                tokens::line(
                    self.text(text, n),
                    true,
                    self.carries.get(n).copied().unwrap_or_default(),
                )
                .0
            })
            .collect()
    }
}

/// The lines to draw for a scrolled box, with some beyond its edges.
pub fn window(scroll: f64, height: f64, line_height: f64, count: usize) -> Range<usize> {
    const BEYOND: usize = 12;
    let first = (scroll.max(0.0) / line_height) as usize;
    let shown = (height.max(0.0) / line_height).ceil() as usize;
    first.saturating_sub(BEYOND).min(count)..(first + shown + BEYOND).min(count)
}

/// The byte of a UTF-16 offset, as the browser counts; the end if it is beyond.
pub fn byte_of(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= utf16 {
            return byte;
        }
        units += c.len_utf16();
    }
    text.len()
}

/// The UTF-16 offset of a byte.
pub fn utf16_of(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).encode_utf16().count()
}

/// What a key does to the text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub replace: Range<usize>,
    /// By what.
    pub with: String,
    /// What is selected afterwards.
    pub select: Range<usize>,
}

/// What a key does beyond what the browser does by itself; none to leave it to the browser.
pub fn key(
    text: &str,
    selection: Range<usize>,
    key: &str,
    shift: bool,
    yaml: bool,
) -> Option<Edit> {
    let before = text.get(..selection.start)?;
    let after = text.get(selection.end..)?;
    let caret = selection.is_empty();
    let insert = |with: String, caret: usize| {
        let at = selection.start + caret;
        Some(Edit {
            replace: selection.clone(),
            with,
            select: at..at,
        })
    };
    match key {
        "Enter" => {
            let line = before.rsplit('\n').next().unwrap_or_default();
            let indent: String = line
                .chars()
                .take_while(|c| *c == ' ' || *c == '\t')
                .collect();
            let last = line.trim_end().chars().last();
            let deeper = matches!(last, Some('{' | '[')) || (yaml && matches!(last, Some(':')));
            if !deeper {
                let caret = indent.len() + 1;
                return insert(format!("\n{indent}"), caret);
            }
            let caret = indent.len() + 3;
            if after.starts_with(['}', ']']) {
                insert(format!("\n{indent}  \n{indent}"), caret)
            } else {
                insert(format!("\n{indent}  "), caret)
            }
        }
        "Tab" if caret && !shift => insert("  ".to_owned(), 2),
        "Tab" => {
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let block = text.get(start..selection.end)?;
            let moved: Vec<String> = block
                .split('\n')
                .map(|line| match shift {
                    true => line
                        .strip_prefix("  ")
                        .or_else(|| line.strip_prefix(' '))
                        .unwrap_or(line)
                        .to_owned(),
                    false if line.is_empty() => String::new(),
                    false => format!("  {line}"),
                })
                .collect();
            let with = moved.join("\n");
            let end = start + with.len();
            let select = if caret { end..end } else { start..end };
            Some(Edit {
                replace: start..selection.end,
                with,
                select,
            })
        }
        "{" | "[" | "\"" if !caret => {
            let close = match key {
                "{" => "}",
                "[" => "]",
                _ => "\"",
            };
            let inner = text.get(selection.clone())?;
            Some(Edit {
                replace: selection.clone(),
                with: format!("{key}{inner}{close}"),
                select: selection.start + 1..selection.end + 1,
            })
        }
        "{" if lone(after) => insert("{}".to_owned(), 1),
        "[" if lone(after) => insert("[]".to_owned(), 1),
        "\"" if !yaml && after.starts_with('"') => pass(selection),
        "\"" if !yaml
            && lone(after)
            && !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '\\' | '"')) =>
        {
            insert("\"\"".to_owned(), 1)
        }
        "}" | "]" if after.starts_with(key) => pass(selection),
        "Backspace" if caret => {
            let pair = matches!(
                (before.chars().last(), after.chars().next()),
                (Some('{'), Some('}')) | (Some('['), Some(']')) | (Some('"'), Some('"'))
            );
            if !pair {
                return None;
            }
            let at = selection.start - 1;
            Some(Edit {
                replace: at..selection.end + 1,
                with: String::new(),
                select: at..at,
            })
        }
        _ => None,
    }
}

/// Whether a bracket that is opened here needs its partner: nothing but an end follows.
fn lone(after: &str) -> bool {
    after
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || matches!(c, '}' | ']' | ','))
}

/// The caret steps over the character that follows.
fn pass(selection: Range<usize>) -> Option<Edit> {
    let at = selection.end + 1;
    Some(Edit {
        replace: selection.end..selection.end,
        with: String::new(),
        select: at..at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_the_browser_does() {
        let text = "a\n\u{1F600}é\r\nlast";
        let lines = Lines::of(text, false);
        assert_eq!(lines.count(), 3);
        assert_eq!(lines.text(text, 1), "\u{1F600}é");
        assert_eq!(lines.text(text, 2), "last");
        assert_eq!(lines.place(text, 0), Place { line: 0, column: 0 });
        assert_eq!(lines.place(text, 6), Place { line: 1, column: 2 });
        assert_eq!(lines.place(text, text.len()), Place { line: 2, column: 4 });
        assert_eq!(byte_of(text, 4), 6);
        assert_eq!(utf16_of(text, 6), 4);
        assert_eq!(byte_of(text, 99), text.len());
    }

    #[test]
    fn only_what_is_on_the_screen_is_drawn() {
        assert_eq!(window(0.0, 400.0, 20.0, 50_000), 0..32);
        assert_eq!(window(2_000.0, 400.0, 20.0, 50_000), 88..132);
        assert_eq!(window(2_000.0, 400.0, 20.0, 3), 3..3);
    }

    #[test]
    fn colours_of_a_window_know_what_came_before() {
        let text = "a: |\n  one: 1\n  two: 2\nb: 3";
        let mut lines = Lines::of(text, true);
        let drawn = lines.coloured(text, 2..4);
        assert_eq!(drawn[0], [(Class::Text, "  two: 2")]);
        assert_eq!(drawn[1][0], (Class::Key, "b"));
    }

    /// `|` marks the caret or both ends of the selection.
    fn check(before: &str, pressed: &str, after: Option<&str>) {
        let shift = pressed.starts_with("Shift+");
        let pressed = pressed.trim_start_matches("Shift+");
        let text = before.replace('|', "");
        let start = before.find('|').unwrap();
        let end = before.rfind('|').unwrap().max(start + 1) - 1;
        let end = if before.matches('|').count() == 1 {
            start
        } else {
            end
        };
        let got = key(&text, start..end, pressed, shift, false).map(|edit| {
            let mut text = text.clone();
            text.replace_range(edit.replace, &edit.with);
            text.insert(edit.select.end, '|');
            if !edit.select.is_empty() {
                text.insert(edit.select.start, '|');
            }
            text
        });
        assert_eq!(got.as_deref(), after, "{pressed} in {before:?}");
    }

    #[test]
    fn keys_keep_the_indent_and_the_brackets() {
        check("  {|}", "Enter", Some("  {\n    |\n  }"));
        check("  \"a\": 1,|", "Enter", Some("  \"a\": 1,\n  |"));
        check("a|", "Tab", Some("a  |"));
        check("|a\nb|", "Tab", Some("|  a\n  b|"));
        check("  a|", "Shift+Tab", Some("a|"));
        check("x: |", "{", Some("x: {|}"));
        check("|a|", "[", Some("[|a|]"));
        check("|a", "[", None);
        check("{|}", "}", Some("{}|"));
        check("{|}", "Backspace", Some("|"));
        check("a|", "Backspace", None);
        check("\"a|\"", "\"", Some("\"a\"|"));
        check(": |,", "\"", Some(": \"|\","));
        check("\\|", "\"", None);
    }
}
