//! Fuzzing led by coverage: the targets of `awm-fuzz`, built with counters on every branch and run by libFuzzer.
//!
//! This is what `cargo fuzz` does, without its having to be there, and without a nightly compiler: the counters are an LLVM pass, which stable
//! takes; only the address sanitizer, which safe code can do without, is not.

use crate::{
    cache,
    step::{self, Failure},
};
use std::{path::Path, process::Command};

const TARGETS: &[&str] = &["source", "path", "intrinsic", "jsonata", "items", "machine"];

const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Seconds, MiB and bytes: an input that needs more of the first two counts as harmful, a longer one is not made.
const LIMITS: &[&str] = &["-timeout=30", "-rss_limit_mb=2048", "-max_len=4096"];

/// What is to be done with a target.
enum Task<'a> {
    For(u64),
    Merge,
    One(&'a str),
}

/// Runs one target or all, each for so many seconds, takes into the corpus what was found, or tries one input.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let name = arguments.first().map_or("", String::as_str);
    let targets: Vec<&str> = TARGETS
        .iter()
        .copied()
        .filter(|target| name == "all" || name == *target)
        .collect();
    if targets.is_empty() {
        return Err(format!(
            "say which target ({} or all), and for how many seconds, `merge` or a file",
            TARGETS.join(", ")
        ));
    }
    let program = build()?;
    for target in targets {
        let task = match arguments.get(1).map(String::as_str) {
            None => Task::For(60),
            Some("merge") => Task::Merge,
            Some(word) => word.parse().map_or(Task::One(word), Task::For),
        };
        fuzz(&program, target, task)?;
    }
    Ok(())
}

/// Builds the targets with counters; answers with the program.
fn build() -> Result<std::path::PathBuf, Failure> {
    let host = host()?;
    step::run(
        "build the targets with counters",
        step::cargo(&["build", "--release", "--manifest-path"])
            .arg(cache::checkout().join("tests/fuzz/coverage/Cargo.toml"))
            // With a target named, build scripts and macros are built without counters.
            .args(["--target", &host])
            .env("RUSTFLAGS", FLAGS),
    )?;
    let name = format!("awm-fuzz-coverage{}", std::env::consts::EXE_SUFFIX);
    Ok(cache::target().join(host).join("release").join(name))
}

fn host() -> Result<String, Failure> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(|error| format!("rustc: {error}"))?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
        .ok_or_else(|| "rustc does not tell its host".to_owned())
}

fn fuzz(program: &Path, target: &str, task: Task<'_>) -> Result<(), Failure> {
    let corpus = cache::checkout().join("tests/fuzz/corpus").join(target);
    let found = cache::target().join("fuzz").join(target);
    std::fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    let words = found.with_extension("words");
    let mut command = Command::new(program);
    command
        .args(LIMITS)
        .arg(format!("-artifact_prefix={}/", corpus.display()))
        .env("AWM_FUZZ_TARGET", target);
    let what = match task {
        Task::For(seconds) => {
            command
                .arg(format!("-max_total_time={seconds}"))
                .arg("-print_final_stats=1")
                .arg(format!("-dict={}", words.display()))
                .env("AWM_FUZZ_WORDS", &words)
                .args([&found, &corpus]);
            format!("fuzz `{target}` for {seconds} s")
        }
        Task::Merge => {
            command.arg("-merge=1").args([&corpus, &found]);
            format!("take into the corpus what `{target}` found")
        }
        Task::One(file) => {
            command.arg(file);
            format!("give `{target}` one input")
        }
    };
    let output = step::run(&what, &mut command)?;
    for line in output.text.lines() {
        if ["stat::", "Done ", "MERGE-OUTER: "]
            .iter()
            .any(|start| line.trim_start().starts_with(start))
        {
            step::say(line);
        }
    }
    Ok(())
}
