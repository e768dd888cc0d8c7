#![doc = include_str!("../README.md")]

mod document;

pub use document::{Document, Format, Point, StateRef};
