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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// The error, when the run failed; what was said before it is in `answer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<crate::UserError>,
    /// What was looked for, where a follow-up was made a question that stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searched_for: Option<String>,
    /// The title of the model that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// US dollars, where the model's price is set and its tokens are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// The answers of several models that were asked at once, in the order asked. The turn itself holds the one to go on with: the
    /// chosen one, or the first until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<ChatAnswer>,
    /// Whether one of `answers` was chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// What somebody thought of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<ChatFeedback>,
}

impl ChatTurn {
    /// Takes over what an answer says.
    pub fn take(&mut self, answer: &ChatAnswer) {
        let from = answer.clone();
        self.model = Some(from.model).filter(|model| !model.is_empty());
        self.run_id = from.run_id;
        self.answer = from.answer;
        self.citations = from.citations;
        self.extractive = from.extractive;
        self.refused = from.refused;
        self.first_word_ms = from.first_word_ms;
        self.total_ms = from.total_ms;
        self.tokens_in = from.tokens_in;
        self.tokens_out = from.tokens_out;
        self.cost_usd = from.cost_usd;
        self.error = from.error;
    }
}

/// One model's answer to a question that several were asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatAnswer {
    /// The model's title.
    pub model: String,
    /// The run behind it.
    pub run_id: String,
    /// The answer.
    pub answer: String,
    /// What its numbers stand for.
    pub citations: Vec<Citation>,
    /// Whether it is quotations.
    pub extractive: bool,
    /// Whether it is a refusal.
    pub refused: bool,
    /// Milliseconds to the first word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_word_ms: Option<u64>,
    /// Milliseconds to the end; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_ms: Option<u64>,
    /// Tokens read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_in: Option<u64>,
    /// Tokens written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_out: Option<u64>,
    /// US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// The error, when its run failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<crate::UserError>,
    /// Whether the workflow would have remembered the turn: it is remembered when this answer is chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remembers: bool,
}

/// What somebody thought of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatFeedback {
    /// Thumbs up; down if not.
    pub good: bool,
    /// Why, in their words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Says what somebody thinks of an answer, or takes it back; answers with the turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatTurnRate {
    /// The conversation.
    pub session_id: String,
    /// The turn.
    pub turn_id: String,
    /// None takes it back.
    #[serde(default)]
    pub feedback: Option<ChatFeedback>,
}

/// Chooses one of the answers of a turn to go on with; answers with the turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatTurnChoose {
    /// The conversation.
    pub session_id: String,
    /// The turn.
    pub turn_id: String,
    /// The answer, by its run.
    pub run_id: String,
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
    /// The titles of the models to ask, at most three; the first of the settings if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// The last turn, if the question takes its place: the turn is deleted, with its run and what was remembered of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
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
    /// The answer of one of several models goes on with this text.
    AnswerText {
        /// The answer, by its run.
        run_id: String,
        /// The text to append.
        text: String,
    },
    /// One of several models has ended.
    Answered {
        /// Its answer, whole.
        answer: ChatAnswer,
    },
    /// The turn is stored, whole.
    Done {
        /// The turn.
        turn: ChatTurn,
    },
}
