//! Starts the benches, each in the release profile and one after the other.

use crate::{
    app, cache, setup,
    step::{self, Failure},
    ui,
};

/// Runs the named benches, or all.
pub(crate) fn run(names: &[String]) -> Result<(), Failure> {
    let wants = |bench: &[&str]| {
        names.is_empty() || names.iter().any(|name| bench.contains(&name.as_str()))
    };
    setup::everything()?;
    if wants(&["start", "canvas"]) {
        ui::build()?;
        app::build(&["ai-workflow-manager"])?;
    }
    let mut bench = step::cargo(&[
        "run",
        "--release",
        "--quiet",
        "--package",
        "awm-bench",
        "--",
    ]);
    bench
        .args(names)
        .env("AWM_APP", cache::program("ai-workflow-manager"));
    if wants(&["peers"]) {
        bench.env("AWM_PEERS", setup::peers()?);
    }
    let status = bench.status().map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err("a bench failed".into())
    }
}
