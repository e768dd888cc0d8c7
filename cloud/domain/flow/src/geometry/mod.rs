//! The arithmetic of the canvas: rectangles, the view, snapping, finding what is where. No screen is needed for it.

mod grid;
mod rect;
mod snap;
mod view;

pub use grid::Grid;
pub use rect::Rect;
pub use snap::{GRID, Guide, Snapped, snap, snap_to};
pub use view::{Minimap, View};
