//! Question sets and evaluations.

use crate::lock;
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    evaluation_runs::{EvaluatedQuestion, EvaluationRun},
    questions::{Question, QuestionList, QuestionSet},
};
use awm_ports::{Evaluations, Questions, StoreError};
use awm_tenancy::TenantId;
use std::{collections::HashMap, sync::Mutex};

/// Keeps question sets and evaluations in lists.
#[derive(Debug, Default)]
pub struct MemoryQuestions {
    tenants: Mutex<HashMap<TenantId, Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    sets: Vec<QuestionSet>,
    questions: Vec<Question>,
    runs: Vec<(EvaluationRun, Vec<EvaluatedQuestion>)>,
}

impl MemoryQuestions {
    fn with<T>(&self, tenant: &TenantId, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(lock(&self.tenants).entry(tenant.clone()).or_default())
    }
}

fn missing(what: &'static str, id: &str) -> StoreError {
    StoreError::NotFound {
        what,
        id: id.to_owned(),
    }
}

impl Kept {
    fn set(&self, id: &str) -> Result<QuestionSet, StoreError> {
        let set = self.sets.iter().find(|set| set.id == id);
        let mut set = set.cloned().ok_or_else(|| missing("question set", id))?;
        set.questions = self.questions.iter().filter(|q| q.set_id == id).count() as u64;
        Ok(set)
    }

    fn question(&self, id: &str) -> Result<Question, StoreError> {
        let found = self.questions.iter().find(|question| question.id == id);
        found.cloned().ok_or_else(|| missing("question", id))
    }

    fn run(&self, id: &str) -> Result<&(EvaluationRun, Vec<EvaluatedQuestion>), StoreError> {
        let found = self.runs.iter().find(|(run, _)| run.id == id);
        found.ok_or_else(|| missing("evaluation", id))
    }
}

#[async_trait]
impl Questions for MemoryQuestions {
    async fn sets(&self, tenant: &TenantId) -> Result<Vec<QuestionSet>, StoreError> {
        self.with(tenant, |kept| {
            let ids: Vec<String> = kept.sets.iter().map(|set| set.id.clone()).collect();
            let mut sets = ids
                .iter()
                .map(|id| kept.set(id))
                .collect::<Result<Vec<_>, _>>()?;
            sets.sort_by_key(|set| (set.name.to_lowercase(), set.id.clone()));
            Ok(sets)
        })
    }

    async fn set(&self, tenant: &TenantId, id: &str) -> Result<QuestionSet, StoreError> {
        self.with(tenant, |kept| kept.set(id))
    }

    async fn create_set(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
        at: Timestamp,
    ) -> Result<QuestionSet, StoreError> {
        self.with(tenant, |kept| {
            let known = kept.sets.iter().find(|set| set.name == name);
            let id = known.map_or_else(|| id.to_owned(), |set| set.id.clone());
            if known.is_none() {
                kept.sets.push(QuestionSet {
                    id: id.clone(),
                    name: name.to_owned(),
                    questions: 0,
                    changed_at: at,
                });
            }
            kept.set(&id)
        })
    }

    async fn rename_set(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
    ) -> Result<QuestionSet, StoreError> {
        self.with(tenant, |kept| {
            kept.set(id)?;
            if kept.sets.iter().any(|set| set.name == name && set.id != id) {
                return Err(StoreError::Conflict {
                    what: "question set",
                    id: id.to_owned(),
                    base: 0,
                    newest: 0,
                });
            }
            for set in kept.sets.iter_mut().filter(|set| set.id == id) {
                set.name = name.to_owned();
            }
            kept.set(id)
        })
    }

    async fn delete_set(&self, tenant: &TenantId, id: &str) -> Result<QuestionSet, StoreError> {
        self.with(tenant, |kept| {
            let set = kept.set(id)?;
            kept.sets.retain(|set| set.id != id);
            kept.questions.retain(|question| question.set_id != id);
            kept.runs.retain(|(run, _)| run.set_id != id);
            Ok(set)
        })
    }

    async fn questions(
        &self,
        tenant: &TenantId,
        filter: &QuestionList,
    ) -> Result<Page<Question>, StoreError> {
        self.with(tenant, |kept| {
            kept.set(&filter.set_id)?;
            let text = filter.text.to_lowercase();
            let matching: Vec<&Question> = kept
                .questions
                .iter()
                .filter(|question| question.set_id == filter.set_id)
                .filter(|question| question.body.question.to_lowercase().contains(&text))
                .collect();
            let total = matching.len() as u64;
            let items: Vec<Question> = matching
                .into_iter()
                .skip(usize::try_from(filter.page.offset).unwrap_or(usize::MAX))
                .take(filter.page.limit.min(1_000) as usize)
                .cloned()
                .collect();
            let end = filter.page.offset.saturating_add(items.len() as u64);
            Ok(Page {
                next: (end < total && !items.is_empty()).then_some(end),
                items,
                total,
            })
        })
    }

    async fn question(&self, tenant: &TenantId, id: &str) -> Result<Question, StoreError> {
        self.with(tenant, |kept| kept.question(id))
    }

    async fn put_questions(
        &self,
        tenant: &TenantId,
        questions: Vec<Question>,
    ) -> Result<(), StoreError> {
        self.with(tenant, |kept| {
            for question in &questions {
                kept.set(&question.set_id)?;
            }
            for new in questions {
                for set in kept.sets.iter_mut().filter(|set| set.id == new.set_id) {
                    set.changed_at = set.changed_at.max(new.changed_at);
                }
                match kept.questions.iter_mut().find(|known| known.id == new.id) {
                    Some(known) if known.set_id == new.set_id => *known = new,
                    Some(_) => {}
                    None => kept.questions.push(new),
                }
            }
            Ok(())
        })
    }

    async fn remove_question(&self, tenant: &TenantId, id: &str) -> Result<Question, StoreError> {
        self.with(tenant, |kept| {
            let question = kept.question(id)?;
            kept.questions.retain(|question| question.id != id);
            Ok(question)
        })
    }
}

#[async_trait]
impl Evaluations for MemoryQuestions {
    async fn runs(
        &self,
        tenant: &TenantId,
        set_id: Option<&str>,
        limit: u32,
    ) -> Result<Vec<EvaluationRun>, StoreError> {
        self.with(tenant, |kept| {
            let mut runs: Vec<EvaluationRun> = kept
                .runs
                .iter()
                .map(|(run, _)| run.clone())
                .filter(|run| set_id.is_none_or(|id| run.set_id == id))
                .collect();
            runs.sort_by(|a, b| (b.started_at, &b.id).cmp(&(a.started_at, &a.id)));
            runs.truncate(limit as usize);
            Ok(runs)
        })
    }

    async fn run(&self, tenant: &TenantId, id: &str) -> Result<EvaluationRun, StoreError> {
        self.with(tenant, |kept| Ok(kept.run(id)?.0.clone()))
    }

    async fn put_run(
        &self,
        tenant: &TenantId,
        run: &EvaluationRun,
        results: Option<Vec<EvaluatedQuestion>>,
    ) -> Result<(), StoreError> {
        self.with(tenant, |kept| {
            kept.set(&run.set_id)?;
            match kept.runs.iter_mut().find(|(known, _)| known.id == run.id) {
                Some((known, kept)) => {
                    *known = run.clone();
                    if let Some(results) = results {
                        *kept = results;
                    }
                }
                None => kept.runs.push((run.clone(), results.unwrap_or_default())),
            }
            Ok(())
        })
    }

    async fn results(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Vec<EvaluatedQuestion>, StoreError> {
        self.with(tenant, |kept| Ok(kept.run(id)?.1.clone()))
    }

    async fn delete_run(&self, tenant: &TenantId, id: &str) -> Result<EvaluationRun, StoreError> {
        self.with(tenant, |kept| {
            let run = kept.run(id)?.0.clone();
            kept.runs.retain(|(run, _)| run.id != id);
            Ok(run)
        })
    }
}
