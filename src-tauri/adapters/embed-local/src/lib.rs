#![doc = include_str!("../README.md")]

mod components;
mod model;
mod queue;
mod usage;

pub use components::Components;
pub use usage::{Pooling, Usage};

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
        Self::of_parts(Components::of(components)?, Some(MINI_LM), sessions)
    }

    /// A model that the user brings, in a folder as sentence-transformers and its exporters write it: `model.onnx`,
    /// `tokenizer.json` and what says how it is used ([`Usage`]). One text is embedded, to learn how long its vectors are.
    pub fn open_folder(components: &Path, model: &Path) -> Result<Self, EmbedError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::of_parts(Components::with_model(components, model)?, None, cores)
    }

    fn of_parts(
        parts: Components,
        dimensions: Option<usize>,
        sessions: usize,
    ) -> Result<Self, EmbedError> {
        let tokenizer = Tokenizer::from_file(&parts.tokenizer)
            .map_err(|error| EmbedError::Backend(error.to_string().into()))?;
        let mut id = ModelId {
            name: parts.usage.name.clone(),
            sha256: components::sha256(&parts.model)?,
            dimensions: 0,
        };
        let model = Model::new(parts, tokenizer)?;
        id.dimensions = match dimensions {
            Some(known) => known,
            None => {
                let broken = |error: String| EmbedError::Backend(error.into());
                let mut session = model.session().map_err(broken)?;
                let vector = model.vector(&mut session, "length").map_err(broken)?;
                vector.len()
            }
        };
        Ok(Self {
            id,
            model: Arc::new(model),
            queue: Arc::default(),
            sessions: sessions.max(1),
        })
    }

    async fn marked(&self, mark: &str, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.queue.start(&self.model, self.sessions);
        let waiting: Vec<_> = if mark.is_empty() {
            self.queue.put(texts)
        } else {
            let marked: Vec<String> = texts.iter().map(|text| format!("{mark}{text}")).collect();
            self.queue.put(&marked)
        };
        let answers = waiting.into_iter().map(|answer| async move {
            match answer.await {
                Ok(vector) => vector.map_err(|error| EmbedError::Backend(error.into())),
                Err(_) => Err(EmbedError::Backend("the model's thread ended".into())),
            }
        });
        try_join_all(answers).await
    }
}

/// Length of the vectors of the model that comes with the application: known, so that it needn't be loaded to be named.
const MINI_LM: usize = 384;

#[async_trait]
impl Embedder for Embed {
    fn model(&self) -> ModelId {
        self.id.clone()
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.marked(&self.model.usage().passage, texts).await
    }

    async fn embed_question(&self, question: &str) -> Result<Vec<f32>, EmbedError> {
        let mark = &self.model.usage().question;
        let mut vectors = self.marked(mark, &[question.to_owned()]).await?;
        vectors
            .pop()
            .ok_or_else(|| EmbedError::Backend("the model gave no vector".into()))
    }

    fn english_only(&self) -> bool {
        self.model.usage().english_only
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
