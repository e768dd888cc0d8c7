//! Asks a set's question: search, answer, judgement.

use crate::{
    Evaluator,
    answered::{Generated, judge, lies_in},
    measure::{PASSAGES, legs},
    score::{DEPTH, FIRST, figure, latency},
};
use awm_api::{
    evaluation::Figure,
    evaluation_runs::{EvaluatedAnswer, EvaluatedQuestion, FoundPassage, RunFigures, RunSettings},
    knowledge::{Hit, Passage},
    questions::Question,
};
use awm_knowledge::metrics::{ndcg_at, recall_at, reciprocal_rank_at};
use awm_ports::{StoreError, TaskProgress, TaskRequest, TaskRunner};
use awm_tenancy::TenantId;
use serde_json::json;
use std::collections::HashSet;

/// Characters of a found passage that are kept.
const SHOWN: usize = 240;

impl Evaluator {
    /// Asks one question of a set: searches, lets `tasks` answer if the settings want it, and scores both.
    pub async fn evaluate(
        &self,
        tenant: &TenantId,
        tasks: &dyn TaskRunner,
        question: Question,
        settings: &RunSettings,
    ) -> Result<EvaluatedQuestion, StoreError> {
        let began = self.clock.micros();
        let (hits, _) = self
            .query
            .rank(
                tenant,
                question.body.question.trim(),
                &settings.sources,
                PASSAGES,
                legs(settings.mode),
            )
            .await?;
        let search_ms = (self.clock.micros() - began) as f64 / 1_000.0;
        let mut result = score(question, &hits, settings.top_k as usize);
        result.search_ms = search_ms;
        if settings.answers {
            let passages: Vec<Passage> = hits
                .into_iter()
                .take(settings.top_k as usize)
                .map(|hit| hit.passage)
                .collect();
            result.answer = Some(self.answer(tenant, tasks, &result.question, passages).await);
        }
        Ok(result)
    }

    async fn answer(
        &self,
        tenant: &TenantId,
        tasks: &dyn TaskRunner,
        question: &Question,
        passages: Vec<Passage>,
    ) -> EvaluatedAnswer {
        let given: Vec<_> = passages
            .iter()
            .map(|passage| {
                json!({
                    "id": passage.id, "documentId": passage.document_id, "documentName": passage.document_name,
                    "headings": passage.headings, "page": passage.page, "start": passage.start,
                    "end": passage.end, "text": passage.text,
                })
            })
            .collect();
        let request = TaskRequest {
            run_id: question.id.clone(),
            state: "/States/Answer".into(),
            name: "Answer".into(),
            resource: "${AwmGenerate}".into(),
            arguments: json!({"question": question.body.question, "passages": given}),
            retries: 0,
            progress: TaskProgress::none(),
        };
        let began = self.clock.micros();
        let answered = tasks.run(tenant, request).await;
        let took_ms = (self.clock.micros() - began) as f64 / 1_000.0;
        let failed = |error: String| EvaluatedAnswer {
            error: Some(error),
            took_ms,
            ..EvaluatedAnswer::default()
        };
        match answered {
            Err(failure) => failed(failure.cause),
            Ok(value) => match serde_json::from_value::<Generated>(value) {
                Ok(generated) => judge(&question.body, &passages, generated, took_ms),
                Err(_) => failed("the answer does not have the shape of an answer".into()),
            },
        }
    }
}

/// Scores the ranking. What is ranked are documents, or sections as soon as one of them is expected.
fn score(question: Question, hits: &[Hit], top_k: usize) -> EvaluatedQuestion {
    let expected = &question.body.relevant;
    let by_section = expected.iter().any(|e| !e.section.is_empty());
    let mut seen = HashSet::new();
    let mut ranking: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for hit in hits {
        let passage = &hit.passage;
        let names = (passage.document_name.as_str(), passage.document_id.as_str());
        let meant = expected
            .iter()
            .position(|expected| lies_in(expected, names, &passage.headings));
        if found.len() < FIRST {
            found.push(FoundPassage {
                document_id: passage.document_id.clone(),
                document_name: passage.document_name.clone(),
                headings: passage.headings.clone(),
                start: passage.start,
                end: passage.end,
                text: passage.text.chars().take(SHOWN).collect(),
                relevant: meant.is_some(),
            });
        }
        let label = match meant {
            Some(place) => format!("expected {place}"),
            None if by_section => {
                format!("{} {}", passage.document_id, passage.headings.join("\n"))
            }
            None => passage.document_id.clone(),
        };
        if ranking.len() < DEPTH && seen.insert(label.clone()) {
            ranking.push(label);
        }
    }
    let relevant: HashSet<String> = (0..expected.len())
        .map(|place| format!("expected {place}"))
        .collect();
    let judged = |value: f64| (!relevant.is_empty()).then_some(value);
    EvaluatedQuestion {
        ranks: (0..expected.len())
            .map(|place| {
                let label = format!("expected {place}");
                let at = ranking.iter().position(|ranked| *ranked == label)?;
                u32::try_from(at + 1).ok()
            })
            .collect(),
        found,
        ndcg_at_10: judged(ndcg_at(&ranking, &relevant, FIRST)),
        recall_at_k: judged(recall_at(&ranking, &relevant, top_k)),
        recall_at_100: judged(recall_at(&ranking, &relevant, DEPTH)),
        mrr_at_10: judged(reciprocal_rank_at(&ranking, &relevant, FIRST)),
        search_ms: 0.0,
        answer: None,
        question,
    }
}

/// The figures of all results.
pub fn figures(results: &[EvaluatedQuestion]) -> RunFigures {
    let values = |of: &dyn Fn(&EvaluatedQuestion) -> Option<f64>| -> Vec<f64> {
        results.iter().filter_map(of).collect()
    };
    let mean = |of: &dyn Fn(&EvaluatedQuestion) -> Option<f64>| figure(&values(of));
    let some = |of: &dyn Fn(&EvaluatedQuestion) -> Option<f64>| -> Option<Figure> {
        let values = values(of);
        (!values.is_empty()).then(|| figure(&values))
    };
    // What was answered without a fault.
    let answered = |result: &EvaluatedQuestion| {
        let answer = result.answer.clone();
        answer.filter(|answer| answer.error.is_none())
    };
    let refused = |result: &EvaluatedQuestion, unanswerable: bool| {
        let answer = answered(result)?;
        (result.question.body.unanswerable == unanswerable).then_some(if answer.refused {
            1.0
        } else {
            0.0
        })
    };
    let times = values(&|result| Some(answered(result)?.took_ms));
    RunFigures {
        ndcg_at_10: mean(&|result| result.ndcg_at_10),
        recall_at_k: mean(&|result| result.recall_at_k),
        recall_at_100: mean(&|result| result.recall_at_100),
        mrr_at_10: mean(&|result| result.mrr_at_10),
        judged: results.iter().filter(|r| r.ndcg_at_10.is_some()).count() as u64,
        citation_precision: some(&|result| answered(result)?.citation_precision),
        refusals: some(&|result| refused(result, true)),
        false_refusals: some(&|result| refused(result, false)),
        faithfulness: some(&|result| answered(result)?.faithfulness),
        search: latency(&values(&|result| Some(result.search_ms))),
        answer: (!times.is_empty()).then(|| latency(&times)),
    }
}
