//! The handlers over the ports in memory.
#![cfg(test)]

mod chat;
mod connections;
mod crawls;
mod debugging;
mod evaluations;
mod host;
mod knowledge;
mod questions;
mod redrive;
mod runs;
mod settings;
mod watching;
mod workflows;
mod world;
