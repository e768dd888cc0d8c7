#![doc = include_str!("../README.md")]

mod answered;
mod compare;
mod file;
mod headings;
mod measure;
mod score;
mod set;

pub use compare::compare;
pub use file::{ReadQuestions, checked, guarded, read_questions, write_questions};
pub use headings::{KnownItem, known_items, paraphrase};
pub use measure::Evaluator;
pub use set::figures;
