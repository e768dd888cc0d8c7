//! Redrive: what is done again, what is not, and how the history goes on.
#![cfg(test)]

mod lines;
mod maps;
mod states;
mod world;
