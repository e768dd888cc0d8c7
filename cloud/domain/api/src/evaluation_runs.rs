//! Evaluations of question sets: begun, watched, kept, compared.

use crate::{
    Timestamp, UserError,
    chat::Citation,
    evaluation::{Figure, Latency, SearchMode},
    questions::Question,
};
use serde::{Deserialize, Serialize};

/// Begins an evaluation of a set; it goes on by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationStart {
    /// The set.
    pub set_id: String,
    /// How its questions are asked.
    #[serde(default)]
    pub settings: RunSettings,
}

/// How a set's questions are asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunSettings {
    /// A word to know it by later, such as what was changed.
    pub label: String,
    /// Only in these sources, by id or name; all if empty.
    pub sources: Vec<String>,
    /// Which rankings take part.
    pub mode: SearchMode,
    /// Passages that an answer is made of, 1 to 50.
    pub top_k: u32,
    /// Whether answers are made too, by the configured model or of quotations.
    pub answers: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            label: String::new(),
            sources: Vec::new(),
            mode: SearchMode::Hybrid,
            top_k: 6,
            answers: true,
        }
    }
}

/// An evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationRun {
    /// Its id.
    pub id: String,
    /// The set.
    pub set_id: String,
    /// The set's name at that time.
    pub set_name: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How it stands.
    pub state: EvaluationState,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<UserError>,
    /// How the questions were asked.
    pub settings: RunSettings,
    /// What was measured.
    pub measured: Measured,
    /// Questions in all.
    pub questions: u64,
    /// Questions asked.
    pub done: u64,
    /// The figures, when it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<RunFigures>,
}

/// How an evaluation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationState {
    /// It goes on.
    Running,
    /// All questions were asked.
    Done,
    /// Somebody stopped it, or the application ended: there are no figures.
    Stopped,
    /// The store or the search failed.
    Failed,
}

/// The knowledge base and the models at the time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Documents in the sources asked.
    pub documents: u64,
    /// Passages in them.
    pub passages: u64,
    /// Passages with a vector.
    pub vectors: u64,
    /// The model that writes answers, by name; none for quotations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_by: Option<String>,
}

/// The figures of an evaluation: means with 95 % confidence intervals, from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunFigures {
    /// nDCG of the first 10.
    pub ndcg_at_10: Figure,
    /// The part of what is relevant among the first `top_k` documents or sections.
    pub recall_at_k: Figure,
    /// The part among the first 100.
    pub recall_at_100: Figure,
    /// One over the rank of the first relevant one among the first 10.
    pub mrr_at_10: Figure,
    /// Questions that these are means of.
    pub judged: u64,
    /// The part of the citations that hold the expected words or lie in what is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation_precision: Option<Figure>,
    /// The part of the unanswerable questions that were refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusals: Option<Figure>,
    /// The part of the answerable questions that were refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_refusals: Option<Figure>,
    /// The part of the quotations that stand in the cited passage word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faithfulness: Option<Figure>,
    /// How long a search took.
    pub search: Latency,
    /// How long an answer took, without the search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Latency>,
}

/// What came of one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedQuestion {
    /// The question as it was.
    pub question: Question,
    /// The rank of each expected document or section among the first 100, from 1; none if it isn't there.
    pub ranks: Vec<Option<u32>>,
    /// The first passages found, at most 10.
    pub found: Vec<FoundPassage>,
    /// nDCG@10; none if nothing is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ndcg_at_10: Option<f64>,
    /// Recall among the first `top_k`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall_at_k: Option<f64>,
    /// Recall among the first 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall_at_100: Option<f64>,
    /// Reciprocal rank within 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mrr_at_10: Option<f64>,
    /// Milliseconds that the search took.
    pub search_ms: f64,
    /// The answer, if one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<EvaluatedAnswer>,
}

/// A passage that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundPassage {
    /// The document.
    pub document_id: String,
    /// Its name.
    pub document_name: String,
    /// The headings above the passage.
    pub headings: Vec<String>,
    /// Its first character within the document's text.
    pub start: u32,
    /// One past its last.
    pub end: u32,
    /// Its beginning, at most 240 characters.
    pub text: String,
    /// Whether it is what is expected.
    pub relevant: bool,
}

/// An answer and how good it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedAnswer {
    /// The answer.
    pub text: String,
    /// Its citations.
    pub citations: Vec<Citation>,
    /// Whether it refused.
    pub refused: bool,
    /// The part of the citations that are right; none without citations or expectations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citation_precision: Option<f64>,
    /// The part of the quotations that stand in their passages; none if it doesn't consist of quotations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faithfulness: Option<f64>,
    /// Why no answer was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Milliseconds that it took.
    pub took_ms: f64,
}

/// Stops an evaluation that goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationStop {
    /// The evaluation.
    pub id: String,
}

/// Asks for the evaluations of a set, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvaluationList {
    /// The set; all sets if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_id: Option<String>,
}

/// Asks for an evaluation with its results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationGet {
    /// The evaluation.
    pub id: String,
}

/// An evaluation with its results, in the order of the set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationDetail {
    /// The evaluation.
    pub run: EvaluationRun,
    /// A result for each question.
    pub results: Vec<EvaluatedQuestion>,
}

/// Deletes an evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationDelete {
    /// The evaluation.
    pub id: String,
}

/// Watches an evaluation: how it stands, again whenever it changes, until it has ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationWatch {
    /// The evaluation.
    pub id: String,
}

/// Compares two evaluations, question by question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationCompare {
    /// The earlier one.
    pub before: String,
    /// The later one.
    pub after: String,
}

/// Two evaluations side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationComparison {
    /// The earlier one.
    pub before: EvaluationRun,
    /// The later one.
    pub after: EvaluationRun,
    /// Questions that both asked, those that got worse first.
    pub questions: Vec<QuestionChange>,
    /// How many got worse.
    pub worse: u64,
    /// How many got better.
    pub better: u64,
    /// Questions that only one of them asked.
    pub alone: u64,
}

/// A question in two evaluations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionChange {
    /// Before.
    pub before: EvaluatedQuestion,
    /// After.
    pub after: EvaluatedQuestion,
    /// How much better it became, from -1 to 1: of nDCG@10, or of right refusals where nothing is relevant.
    pub change: f64,
}
