//! Starts the application: in its window, or in a browser.

use crate::{
    cache, setup,
    step::{self, Failure},
    ui,
};
use std::process::Command;

/// Installs what is missing, builds, opens the window.
pub(crate) fn app(arguments: &[String]) -> Result<(), Failure> {
    if !setup::has_display() {
        return Err("There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n\
             The same screens are to be had in a browser:\n\n  cargo xtask serve\n"
            .into());
    }
    setup::for_app()?;
    ui::build()?;
    build(&["ai-workflow-manager", "awm-cli"])?;
    step::say("open the window");
    start("ai-workflow-manager", arguments)
}

/// Installs what is missing, builds, serves the screens on loopback.
pub(crate) fn serve(arguments: &[String]) -> Result<(), Failure> {
    setup::for_ui()?;
    setup::components()?;
    ui::build()?;
    build(&["awm-cli"])?;
    let mut words = vec!["serve".to_owned()];
    words.extend(arguments.iter().cloned());
    start("awm", &words)
}

/// Builds programs of the workspace in the dev profile, whose hot parts are optimised.
pub(crate) fn build(packages: &[&str]) -> Result<(), Failure> {
    let mut arguments = vec!["build"];
    for package in packages {
        arguments.extend(["--package", package]);
    }
    step::run(
        &format!("build {}", packages.join(" and ")),
        &mut step::cargo(&arguments),
    )
    .map(drop)
}

fn start(program: &str, arguments: &[String]) -> Result<(), Failure> {
    let arguments = arguments.iter().filter(|word| *word != "--");
    let status = Command::new(cache::program(program))
        .args(arguments)
        .env("AWM_COMPONENTS", cache::components())
        .env("AWM_UI", cache::screens())
        .status()
        .map_err(|error| format!("{program} can't be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{program} ended with {status}"))
    }
}
