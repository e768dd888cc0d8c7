#![doc = include_str!("../README.md")]

pub mod colour;
pub mod levels;
pub mod source;
