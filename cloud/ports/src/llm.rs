//! Language models.

use async_trait::async_trait;
use awm_api::settings::Model;
use futures::stream::BoxStream;
use std::sync::Arc;

/// Makes models of what the settings name.
pub trait Models: Send + Sync {
    /// The model at an address; nothing is asked of it yet.
    fn open(&self, model: &Model) -> Result<Arc<dyn Llm>, LlmError>;
}

/// Writes text.
#[async_trait]
pub trait Llm: Send + Sync {
    /// Streams the answer; dropping the stream stops the model.
    async fn generate(
        &self,
        request: LlmRequest,
    ) -> Result<BoxStream<'static, Result<LlmEvent, LlmError>>, LlmError>;
}

/// What a model is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct LlmRequest {
    /// The conversation, oldest first.
    pub messages: Vec<LlmMessage>,
    /// Tokens of the answer, at most.
    pub max_tokens: Option<u32>,
    /// 0.0 (always the likeliest word) to 2.0.
    pub temperature: Option<f32>,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct LlmMessage {
    /// Who speaks.
    pub role: LlmRole,
    /// What is said.
    pub content: String,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LlmRole {
    /// The rules of the conversation.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// What a model streams.
#[derive(Clone, Debug, PartialEq)]
pub enum LlmEvent {
    /// The next piece of text.
    Text(String),
    /// The end, with what it took, if told.
    Done(LlmUsage),
}

/// Tokens read and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LlmUsage {
    /// Tokens read.
    pub tokens_in: Option<u64>,
    /// Tokens written.
    pub tokens_out: Option<u64>,
}

/// Why a model did not answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LlmError {
    /// No answer from the address.
    #[error("{0}")]
    Unreachable(String),
    /// An answer that refuses.
    #[error("{message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The endpoint's words.
        message: String,
    },
    /// An answer that can't be read.
    #[error("{0}")]
    Malformed(String),
}
