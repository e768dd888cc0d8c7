//! The platform tasks over ports in memory.

mod generate;
mod tasks;
mod world;
