//! Extracted blocks to what the library stores.

use awm_knowledge::{Block, ChunkOptions, Language, approximate_tokens, chunk, language};
use awm_ports::{Embedder, NewPassage};

/// The document's text and its passages, measured by the model that will read them or, without one, by a guess.
pub fn cut_passages(
    blocks: &[Block],
    embedder: Option<&dyn Embedder>,
) -> (String, Vec<NewPassage>) {
    // A model that knows English only never reads the rest, and would count it in splinters of words.
    let count = |text: &str| match embedder {
        Some(model) if !model.english_only() || language(text) == Language::English => {
            model.tokens(text)
        }
        _ => approximate_tokens(text),
    };
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
