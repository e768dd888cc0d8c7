//! What the pointer is doing, and what each frame makes of it.

mod drop;
mod frame;
mod press;

use awm_flow::{EdgeRef, Outlet, Point, Rect, StateRef, View};
use std::collections::BTreeMap;

pub(crate) use drop::{release, way_out};
pub(crate) use frame::step;
pub(crate) use press::{fold, port_name, press, press_item, wheel};

/// The pointers that are down, and what they are doing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gesture {
    pub(crate) doing: Doing,
    /// Pointers that are down, in pixels of the canvas.
    pub(crate) pointers: BTreeMap<i32, Point>,
    /// Where the one that counts is, in pixels of the canvas.
    pub(crate) at: Point,
    /// Whether the space bar is held: any drag pans.
    pub(crate) space: bool,
    /// Whether snapping is off, by Alt.
    pub(crate) free: bool,
    /// Something has moved since the last frame.
    pub(crate) stirred: bool,
}

/// What a drag does.
#[derive(Clone, Debug, Default)]
pub(crate) enum Doing {
    /// Nothing.
    #[default]
    Nothing,
    /// Moves the view.
    Pan { start: Point, view: View },
    /// Two fingers: moves and zooms the view.
    Pinch {
        view: View,
        middle: Point,
        apart: f64,
    },
    /// Selects what a box touches.
    Box { start: Point, before: Vec<StateRef> },
    /// Moves nodes.
    Move(Box<Moved>),
    /// Draws a transition.
    Connect { from: Outlet },
    /// Draws an end of a transition elsewhere.
    Reconnect { edge: EdgeRef, beginning: bool },
    /// Brings an item from the palette; `started` once it has left its place.
    Item {
        id: &'static str,
        start: Point,
        window: Point,
        started: bool,
    },
}

/// Nodes on the move.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    /// The nodes that are dragged, without those inside them.
    pub(crate) states: Vec<StateRef>,
    /// Those, and what is inside them.
    pub(crate) all: Vec<usize>,
    /// The rectangle around them.
    pub(crate) hull: Rect,
    /// What they may be aligned with.
    pub(crate) neighbours: Vec<Rect>,
    /// Where the pointer went down.
    pub(crate) start: Point,
    /// Whether it has gone far enough to count.
    pub(crate) started: bool,
    /// What to select if it turns out to be a click.
    pub(crate) click: Option<StateRef>,
    /// How far, in flow space.
    pub(crate) shift: Point,
}

/// A drag begins after this many pixels.
pub(crate) const SLACK: f64 = 4.0;
