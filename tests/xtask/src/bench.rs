//! Starts the benches, each in the release profile and one after the other.

use crate::{
    app, cache, setup,
    step::{self, Failure},
    ui,
};

/// Benches of the interpreter, which need neither the application nor the embedding model.
const ENGINE: &[&str] = &["interpreter", "items", "peers"];

/// Runs the named benches, or all.
pub(crate) fn run(names: &[String]) -> Result<(), Failure> {
    let wants = |bench: &[&str]| {
        names.is_empty() || names.iter().any(|name| bench.contains(&name.as_str()))
    };
    if wants(&["search"]) {
        measure_search()?;
    }
    let others: Vec<&String> = names.iter().filter(|name| *name != "search").collect();
    if others.is_empty() && !names.is_empty() {
        return Ok(());
    }
    let of_engine = !names.is_empty() && others.iter().all(|name| ENGINE.contains(&name.as_str()));
    if !of_engine {
        setup::everything()?;
    }
    if wants(&["start", "canvas", "interactions"]) {
        ui::build()?;
        app::build(&["ai-workflow-manager"])?;
    }
    let mut bench = step::cargo(&["run", "--release", "--quiet", "--package", "awm-bench"]);
    if of_engine {
        bench.arg("--no-default-features");
    }
    bench
        .arg("--")
        .args(others)
        .env("AWM_APP", cache::program("ai-workflow-manager"));
    if wants(&["peers", "embed", "ingest"]) {
        bench.env("AWM_PEERS", setup::peers()?);
    }
    let status = bench.status().map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err("a bench failed".into())
    }
}

/// The search at a million passages is a program of its own: it needs little of the product.
fn measure_search() -> Result<(), Failure> {
    let mut scale = step::cargo(&["run", "--release", "--quiet", "--package", "awm-scale"]);
    let status = scale.status().map_err(|error| error.to_string())?;
    match status.success() {
        true => Ok(()),
        false => Err("the bench of the search failed".into()),
    }
}
