//! The platform tasks over ports in memory.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod generate;
mod memory;
mod tasks;
mod world;
