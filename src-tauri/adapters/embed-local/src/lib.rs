#![doc = include_str!("../README.md")]

mod components;
mod model;
mod queue;

pub use components::Components;

use async_trait::async_trait;
use awm_ports::{EmbedError, Embedder, ModelId};
use futures::future::try_join_all;
use model::Model;
use queue::Queue;
use std::{path::Path, sync::Arc};
use tokenizers::Tokenizer;

/// The sentence model. Cheap to ask for its name and for tokens; the model itself is loaded by the first text.
pub struct Embed {
    id: ModelId,
    model: Arc<Model>,
    queue: Arc<Queue>,
    sessions: usize,
}

impl Embed {
    /// Checks the parts in a components folder and loads the tokenizer; vectors are made on as many threads as there are cores.
    pub fn open(components: &Path) -> Result<Self, EmbedError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_sessions(components, cores)
    }

    /// Like [`open`](Self::open), with a number of threads.
    pub fn with_sessions(components: &Path, sessions: usize) -> Result<Self, EmbedError> {
        let parts = Components::of(components)?;
        let tokenizer = Tokenizer::from_file(&parts.tokenizer)
            .map_err(|error| EmbedError::Backend(error.to_string().into()))?;
        let id = ModelId {
            name: "all-MiniLM-L6-v2-int8".into(),
            sha256: components::sha256(&parts.model)?,
            dimensions: model::DIMENSIONS,
        };
        Ok(Self {
            id,
            model: Arc::new(Model::new(parts, tokenizer)?),
            queue: Arc::default(),
            sessions: sessions.max(1),
        })
    }
}

#[async_trait]
impl Embedder for Embed {
    fn model(&self) -> ModelId {
        self.id.clone()
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.queue.start(&self.model, self.sessions);
        let waiting: Vec<_> = self.queue.put(texts);
        let answers = waiting.into_iter().map(|answer| async move {
            match answer.await {
                Ok(vector) => vector.map_err(|error| EmbedError::Backend(error.into())),
                Err(_) => Err(EmbedError::Backend("the model's thread ended".into())),
            }
        });
        try_join_all(answers).await
    }

    fn tokens(&self, text: &str) -> usize {
        self.model.tokens(text)
    }
}

impl Drop for Embed {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl std::fmt::Debug for Embed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embed")
            .field("model", &self.id)
            .field("sessions", &self.sessions)
            .finish_non_exhaustive()
    }
}
