//! Text to vectors.

use async_trait::async_trait;

/// Makes vectors of text. The same text gives the same vector.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Which model; stored with every vector, never mixed.
    fn model(&self) -> ModelId;
    /// One unit vector per text, in order.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError>;
    /// How many tokens of the model the text has.
    fn tokens(&self, text: &str) -> usize;
    /// Whether the model knows no language but English: its vectors of other languages are noise.
    fn english_only(&self) -> bool {
        true
    }
    /// The vector of a question. Some models want a question marked as one.
    async fn embed_question(&self, question: &str) -> Result<Vec<f32>, EmbedError> {
        let mut vectors = self.embed(&[question.to_owned()]).await?;
        vectors
            .pop()
            .ok_or_else(|| EmbedError::Backend("the model gave no vector".into()))
    }
}

/// A model by name and content.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelId {
    /// Such as `all-MiniLM-L6-v2-int8`.
    pub name: String,
    /// SHA-256 of the model file, hexadecimal.
    pub sha256: String,
    /// Length of the vectors.
    pub dimensions: usize,
}

/// Why no vectors could be made.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// A native part or the model is not installed.
    #[error("{0}")]
    Missing(String),
    /// Anything else.
    #[error("{0}")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}
