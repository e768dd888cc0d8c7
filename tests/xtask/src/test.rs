//! Runs every suite and counts.

use crate::{
    setup,
    step::{self, Failure, Output},
    ui,
};
use std::{process::ExitCode, time::Instant};

/// A named part of the tests.
struct Suite {
    name: &'static str,
    question: &'static str,
    run: fn(&mut Tally) -> Result<(), Failure>,
}

const SUITES: &[Suite] = &[
    Suite {
        name: "format",
        question: "is everything formatted",
        run: format,
    },
    Suite {
        name: "unit",
        question: "do the parts keep their word",
        run: unit,
    },
    Suite {
        name: "lint",
        question: "does clippy agree",
        run: lint,
    },
    Suite {
        name: "desktop",
        question: "does the real application do the main job",
        run: desktop,
    },
    Suite {
        name: "windows",
        question: "does the desktop still build for Windows",
        run: windows,
    },
];

/// Runs the named suites, or all; the last line counts.
pub(crate) fn run(names: &[String]) -> ExitCode {
    if let Some(unknown) = names
        .iter()
        .find(|name| !SUITES.iter().any(|suite| suite.name == *name))
    {
        eprintln!("`{unknown}` is not a suite; `cargo xtask suites` names them");
        return ExitCode::from(2);
    }
    let began = Instant::now();
    let mut tally = Tally::default();
    if let Err(failure) = setup::everything() {
        println!("{failure}");
        tally.one(false);
    }
    for suite in SUITES
        .iter()
        .filter(|suite| names.is_empty() || names.iter().any(|name| name == suite.name))
    {
        println!("\n── {}: {}? ──", suite.name, suite.question);
        if let Err(failure) = (suite.run)(&mut tally) {
            println!("{failure}");
            tally.failures.push(format!(
                "{}: {}",
                suite.name,
                failure.lines().next().unwrap_or_default()
            ));
        }
    }
    println!("\nall suites took {}", step::clock(began.elapsed()));
    for failure in &tally.failures {
        println!("  ✗ {failure}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    // A run that tested nothing has shown nothing.
    if tally.failed == 0 && tally.passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Names the suites.
pub(crate) fn list() {
    for suite in SUITES {
        println!("{:10} {}?", suite.name, suite.question);
    }
}

/// What was counted.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    failures: Vec<String>,
}

impl Tally {
    fn one(&mut self, ok: bool) {
        if ok {
            self.passed += 1
        } else {
            self.failed += 1
        }
    }

    /// Counts one check that has no tests inside.
    fn check(&mut self, what: &str, command: &mut std::process::Command) -> Result<(), Failure> {
        let output = step::watch(what, command)?;
        self.one(output.ok);
        if output.ok {
            Ok(())
        } else {
            Err(format!("{what}\n{}", step::tail(&output.text, 80)))
        }
    }

    /// Counts the tests that cargo ran, by its own closing lines.
    fn cargo_test(
        &mut self,
        what: &str,
        command: &mut std::process::Command,
    ) -> Result<(), Failure> {
        let output = step::watch_lines(what, command, |line| {
            line.starts_with("│")
                || line.contains("test result: FAILED")
                || line.ends_with("... FAILED")
        })?;
        let (passed, failed) = counted(&output);
        println!("  {passed} passed, {failed} failed");
        self.passed += passed;
        self.failed += failed;
        if output.ok {
            return Ok(());
        }
        if failed == 0 {
            // It did not compile, or a test process was killed.
            self.one(false);
        }
        Err(format!("{what}\n{}", failures(&output.text)))
    }
}

fn counted(output: &Output) -> (u64, u64) {
    let number_before = |line: &str, word: &str| {
        line.split(word)
            .next()
            .and_then(|before| before.split_whitespace().last()?.parse::<u64>().ok())
            .unwrap_or(0)
    };
    output
        .text
        .lines()
        .filter(|line| line.starts_with("test result:"))
        .fold((0, 0), |(passed, failed), line| {
            (
                passed + number_before(line, " passed"),
                failed + number_before(line, " failed"),
            )
        })
}

/// The part of a test run's output that tells why it failed.
fn failures(text: &str) -> String {
    match text.find("\nfailures:\n") {
        Some(start) => text
            .get(start..)
            .unwrap_or(text)
            .lines()
            .take(120)
            .collect::<Vec<_>>()
            .join("\n"),
        None => step::tail(text, 60),
    }
}

fn format(tally: &mut Tally) -> Result<(), Failure> {
    tally.check(
        "cargo fmt --check",
        &mut step::cargo(&["fmt", "--all", "--", "--check"]),
    )
}

// Every cargo call below names the whole workspace: cargo chooses the features of outside crates for the packages that are
// named and for the kinds of targets, so that naming fewer would build many of them a second time.

/// The module of the tests that drive the real application, which need a display and quiet.
const WINDOW: &str = "in_the_window";

fn unit(tally: &mut Tally) -> Result<(), Failure> {
    build()?;
    tally.cargo_test(
        "test the parts",
        step::cargo(&["test", "--workspace", "--no-fail-fast"]).args([
            "--",
            "--show-output",
            "--skip",
            WINDOW,
        ]),
    )
}

fn lint(tally: &mut Tally) -> Result<(), Failure> {
    tally.check(
        "clippy",
        step::cargo(&["clippy", "--workspace", "--all-targets"]).args(["--", "-D", "warnings"]),
    )
}

fn desktop(tally: &mut Tally) -> Result<(), Failure> {
    build()?;
    tally.cargo_test(
        "drive the real application",
        step::cargo(&["test", "--workspace", "--no-fail-fast"]).args([
            "--",
            "--test-threads=1",
            "--show-output",
            WINDOW,
        ]),
    )
}

/// Some tests start programs of the workspace, and the application holds the screens.
fn build() -> Result<(), Failure> {
    ui::build()?;
    step::run(
        "build everything",
        &mut step::cargo(&["build", "--workspace", "--bins", "--tests"]),
    )
    .map(drop)
}

fn windows(tally: &mut Tally) -> Result<(), Failure> {
    setup::for_windows_check()?;
    tally.check(
        "check the desktop for x86_64-pc-windows-gnu",
        &mut step::cargo(&[
            "check",
            "--package",
            "ai-workflow-manager",
            "--package",
            "awm-cli",
            "--target",
            "x86_64-pc-windows-gnu",
        ]),
    )
}
