#![doc = include_str!("../README.md")]

mod answer;
mod exchange;
mod lines;
mod ollama;
mod openai;
mod retry;
mod sse;

pub use exchange::Timeouts;
pub use ollama::Ollama;
pub use openai::OpenAiCompatible;
pub use retry::Retries;

use awm_api::settings::{Model, ModelKind};
use awm_ports::{Llm, LlmError, Models};
use std::sync::Arc;

/// Opens the models that the settings name.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalModels {
    /// How long to wait for a model.
    pub timeouts: Timeouts,
    /// How often to ask it again.
    pub retries: Retries,
}

impl Models for LocalModels {
    fn open(&self, model: &Model) -> Result<Arc<dyn Llm>, LlmError> {
        let (timeouts, retries) = (self.timeouts, self.retries);
        Ok(match model.kind {
            ModelKind::OpenAiCompatible => {
                Arc::new(OpenAiCompatible::new(model, timeouts, retries)?)
            }
            ModelKind::Ollama => Arc::new(Ollama::new(model, timeouts, retries)?),
        })
    }
}
