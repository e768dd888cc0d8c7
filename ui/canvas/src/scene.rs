//! What is drawn at a revision: graph, places, ways of edges, and the indices that find them.

use awm_flow::{
    Editor, Graph, Placement, Point, Rect,
    geometry::Grid,
    layout::{Path, route},
};
use std::{collections::BTreeMap, sync::Arc};

/// Edges are drawn in small pictures, one for each cell of this size: none grows with the flow.
const CHUNK: f64 = 1024.0;

/// A picture of edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ChunkKey {
    /// The edges whose middle lies in this cell.
    Cell(i32, i32),
    /// An edge too long to share a picture.
    Long(usize),
}

/// The edges of a picture and the room they take.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    pub(crate) edges: Vec<usize>,
    pub(crate) bounds: Rect,
}

/// Everything that is drawn, by the indices of the graph.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) graph: Arc<Graph>,
    pub(crate) placement: Arc<Placement>,
    pub(crate) paths: Vec<Option<Path>>,
    pub(crate) chunks: BTreeMap<ChunkKey, Chunk>,
    pub(crate) bounds: Rect,
    /// The place of each node in the running order.
    pub(crate) ranks: Vec<usize>,
    nodes: Grid,
    edges: Grid,
}

impl PartialEq for Scene {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.graph, &other.graph) && Arc::ptr_eq(&self.placement, &other.placement)
    }
}

impl Scene {
    pub(crate) fn of(editor: &Editor) -> Self {
        let (graph, placement) = (Arc::clone(editor.graph()), Arc::clone(editor.placement()));
        let paths: Vec<Option<Path>> = (0..graph.edges.len())
            .map(|edge| route(&graph, &placement, edge))
            .collect();
        let mut chunks: BTreeMap<ChunkKey, Chunk> = BTreeMap::new();
        for (edge, path) in paths.iter().enumerate() {
            let Some(path) = path else { continue };
            let bounds = path.bounds().grown(8.0);
            let middle = bounds.center();
            let key = if bounds.width > 2.0 * CHUNK || bounds.height > 2.0 * CHUNK {
                ChunkKey::Long(edge)
            } else {
                ChunkKey::Cell(
                    (middle.x / CHUNK).floor() as i32,
                    (middle.y / CHUNK).floor() as i32,
                )
            };
            let chunk = chunks.entry(key).or_insert(Chunk {
                edges: Vec::new(),
                bounds,
            });
            chunk.bounds = chunk.bounds.around(&bounds);
            chunk.edges.push(edge);
        }
        let mut ranks = vec![0; graph.nodes.len()];
        for (rank, node) in graph.order.iter().enumerate() {
            if let Some(place) = ranks.get_mut(*node) {
                *place = rank;
            }
        }
        Self {
            nodes: Grid::over((0..graph.nodes.len()).map(|node| placement.rect(node))),
            edges: Grid::over(
                paths
                    .iter()
                    .map(|path| path.as_ref().map(|path| path.bounds().grown(12.0))),
            ),
            bounds: placement.bounds(),
            graph,
            placement,
            paths,
            chunks,
            ranks,
        }
    }

    /// Nodes that touch an area, in running order.
    pub(crate) fn nodes_within(&self, area: &Rect) -> Vec<usize> {
        let mut found: Vec<usize> = self
            .nodes
            .within(area)
            .into_iter()
            .map(|id| id as usize)
            .collect();
        found.sort_by_key(|node| self.ranks.get(*node).copied());
        found
    }

    /// The innermost node at a point.
    pub(crate) fn node_at(&self, at: Point) -> Option<usize> {
        self.nodes.at(at).first().map(|id| *id as usize)
    }

    /// The nearest edge within `reach` of a point.
    pub(crate) fn edge_at(&self, at: Point, reach: f64) -> Option<usize> {
        let around = Rect {
            x: at.x,
            y: at.y,
            width: 0.0,
            height: 0.0,
        }
        .grown(reach);
        let near = self.edges.within(&around).into_iter().filter_map(|id| {
            let edge = id as usize;
            Some((self.paths.get(edge)?.as_ref()?.distance(at), edge))
        });
        let nearest = near
            .filter(|(distance, _)| *distance <= reach)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.map(|(_, edge)| edge)
    }

    /// Pictures of edges that touch an area.
    pub(crate) fn chunks_within(&self, area: &Rect) -> Vec<ChunkKey> {
        let touching = self
            .chunks
            .iter()
            .filter(|(_, chunk)| chunk.bounds.intersects(area));
        touching.map(|(key, _)| *key).collect()
    }
}
