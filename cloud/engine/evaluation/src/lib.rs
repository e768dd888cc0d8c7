#![doc = include_str!("../README.md")]

mod measure;
mod score;

pub use measure::Evaluator;
