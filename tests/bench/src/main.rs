#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod canvas;
mod embed;
mod figure;
mod interpreter;
mod peers;
mod process;
mod start;

use awm_e2e::Failure;
use std::process::ExitCode;

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The benches by name.
const BENCHES: &[&str] = &["interpreter", "peers", "embed", "start", "canvas"];

#[tokio::main]
async fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = names.iter().find(|name| !BENCHES.contains(&name.as_str())) {
        eprintln!("`{unknown}` is no bench; there are {}", BENCHES.join(", "));
        return ExitCode::from(2);
    }
    let mut failed = false;
    for bench in BENCHES
        .iter()
        .filter(|bench| names.is_empty() || names.iter().any(|name| name == *bench))
    {
        println!("\n{bench}");
        if let Err(failure) = run(bench).await {
            println!("  failed: {failure}");
            failed = true;
        }
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

async fn run(bench: &str) -> Result<(), Failure> {
    match bench {
        "interpreter" => interpreter::measure(),
        "peers" => peers::measure(),
        "embed" => embed::measure().await,
        "start" => start::measure().await,
        _ => canvas::measure().await,
    }
}
