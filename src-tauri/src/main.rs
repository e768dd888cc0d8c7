#![doc = include_str!("../README.md")]
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

// The screens are embedded by a macro that writes files beside the build. The build of the tests leaves it out: two at once
// would write into each other's files.
#[cfg(not(test))]
mod desktop;
mod options;

#[cfg(not(test))]
use desktop::display;
#[cfg(not(test))]
use std::process::ExitCode;

#[cfg(not(test))]
fn main() -> ExitCode {
    // The extractor runs in a child process of its own, which is this same program.
    if std::env::args().nth(1).as_deref() == Some("--extract-worker") {
        return awm_host::extract_worker();
    }
    let options = match options::parse(std::env::args_os().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    if !display::present() {
        eprintln!("{}", display::ABSENT);
        return ExitCode::FAILURE;
    }
    match desktop::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the window can't be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
