#![doc = include_str!("../README.md")]

mod checkout;
mod list;

pub use checkout::{Checkout, Outcome};
pub use list::{Mutation, mutations};

use std::path::PathBuf;

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
