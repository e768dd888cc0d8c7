//! Reads files for the tests, in a process of its own as the application does.

fn main() -> std::process::ExitCode {
    awm_extract_local::worker_main()
}
