//! `cargo xtask mutations`: takes each guard out and looks whether its test notices.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use awm_attacks::{Checkout, Outcome, mutations, root};
use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let place = words.next().map(PathBuf::from);
    let parts: Vec<String> = words.collect();
    match place.map(|place| run(&place, &parts)) {
        Some(Ok(true)) => ExitCode::SUCCESS,
        Some(Ok(false)) => ExitCode::FAILURE,
        Some(Err(error)) => {
            println!("{error}");
            ExitCode::from(2)
        }
        None => {
            println!("usage: awm-attacks FOLDER [PART …]");
            ExitCode::from(2)
        }
    }
}

/// Whether every guard was missed by its test.
fn run(place: &std::path::Path, parts: &[String]) -> Result<bool, String> {
    let lists = mutations(&root())?;
    let checkout = Checkout::of(&root(), place)?;
    let mut controls: BTreeMap<Vec<String>, bool> = BTreeMap::new();
    let (mut noticed, mut others) = (0, 0);
    for (part, list) in lists {
        if !parts.is_empty() && !parts.contains(&part) {
            continue;
        }
        for mutation in list {
            let control = match controls.get(&mutation.test) {
                Some(known) => *known,
                None => {
                    let passed = checkout.control(&mutation.test)?;
                    controls.insert(mutation.test.clone(), passed);
                    passed
                }
            };
            let outcome = match control {
                true => checkout.run(&mutation)?,
                false => Outcome::NoControl,
            };
            let word = match outcome {
                Outcome::Noticed => "noticed",
                Outcome::Unnoticed => "NOT NOTICED",
                Outcome::NotBuilt => "DOES NOT COMPILE",
                Outcome::NoControl => "FAILS WITH THE GUARD IN PLACE",
            };
            match outcome {
                Outcome::Noticed => noticed += 1,
                _ => others += 1,
            }
            println!("{part}: without \"{}\": {word}", mutation.guard);
        }
    }
    println!("\n{noticed} guards missed by their tests, {others} not");
    Ok(others == 0 && noticed > 0)
}
