#![doc = include_str!("../README.md")]

mod exchange;
mod protocol;

pub use protocol::{Protocol, Server};

use async_trait::async_trait;
use awm_knowledge::approximate_tokens;
use awm_ports::{EmbedError, Embedder, ModelId};
use exchange::Exchange;
use sha2::{Digest, Sha256};

/// Texts in one request.
const BATCH: usize = 32;

/// A sentence model on a server.
#[derive(Debug)]
pub struct HttpEmbed {
    exchange: Exchange,
    id: ModelId,
    english_only: bool,
}

impl HttpEmbed {
    /// Asks the server for one vector, to see that it answers and how long its vectors are.
    pub async fn connect(server: Server) -> Result<Self, EmbedError> {
        let english_only = server.english_only;
        let mut id = ModelId {
            name: server.model.clone(),
            sha256: String::new(),
            dimensions: 0,
        };
        let address = server.base_url.trim().trim_end_matches('/').to_owned();
        let exchange = Exchange::new(server)?;
        let vectors = exchange.ask(&["length".to_owned()]).await?;
        id.dimensions = vectors.first().map_or(0, Vec::len);
        let mut digest = Sha256::new();
        digest.update(format!("{address}\n{}\n{}", id.name, id.dimensions));
        id.sha256 = digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self {
            exchange,
            id,
            english_only,
        })
    }
}

#[async_trait]
impl Embedder for HttpEmbed {
    fn model(&self) -> ModelId {
        self.id.clone()
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            let found = self.exchange.ask(batch).await?;
            if let Some(odd) = found.iter().find(|v| v.len() != self.id.dimensions) {
                return Err(EmbedError::Backend(
                    format!(
                        "the server gave a vector of {} numbers, and {} before",
                        odd.len(),
                        self.id.dimensions
                    )
                    .into(),
                ));
            }
            vectors.extend(found);
        }
        Ok(vectors)
    }

    fn tokens(&self, text: &str) -> usize {
        approximate_tokens(text)
    }

    fn english_only(&self) -> bool {
        self.english_only
    }
}
