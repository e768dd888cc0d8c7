//! An answer made of quotations, for when no language model is configured.

use crate::sentence::{Sentence, sentences};
use crate::terms::{is_cjk, is_stop_word, terms};
use awm_api::chat::Citation;
use awm_api::knowledge::Passage;
use std::collections::{BTreeSet, HashMap, HashSet};

/// An answer that says nothing but what the documents say.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtractedAnswer {
    /// Markdown: quotations, each followed by `[n]`; or the sentence that says that there is no answer.
    pub answer: String,
    /// What the numbers stand for, in order, with exact ranges into the documents' texts.
    pub citations: Vec<Citation>,
    /// Whether the passages hold no answer.
    pub refused: bool,
}

/// What is said when nothing matches.
const REFUSAL: &str = "I found no answer to that in the documents.";
/// The part of the question's weight that the best sentence must hold.
const ENOUGH: f64 = 0.34;
/// Further sentences are quoted if they are nearly as good as the best.
const NEARLY: f64 = 0.8;
const QUOTATIONS: usize = 3;
/// How much of its weight a word counts if it stands in the headings only.
const IN_HEADINGS: f64 = 0.6;

/// Quotes the sentences of the passages (best passage first) that hold most of the question's telling words, rare words weighing
/// more, or refuses if none holds enough.
pub fn extract_answer(question: &str, passages: &[Passage]) -> ExtractedAnswer {
    let wanted = wanted(question);
    let candidates = candidates(passages);
    let weights = weights(&wanted, &candidates);
    let total: f64 = weights.values().sum();
    if total <= 0.0 {
        return refusal();
    }
    let counting = asks_for_a_number(question);
    let mut scored: Vec<(f64, &Candidate<'_>)> = candidates
        .iter()
        .filter_map(|candidate| {
            let covered = candidate.covered(&weights) / total;
            (covered >= ENOUGH).then(|| (covered * candidate.bonus(counting), candidate))
        })
        .collect();
    // The sort is stable, so that of equals the better passage wins.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let Some((best, _)) = scored.first().copied() else {
        return refusal();
    };
    let mut said = HashSet::new();
    let chosen: Vec<&Candidate<'_>> = scored
        .into_iter()
        .filter(|(score, _)| *score >= best * NEARLY)
        .map(|(_, candidate)| candidate)
        .filter(|candidate| said.insert(candidate.sentence.readable().to_lowercase()))
        .take(QUOTATIONS)
        .collect();
    quote(&chosen)
}

fn refusal() -> ExtractedAnswer {
    ExtractedAnswer {
        answer: REFUSAL.into(),
        citations: Vec::new(),
        refused: true,
    }
}

fn quote(chosen: &[&Candidate<'_>]) -> ExtractedAnswer {
    let mut answer = String::new();
    let mut citations = Vec::new();
    for (number, candidate) in (1_u32..).zip(chosen) {
        if number > 1 {
            answer.push_str("\n\n");
        }
        answer.push_str(&format!("{} [{number}]", candidate.sentence.readable()));
        let passage = candidate.passage;
        citations.push(Citation {
            number,
            passage_id: passage.id.clone(),
            document_id: passage.document_id.clone(),
            document_name: passage.document_name.clone(),
            headings: passage.headings.clone(),
            page: passage.page,
            start: passage.start + candidate.sentence.start,
            end: passage.start + candidate.sentence.end,
            quote: candidate.sentence.text.clone(),
        });
    }
    ExtractedAnswer {
        answer,
        citations,
        refused: false,
    }
}

struct Candidate<'a> {
    passage: &'a Passage,
    /// The place of the passage in the ranking, from 0.
    rank: usize,
    sentence: Sentence,
    stems: HashSet<String>,
    heading_stems: HashSet<String>,
}

impl Candidate<'_> {
    fn covered(&self, weights: &HashMap<String, f64>) -> f64 {
        let mut own = false;
        let covered = weights
            .iter()
            .map(|(stem, weight)| {
                if self.stems.contains(stem) {
                    own = true;
                    *weight
                } else if self.heading_stems.contains(stem) {
                    weight * IN_HEADINGS
                } else {
                    0.0
                }
            })
            .sum();
        // Headings alone say where to look, not what is so; but below a heading that asks the very question, every sentence may answer.
        if own || self.heading_stems.len() >= 2 {
            covered
        } else {
            0.0
        }
    }

    fn bonus(&self, counting: bool) -> f64 {
        let number = counting && self.sentence.text.chars().any(|c| c.is_numeric());
        // A question in the text repeats the words without answering them.
        let asks = self.sentence.text.trim_end().ends_with(['?', '？']);
        let words = self.stems.len() as f64;
        (if number { 1.2 } else { 1.0 })
            * (if asks { 0.5 } else { 1.0 })
            * (if words > 60.0 { 60.0 / words } else { 1.0 })
            * (1.0 + 0.1 / (self.rank + 1) as f64)
    }
}

/// The stems of the question that tell what it is about.
fn wanted(question: &str) -> BTreeSet<String> {
    let telling: BTreeSet<String> = terms(question)
        .filter(|term| !is_stop_word(&term.word))
        .map(|term| term.stem)
        .collect();
    if telling.is_empty() {
        terms(question).map(|term| term.stem).collect()
    } else {
        telling
    }
}

fn candidates(passages: &[Passage]) -> Vec<Candidate<'_>> {
    let mut candidates = Vec::new();
    for (rank, passage) in passages.iter().enumerate() {
        let heading_stems: HashSet<String> = passage
            .headings
            .iter()
            .flat_map(|heading| terms(heading))
            .filter(|term| !is_stop_word(&term.word))
            .map(|term| term.stem)
            .collect();
        for sentence in sentences(&passage.text) {
            let mut stems: HashSet<String> = terms(&sentence.text).map(|term| term.stem).collect();
            stems.extend(
                sentence
                    .head
                    .iter()
                    .flatten()
                    .flat_map(|cell| terms(cell))
                    .map(|term| term.stem),
            );
            candidates.push(Candidate {
                passage,
                rank,
                sentence,
                stems,
                heading_stems: heading_stems.clone(),
            });
        }
    }
    candidates
}

/// Rare words weigh more; words that stand nowhere weigh most, since without them the question is likely about something else.
/// Pairs of unparted characters that stand nowhere are mostly grammar, and weigh little.
fn weights(wanted: &BTreeSet<String>, candidates: &[Candidate<'_>]) -> HashMap<String, f64> {
    let all = candidates.len() as f64;
    wanted
        .iter()
        .map(|stem| {
            let with = candidates
                .iter()
                .filter(|candidate| candidate.stems.contains(stem))
                .count() as f64;
            let rarity = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            let grammar = with == 0.0 && stem.chars().all(is_cjk);
            // A word of every sentence still counts a little.
            (
                stem.clone(),
                rarity.max(0.2) * if grammar { 0.15 } else { 1.0 },
            )
        })
        .collect()
}

fn asks_for_a_number(question: &str) -> bool {
    let words: Vec<String> = terms(question).map(|term| term.word).collect();
    let how = words.windows(2).any(|pair| {
        matches!(pair, [how, what] if how == "how" && matches!(what.as_str(), "many" | "much" | "long" | "often" | "soon" | "old" | "far"))
    });
    let named = [
        "when",
        "price",
        "cost",
        "costs",
        "deadline",
        "rate",
        "percentage",
        "number",
        "cuantos",
        "cuantas",
        "cuanto",
        "wieviele",
        "combien",
    ];
    how || words.iter().any(|word| named.contains(&word.as_str()))
}
