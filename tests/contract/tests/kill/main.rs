//! Kills a process that runs workflows on the real store, 500 times, at a random moment: what the store acknowledged is there
//! afterwards, in order and without gaps, and a task that was recorded as done is not done again when its run is redriven.
//!
//! The process that is killed is this program itself, told by an environment variable.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that is a program of its own"
)]

mod child;
mod parent;

use std::path::Path;
use std::process::ExitCode;

/// Names the folder of the process that will be killed.
const FOLDER: &str = "AWM_KILL_FOLDER";

/// Kills, and how many stores share them, each with processes of its own.
const KILLS: usize = 500;
const LANES: usize = 2;

fn main() -> ExitCode {
    if let Some(folder) = std::env::var_os(FOLDER) {
        child::run(Path::new(&folder));
        return ExitCode::SUCCESS;
    }
    if cfg!(not(unix)) {
        println!("only Unix kills a process between two instructions: nothing was killed");
        return ExitCode::SUCCESS;
    }
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| std::thread::spawn(move || parent::kill_again_and_again(lane, KILLS / LANES)))
        .collect();
    let mut told = parent::Told::default();
    for lane in lanes {
        match lane.join() {
            Ok(lane) => told.add(&lane),
            Err(_) => return ExitCode::FAILURE,
        }
    }
    println!("{told}");
    // Kills that hit nothing would show nothing.
    assert!(
        told.kills >= KILLS && told.cut_off > KILLS / 4 && told.acknowledged > KILLS,
        "{told}"
    );
    assert!(told.finished > 20 && told.redriven > KILLS / 8, "{told}");
    ExitCode::SUCCESS
}
