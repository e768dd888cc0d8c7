//! Whether passages can answer a question.

use awm_api::knowledge::Passage;
use awm_knowledge::{is_cjk, is_stop_word, terms};
use std::collections::{BTreeSet, HashSet};

/// What speaks for an answer in the passages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The part of the question's telling words, 0 to 1, that the best passage holds.
    pub coverage: f64,
    /// The nearness of the question to the nearest passage by meaning, −1 to 1; none where meaning was not compared.
    pub similarity: Option<f64>,
}

/// Set by hand on the samples' questions: half of the telling words, or a clear nearness, or some of both. Not calibrated yet.
const WORDS_ENOUGH: f64 = 0.5;
const MEANING_ENOUGH: f64 = 0.55;
const WORDS_WITH_MEANING: f64 = 0.3;
const MEANING_WITH_WORDS: f64 = 0.4;
/// Where the meaning was compared and is far, the words must be nearly all there.
const MEANING_FAR: f64 = 0.2;
const WORDS_WITHOUT_MEANING: f64 = 0.8;

impl Evidence {
    /// Whether an answer may be there. Where it is wrong it is rather too kind: what is written is looked at again.
    pub fn answers(self) -> bool {
        let words = self.coverage;
        match self.similarity {
            None => words >= WORDS_ENOUGH,
            Some(near) if near >= MEANING_ENOUGH => true,
            Some(near) if near < MEANING_FAR => words >= WORDS_WITHOUT_MEANING,
            Some(near) => {
                words >= WORDS_ENOUGH || (words >= WORDS_WITH_MEANING && near >= MEANING_WITH_WORDS)
            }
        }
    }
}

/// What the words of the passages say for an answer.
pub fn evidence(question: &str, passages: &[Passage]) -> Evidence {
    let wanted = wanted(question);
    if wanted.is_empty() {
        // Nothing to go by: the ranking has to do.
        return Evidence {
            coverage: if passages.is_empty() { 0.0 } else { 1.0 },
            similarity: None,
        };
    }
    let total: f64 = wanted.iter().map(|stem| weight(stem)).sum();
    let held = passages.iter().map(|passage| {
        let stems = stems(passage);
        let held: f64 = wanted
            .iter()
            .filter(|stem| stems.contains(*stem))
            .map(|stem| weight(stem))
            .sum();
        held / total
    });
    Evidence {
        coverage: held.fold(0.0, f64::max),
        similarity: None,
    }
}

/// A long word tells more than a short one, and a number or a pair of unparted characters its own measure.
fn weight(stem: &str) -> f64 {
    match stem.chars().count() {
        _ if stem.chars().any(is_cjk) => 1.0,
        _ if stem.chars().any(|c| c.is_ascii_digit()) => 1.5,
        0..=3 => 0.7,
        4..=6 => 1.0,
        _ => 1.3,
    }
}

/// The stems that tell what the question is about.
pub(crate) fn wanted(question: &str) -> BTreeSet<String> {
    terms(question)
        .filter(|term| !is_stop_word(&term.word))
        .map(|term| term.stem)
        .collect()
}

pub(crate) fn stems(passage: &Passage) -> HashSet<String> {
    passage
        .headings
        .iter()
        .chain([&passage.text])
        .flat_map(|text| terms(text))
        .map(|term| term.stem)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(text: &str) -> Passage {
        Passage {
            id: "p".into(),
            document_id: "d".into(),
            document_name: "a.md".into(),
            ordinal: 0,
            headings: vec!["Returns".into()],
            page: None,
            start: 0,
            end: 0,
            text: text.into(),
        }
    }

    #[test]
    fn words_decide_where_meaning_was_not_compared() {
        let passages = [
            passage("You can return any item within 60 days of delivery."),
            passage("Shipping is free from 80 euros."),
        ];
        for (question, answers) in [
            ("Within how many days can I return an item?", true),
            ("Is shipping free?", true),
            ("Who is the king of Norway?", false),
            ("What does the moon weigh?", false),
            ("退货期限是多久？", false),
        ] {
            let found = evidence(question, &passages);
            assert_eq!(found.answers(), answers, "{question}: {found:?}");
        }
        assert!(!evidence("Anything", &[]).answers());
    }

    #[test]
    fn meaning_speaks_for_other_words_and_against_the_same() {
        let with = |coverage, similarity| Evidence {
            coverage,
            similarity: Some(similarity),
        };
        assert!(with(0.0, 0.6).answers(), "said in other words");
        assert!(with(0.35, 0.45).answers());
        assert!(!with(0.35, 0.3).answers());
        assert!(
            !with(0.6, 0.1).answers(),
            "the same words about something else"
        );
        assert!(with(0.9, 0.1).answers());
    }
}
