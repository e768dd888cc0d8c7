#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

#[cfg(feature = "application")]
mod canvas;
#[cfg(feature = "knowledge")]
mod crawl;
#[cfg(feature = "application")]
mod embed;
mod figure;
#[cfg(feature = "knowledge")]
mod ingest;
#[cfg(feature = "application")]
mod interactions;
mod interpreter;
mod items;
mod peers;
mod process;
#[cfg(feature = "application")]
mod start;
#[cfg(feature = "knowledge")]
mod wiring;

/// Why a bench has no figures.
type Failure = Box<dyn std::error::Error + Send + Sync>;

use std::process::ExitCode;

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The benches by name.
const BENCHES: &[&str] = &[
    "interpreter",
    "items",
    "peers",
    "embed",
    "start",
    "canvas",
    "interactions",
    "crawl",
    "ingest",
];

#[tokio::main]
async fn main() -> ExitCode {
    // Files are read in a child process, which is this same program.
    #[cfg(feature = "knowledge")]
    if std::env::args().nth(1).as_deref() == Some(wiring::WORKER) {
        return awm_extract_local::worker_main();
    }
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
        "items" => items::measure().await,
        "peers" => peers::measure(),
        #[cfg(feature = "application")]
        "embed" => embed::measure().await,
        #[cfg(feature = "application")]
        "start" => start::measure().await,
        #[cfg(feature = "application")]
        "canvas" => canvas::measure().await,
        #[cfg(feature = "application")]
        "interactions" => interactions::measure().await,
        #[cfg(feature = "knowledge")]
        "crawl" => crawl::measure().await,
        #[cfg(feature = "knowledge")]
        "ingest" => ingest::measure().await,
        other => {
            Err(format!("`{other}` is built with the feature `application` or `crawl`").into())
        }
    }
}
