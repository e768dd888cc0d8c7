//! The project's own cases: what the specification and the developer guide say where nothing is recorded.

mod case;
mod check;
mod files;
mod world;

pub use case::{Act, Call, Case, Expected, Signal};
pub use check::difference;
pub use world::{Played, play};

/// The cases of a file with one in each line. An error tells which line is not one.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|error| format!("line {}: {error}", index + 1))
        })
        .collect()
}
