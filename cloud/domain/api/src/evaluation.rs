//! How good the knowledge base answers: questions with what is expected of them, and figures.

use serde::{Deserialize, Serialize};

/// Measures a search on questions that are given with the request; nothing is stored. Progress, then the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationMeasure {
    /// The questions.
    pub questions: Vec<JudgedQuestion>,
    /// How they are asked.
    #[serde(default)]
    pub settings: EvaluationSettings,
}

/// A question and the documents that answer it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JudgedQuestion {
    /// Its id, for the results.
    pub id: String,
    /// The question.
    pub question: String,
    /// The documents that answer it, by name or id. A question without any is asked for its time only.
    #[serde(default)]
    pub relevant: Vec<String>,
}

/// How questions are asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvaluationSettings {
    /// Only in these sources, by id or name; all if empty.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Which rankings take part.
    #[serde(default)]
    pub mode: SearchMode,
    /// Questions that are asked at the same time, 1 to 64; as many as the host has processors if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
}

/// Which rankings take part in a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchMode {
    /// Keywords and meaning, as every search of the product.
    #[default]
    Hybrid,
    /// Keywords only.
    Keyword,
    /// Meaning only.
    Vector,
}

/// What a measurement tells while it goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum EvaluationUpdate {
    /// How far it is.
    Progress {
        /// Questions asked.
        done: u64,
        /// Questions in all.
        total: u64,
    },
    /// It is done.
    Done {
        /// What was measured.
        report: Box<EvaluationReport>,
        /// Each question's result, in the order of the questions.
        results: Vec<QuestionResult>,
    },
}

/// The figures of a measurement: means over the judged questions, from 0 to 1, and what they were measured on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvaluationReport {
    /// Normalised discounted cumulative gain of the first 10 documents, binary relevance.
    pub ndcg_at_10: Figure,
    /// The part of the relevant documents among the first 100.
    pub recall_at_100: Figure,
    /// One over the rank of the first relevant document among the first 10.
    pub mrr_at_10: Figure,
    /// Questions asked.
    pub questions: u64,
    /// Questions with relevant documents: the figures are of these.
    pub judged: u64,
    /// Judged questions with no relevant document among the first 100.
    pub missed: u64,
    /// Questions whose meaning was searched too.
    pub by_meaning: u64,
    /// How long a search took.
    pub latency: Latency,
    /// Relevant documents that no source asked has: names that were never found and aren't there, at most 20 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// A mean with its confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The mean.
    pub value: f64,
    /// The lower end of the 95 % confidence interval (bootstrap).
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Times of single searches, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// The median.
    pub p50_ms: f64,
    /// What 95 % stay below.
    pub p95_ms: f64,
    /// The mean.
    pub mean_ms: f64,
}

/// What came of one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionResult {
    /// The question's id.
    pub id: String,
    /// The rank of each relevant document among the first 100, from 1, in the order they were given; none if it isn't there.
    pub ranks: Vec<Option<u32>>,
    /// The first documents found, at most 10, by name, best first.
    pub found: Vec<String>,
    /// nDCG@10; none without judgements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ndcg_at_10: Option<f64>,
    /// Recall@100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall_at_100: Option<f64>,
    /// Reciprocal rank within 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mrr_at_10: Option<f64>,
    /// Whether the meaning was searched too.
    pub by_meaning: bool,
    /// Milliseconds that the search took.
    pub took_ms: f64,
}
