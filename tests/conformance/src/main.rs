#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use awm_conformance::report::Report;
use awm_conformance::{data, kinds, suite};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
awm-conformance [FILE…]            run recorded cases, one for each line; without files: all of the folder
awm-conformance jsonata-suite DIR  run the official JSONata suite: the folder that holds groups/ and datasets/
";

/// Bytes.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--help" | "-h" | "help"] => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        ["jsonata-suite", folder] => end(suite::run(Path::new(folder))),
        ["jsonata-suite", ..] => {
            eprint!("{HELP}");
            ExitCode::from(2)
        }
        [suite::WORKER] => suite::work(),
        files => end(run_deep(files)),
    }
}

/// Runs on a stack that recorded cases don't exhaust, also without optimisation.
fn run_deep(files: &[&str]) -> Result<bool, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let running = thread.spawn_scoped(scope, || run(files));
        running
            .map_err(|error| error.to_string())?
            .join()
            .map_err(|_| "the report itself panicked".to_owned())?
    })
}

/// Whether all agree, or what kept it from being told.
fn end(agree: Result<bool, String>) -> ExitCode {
    match agree {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(files: &[&str]) -> Result<bool, String> {
    let files: Vec<PathBuf> = if files.is_empty() {
        let folder = data::folder().ok_or(
            "the recorded cases are not here: name files, or the folder in `AWM_CONFORMANCE`",
        )?;
        data::files(&folder)
    } else {
        files.iter().map(PathBuf::from).collect()
    };
    let mut report = Report::default();
    for file in files {
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let place = format!("{name}, line {}", index + 1);
            match serde_json::from_str(line) {
                Ok(case) => kinds::count(&mut report, &case, &place),
                Err(error) => report.count("unreadable", &place, Some(error.to_string())),
            }
        }
    }
    println!("{}", report.table());
    for miss in report.misses() {
        println!("{miss}");
    }
    if !report.nondeterministic().is_empty() {
        println!("nondeterministic on AWS itself, held to status and form:");
        for told in report.nondeterministic() {
            println!("  {told}");
        }
    }
    Ok(report.misses().is_empty())
}
