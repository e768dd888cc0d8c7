//! Question sets: what is asked, and what is expected of the answer.

use crate::{PageRequest, Timestamp};
use serde::{Deserialize, Serialize};

/// Asks for the question sets, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionSetList {}

/// A named set of questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionSet {
    /// The set's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Questions in it.
    pub questions: u64,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Creates a set; answers with the existing one if the name is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionSetCreate {
    /// The name.
    pub name: String,
}

/// Renames a set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionSetRename {
    /// The set.
    pub id: String,
    /// The new name.
    pub name: String,
}

/// Deletes a set with its questions and its evaluations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionSetDelete {
    /// The set.
    pub id: String,
}

/// A question with what is expected of its answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The question's id.
    #[serde(default)]
    pub id: String,
    /// The set that it belongs to.
    #[serde(default)]
    pub set_id: String,
    /// What is asked, and what is expected.
    #[serde(flatten)]
    pub body: QuestionBody,
    /// Where it comes from.
    #[serde(default)]
    pub origin: QuestionOrigin,
    /// When it last changed.
    #[serde(default)]
    pub changed_at: Timestamp,
}

/// What is asked, and what is expected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionBody {
    /// The question.
    pub question: String,
    /// The documents, or sections of them, that answer it.
    #[serde(default)]
    pub relevant: Vec<Expected>,
    /// Words that the cited passage is to contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Whether the knowledge base has no answer, so that a refusal is right.
    #[serde(default)]
    pub unanswerable: bool,
}

/// A document or a section that answers a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Expected {
    /// The document's name or id.
    pub document: String,
    /// The headings of the section, outermost first; the whole document if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub section: Vec<String>,
}

/// Where a question comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionOrigin {
    /// Somebody wrote it.
    #[default]
    Written,
    /// A file held it.
    Imported,
    /// It was made of a heading.
    Generated,
    /// Somebody asked it in a conversation.
    Chat,
}

/// Asks for questions of a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionList {
    /// The set.
    pub set_id: String,
    /// Only with this text in the question.
    #[serde(default)]
    pub text: String,
    /// Which part, in the order they were added.
    #[serde(default)]
    pub page: PageRequest,
}

/// Adds a question: as given, or as it was asked in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionAdd {
    /// The set; without one, the set named `From conversations`, which is made if it isn't there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_id: Option<String>,
    /// The question as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<QuestionBody>,
    /// The turn whose question is added instead: what its answer cited is expected, and a refusal if it refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_turn: Option<FromTurn>,
}

/// A turn of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FromTurn {
    /// The conversation.
    pub session_id: String,
    /// The turn.
    pub turn_id: String,
}

/// Changes a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionSave {
    /// The question.
    pub id: String,
    /// What it becomes.
    pub body: QuestionBody,
}

/// Takes a question out of its set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionRemove {
    /// The question.
    pub id: String,
}

/// How questions are written in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionFormat {
    /// A line of JSON each: `{id, question, relevant, answer, unanswerable}`.
    #[default]
    Jsonl,
    /// A table with the columns `question`, `relevant` (a line each), `section`, `answer`, `unanswerable`.
    Csv,
}

/// Adds the questions of a file. Those whose words are there already are passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionImport {
    /// The set.
    pub set_id: String,
    /// How it is written.
    pub format: QuestionFormat,
    /// The file's text.
    pub text: String,
}

/// What became of a file's questions, or of headings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionsAdded {
    /// Questions added.
    pub added: u64,
    /// Questions that the set has already.
    pub passed_over: u64,
    /// Lines that could not be read.
    pub broken: u64,
    /// The first of them, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<LineProblem>,
}

/// What is wrong with a line of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineProblem {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

/// Writes a set as a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionExport {
    /// The set.
    pub set_id: String,
    /// How it is written.
    pub format: QuestionFormat,
}

/// A file to save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionFile {
    /// A name for it.
    pub file_name: String,
    /// Its text.
    pub text: String,
}

/// Makes questions of headings: each asks for the section below a heading that stands in one document only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionGenerate {
    /// The set that they are added to.
    pub set_id: String,
    /// Only of these sources, by id; of all if empty.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Questions, at most 1,000; evenly over the headings.
    pub limit: u32,
    /// Whether the configured model asks in other words than the heading's.
    #[serde(default)]
    pub paraphrase: bool,
}
