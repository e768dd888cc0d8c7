//! What of a text matches a query.

use crate::terms::{is_stop_word, terms};
use std::collections::HashSet;

/// Ranges of the text whose words are in the query, in Unicode scalar values, in order, never overlapping. Small words are left
/// out unless the query has no others.
pub fn highlights(query: &str, text: &str) -> Vec<(u32, u32)> {
    let telling: HashSet<String> = terms(query)
        .filter(|term| !is_stop_word(&term.word))
        .map(|term| term.stem)
        .collect();
    let wanted = if telling.is_empty() {
        terms(query).map(|term| term.stem).collect()
    } else {
        telling
    };
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for term in terms(text).filter(|term| wanted.contains(&term.stem)) {
        match ranges.last_mut() {
            // Pairs of unparted characters overlap: they become one range.
            Some(last) if term.start <= last.1 => last.1 = last.1.max(term.end),
            _ => ranges.push((term.start, term.end)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(query: &str, text: &str, expected: Expect) {
        let characters: Vec<char> = text.chars().collect();
        let found: Vec<String> = highlights(query, text)
            .into_iter()
            .map(|(start, end)| characters[start as usize..end as usize].iter().collect())
            .collect();
        expected.assert_eq(&found.join("|"));
    }

    #[test]
    fn marks_words_by_their_stem() {
        check(
            "How do returns work?",
            "Returned goods: the return works.",
            expect!["Returned|return|works"],
        );
        check("the", "the end of the day", expect!["the|the"]);
        check("政策", "退货政策说明", expect!["政策"]);
        check("café", "Cafe CAFÉ tea", expect!["Cafe|CAFÉ"]);
        check("", "nothing", expect![""]);
        check("\"unbalanced (NEAR*", "a near miss", expect!["near"]);
    }
}
