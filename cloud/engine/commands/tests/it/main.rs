//! The handlers over the ports in memory.
#![cfg(test)]

mod chat;
mod debugging;
mod host;
mod knowledge;
mod redrive;
mod runs;
mod settings;
mod watching;
mod workflows;
mod world;
