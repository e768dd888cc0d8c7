#![doc = include_str!("../README.md")]

mod answer;
mod blend;
mod chunk;
mod file;
mod fuse;
mod highlight;
mod index;
mod language;
mod markdown;
pub mod metrics;
mod script;
mod sentence;
mod split;
mod terms;

pub use answer::{ExtractedAnswer, extract_answer};
pub use blend::{Blended, Leg, blend};
pub use chunk::{
    Block, Chunk, ChunkOptions, approximate_tokens, chunk, embedding_text, passage_id,
};
pub use file::{file_kind, text_hash};
pub use fuse::{Fused, RRF_K, fuse};
pub use highlight::highlights;
pub use index::{index_terms, query_terms};
pub use language::{Language, language, language_or};
pub use markdown::markdown_blocks;
pub use sentence::{Sentence, sentences};
pub use terms::{Term, is_cjk, is_stop_word, stem, terms};
