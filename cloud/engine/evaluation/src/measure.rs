//! Asks questions of the search, side by side.

use crate::score::{report, score};
use awm_api::{
    PageRequest,
    evaluation::{
        EvaluationSettings, EvaluationUpdate, JudgedQuestion, QuestionResult, SearchMode,
    },
    knowledge::DocumentList,
};
use awm_pipeline::{Legs, Query};
use awm_ports::{Clock, Library, StoreError};
use awm_tenancy::TenantId;
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

/// Passages that are asked for: enough for a hundred documents, as several passages of one count once.
pub(crate) const PASSAGES: u32 = 400;
/// Questions asked at the same time, at most.
const CONCURRENCY: u32 = 64;
/// Questions between two reports of progress.
const TOLD: usize = 16;
/// Names that are looked up because no ranking held them, and those of them that are told.
const LOOKED_UP: usize = 200;
const UNKNOWN: usize = 20;

/// Measures the knowledge base by questions.
#[derive(Clone)]
pub struct Evaluator {
    pub(crate) library: Arc<dyn Library>,
    pub(crate) query: Query,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Evaluator {
    /// Measures `query`'s search in `library`.
    pub fn new(library: Arc<dyn Library>, query: Query, clock: Arc<dyn Clock>) -> Self {
        Self {
            library,
            query,
            clock,
        }
    }

    /// Asks all questions and scores the rankings: progress now and then, at the end the report. Dropping the answer ends it.
    pub fn measure(
        &self,
        tenant: &TenantId,
        questions: Vec<JudgedQuestion>,
        settings: EvaluationSettings,
    ) -> BoxStream<'static, Result<EvaluationUpdate, StoreError>> {
        let own = self.clone();
        let (tenant, total) = (tenant.clone(), questions.len());
        let questions: Arc<[JudgedQuestion]> = questions.into();
        let settings = Arc::new(settings);
        stream::once(async move {
            if let Some(first) = questions.first() {
                // Whoever is first may wait for the model to be read.
                own.ask(&tenant, first, &settings).await?;
            }
            Ok((own, tenant, questions, settings))
        })
        .flat_map(move |ready| match ready {
            Err(error) => stream::iter([Err(error)]).boxed(),
            Ok((own, tenant, questions, settings)) => {
                own.ask_all(tenant, questions, settings, total)
            }
        })
        .boxed()
    }

    fn ask_all(
        self,
        tenant: TenantId,
        questions: Arc<[JudgedQuestion]>,
        settings: Arc<EvaluationSettings>,
        total: usize,
    ) -> BoxStream<'static, Result<EvaluationUpdate, StoreError>> {
        let side_by_side = settings.concurrency.unwrap_or(1).clamp(1, CONCURRENCY) as usize;
        let (own, asked_of, asking) = (self.clone(), tenant.clone(), Arc::clone(&questions));
        let asked = stream::iter(0..total)
            .map(move |place| {
                let (own, tenant) = (own.clone(), asked_of.clone());
                let (questions, settings) = (Arc::clone(&asking), Arc::clone(&settings));
                async move {
                    let result = match questions.get(place) {
                        Some(question) => own.ask(&tenant, question, &settings).await?,
                        None => QuestionResult::default(),
                    };
                    Ok::<_, StoreError>((place, result))
                }
            })
            .buffer_unordered(side_by_side);
        let state = State {
            results: vec![QuestionResult::default(); total],
            done: 0,
            over: false,
        };
        stream::unfold((asked, state, self), move |(mut asked, mut state, own)| {
            let (tenant, questions) = (tenant.clone(), Arc::clone(&questions));
            async move {
                while !state.over {
                    match asked.next().await {
                        None => {
                            state.over = true;
                            let results = std::mem::take(&mut state.results);
                            let done = own.done(&tenant, &questions, results).await;
                            return Some((done, (asked, state, own)));
                        }
                        Some(Err(error)) => {
                            state.over = true;
                            return Some((Err(error), (asked, state, own)));
                        }
                        Some(Ok((place, result))) => {
                            if let Some(slot) = state.results.get_mut(place) {
                                *slot = result;
                            }
                            state.done += 1;
                            if state.done % TOLD == 0 {
                                let progress = EvaluationUpdate::Progress {
                                    done: state.done as u64,
                                    total: total as u64,
                                };
                                return Some((Ok(progress), (asked, state, own)));
                            }
                        }
                    }
                }
                None
            }
        })
        .boxed()
    }

    async fn ask(
        &self,
        tenant: &TenantId,
        question: &JudgedQuestion,
        settings: &EvaluationSettings,
    ) -> Result<QuestionResult, StoreError> {
        let began = self.clock.micros();
        let (hits, by_meaning) = self
            .query
            .rank(
                tenant,
                question.question.trim(),
                &settings.sources,
                PASSAGES,
                legs(settings.mode),
            )
            .await?;
        let took_ms = (self.clock.micros() - began) as f64 / 1_000.0;
        Ok(QuestionResult {
            by_meaning,
            took_ms,
            ..score(question, &hits)
        })
    }

    async fn done(
        &self,
        tenant: &TenantId,
        questions: &[JudgedQuestion],
        results: Vec<QuestionResult>,
    ) -> Result<EvaluationUpdate, StoreError> {
        let mut report = report(&results);
        report.unknown = self.unknown(tenant, questions, &results).await?;
        Ok(EvaluationUpdate::Done {
            report: Box::new(report),
            results,
        })
    }

    /// Relevant documents that no ranking held because they aren't there: a wrong name, or a document that was not taken in.
    async fn unknown(
        &self,
        tenant: &TenantId,
        questions: &[JudgedQuestion],
        results: &[QuestionResult],
    ) -> Result<Vec<String>, StoreError> {
        let pairs = || {
            let both = questions.iter().zip(results);
            both.flat_map(|(question, result)| question.relevant.iter().zip(&result.ranks))
        };
        let found: HashSet<&str> = pairs()
            .filter(|(_, rank)| rank.is_some())
            .map(|(label, _)| label.as_str())
            .collect();
        let open: BTreeSet<&str> = pairs()
            .map(|(label, _)| label.as_str())
            .filter(|label| !found.contains(label))
            .collect();
        let mut unknown = Vec::new();
        for label in open.into_iter().take(LOOKED_UP) {
            if unknown.len() == UNKNOWN {
                break;
            }
            if !self.is_there(tenant, label).await? {
                unknown.push(label.to_owned());
            }
        }
        Ok(unknown)
    }

    /// Whether there is a document of that name or id.
    async fn is_there(&self, tenant: &TenantId, label: &str) -> Result<bool, StoreError> {
        match self.library.document(tenant, label).await {
            Ok(_) => return Ok(true),
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        let filter = DocumentList {
            text: label.to_owned(),
            page: PageRequest {
                limit: 1_000,
                ..PageRequest::default()
            },
            ..DocumentList::default()
        };
        let page = self.library.documents(tenant, &filter).await?;
        // More than a page of names that hold it: it is not worth paging on for a remark.
        Ok(page.next.is_some() || page.items.iter().any(|document| document.name == label))
    }
}

struct State {
    results: Vec<QuestionResult>,
    done: usize,
    over: bool,
}

pub(crate) fn legs(mode: SearchMode) -> Legs {
    match mode {
        SearchMode::Hybrid => Legs::Both,
        SearchMode::Keyword => Legs::Keywords,
        SearchMode::Vector => Legs::Meaning,
    }
}

impl std::fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evaluator").finish_non_exhaustive()
    }
}
