//! Whether a statement says what a passage says.

use crate::evidence::{stems, wanted};
use awm_api::knowledge::Passage;
use awm_knowledge::{Language, is_cjk, language};

/// The part of a statement's telling words that its passages must hold.
const ENOUGH: f64 = 0.3;

/// Whether the passages can stand behind the statement: some of its telling words are theirs, and every number of two digits and more
/// is. A statement in another language than the passages is judged by its numbers alone, as no word is shared.
pub fn supported(statement: &str, passages: &[&Passage]) -> bool {
    let numbers = numbers(statement);
    let told: Vec<String> = passages
        .iter()
        .flat_map(|passage| self::numbers(&passage.text))
        .collect();
    if numbers
        .iter()
        .any(|number| number.len() > 1 && !told.contains(number))
    {
        return false;
    }
    let wanted = wanted(statement);
    let words = wanted
        .iter()
        .filter(|stem| !stem.chars().all(|c| c.is_ascii_digit()))
        .count();
    if words < 2 {
        return true;
    }
    let same = passages
        .iter()
        .any(|passage| same_language(statement, &passage.text));
    if !same {
        return true;
    }
    let held = wanted
        .iter()
        .filter(|stem| {
            passages
                .iter()
                .any(|passage| stems(passage).contains(*stem))
        })
        .count();
    held as f64 >= wanted.len() as f64 * ENOUGH
}

fn same_language(one: &str, other: &str) -> bool {
    let cjk = |text: &str| text.chars().any(is_cjk);
    cjk(one) == cjk(other)
        && (language(one) == Language::English) == (language(other) == Language::English)
}

/// The numbers of a text, without what groups their digits: `1,500` and `1500` are the same, and so are `3.50` and `3,50`.
fn numbers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut number = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let within = matches!(c, '.' | ',' | '\'' | '\u{a0}' | '\u{202f}')
            && !number.is_empty()
            && letters.peek().is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() {
            number.push(c);
        } else if !within && !number.is_empty() {
            found.push(std::mem::take(&mut number));
        }
    }
    if !number.is_empty() {
        found.push(number);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements() {
        let passage = Passage {
            id: "p".into(),
            document_id: "d".into(),
            document_name: "a.md".into(),
            ordinal: 0,
            headings: vec!["Returns".into()],
            page: None,
            start: 0,
            end: 0,
            text: "You can return any item within 60 days of delivery. Orders above 1,500 euros are insured.".into(),
        };
        for (statement, expected) in [
            ("You have 60 days to return an item.", true),
            ("You have 90 days to return an item.", false),
            ("Orders of 1500 euros and more are insured.", true),
            (
                "The capital of Norway hosts the royal family every winter.",
                false,
            ),
            ("Tienes 60 días para devolver un artículo.", true),
            ("Tienes 90 días para devolver un artículo.", false),
            ("Yes.", true),
        ] {
            assert_eq!(supported(statement, &[&passage]), expected, "{statement}");
        }
    }
}
