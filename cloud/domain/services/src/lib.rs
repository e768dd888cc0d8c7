#![doc = include_str!("../README.md")]

mod names;
mod shapes;
mod target;
mod validate;

pub use target::Target;
pub use validate::{Mode, NotConforming, validate};

#[cfg(test)]
mod tests;
