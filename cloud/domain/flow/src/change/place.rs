//! Where nodes stand, and which frames are folded.

use super::{Applied, ChangeError, Place, Work, add::said};
use crate::{
    Point, StateRef,
    geometry::{Rect, snap},
    layout::{self, GAP, NODE_HEIGHT, NODE_WIDTH},
    pointer::split_state,
};
use std::collections::BTreeMap;

pub(super) fn move_nodes(
    work: &mut Work<'_>,
    moved: Vec<(StateRef, Point)>,
) -> Result<Applied, ChangeError> {
    if moved.is_empty() {
        return Err(ChangeError::Nothing);
    }
    let names: Vec<StateRef> = moved.iter().map(|(state, _)| state.clone()).collect();
    for (state, _) in &moved {
        work.state(state)?;
        let scope = split_state(state)
            .map(|(scope, _)| scope.to_owned())
            .unwrap_or_default();
        pin(work, &scope);
    }
    for (state, point) in moved {
        let finite = |value: f64| {
            if value.is_finite() {
                value.clamp(-1e6, 1e6)
            } else {
                0.0
            }
        };
        work.document.positions.insert(
            state,
            Point {
                x: finite(point.x),
                y: finite(point.y),
            },
        );
    }
    Ok(Applied {
        said: said("Moved", &names),
        ..Applied::default()
    })
}

/// A scope whose nodes are laid out keeps them where they are from now on.
pub(super) fn pin(work: &mut Work<'_>, scope: &str) {
    let Some(scope) = work.graph.scope(scope) else {
        return;
    };
    for state in &scope.states {
        let (Some(node), Some(at)) = (work.graph.nodes.get(*state), work.placement.local(*state))
        else {
            continue;
        };
        work.document.positions.entry(node.id.clone()).or_insert(at);
    }
}

/// Whether no node of a scope has a place of its own.
pub(super) fn is_laid_out(work: &Work<'_>, scope: &str) -> bool {
    let known = work
        .graph
        .scope(scope)
        .map(|scope| scope.states.as_slice())
        .unwrap_or_default();
    let mut nodes = known
        .iter()
        .filter_map(|index| work.graph.nodes.get(*index));
    !nodes.any(|node| work.document.positions.contains_key(&node.id))
}

/// Finds a place for a state that has just been added.
pub(super) fn put_new(
    work: &mut Work<'_>,
    id: &str,
    scope: &str,
    to: &Place,
) -> Result<(), ChangeError> {
    if let Place::At(point) = to {
        pin(work, scope);
        work.document.positions.insert(id.to_owned(), snap(*point));
        return Ok(());
    }
    if is_laid_out(work, scope) {
        return Ok(());
    }
    let source = match to {
        Place::After(state) => Some(state.clone()),
        Place::Onto(edge) => work.graph.edge(edge).map(|edge| edge.from.owner.clone()),
        Place::At(_) | Place::Last => None,
    };
    let Some(source) = source.and_then(|id| work.graph.node_index(&id)) else {
        return Ok(());
    };
    let Some(from) = work.placement.local_rect(source) else {
        return Ok(());
    };
    pin(work, scope);
    let at = snap(Point {
        x: from.x + (from.width - NODE_WIDTH) / 2.0,
        y: from.y + from.height + GAP,
    });
    let taken = Rect {
        x: at.x,
        y: at.y,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
    };
    let states = work
        .graph
        .scope(scope)
        .map(|scope| scope.states.clone())
        .unwrap_or_default();
    let in_the_way = |index: &usize| {
        work.placement
            .local_rect(*index)
            .is_some_and(|rect| rect.grown(16.0).intersects(&taken))
    };
    if states.iter().any(in_the_way) {
        for index in states {
            let Some(node) = work.graph.nodes.get(index) else {
                continue;
            };
            if let Some(place) = work.document.positions.get_mut(&node.id)
                && place.y >= at.y - 8.0
            {
                place.y += NODE_HEIGHT + GAP;
            }
        }
    }
    work.document.positions.insert(id.to_owned(), at);
    Ok(())
}

pub(super) fn tidy(work: &mut Work<'_>, states: &[StateRef]) -> Result<Applied, ChangeError> {
    if states.is_empty() {
        work.document.positions.clear();
        return Ok(Applied {
            said: "Laid out the workflow".to_owned(),
            ..Applied::default()
        });
    }
    let mut by_scope: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for state in states {
        let index = work
            .graph
            .node_index(state)
            .ok_or_else(|| ChangeError::NoState(state.clone()))?;
        let Some(node) = work.graph.nodes.get(index) else {
            continue;
        };
        by_scope.entry(node.scope).or_default().push(index);
    }
    for (scope, chosen) in by_scope {
        let Some(scope) = work.graph.scopes.get(scope) else {
            continue;
        };
        let ids = chosen
            .iter()
            .filter_map(|index| work.graph.nodes.get(*index));
        if chosen.len() >= scope.states.len() {
            for node in ids {
                work.document.positions.remove(&node.id);
            }
        } else {
            let pointer = scope.pointer.clone();
            pin(work, &pointer);
            for (index, at) in layout::arrange(work.graph, work.placement, &chosen) {
                let Some(node) = work.graph.nodes.get(index) else {
                    continue;
                };
                work.document.positions.insert(node.id.clone(), at);
            }
        }
    }
    Ok(Applied {
        said: said("Laid out", states),
        ..Applied::default()
    })
}

pub(super) fn set_collapsed(
    work: &mut Work<'_>,
    state: StateRef,
    collapsed: bool,
) -> Result<Applied, ChangeError> {
    work.state(&state)?;
    let verb = if collapsed { "Folded" } else { "Unfolded" };
    let said = said(verb, std::slice::from_ref(&state));
    work.document.collapsed.retain(|known| *known != state);
    if collapsed {
        work.document.collapsed.push(state);
        work.document.collapsed.sort();
    }
    Ok(Applied {
        said,
        ..Applied::default()
    })
}
