#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod app;
mod bench;
mod cache;
mod conformance;
mod fuzz;
mod mutations;
mod setup;
mod step;
mod test;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  app [--release] [-- ARGS]  install what is missing, build, start the application
  test [NAME …]      install what is missing, run everything (or the named suites), count
  serve [ARGS]       the same screens in a browser: builds, then `awm serve ARGS`
  setup              install what is missing, and nothing else
  ui                 build the screens into ui/dist
  bench [NAME …]     measure: interpreter, items, peers, embed, search, start, canvas (see tests/bench/README.md)
  fuzz TARGET [SECONDS|merge|FILE]  led by coverage; `all` does each target in turn (see tests/fuzz/README.md)
  conformance [FILE…]  run recorded cases through the engine, a table and every difference
  jsonata-suite DIR  the same for the official JSONata suite (the folder with groups/ and datasets/)
  mutations [PART …] take guards out, one at a time, and look whether their tests notice
  suites             name the test suites
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    cache::claim();
    let result = match command.as_str() {
        "app" => app::app(&rest),
        "serve" => app::serve(&rest),
        "test" => return test::run(&rest),
        "setup" => setup::everything(),
        "ui" => setup::for_ui().and_then(|()| ui::build()),
        "bench" => bench::run(&rest),
        "fuzz" => fuzz::run(&rest),
        "conformance" => conformance::cases(&rest),
        "jsonata-suite" => conformance::jsonata(&rest),
        "mutations" => mutations::run(&rest),
        "suites" => {
            test::list();
            Ok(())
        }
        _ => {
            print!("{HELP}");
            return if command.is_empty() || command == "help" || command == "--help" {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(2)
            };
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}
