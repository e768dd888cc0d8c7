//! The debugger, driven by scripts.
#![cfg(test)]

mod breakpoints;
mod changes;
mod sessions;
mod stepping;
mod travel;
mod world;
