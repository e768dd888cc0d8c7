//! Two evaluations side by side.

use awm_api::evaluation_runs::{
    EvaluatedQuestion, EvaluationComparison, EvaluationDetail, QuestionChange,
};
use std::collections::HashMap;

/// Smaller changes are none.
const TELLING: f64 = 1e-9;

/// Compares two evaluations by the questions that both asked; those that got worse come first.
pub fn compare(before: EvaluationDetail, after: EvaluationDetail) -> EvaluationComparison {
    let asked = before.results.len() + after.results.len();
    let mut earlier: HashMap<String, EvaluatedQuestion> = before
        .results
        .into_iter()
        .map(|result| (result.question.id.clone(), result))
        .collect();
    let mut questions: Vec<QuestionChange> = after
        .results
        .into_iter()
        .filter_map(|after| {
            let before = earlier.remove(&after.question.id)?;
            Some(QuestionChange {
                change: change(&before, &after),
                before,
                after,
            })
        })
        .collect();
    // The sort is stable: equals stay in the set's order.
    questions.sort_by(|a, b| a.change.total_cmp(&b.change));
    let count = |of: fn(f64) -> bool| questions.iter().filter(|q| of(q.change)).count() as u64;
    EvaluationComparison {
        before: before.run,
        after: after.run,
        worse: count(|change| change < -TELLING),
        better: count(|change| change > TELLING),
        alone: (asked - 2 * questions.len()) as u64,
        questions,
    }
}

fn change(before: &EvaluatedQuestion, after: &EvaluatedQuestion) -> f64 {
    match quality(before).zip(quality(after)) {
        Some((before, after)) => after - before,
        None => 0.0,
    }
}

/// nDCG@10, or whether a refusal came where it is right.
fn quality(result: &EvaluatedQuestion) -> Option<f64> {
    let refused = || {
        let answer = result.answer.as_ref().filter(|a| a.error.is_none())?;
        let right = answer.refused == result.question.body.unanswerable;
        Some(if right { 1.0 } else { 0.0 })
    };
    result.ndcg_at_10.or_else(refused)
}
