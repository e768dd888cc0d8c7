//! Runs one target for a while.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use awm_fuzz::{Mangler, TARGETS};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let second = arguments.next().unwrap_or_else(|| "60".to_owned());
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        println!(
            "say which target, and for how many seconds: {}",
            names.join(", ")
        );
        return ExitCode::from(2);
    };
    let Ok(seconds) = second.parse::<u64>() else {
        return match std::fs::read(&second) {
            Ok(input) => {
                (target.run)(&input);
                ExitCode::SUCCESS
            }
            Err(error) => {
                println!("`{second}` can't be read: {error}");
                ExitCode::from(2)
            }
        };
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name);
    let corpus: Vec<Vec<u8>> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path()).ok())
        .collect();
    let trace = std::env::var_os("AWM_FUZZ_TRACE");
    let began = Instant::now();
    let seed = std::process::id();
    let mut mangler = Mangler::new(u64::from(seed) << 20, corpus, target.words);
    let (mut tried, mut slowest) = (0_u64, Duration::ZERO);
    while began.elapsed() < Duration::from_secs(seconds) {
        let input = mangler.next_input();
        if let Some(trace) = &trace
            && let Err(error) = std::fs::write(trace, &input)
        {
            println!("the trace can't be written: {error}");
            return ExitCode::FAILURE;
        }
        let at = Instant::now();
        if std::panic::catch_unwind(|| (target.run)(&input)).is_err() {
            println!(
                "this does harm: {:?}\n{input:?}",
                String::from_utf8_lossy(&input)
            );
            return ExitCode::FAILURE;
        }
        if at.elapsed() > slowest {
            slowest = at.elapsed();
            if slowest > Duration::from_secs(3) {
                println!("{slowest:.1?}: {:?}", String::from_utf8_lossy(&input));
            }
        }
        tried += 1;
    }
    println!("{name}: {tried} inputs in {seconds} s, the slowest took {slowest:.1?}");
    ExitCode::SUCCESS
}
