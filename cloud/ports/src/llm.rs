//! Language models.

use async_trait::async_trait;
use awm_api::{Code, settings::Model};
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    /// No answer from the address.
    #[error("{0}")]
    Unreachable(String),
    /// The model took longer than it may, to its first word or between two.
    #[error("{0}")]
    TimedOut(String),
    /// An answer that refuses.
    #[error("{message}")]
    Refused {
        /// The HTTP status; 200 where the refusal came within an answer that had begun.
        status: u16,
        /// The endpoint's words.
        message: String,
        /// When the endpoint wants to be asked again, milliseconds from now, if it says.
        retry_after_ms: Option<u64>,
    },
    /// An answer that ends in the middle.
    #[error("{0}")]
    BrokeOff(String),
    /// An answer that can't be read.
    #[error("{0}")]
    Malformed(String),
}

impl LlmError {
    /// What a screen decides by.
    pub fn code(&self) -> Code {
        match self {
            Self::Unreachable(_) => Code::ModelUnreachable,
            Self::TimedOut(_) => Code::ModelTimedOut,
            Self::BrokeOff(_) | Self::Malformed(_) => Code::ModelBrokeOff,
            Self::Refused { status, .. } => match status {
                401 | 403 => Code::ModelKeyRefused,
                404 => Code::ModelUnknown,
                429 => Code::ModelBusy,
                200 | 500.. => Code::ModelFailed,
                _ => Code::ModelRefused,
            },
        }
    }
}
