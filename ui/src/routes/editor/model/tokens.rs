//! Colours of JSON and YAML, line by line: each line needs only the state in which the line before it ended.

/// What a run of characters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Nothing special.
    Plain,
    /// The name of a field.
    Key,
    /// A string.
    Text,
    /// An expression inside a string: `{% … %}`, a path, an intrinsic function.
    Expression,
    /// A number.
    Number,
    /// `true`, `false`, `null`.
    Word,
    /// Brackets, commas, colons, dashes.
    Mark,
    /// A comment (YAML).
    Comment,
}

/// What is carried from one line to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carry {
    /// Nothing.
    #[default]
    None,
    /// Inside a YAML block scalar whose lines are indented deeper than this.
    Block(usize),
    /// Inside a YAML string in `'` that goes on.
    Single,
    /// Inside a YAML string in `"` that goes on.
    Double,
}

/// The runs of a line, in order, without gaps: their class and text.
pub fn line(text: &str, yaml: bool, carry: Carry) -> (Vec<(Class, &str)>, Carry) {
    let mut scan = Scan {
        text,
        at: 0,
        out: Vec::new(),
    };
    let carry = if yaml { scan.yaml(carry) } else { scan.json() };
    (scan.out, carry)
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    out: Vec<(Class, &'a str)>,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Gives the next `length` bytes to a class; runs of the same class are one.
    fn take(&mut self, length: usize, class: Class) {
        let Some(run) = self
            .text
            .get(self.at..self.at + length)
            .filter(|run| !run.is_empty())
        else {
            return;
        };
        self.at += length;
        self.out.push((class, run));
    }

    fn take_while(&mut self, class: Class, wanted: impl Fn(char) -> bool) {
        let length = self
            .rest()
            .find(|c| !wanted(c))
            .unwrap_or(self.rest().len());
        self.take(length, class);
    }

    fn json(&mut self) -> Carry {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' => {
                    let length = quoted(self.rest(), '"').unwrap_or(self.rest().len());
                    let after = self.rest().get(length..).unwrap_or_default().trim_start();
                    if after.starts_with(':') {
                        self.take(length, Class::Key);
                    } else {
                        self.string(length);
                    }
                }
                _ => self.bare(c),
            }
        }
        Carry::None
    }

    /// A string whose value may be an expression.
    fn string(&mut self, length: usize) {
        let inner = self
            .rest()
            .get(..length)
            .unwrap_or_default()
            .trim_matches(['"', '\'']);
        let expression =
            inner.starts_with("{%") || inner.starts_with('$') || inner.starts_with("States.");
        self.take(
            length,
            if expression {
                Class::Expression
            } else {
                Class::Text
            },
        );
    }

    fn bare(&mut self, c: char) {
        match c {
            '{' | '}' | '[' | ']' | ',' | ':' => self.take(1, Class::Mark),
            '-' | '0'..='9' => self.take_while(Class::Number, |c| {
                c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')
            }),
            c if c.is_ascii_alphabetic() => {
                let length = self
                    .rest()
                    .find(|c: char| !c.is_ascii_alphanumeric())
                    .unwrap_or(self.rest().len());
                let word = self.rest().get(..length).unwrap_or_default();
                let class = if matches!(word, "true" | "false" | "null") {
                    Class::Word
                } else {
                    Class::Plain
                };
                self.take(length, class);
            }
            c if c.is_whitespace() => self.take_while(Class::Plain, char::is_whitespace),
            c => self.take(c.len_utf8(), Class::Plain),
        }
    }

    fn yaml(&mut self, carry: Carry) -> Carry {
        let indent = self.text.len() - self.text.trim_start().len();
        match carry {
            Carry::Block(parent) if self.text.trim().is_empty() || indent > parent => {
                self.take(self.text.len(), Class::Text);
                return carry;
            }
            Carry::Single | Carry::Double => {
                let mark = if carry == Carry::Single { '\'' } else { '"' };
                // The string began on an earlier line: its end is found as if it began here.
                let Some(length) = closes(self.text, mark) else {
                    self.take(self.text.len(), Class::Text);
                    return carry;
                };
                self.take(length, Class::Text);
            }
            _ => {}
        }
        self.take_while(Class::Plain, char::is_whitespace);
        while self.rest() == "-" || self.rest().starts_with("- ") {
            self.take(1, Class::Mark);
            self.take_while(Class::Plain, char::is_whitespace);
        }
        if let Some(length) = key(self.rest()) {
            self.take(length, Class::Key);
            self.take_while(Class::Plain, char::is_whitespace);
            self.take(1, Class::Mark);
        }
        self.yaml_value(indent)
    }

    fn yaml_value(&mut self, indent: usize) -> Carry {
        let mut first = true;
        let mut flow = 0_usize;
        while let Some(c) = self.rest().chars().next() {
            match c {
                c if c.is_whitespace() => {
                    self.take_while(Class::Plain, char::is_whitespace);
                    if self.rest().starts_with('#') {
                        self.take(self.rest().len(), Class::Comment);
                    }
                    continue;
                }
                '#' if first => self.take(self.rest().len(), Class::Comment),
                '"' | '\'' => match quoted(self.rest(), c) {
                    Some(length) => {
                        let after = self.rest().get(length..).unwrap_or_default().trim_start();
                        if after.starts_with(':') {
                            self.take(length, Class::Key)
                        } else {
                            self.string(length)
                        }
                    }
                    None => {
                        self.take(self.rest().len(), Class::Text);
                        return if c == '"' {
                            Carry::Double
                        } else {
                            Carry::Single
                        };
                    }
                },
                '|' | '>' if first => {
                    self.take(self.rest().len(), Class::Mark);
                    return Carry::Block(indent);
                }
                '&' | '*' | '!' if first => self.take_while(Class::Mark, |c| !c.is_whitespace()),
                '{' | '[' if first || flow > 0 => {
                    flow += 1;
                    self.take(1, Class::Mark);
                }
                '}' | ']' if flow > 0 => {
                    flow -= 1;
                    self.take(1, Class::Mark);
                }
                ',' | ':' if flow > 0 => self.take(1, Class::Mark),
                _ => {
                    let stop = if flow > 0 {
                        &[',', '}', ']', ':'][..]
                    } else {
                        &[][..]
                    };
                    let rest = self.rest();
                    let comment = rest.find(" #").unwrap_or(rest.len());
                    let length = rest
                        .find(stop)
                        .unwrap_or(rest.len())
                        .min(comment)
                        .max(c.len_utf8());
                    let word = rest.get(..length).unwrap_or_default().trim();
                    let class = if matches!(word, "true" | "false" | "null" | "~") {
                        Class::Word
                    } else if word.parse::<f64>().is_ok() {
                        Class::Number
                    } else if word.starts_with('$') || word.starts_with("States.") {
                        Class::Expression
                    } else {
                        Class::Text
                    };
                    self.take(length, class);
                }
            }
            first = false;
        }
        Carry::None
    }
}

/// The length of the quoted string that the text begins with, marks included; none if it doesn't end here.
fn quoted(text: &str, mark: char) -> Option<usize> {
    closes(text.get(1..)?, mark).map(|length| length + 1)
}

/// How many bytes until a string in `mark` ends, its mark included.
fn closes(text: &str, mark: char) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && mark == '"' {
            chars.next();
        } else if c == mark {
            if mark == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                chars.next();
            } else {
                return Some(at + 1);
            }
        }
    }
    None
}

/// The length of the YAML key that the text begins with, if it is followed by a colon.
fn key(text: &str) -> Option<usize> {
    let length = match text.chars().next()? {
        mark @ ('"' | '\'') => quoted(text, mark)?,
        '{' | '[' | '#' | '|' | '>' | '&' | '*' | '!' => return None,
        _ => {
            let at = text
                .find(": ")
                .or_else(|| text.strip_suffix(':').map(str::len))?;
            if text.get(..at)?.contains(" #") {
                return None;
            }
            text.get(..at)?.trim_end().len()
        }
    };
    let after = text.get(length..)?.trim_start();
    (after == ":" || after.starts_with(": ")).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, yaml: bool, expected: Expect) {
        let mut carry = Carry::None;
        let mut out = String::new();
        for text in text.lines() {
            let (runs, next) = line(text, yaml, carry);
            assert_eq!(
                runs.iter().map(|(_, run)| *run).collect::<String>(),
                text,
                "no character is lost"
            );
            let shown: Vec<String> = runs
                .iter()
                .filter(|(_, run)| !run.trim().is_empty())
                .map(|(class, run)| format!("{class:?}<{run}>"))
                .collect();
            out.push_str(&shown.join(" "));
            out.push('\n');
            carry = next;
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn json() {
        check(
            r#"{"StartAt": "A", "n": -1.5e3, "ok": true, "q": "a \" b", "e": "{% $x %}", "p": "$.a" "open"#,
            false,
            expect![[r#"
                Mark<{> Key<"StartAt"> Mark<:> Text<"A"> Mark<,> Key<"n"> Mark<:> Number<-1.5e3> Mark<,> Key<"ok"> Mark<:> Word<true> Mark<,> Key<"q"> Mark<:> Text<"a \" b"> Mark<,> Key<"e"> Mark<:> Expression<"{% $x %}"> Mark<,> Key<"p"> Mark<:> Expression<"$.a"> Text<"open>
            "#]],
        );
    }

    #[test]
    fn yaml() {
        check(
            "# a workflow\nStartAt: A  # first\nStates:\n  'Say it':\n    Type: Pass\n    N: 3\n    Text: |\n      any: thing\n\n      # text\n    - End: true\n    In: {a: 1, b: [x, $.y]}\n    Url: http://x/y",
            true,
            expect![[r#"
                Comment<# a workflow>
                Key<StartAt> Mark<:> Text<A > Comment<# first>
                Key<States> Mark<:>
                Key<'Say it'> Mark<:>
                Key<Type> Mark<:> Text<Pass>
                Key<N> Mark<:> Number<3>
                Key<Text> Mark<:> Mark<|>
                Text<      any: thing>

                Text<      # text>
                Mark<-> Key<End> Mark<:> Word<true>
                Key<In> Mark<:> Mark<{> Text<a> Mark<:> Number<1> Mark<,> Text<b> Mark<:> Mark<[> Text<x> Mark<,> Expression<$.y> Mark<]> Mark<}>
                Key<Url> Mark<:> Text<http://x/y>
            "#]],
        );
    }

    #[test]
    fn a_yaml_string_may_go_over_several_lines() {
        check(
            "a: \"one\n  two\" # c\nb: 'it''s'",
            true,
            expect![[r#"
            Key<a> Mark<:> Text<"one>
            Text<  two"> Comment<# c>
            Key<b> Mark<:> Text<'it''s'>
        "#]],
        );
    }

    #[test]
    fn no_text_makes_it_lose_a_character() {
        for text in [
            "é\"ü",
            "- - 'x",
            "\"",
            "\\",
            "{%",
            "a:b",
            ":",
            "-",
            "\u{2028}x: [",
            "''",
            "'",
            "\"\\",
        ] {
            for yaml in [false, true] {
                for carry in [Carry::None, Carry::Block(0), Carry::Single, Carry::Double] {
                    let (runs, _) = line(text, yaml, carry);
                    assert_eq!(runs.iter().map(|(_, run)| *run).collect::<String>(), text);
                }
            }
        }
    }
}
