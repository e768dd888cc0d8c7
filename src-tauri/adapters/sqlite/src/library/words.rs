//! A person's words as an FTS5 query. Nothing of the person's text is ever syntax: every word goes in quoted.

use awm_knowledge::{Language, is_cjk, is_stop_word, terms};
use std::collections::BTreeSet;

/// The keyword table of a language class.
pub(crate) const fn table(language: Language) -> &'static str {
    match language {
        Language::English => "words_en",
        Language::Other => "words_other",
        Language::Cjk => "words_cjk",
    }
}

/// Words of a query that are looked for, at most: a pasted page is no question.
const MOST: usize = 64;

/// A query for any of the words, or none if there is nothing to look for in that table.
///
/// The small words are left out where others remain: they stand in every passage, cost time and say nothing.
pub(crate) fn query(text: &str, language: Language) -> Option<String> {
    let words = match language {
        Language::Cjk => triples(text),
        Language::English | Language::Other => {
            let telling = words(text, false);
            if telling.is_empty() {
                words(text, true)
            } else {
                telling
            }
        }
    };
    let quoted: Vec<String> = words
        .iter()
        .take(MOST)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(" OR "))
}

fn words(text: &str, small: bool) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let characters: Vec<char> = text.chars().collect();
    terms(text)
        .filter(|term| small || !is_stop_word(&term.word))
        // As written: the table folds accents in its own way.
        .filter_map(|term| characters.get(term.start as usize..term.end as usize))
        .map(|word| word.iter().collect::<String>().to_lowercase())
        .filter(|word| seen.insert(word.clone()))
        .collect()
}

/// The trigram table knows runs of three characters: every run of unparted characters gives all of its triples, other words
/// go in whole if they are long enough.
fn triples(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut push = |word: String| {
        if seen.insert(word.clone()) {
            found.push(word);
        }
    };
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let characters: Vec<char> = run.chars().collect();
        for part in characters.chunk_by(|a, b| is_cjk(*a) == is_cjk(*b)) {
            if part.first().is_some_and(|c| is_cjk(*c)) {
                part.windows(3)
                    .for_each(|triple| push(triple.iter().collect()));
            } else if part.len() >= 3 {
                push(part.iter().collect());
            }
        }
    }
    found
}

/// The short unparted words that the trigram table can't know, for a plain search.
pub(crate) fn short(text: &str) -> Option<String> {
    let run: String = text.chars().filter(|c| is_cjk(*c)).collect();
    (1..=2).contains(&run.chars().count()).then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Cjk, English, Other};

    #[test]
    fn quotes_everything() {
        for (text, language, expected) in [
            ("", English, None),
            ("?!*\"", English, None),
            ("the", English, Some(r#""the""#)),
            (
                "What is the Return policy?",
                English,
                Some(r#""return" OR "policy""#),
            ),
            (
                "return OR NEAR(a b) text:x -y ^z*",
                English,
                Some(r#""return" OR "near" OR "b" OR "text" OR "x" OR "z""#),
            ),
            ("días Días", Other, Some(r#""días""#)),
            (
                "退货政策A4纸 SKU99",
                Cjk,
                Some(r#""退货政" OR "货政策" OR "SKU99""#),
            ),
            ("政策", Cjk, None),
        ] {
            assert_eq!(query(text, language).as_deref(), expected, "{text}");
        }
        assert_eq!(short("政策"), Some("政策".into()));
        assert_eq!(short("退货政策"), None);
    }
}
