//! The handlers over the ports in memory.
#![cfg(test)]

mod host;
mod settings;
mod watching;
mod workflows;
