//! Where question sets and evaluations are kept.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::{
    Page, Timestamp,
    evaluation_runs::{EvaluatedQuestion, EvaluationRun},
    questions::{Question, QuestionList, QuestionSet},
};
use awm_tenancy::TenantId;

/// Keeps question sets.
#[async_trait]
pub trait Questions: Send + Sync {
    /// All sets by name.
    async fn sets(&self, tenant: &TenantId) -> Result<Vec<QuestionSet>, StoreError>;
    /// One set.
    async fn set(&self, tenant: &TenantId, id: &str) -> Result<QuestionSet, StoreError>;
    /// Stores a set, or answers with the one of that name.
    async fn create_set(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
        at: Timestamp,
    ) -> Result<QuestionSet, StoreError>;
    /// Renames a set; `Conflict` if another one has the name.
    async fn rename_set(
        &self,
        tenant: &TenantId,
        id: &str,
        name: &str,
    ) -> Result<QuestionSet, StoreError>;
    /// Deletes a set with its questions and evaluations; answers with its last row.
    async fn delete_set(&self, tenant: &TenantId, id: &str) -> Result<QuestionSet, StoreError>;
    /// Questions of a set in the order they were added.
    async fn questions(
        &self,
        tenant: &TenantId,
        filter: &QuestionList,
    ) -> Result<Page<Question>, StoreError>;
    /// One question.
    async fn question(&self, tenant: &TenantId, id: &str) -> Result<Question, StoreError>;
    /// Stores questions, new or changed, all or none. A changed one keeps its place and its set.
    async fn put_questions(
        &self,
        tenant: &TenantId,
        questions: Vec<Question>,
    ) -> Result<(), StoreError>;
    /// Takes a question out; answers with its last state.
    async fn remove_question(&self, tenant: &TenantId, id: &str) -> Result<Question, StoreError>;
}

/// Keeps evaluations.
#[async_trait]
pub trait Evaluations: Send + Sync {
    /// Evaluations of a set, or of all, newest first, at most `limit`.
    async fn runs(
        &self,
        tenant: &TenantId,
        set_id: Option<&str>,
        limit: u32,
    ) -> Result<Vec<EvaluationRun>, StoreError>;
    /// One evaluation.
    async fn run(&self, tenant: &TenantId, id: &str) -> Result<EvaluationRun, StoreError>;
    /// Stores an evaluation, new or changed, with its results if given, in one transaction.
    async fn put_run(
        &self,
        tenant: &TenantId,
        run: &EvaluationRun,
        results: Option<Vec<EvaluatedQuestion>>,
    ) -> Result<(), StoreError>;
    /// The results of an evaluation, in order.
    async fn results(
        &self,
        tenant: &TenantId,
        id: &str,
    ) -> Result<Vec<EvaluatedQuestion>, StoreError>;
    /// Deletes an evaluation with its results; answers with its last row.
    async fn delete_run(&self, tenant: &TenantId, id: &str) -> Result<EvaluationRun, StoreError>;
}
