//! The worker alone, for tests.

fn main() -> std::process::ExitCode {
    awm_extract_local::worker_main()
}
