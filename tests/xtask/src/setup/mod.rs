//! Installs what is missing. Every step first looks whether there is anything to do, so a second time is quick.

mod components;
mod peers;
mod rust;
mod system;
mod tailwind;
pub(crate) mod wasm_bindgen;

use crate::step::Failure;
pub(crate) use components::install as components;
pub(crate) use peers::install as peers;
pub(crate) use system::{Need, has_display};
pub(crate) use tailwind::{node_packages, tailwind};

/// What the application and all tests need.
pub(crate) fn everything() -> Result<(), Failure> {
    system::install(&[Need::Window, Need::Build, Need::Test])?;
    rust::wasm_target()?;
    wasm_bindgen::install()?;
    tailwind::install()?;
    components::install()
}

/// What starting the application needs.
pub(crate) fn for_app() -> Result<(), Failure> {
    system::install(&[Need::Window, Need::Build])?;
    rust::wasm_target()?;
    wasm_bindgen::install()?;
    tailwind::install()?;
    components::install()
}

/// What building the screens needs.
pub(crate) fn for_ui() -> Result<(), Failure> {
    system::install(&[Need::Build])?;
    rust::wasm_target()?;
    wasm_bindgen::install()?;
    tailwind::install()
}

/// The target that keeps the desktop from becoming Linux-only unseen.
pub(crate) fn for_windows_check() -> Result<(), Failure> {
    system::install(&[Need::WindowsCheck])?;
    rust::target("x86_64-pc-windows-gnu")
}
