#![doc = include_str!("../README.md")]

mod actions;
mod canvas;
mod controls;
mod edges;
mod far;
mod gesture;
mod keys;
mod look;
mod minimap;
mod nodes;
mod outline;
mod overlay;
mod palette;
mod popovers;
mod preview;
mod scene;
mod stage;
mod stress;
mod words;

pub use canvas::Canvas;
pub use outline::Outline;
pub use overlay::{Marks, NodeRun, Overlay, RunState};
pub use stress::{CanvasStress, generated};
