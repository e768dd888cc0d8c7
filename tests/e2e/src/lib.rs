#![doc = include_str!("../README.md")]

mod desktop;
mod display;
mod driver;
mod drop;
mod page;

pub use desktop::Desktop;
pub use display::Display;
pub use drop::drop_files;
pub use page::Page;

/// What a step of a test can suffer; the words say which step.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The root of the checkout.
pub fn checkout() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where tests leave pictures for people.
pub fn pictures() -> std::path::PathBuf {
    checkout().join("target/screens")
}
