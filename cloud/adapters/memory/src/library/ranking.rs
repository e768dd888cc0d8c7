//! Rankings by words and by meaning.

use super::shelf::Kept;
use awm_knowledge::{is_stop_word, terms};
use awm_ports::ModelId;
use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

pub(super) fn by_words<'a>(passages: &HashMap<&'a str, &Kept>, query: &str) -> Vec<(&'a str, f64)> {
    let wanted: HashSet<String> = terms(query)
        .filter(|term| !is_stop_word(&term.word))
        .map(|term| term.stem)
        .collect();
    let stems: Vec<(&str, HashSet<String>)> = passages
        .iter()
        .map(|(id, kept)| {
            let text = format!("{} {}", kept.passage.headings.join(" "), kept.passage.text);
            (*id, terms(&text).map(|term| term.stem).collect())
        })
        .collect();
    let all = stems.len() as f64;
    let weight: HashMap<&String, f64> = wanted
        .iter()
        .map(|stem| {
            let with = stems
                .iter()
                .filter(|(_, found)| found.contains(stem))
                .count() as f64;
            (stem, (1.0 + all / (with + 0.5)).ln())
        })
        .collect();
    let scored = stems.iter().map(|(id, found)| {
        let score: f64 = weight
            .iter()
            .filter(|(stem, _)| found.contains(**stem))
            .map(|(_, w)| w)
            .sum();
        (score, *id)
    });
    ranked(scored.filter(|(score, _)| *score > 0.0).collect())
}

pub(super) fn by_meaning<'a>(
    passages: &HashMap<&'a str, &Kept>,
    model: &ModelId,
    vector: &[f32],
    english_only: bool,
) -> Vec<(&'a str, f64)> {
    let scored = passages.iter().filter_map(|(id, kept)| {
        let (of, own) = kept.vector.as_ref()?;
        let score: f32 = own.iter().zip(vector).map(|(a, b)| a * b).sum();
        (of == model && score > 0.0 && (!english_only || kept.language == "en"))
            .then_some((f64::from(score), *id))
    });
    ranked(scored.collect())
}

fn ranked(mut scored: Vec<(f64, &str)>) -> Vec<(&str, f64)> {
    scored.sort_by(|a, b| match b.0.total_cmp(&a.0) {
        Ordering::Equal => a.1.cmp(b.1),
        other => other,
    });
    scored
        .into_iter()
        .take(200)
        .map(|(score, id)| (id, score))
        .collect()
}
