//! Places for the few states that have none, among those that have.

use super::{GAP, Placement};
use crate::{Document, Graph, Point, Scope, geometry::Rect, geometry::snap, graph::ways_out};
use std::collections::HashSet;

/// Puts each state without a place below the first state that leads to it, beside what is there already.
pub(super) fn place_missing(
    placement: &mut Placement,
    graph: &Graph,
    document: &Document,
    scope: &Scope,
) {
    let states: HashSet<usize> = scope.states.iter().copied().collect();
    let has_place = |state: &usize| {
        graph
            .nodes
            .get(*state)
            .is_some_and(|node| document.positions.contains_key(&node.id))
    };
    let (mut placed, missing): (Vec<usize>, Vec<usize>) = graph
        .order
        .iter()
        .copied()
        .filter(|state| states.contains(state))
        .partition(has_place);
    if missing.is_empty() {
        return;
    }
    let ways = ways_out(graph);
    let mut taken: Vec<Rect> = placed
        .iter()
        .filter_map(|state| placement.local_rect(*state))
        .collect();
    for state in missing {
        let Some(own) = placement.local_rect(state) else {
            continue;
        };
        let leads_here = |from: &&usize| ways.get(**from).is_some_and(|ways| ways.contains(&state));
        let before = placed
            .iter()
            .find(leads_here)
            .and_then(|from| placement.local_rect(*from));
        let wanted = match before {
            Some(before) => Point {
                x: before.center().x - own.width / 2.0,
                y: before.bottom() + GAP,
            },
            None => {
                Rect::around_all(taken.iter().copied()).map_or_else(Point::default, |all| Point {
                    x: all.x,
                    y: all.bottom() + GAP,
                })
            }
        };
        let corner = snap(wanted);
        let mut place = Rect {
            x: corner.x,
            y: corner.y,
            ..own
        };
        while let Some(other) = taken
            .iter()
            .find(|other| other.grown(15.0).intersects(&place))
        {
            place.x = snap(Point {
                x: other.right() + 24.0,
                y: 0.0,
            })
            .x;
        }
        taken.push(place);
        placed.push(state);
        if let Some(node) = placement.nodes.get_mut(state) {
            node.local = place;
        }
    }
}
