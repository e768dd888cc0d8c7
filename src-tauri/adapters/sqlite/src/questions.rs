//! Question sets and evaluations of them.

use crate::{Store, question_rows as rows};
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    evaluation_runs::{EvaluatedQuestion, EvaluationRun},
    questions::{Question, QuestionList, QuestionSet},
};
use awm_ports::{Evaluations, Questions, StoreError};
use awm_tenancy::TenantId;
use rusqlite::params;

#[async_trait]
impl Questions for Store {
    async fn sets(&self, tenant: &TenantId) -> Result<Vec<QuestionSet>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| rows::sets(db, &tenant)).await
    }

    async fn set(&self, tenant: &TenantId, id: &str) -> Result<QuestionSet, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| rows::set(db, &tenant, &id)).await
    }

    async fn create_set(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
        at: Timestamp,
    ) -> Result<QuestionSet, StoreError> {
        let (tenant, id, name) = (tenant.to_string(), id.to_owned(), name.to_owned());
        self.write(move |tx| {
            tx.execute(
                "INSERT INTO question_sets (tenant, id, name, changed_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (tenant, name) DO NOTHING",
                params![tenant, id, name, at],
            )?;
            let known: String = tx.query_row(
                "SELECT id FROM question_sets WHERE tenant = ?1 AND name = ?2",
                params![tenant, name],
                |row| row.get(0),
            )?;
            rows::set(tx, &tenant, &known)
        })
        .await
    }

    async fn rename_set(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
    ) -> Result<QuestionSet, StoreError> {
        let (tenant, id, name) = (tenant.to_string(), id.to_owned(), name.to_owned());
        self.write(move |tx| {
            rows::set(tx, &tenant, &id)?;
            let taken: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM question_sets WHERE tenant = ?1 AND name = ?2 AND id <> ?3)",
                params![tenant, name, id],
                |row| row.get(0),
            )?;
            if taken {
                return Err(StoreError::Conflict {
                    what: "question set",
                    id,
                    base: 0,
                    newest: 0,
                }
                .into());
            }
            tx.execute(
                "UPDATE question_sets SET name = ?3 WHERE tenant = ?1 AND id = ?2",
                params![tenant, id, name],
            )?;
            rows::set(tx, &tenant, &id)
        })
        .await
    }

    async fn delete_set(&self, tenant: &TenantId, id: &str) -> Result<QuestionSet, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.write(move |tx| {
            let set = rows::set(tx, &tenant, &id)?;
            tx.execute(
                "DELETE FROM question_sets WHERE tenant = ?1 AND id = ?2",
                params![tenant, id],
            )?;
            Ok(set)
        })
        .await
    }

    async fn questions(
        &self,
        tenant: &TenantId,
        filter: &QuestionList,
    ) -> Result<Page<Question>, StoreError> {
        let (tenant, filter) = (tenant.to_string(), filter.clone());
        self.read(move |db| rows::questions(db, &tenant, &filter))
            .await
    }

    async fn question(&self, tenant: &TenantId, id: &str) -> Result<Question, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| rows::question(db, &tenant, &id)).await
    }

    async fn put_questions(
        &self,
        tenant: &TenantId,
        questions: Vec<Question>,
    ) -> Result<(), StoreError> {
        let tenant = tenant.to_string();
        self.write(move |tx| {
            for question in &questions {
                rows::put_question(tx, &tenant, question)?;
            }
            Ok(())
        })
        .await
    }

    async fn remove_question(&self, tenant: &TenantId, id: &str) -> Result<Question, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.write(move |tx| {
            let question = rows::question(tx, &tenant, &id)?;
            tx.execute(
                "DELETE FROM questions WHERE tenant = ?1 AND id = ?2",
                params![tenant, id],
            )?;
            Ok(question)
        })
        .await
    }
}

#[async_trait]
impl Evaluations for Store {
    async fn runs(
        &self,
        tenant: &TenantId,
        set_id: Option<&str>,
        limit: u32,
    ) -> Result<Vec<EvaluationRun>, StoreError> {
        let (tenant, set_id) = (tenant.to_string(), set_id.map(str::to_owned));
        self.read(move |db| rows::runs(db, &tenant, set_id.as_deref(), limit))
            .await
    }

    async fn run(&self, tenant: &TenantId, id: &str) -> Result<EvaluationRun, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| rows::run(db, &tenant, &id)).await
    }

    async fn put_run(
        &self,
        tenant: &TenantId,
        run: &EvaluationRun,
        results: Option<Vec<EvaluatedQuestion>>,
    ) -> Result<(), StoreError> {
        let (tenant, run) = (tenant.to_string(), run.clone());
        self.write(move |tx| rows::put_run(tx, &tenant, &run, results.as_deref()))
            .await
    }

    async fn results(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Vec<EvaluatedQuestion>, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| rows::results(db, &tenant, &id)).await
    }

    async fn delete_run(&self, tenant: &TenantId, id: &str) -> Result<EvaluationRun, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.write(move |tx| {
            let run = rows::run(tx, &tenant, &id)?;
            tx.execute(
                "DELETE FROM evaluations WHERE tenant = ?1 AND id = ?2",
                params![tenant, id],
            )?;
            Ok(run)
        })
        .await
    }
}
