#![doc = include_str!("../README.md")]

mod clock;
mod crawls;
mod desktop;
mod home;
mod ids;
mod logs;
mod options;
mod outside;
mod parts;
mod secrets;
mod work;

pub use desktop::DesktopHost;
pub use options::{HostKind, HostOptions};

use std::process::ExitCode;

/// Runs are made of many small values: with this allocator the interpreter runs twice as fast as with the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reads files for another process of this host, until it has no more. A program calls this, and nothing before it, when its first
/// argument is `--extract-worker`: it is how the host starts the same program again, so that a file that breaks its reader breaks
/// nothing else.
pub fn extract_worker() -> ExitCode {
    awm_extract_local::worker_main()
}
