//! Conversations with a workflow.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks for the conversations, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatSessionList {}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatSession {
    /// The conversation's id: the `sessionId` that its runs get.
    pub id: String,
    /// The workflow that answers.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: String,
    /// The first question, cut short; empty before it.
    pub title: String,
    /// Turns so far.
    pub turns: u32,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Begins a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatSessionCreate {
    /// The workflow that will answer.
    pub workflow_id: String,
}

/// Asks for a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatSessionGet {
    /// The conversation.
    pub id: String,
}

/// Deletes a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatSessionDelete {
    /// The conversation.
    pub id: String,
}

/// A conversation with its turns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatTranscript {
    /// The row of the list.
    pub session: ChatSession,
    /// Oldest first.
    pub turns: Vec<ChatTurn>,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatTurn {
    /// The turn's id.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer: Markdown with `[1]` for citations. Empty while it goes on, and when it failed.
    pub answer: String,
    /// What the numbers in the answer stand for; `[1]` is the first.
    pub citations: Vec<Citation>,
    /// Whether the answer is quotations because no model is configured.
    pub extractive: bool,
    /// Whether the knowledge base had no answer.
    #[serde(default)]
    pub refused: bool,
    /// The run behind it.
    pub run_id: String,
    /// When the question was asked.
    pub asked_at: Timestamp,
    /// Milliseconds to the first word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_word_ms: Option<u64>,
    /// Milliseconds to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_ms: Option<u64>,
    /// Tokens that the model read, if it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_in: Option<u64>,
    /// Tokens that the model wrote, if it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_out: Option<u64>,
    /// The error, when the run failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<crate::UserError>,
}

/// Where a part of an answer comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// The number in the answer, from 1.
    pub number: u32,
    /// The passage.
    pub passage_id: String,
    /// The document.
    pub document_id: String,
    /// The document's name.
    pub document_name: String,
    /// The headings above the passage.
    #[serde(default)]
    pub headings: Vec<String>,
    /// The page, where the document has such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The first character of the quotation within the document's text.
    pub start: u32,
    /// One past its last character.
    pub end: u32,
    /// The quotation.
    pub quote: String,
}

/// Sends a question and streams the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatSend {
    /// The conversation.
    pub session_id: String,
    /// The question.
    pub text: String,
}

/// What happens while an answer is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ChatUpdate {
    /// The question is stored and the run has started.
    Started {
        /// The turn, without an answer.
        turn: ChatTurn,
    },
    /// A state was entered, to tell what is being done.
    Step {
        /// The state's name.
        state: String,
    },
    /// The answer goes on with this text.
    Text {
        /// The text to append.
        text: String,
    },
    /// The turn is stored, whole.
    Done {
        /// The turn.
        turn: ChatTurn,
    },
}
