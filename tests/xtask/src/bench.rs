//! Starts the benches, each in the release profile and one after the other.

use crate::{
    app, cache, setup,
    step::{self, Failure},
    ui,
};

/// Runs the named benches, or all.
pub(crate) fn run(names: &[String]) -> Result<(), Failure> {
    setup::everything()?;
    ui::build()?;
    app::build(&["ai-workflow-manager"])?;
    let status = step::cargo(&[
        "run",
        "--release",
        "--quiet",
        "--package",
        "awm-bench",
        "--",
    ])
    .args(names)
    .env("AWM_APP", cache::program("ai-workflow-manager"))
    .status()
    .map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err("a bench failed".into())
    }
}
