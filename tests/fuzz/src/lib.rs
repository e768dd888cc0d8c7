#![doc = include_str!("../README.md")]

mod items;
mod language;
mod machine;
mod mangle;

pub use mangle::Mangler;

/// A function that any bytes may be given to, and words that make its input more than noise.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called, as its folder of the corpus.
    pub name: &'static str,
    /// Panics if something does not hold.
    pub run: fn(&[u8]),
    /// Pieces that input may be made of.
    pub words: &'static [&'static str],
    /// Inputs that `cargo test` tries besides the corpus.
    pub rounds: usize,
}

/// All targets.
pub const TARGETS: [Target; 6] = [
    Target {
        name: "source",
        run: language::source,
        words: language::SOURCE_WORDS,
        rounds: 3_000,
    },
    Target {
        name: "path",
        run: language::path,
        words: language::PATH_WORDS,
        rounds: 10_000,
    },
    Target {
        name: "intrinsic",
        run: language::intrinsic,
        words: language::INTRINSIC_WORDS,
        rounds: 10_000,
    },
    Target {
        name: "jsonata",
        run: language::jsonata,
        words: language::JSONATA_WORDS,
        rounds: 1_000,
    },
    Target {
        name: "items",
        run: items::items,
        words: items::WORDS,
        rounds: 5_000,
    },
    Target {
        name: "machine",
        run: machine::machine,
        words: &[],
        rounds: 2_000,
    },
];
