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
