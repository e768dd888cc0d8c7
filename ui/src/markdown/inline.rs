//! The inside of a line: strong, emphasis, code, links, citation numbers.

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Text(String),
    Strong(Vec<Span>),
    Emphasis(Vec<Span>),
    Code(String),
    /// The words, and an address of the web.
    Link(String, String),
    /// A citation's number.
    Number(u32),
}

/// The parts of a line. What isn't closed is text.
pub(super) fn spans(line: &str) -> Vec<Span> {
    parts(line, 4)
}

/// `deep` bounds the nesting, so that no text can exhaust the stack.
fn parts(line: &str, deep: u8) -> Vec<Span> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        match special(rest, text.chars().next_back(), deep) {
            Some((span, after)) => {
                if !text.is_empty() {
                    out.push(Span::Text(std::mem::take(&mut text)));
                }
                out.push(span);
                rest = after;
            }
            None => {
                let mut letters = rest.chars();
                letters.next();
                rest = letters.as_str();
                // A backslash takes a mark's meaning away.
                match (letter, rest.chars().next()) {
                    ('\\', Some(next)) if next.is_ascii_punctuation() => {
                        text.push(next);
                        let mut letters = rest.chars();
                        letters.next();
                        rest = letters.as_str();
                    }
                    _ => text.push(letter),
                }
            }
        }
    }
    if !text.is_empty() {
        out.push(Span::Text(text));
    }
    out
}

/// The span that begins here, and what comes after it.
fn special(rest: &str, before: Option<char>, deep: u8) -> Option<(Span, &str)> {
    if let Some(inner) = rest.strip_prefix('`') {
        let (code, after) = inner.split_once('`')?;
        return (!code.is_empty()).then(|| (Span::Code(code.to_owned()), after));
    }
    if let Some(inner) = rest.strip_prefix('[') {
        let (words, after) = inner.split_once(']')?;
        if let Some((address, after)) = after
            .strip_prefix('(')
            .and_then(|after| after.split_once(')'))
        {
            let web = address.starts_with("https://") || address.starts_with("http://");
            return (web && !words.is_empty())
                .then(|| (Span::Link(words.to_owned(), address.to_owned()), after));
        }
        let number = words
            .parse()
            .ok()
            .filter(|number| (1..1000).contains(number))?;
        return Some((Span::Number(number), after));
    }
    if deep == 0 {
        return None;
    }
    for mark in ["**", "__"] {
        if let Some((words, after)) = rest
            .strip_prefix(mark)
            .and_then(|inner| inner.split_once(mark))
            && flush(words)
        {
            return Some((Span::Strong(parts(words, deep - 1)), after));
        }
    }
    for mark in ['*', '_'] {
        // An underscore inside a word is a part of its name.
        if mark == '_' && before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        if let Some((words, after)) = rest
            .strip_prefix(mark)
            .and_then(|inner| inner.split_once(mark))
            && flush(words)
            && !(mark == '_' && after.starts_with(char::is_alphanumeric))
        {
            return Some((Span::Emphasis(parts(words, deep - 1)), after));
        }
    }
    None
}

/// Whether marks may stand around these words: no space just inside of them.
fn flush(words: &str) -> bool {
    !words.is_empty()
        && !words.starts_with(char::is_whitespace)
        && !words.ends_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::spans;
    use expect_test::{Expect, expect};

    fn check(line: &str, expected: Expect) {
        let shown: Vec<String> = spans(line).iter().map(|span| format!("{span:?}")).collect();
        expected.assert_eq(&shown.join(" "));
    }

    #[test]
    fn lines() {
        check(
            "within **30 days** [1].",
            expect![[r#"Text("within ") Strong([Text("30 days")]) Text(" ") Number(1) Text(".")"#]],
        );
        check(
            "a `code *x*` b",
            expect![[r#"Text("a ") Code("code *x*") Text(" b")"#]],
        );
        check(
            "[site](https://a.b/c) [bad](javascript:x)",
            expect![[r#"Link("site", "https://a.b/c") Text(" [bad](javascript:x)")"#]],
        );
        check(
            "snake_case_name and _so_",
            expect![[r#"Text("snake_case_name and ") Emphasis([Text("so")])"#]],
        );
        check(
            "2 * 3 * 4 and **open",
            expect![[r#"Text("2 * 3 * 4 and **open")"#]],
        );
        check(
            r"\*not\* <b>html</b>",
            expect![[r#"Text("*not* <b>html</b>")"#]],
        );
        check(
            "**strong *and* more**",
            expect![[r#"Strong([Text("strong "), Emphasis([Text("and")]), Text(" more")])"#]],
        );
    }
}
