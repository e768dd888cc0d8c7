//! Vectors by counting words.

use async_trait::async_trait;
use awm_knowledge::{approximate_tokens, terms};
use awm_ports::{EmbedError, Embedder, ModelId};

/// Texts that share words have near vectors: every word's stem adds to one of 64 dimensions.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryEmbedder;

const DIMENSIONS: usize = 64;

#[async_trait]
impl Embedder for MemoryEmbedder {
    fn model(&self) -> ModelId {
        ModelId {
            name: "word-counts".into(),
            sha256: "0".repeat(64),
            dimensions: DIMENSIONS,
        }
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        Ok(texts.iter().map(|text| vector(text)).collect())
    }

    fn tokens(&self, text: &str) -> usize {
        approximate_tokens(text)
    }
}

fn vector(text: &str) -> Vec<f32> {
    // The constant part keeps a text without words from being no direction at all.
    let mut vector = vec![0.01_f32; DIMENSIONS];
    for term in terms(text) {
        // FNV-1a, so that the same word lands on the same place on every machine.
        let hash = term
            .stem
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        if let Some(slot) = vector.get_mut((hash % DIMENSIONS as u64) as usize) {
            *slot += 1.0;
        }
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter().map(|x| x / length).collect()
}
