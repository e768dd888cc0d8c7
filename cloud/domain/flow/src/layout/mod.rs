//! Where everything stands: kept places where the author chose them, a layered layout where not, frames from the inside out.
//!
//! One rule for coordinates: a node's kept place is relative to its scope's corner; a [`Placement`] gives all of
//! them in flow space; only a [`View`](crate::View) knows the screen.

mod layered;
mod missing;
mod route;

use crate::{
    Document, Graph, Node, Point, Port,
    geometry::{GRID, Rect},
};

pub use route::{Path, handle_at, path_to, route};

/// A node's width.
pub const NODE_WIDTH: f64 = 200.0;
/// A node's height, and that of a folded frame.
pub const NODE_HEIGHT: f64 = 56.0;
/// The height of a frame's title bar.
pub const TITLE: f64 = 40.0;
/// Room between a frame's border and what it holds, and between its columns.
pub const PADDING: f64 = 24.0;
/// Room between a node and the next below.
pub const GAP: f64 = 48.0;
/// Width and height of a start marker.
pub const START: (f64, f64) = (56.0, 24.0);
/// Where the first row of a scope begins: below the start marker.
pub const FIRST_ROW: f64 = 48.0;

/// Places of everything in a [`Graph`], by its indices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    nodes: Vec<Placed>,
    scopes: Vec<Column>,
    bends: Vec<Vec<Point>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Placed {
    local: Rect,
    at: Point,
    hidden: bool,
    folded: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Column {
    corner: Point,
    size: (f64, f64),
    start: Rect,
    hidden: bool,
}

/// Places for a graph's nodes, with what the document keeps.
pub fn place(graph: &Graph, document: &Document) -> Placement {
    let mut placement = Placement {
        nodes: vec![Placed::default(); graph.nodes.len()],
        scopes: vec![Column::default(); graph.scopes.len()],
        bends: vec![Vec::new(); graph.edges.len()],
    };
    for id in &document.collapsed {
        let index = graph.node_index(id).filter(|index| {
            graph
                .nodes
                .get(*index)
                .is_some_and(|node| node.kind.is_frame())
        });
        if let Some(placed) = index.and_then(|index| placement.nodes.get_mut(index)) {
            placed.folded = true;
        }
    }
    let by_scope = layered::Inside::of(graph);
    // Scopes inside stand behind those around them, so sizes come from the back and corners from the front.
    for scope in (0..graph.scopes.len()).rev() {
        placement.measure(graph, document, scope, &by_scope);
    }
    for scope in 0..graph.scopes.len() {
        placement.spread(graph, scope);
    }
    for (edge, bends) in graph.edges.iter().zip(&mut placement.bends) {
        let corner = placement
            .scopes
            .get(edge.scope)
            .map(|column| column.corner)
            .unwrap_or_default();
        for bend in bends {
            *bend = Point {
                x: bend.x + corner.x,
                y: bend.y + corner.y,
            };
        }
    }
    placement
}

/// New places, relative to their scope, for some states of one scope: laid out among themselves, top-left corner kept.
pub fn arrange(graph: &Graph, placement: &Placement, chosen: &[usize]) -> Vec<(usize, Point)> {
    let rects = chosen
        .iter()
        .filter_map(|index| placement.local_rect(*index));
    let corner = Rect::around_all(rects).unwrap_or_default().corner();
    let drawn = layered::layered(graph, placement, chosen, None);
    let top = drawn
        .places
        .iter()
        .map(|(_, at)| at.y)
        .fold(f64::INFINITY, f64::min);
    let placed = drawn.places.into_iter();
    placed
        .map(|(index, at)| {
            (
                index,
                Point {
                    x: at.x + corner.x,
                    y: at.y - top + corner.y,
                },
            )
        })
        .collect()
}

impl Placement {
    /// A node's place relative to its scope's corner.
    pub fn local(&self, node: usize) -> Option<Point> {
        self.nodes.get(node).map(|placed| placed.local.corner())
    }

    /// A node's place and size relative to its scope's corner.
    pub fn local_rect(&self, node: usize) -> Option<Rect> {
        self.nodes.get(node).map(|placed| placed.local)
    }

    /// A node's place and size in flow space; none while it is inside a folded frame.
    pub fn rect(&self, node: usize) -> Option<Rect> {
        let placed = self.nodes.get(node).filter(|placed| !placed.hidden)?;
        Some(Rect {
            x: placed.at.x,
            y: placed.at.y,
            ..placed.local
        })
    }

    /// Whether a node is a frame that is folded.
    pub fn is_folded(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|placed| placed.folded)
    }

    /// The column of a branch or a processor, in flow space; none while it is folded, or for the machine itself,
    /// which has no bounds.
    pub fn column(&self, scope: usize) -> Option<Rect> {
        let column = self
            .scopes
            .get(scope)
            .filter(|column| !column.hidden && scope > 0)?;
        let (width, height) = column.size;
        Some(Rect {
            x: column.corner.x,
            y: column.corner.y,
            width,
            height,
        })
    }

    /// The corner of a scope in flow space.
    pub fn corner(&self, scope: usize) -> Point {
        self.scopes
            .get(scope)
            .map(|column| column.corner)
            .unwrap_or_default()
    }

    /// A scope's start marker, in flow space; none while it is folded.
    pub fn start(&self, scope: usize) -> Option<Rect> {
        let column = self.scopes.get(scope).filter(|column| !column.hidden)?;
        Some(column.start.moved(column.corner.x, column.corner.y))
    }

    /// Where an edge of the layout bends, in flow space.
    pub fn bends(&self, edge: usize) -> &[Point] {
        self.bends.get(edge).map(Vec::as_slice).unwrap_or_default()
    }

    /// The smallest rectangle around everything.
    pub fn bounds(&self) -> Rect {
        let nodes = (0..self.nodes.len()).filter_map(|index| self.rect(index));
        Rect::around_all(nodes.chain(self.start(0))).unwrap_or_default()
    }

    /// The scope that a point lies in: the innermost one whose frame is open there.
    pub fn scope_at(&self, graph: &Graph, at: Point) -> usize {
        self.scope_at_without(graph, at, |_| false)
    }

    /// Like [`scope_at`](Self::scope_at), with frames that don't count, such as those that are dragged.
    pub fn scope_at_without(
        &self,
        graph: &Graph,
        at: Point,
        ignored: impl Fn(usize) -> bool,
    ) -> usize {
        let counts = |index: usize| {
            let owner = graph.scopes.get(index).and_then(|scope| scope.owner);
            owner.is_some_and(|owner| !ignored(owner))
        };
        let inside = |index: &usize| {
            counts(*index)
                && self
                    .frame_part(graph, *index)
                    .is_some_and(|part| part.contains(at))
        };
        // Inner scopes stand behind outer ones.
        (0..self.scopes.len()).rev().find(inside).unwrap_or(0)
    }

    /// Shows nodes elsewhere, as while they are dragged. Frames don't grow.
    pub fn shift(&mut self, nodes: &[usize], by: Point) {
        for node in nodes {
            if let Some(placed) = self.nodes.get_mut(*node) {
                placed.at.x += by.x;
                placed.at.y += by.y;
            }
        }
    }

    /// The part of a frame that belongs to one of its scopes.
    fn frame_part(&self, graph: &Graph, scope: usize) -> Option<Rect> {
        let column = self.column(scope)?;
        let frame = self.rect(graph.scopes.get(scope)?.owner?)?;
        let (top, half) = (frame.y + TITLE, PADDING / 2.0);
        Some(Rect {
            x: column.x - half,
            y: top,
            width: column.width + PADDING,
            height: frame.bottom() - top,
        })
    }

    fn measure(
        &mut self,
        graph: &Graph,
        document: &Document,
        index: usize,
        inside: &layered::Inside,
    ) {
        let Some(scope) = graph.scopes.get(index) else {
            return;
        };
        for state in &scope.states {
            let Some(node) = graph.nodes.get(*state) else {
                continue;
            };
            let (width, height) = self.size(node, *state);
            if let Some(placed) = self.nodes.get_mut(*state) {
                placed.local = Rect {
                    width,
                    height,
                    ..Rect::default()
                };
            }
        }
        let kept = |state: &usize| {
            graph
                .nodes
                .get(*state)
                .and_then(|node| document.positions.get(&node.id))
                .copied()
        };
        let places: Vec<(usize, Option<Point>)> = scope
            .states
            .iter()
            .map(|state| (*state, kept(state)))
            .collect();
        if places.iter().any(|(_, at)| at.is_some()) {
            let nested = index > 0;
            for (state, at) in places {
                if let (Some(placed), Some(at)) = (self.nodes.get_mut(state), at) {
                    let low =
                        |value: f64, least: f64| if nested { value.max(least) } else { value };
                    placed.local.x = low(at.x, 0.0);
                    placed.local.y = low(at.y, FIRST_ROW);
                }
            }
            missing::place_missing(self, graph, document, scope);
        } else {
            let drawn =
                layered::layered(graph, self, inside.states(index), Some(inside.edges(index)));
            for (state, at) in drawn.places {
                if let Some(placed) = self.nodes.get_mut(state) {
                    (placed.local.x, placed.local.y) = (at.x, at.y);
                }
            }
            for (edge, bends) in drawn.bends {
                if let Some(place) = self.bends.get_mut(edge) {
                    *place = bends;
                }
            }
        }
        let rects: Vec<Rect> = scope
            .states
            .iter()
            .filter_map(|state| self.local_rect(*state))
            .collect();
        let right = rects.iter().map(Rect::right).fold(NODE_WIDTH, f64::max);
        let bottom = rects
            .iter()
            .map(Rect::bottom)
            .fold(FIRST_ROW + NODE_HEIGHT, f64::max);
        let first = scope.start.and_then(|start| self.local_rect(start));
        let start = match first {
            Some(first) => Point {
                x: first.center().x - START.0 / 2.0,
                y: first.y - FIRST_ROW,
            },
            None => Point {
                x: (NODE_WIDTH - START.0) / 2.0,
                y: 0.0,
            },
        };
        if let Some(column) = self.scopes.get_mut(index) {
            column.size = (right, bottom);
            column.start = Rect {
                x: start.x,
                y: start.y,
                width: START.0,
                height: START.1,
            };
        }
    }

    fn size(&self, node: &Node, index: usize) -> (f64, f64) {
        if !node.kind.is_frame() || self.is_folded(index) {
            return (NODE_WIDTH, NODE_HEIGHT);
        }
        let columns = node
            .inner
            .iter()
            .filter_map(|scope| self.scopes.get(*scope));
        let (mut width, mut height) = (PADDING, FIRST_ROW + NODE_HEIGHT);
        for column in columns {
            width += column.size.0 + PADDING;
            height = height.max(column.size.1);
        }
        width = width.max(NODE_WIDTH + 2.0 * PADDING);
        // The middle of a frame stands on the same lines of the grid as that of a node.
        let steps = ((width - NODE_WIDTH) / (2.0 * GRID)).ceil();
        (NODE_WIDTH + steps * 2.0 * GRID, TITLE + height + PADDING)
    }

    /// Gives a scope's nodes, and the corners of the scopes inside them, their place in flow space.
    fn spread(&mut self, graph: &Graph, index: usize) {
        let (Some(scope), Some(column)) =
            (graph.scopes.get(index), self.scopes.get(index).copied())
        else {
            return;
        };
        for state in &scope.states {
            let (Some(node), Some(placed)) = (graph.nodes.get(*state), self.nodes.get_mut(*state))
            else {
                continue;
            };
            placed.at = Point {
                x: column.corner.x + placed.local.x,
                y: column.corner.y + placed.local.y,
            };
            placed.hidden = column.hidden;
            let (at, hidden) = (placed.at, placed.hidden || placed.folded);
            let mut x = at.x + PADDING;
            for inner in &node.inner {
                let Some(inner) = self.scopes.get_mut(*inner) else {
                    continue;
                };
                inner.corner = Point { x, y: at.y + TITLE };
                inner.hidden = hidden;
                x += inner.size.0 + PADDING;
            }
        }
    }
}

/// How many ways out leave at a node's bottom, and the place of one among them.
pub(crate) fn slot(node: &Node, port: Port) -> (usize, usize) {
    let same_side = |other: Port| {
        matches!(other, Port::Catch(_)) == matches!(port, Port::Catch(_)) && other != Port::In
    };
    let side: Vec<Port> = node
        .handles
        .iter()
        .map(|handle| handle.port)
        .filter(|other| same_side(*other))
        .collect();
    let place = side
        .iter()
        .position(|other| *other == port)
        .unwrap_or(side.len());
    (place, side.len().max(place + 1))
}
