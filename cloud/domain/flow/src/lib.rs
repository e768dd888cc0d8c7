#![doc = include_str!("../README.md")]

pub mod catalogue;
mod change;
mod difference;
mod document;
mod editor;
pub mod geometry;
mod graph;
mod history;
pub mod layout;
pub mod picture;
pub mod pointer;
mod source;

pub use change::{Applied, Change, ChangeError, Place, fragment};
pub use difference::{Difference, DifferenceKind, differences};
pub use document::{Document, Format, Point, StateRef};
pub use editor::Editor;
pub use geometry::{Rect, View};
pub use graph::{
    Edge, EdgeKind, EdgeRef, Graph, Handle, Node, NodeKind, Outlet, Port, Scope, project,
    rule_in_words,
};
pub use layout::Placement;
