//! How well an action answers what was typed.

/// A score for `query` against a title and further words; larger is better, none is no match. Every word typed must be found:
/// at the start of the title, at the start of a word, inside a word, or as letters in order.
pub(super) fn score(query: &str, title: &str, keywords: &str) -> Option<u32> {
    let title = title.to_lowercase();
    let keywords = keywords.to_lowercase();
    let mut sum = 0;
    for word in query.to_lowercase().split_whitespace() {
        sum += in_text(word, &title)
            .map(|points| points * 2)
            .or_else(|| in_text(word, &keywords))
            .or_else(|| letters_in_order(word, &title).then_some(1))?;
    }
    // Of two equal matches the shorter title is meant more likely.
    Some(sum * 100 + 60_u32.saturating_sub(u32::try_from(title.len()).unwrap_or(60)))
}

fn in_text(word: &str, text: &str) -> Option<u32> {
    if text.starts_with(word) {
        Some(8)
    } else if text
        .split(|c: char| !c.is_alphanumeric())
        .any(|part| part.starts_with(word))
    {
        Some(6)
    } else {
        text.contains(word).then_some(3)
    }
}

fn letters_in_order(word: &str, text: &str) -> bool {
    let mut rest = text.chars();
    word.chars().count() > 1
        && word
            .chars()
            .all(|wanted| rest.any(|letter| letter == wanted))
}

#[cfg(test)]
mod tests {
    use super::score;
    use expect_test::{Expect, expect};

    const TITLES: [(&str, &str); 5] = [
        ("Go to Runs", "executions"),
        ("Go to Knowledge", "documents files"),
        ("New workflow", "create"),
        ("Use the dark theme", ""),
        ("Run Support bot", ""),
    ];

    fn check(query: &str, expected: Expect) {
        let mut found: Vec<_> = TITLES
            .iter()
            .filter_map(|(title, words)| Some((score(query, title, words)?, *title)))
            .collect();
        found.sort_by(|a, b| b.cmp(a));
        expected.assert_eq(
            &found
                .iter()
                .map(|(_, title)| *title)
                .collect::<Vec<_>>()
                .join(" | "),
        );
    }

    #[test]
    fn the_likeliest_comes_first() {
        check("run", expect!["Run Support bot | Go to Runs"]);
        check("docu", expect!["Go to Knowledge"]);
        check("dark", expect!["Use the dark theme"]);
        check("nwf", expect!["New workflow"]);
        check("go know", expect!["Go to Knowledge"]);
        check("zzz", expect![""]);
    }
}
