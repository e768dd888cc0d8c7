//! `AwmChunk`: a text to passages.

use crate::{Deps, fields::Fields};
use awm_knowledge::{ChunkOptions, approximate_tokens, chunk, markdown_blocks};
use awm_ports::TaskFailure;
use serde_json::{Value, json};

pub(crate) fn run(deps: &Deps, mut fields: Fields) -> Result<Value, TaskFailure> {
    let text = fields.text("text")?;
    let max_tokens = fields.optional_number("maxTokens", 32..=4096)?;
    fields.finish()?;
    let options = match max_tokens {
        None => ChunkOptions::default(),
        Some(max) => {
            let max = max as usize;
            ChunkOptions {
                target: max - max / 8,
                max,
                small: max / 10,
            }
        }
    };
    let blocks = markdown_blocks(&text);
    // By the model's own count of tokens where there is a model.
    let (_, chunks) = match &deps.embedder {
        Some(embedder) => chunk(&blocks, &|piece| embedder.tokens(piece), &options),
        None => chunk(&blocks, &approximate_tokens, &options),
    };
    let chunks: Vec<Value> = chunks
        .into_iter()
        .map(|chunk| {
            json!({
                "text": chunk.text,
                "headings": chunk.headings,
                "start": chunk.start,
                "end": chunk.end,
            })
        })
        .collect();
    Ok(json!({ "chunks": chunks }))
}
