//! Extracted blocks to what the library stores.

use awm_knowledge::{Block, ChunkOptions, approximate_tokens, chunk};
use awm_ports::{Embedder, NewPassage};

/// The document's text and its passages, measured by the model that will read them or, without one, by a guess.
pub fn cut_passages(
    blocks: &[Block],
    embedder: Option<&dyn Embedder>,
) -> (String, Vec<NewPassage>) {
    let count = |text: &str| embedder.map_or_else(|| approximate_tokens(text), |e| e.tokens(text));
    let (text, chunks) = chunk(blocks, &count, &ChunkOptions::default());
    let passages = chunks
        .into_iter()
        .map(|chunk| NewPassage {
            headings: chunk.headings,
            page: chunk.page,
            start: chunk.start,
            end: chunk.end,
            text: chunk.text,
            language: chunk.language.as_str().to_owned(),
        })
        .collect();
    (text, passages)
}
