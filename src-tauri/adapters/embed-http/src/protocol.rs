//! What the servers are asked, and what they answer.

use serde::Deserialize;
use serde_json::{Value, json};

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `POST {base}/embeddings`; the base usually ends with `/v1`.
    OpenAiCompatible,
    /// `POST {base}/api/embed`.
    Ollama,
}

/// A server and the model that it is asked for.
#[derive(Clone)]
pub struct Server {
    /// How it is spoken to.
    pub protocol: Protocol,
    /// The base address, `http://` or `https://`.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// The key, if it wants one.
    pub key: Option<String>,
    /// Whether the model knows no language but English.
    pub english_only: bool,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The key must not reach a log by way of a debug print.
        f.debug_struct("Server")
            .field("protocol", &self.protocol)
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .field("has_key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

impl Protocol {
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::OpenAiCompatible => "embeddings",
            Self::Ollama => "api/embed",
        }
    }

    pub(crate) fn request(self, model: &str, texts: &[String]) -> Value {
        match self {
            Self::OpenAiCompatible => {
                json!({"model": model, "input": texts, "encoding_format": "float"})
            }
            Self::Ollama => json!({"model": model, "input": texts, "truncate": true}),
        }
    }

    /// The vectors of an answer in the order of the texts.
    pub(crate) fn vectors(self, answer: &[u8]) -> Result<Vec<Vec<f32>>, serde_json::Error> {
        match self {
            Self::OpenAiCompatible => {
                let mut answer: OpenAi = serde_json::from_slice(answer)?;
                answer.data.sort_by_key(|row| row.index);
                Ok(answer.data.into_iter().map(|row| row.embedding).collect())
            }
            Self::Ollama => Ok(serde_json::from_slice::<Ollama>(answer)?.embeddings),
        }
    }
}

#[derive(Deserialize)]
struct OpenAi {
    data: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Ollama {
    embeddings: Vec<Vec<f32>>,
}
