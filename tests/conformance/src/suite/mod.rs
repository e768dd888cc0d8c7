//! The official JSONata suite, run on the plain language: without what Step Functions forbids or adds.
//!
//! Each case runs in a worker process, so that a panic, an exhausted stack or an endless loop costs that case alone.

mod cases;
mod judge;
mod process;
mod worker;

pub use worker::work;

use cases::{Entry, read};
use judge::difference;
use process::Worker;
use std::collections::BTreeMap;
use std::path::Path;

/// The word that makes the program a worker.
pub const WORKER: &str = "--jsonata-worker";

/// Runs the suite in a folder, prints a table and every failure. Tells whether all agree; an error says why it can't be read.
#[expect(clippy::print_stdout, reason = "it reports to the terminal")]
pub fn run(folder: &Path) -> Result<bool, String> {
    let entries = read(folder)?;
    let mut worker = Worker::default();
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut left_out = Vec::new();
    for entry in &entries {
        match entry {
            Entry::LeftOut { name, reason } => left_out.push(format!("{name}: {reason}")),
            Entry::Case(case) => {
                let (cases, agreeing) = counts.entry(&case.group).or_default();
                *cases += 1;
                let answer = worker.evaluate(case);
                match difference(case, &answer) {
                    None => *agreeing += 1,
                    Some(told) => {
                        let expression = case.expression.replace('\n', " ");
                        failures.push(format!("{} | {expression} | {told}", case.name));
                    }
                }
            }
        }
    }
    println!("{:<34} | {:>5} | {:>5}", "group", "cases", "agree");
    let (mut all, mut agree) = (0, 0);
    for (group, (cases, agreeing)) in &counts {
        println!("{group:<34} | {cases:>5} | {agreeing:>5}");
        all += cases;
        agree += agreeing;
    }
    println!("{:<34} | {all:>5} | {agree:>5}\n", "all");
    for failure in &failures {
        println!("{failure}");
    }
    if !left_out.is_empty() {
        println!("left out, and not counted:");
        for told in &left_out {
            println!("  {told}");
        }
    }
    Ok(failures.is_empty())
}
