//! Results of questions to figures.

use awm_api::{
    evaluation::{EvaluationReport, Figure, JudgedQuestion, Latency, QuestionResult},
    knowledge::Hit,
};
use awm_knowledge::metrics::{interval, mean, ndcg_at, quantile, recall_at, reciprocal_rank_at};
use std::collections::{HashMap, HashSet};

/// Draws of the bootstrap.
const RESAMPLES: u32 = 1_000;
/// Starts the bootstrap's generator, so that the same results give the same interval.
const SEED: u64 = 1;
/// Documents that recall looks at.
pub(crate) const DEPTH: usize = 100;
/// Documents that nDCG and the reciprocal rank look at, and that a result tells.
pub(crate) const FIRST: usize = 10;

/// Scores the ranking of one question: a document stands where its best passage does.
pub(crate) fn score(question: &JudgedQuestion, hits: &[Hit]) -> QuestionResult {
    let relevant: HashSet<&str> = question.relevant.iter().map(String::as_str).collect();
    let mut seen = HashSet::new();
    let documents: Vec<&Hit> = hits
        .iter()
        .filter(|hit| seen.insert(hit.passage.document_id.as_str()))
        .take(DEPTH)
        .collect();
    // What the judgements call a document, where they name it.
    let ranking: Vec<&str> = documents
        .iter()
        .map(|hit| {
            let passage = &hit.passage;
            match relevant.get(passage.document_name.as_str()) {
                Some(name) => name,
                None => passage.document_id.as_str(),
            }
        })
        .collect();
    let mut places: HashMap<&str, u32> = HashMap::new();
    for (rank, label) in (1..).zip(&ranking) {
        places.entry(label).or_insert(rank);
    }
    let judged = |value: f64| (!relevant.is_empty()).then_some(value);
    QuestionResult {
        id: question.id.clone(),
        ranks: question
            .relevant
            .iter()
            .map(|label| places.get(label.as_str()).copied())
            .collect(),
        found: documents
            .iter()
            .take(FIRST)
            .map(|hit| hit.passage.document_name.clone())
            .collect(),
        ndcg_at_10: judged(ndcg_at(&ranking, &relevant, FIRST)),
        recall_at_100: judged(recall_at(&ranking, &relevant, DEPTH)),
        mrr_at_10: judged(reciprocal_rank_at(&ranking, &relevant, FIRST)),
        by_meaning: false,
        took_ms: 0.0,
    }
}

/// The figures of all results.
pub(crate) fn report(results: &[QuestionResult]) -> EvaluationReport {
    let of = |value: fn(&QuestionResult) -> Option<f64>| {
        figure(&results.iter().filter_map(value).collect::<Vec<_>>())
    };
    let times: Vec<f64> = results.iter().map(|result| result.took_ms).collect();
    let judged = results.iter().filter(|result| !result.ranks.is_empty());
    EvaluationReport {
        ndcg_at_10: of(|result| result.ndcg_at_10),
        recall_at_100: of(|result| result.recall_at_100),
        mrr_at_10: of(|result| result.mrr_at_10),
        questions: results.len() as u64,
        judged: judged.clone().count() as u64,
        missed: judged
            .filter(|result| result.ranks.iter().all(Option::is_none))
            .count() as u64,
        by_meaning: results.iter().filter(|result| result.by_meaning).count() as u64,
        latency: latency(&times),
        unknown: Vec::new(),
    }
}

/// A mean with its interval; zeros of nothing.
pub(crate) fn figure(values: &[f64]) -> Figure {
    let (low, high) = interval(values, RESAMPLES, SEED).unwrap_or_default();
    Figure {
        // A sum of nothing is -0.0, which no reader wants to see.
        value: mean(values).unwrap_or_default() + 0.0,
        low,
        high,
    }
}

pub(crate) fn latency(times: &[f64]) -> Latency {
    Latency {
        p50_ms: quantile(times, 0.5).unwrap_or_default(),
        p95_ms: quantile(times, 0.95).unwrap_or_default(),
        mean_ms: mean(times).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use awm_api::knowledge::Passage;

    fn hit(document: &str, ordinal: u32) -> Hit {
        Hit {
            passage: Passage {
                id: format!("{document}#{ordinal}"),
                document_id: format!("id-{document}"),
                document_name: document.to_owned(),
                ordinal,
                headings: Vec::new(),
                page: None,
                start: 0,
                end: 1,
                text: "x".into(),
            },
            score: 1.0,
            keyword_rank: None,
            vector_rank: None,
            keyword_score: None,
            vector_score: None,
            highlights: Vec::new(),
        }
    }

    fn question(relevant: &[&str]) -> JudgedQuestion {
        JudgedQuestion {
            id: "q".into(),
            question: "?".into(),
            relevant: relevant.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    #[test]
    fn a_document_stands_where_its_best_passage_does() {
        let hits = [
            hit("a", 3),
            hit("a", 1),
            hit("b", 0),
            hit("a", 2),
            hit("c", 0),
        ];
        let result = score(&question(&["b", "id-c", "gone"]), &hits);
        assert_eq!(result.ranks, [Some(2), Some(3), None]);
        assert_eq!(result.found, ["a", "b", "c"]);
        assert_eq!(result.mrr_at_10, Some(0.5));
        assert_eq!(result.recall_at_100, Some(2.0 / 3.0));
        let ideal = 1.0 + 1.0 / 3_f64.log2() + 0.5;
        let got = (1.0 / 3_f64.log2() + 0.5) / ideal;
        assert!((result.ndcg_at_10.unwrap() - got).abs() < 1e-12);
    }

    #[test]
    fn a_judgement_given_twice_counts_once_and_none_counts_nothing() {
        let twice = score(&question(&["a", "a"]), &[hit("a", 0)]);
        assert_eq!(twice.ndcg_at_10, Some(1.0));
        assert_eq!(twice.recall_at_100, Some(1.0));
        let none = score(&question(&[]), &[hit("a", 0)]);
        assert_eq!((none.ndcg_at_10, none.recall_at_100), (None, None));
        let report = report(&[twice, none]);
        assert_eq!((report.questions, report.judged, report.missed), (2, 1, 0));
        assert_eq!(report.ndcg_at_10.value, 1.0);
    }
}
