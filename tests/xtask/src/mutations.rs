//! Takes guards out, one at a time, and looks whether their tests notice.

use crate::{
    cache,
    step::{self, Failure},
};

/// Runs the mutations of the named parts, or all.
pub(crate) fn run(parts: &[String]) -> Result<(), Failure> {
    let status = step::cargo(&["run", "--quiet", "--package", "awm-attacks", "--"])
        .arg(cache::root().join("mutations"))
        .args(parts)
        .status()
        .map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err("some guards could go unseen".into())
    }
}
