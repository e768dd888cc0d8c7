//! The pointer goes up: the one place where a drag becomes a change.

use super::{
    Doing, Moved,
    frame::{hovered, scope_of},
};
use crate::{preview::Preview, scene::Scene, stage::Stage};
use awm_flow::{
    Change, NodeKind, Outlet, Place, Point, Port, StateRef,
    layout::{NODE_HEIGHT, NODE_WIDTH},
};
use leptos::prelude::*;
use std::collections::HashSet;

/// Ends a drag; `cancelled` leaves everything as it was.
pub(crate) fn release(stage: Stage, pointer: Option<i32>, cancelled: bool) {
    // What the last frame has not seen yet counts, too.
    if !cancelled {
        super::step(stage);
    }
    let mut ended = None;
    stage.gesture.update_value(|gesture| {
        match pointer {
            Some(pointer) => {
                gesture.pointers.remove(&pointer);
            }
            None => gesture.pointers.clear(),
        }
        ended = Some((std::mem::take(&mut gesture.doing), gesture.at));
    });
    if stage
        .preview
        .with_untracked(|preview| *preview != Preview::default())
    {
        stage.preview.set(Preview::default());
    }
    let Some((doing, at)) = ended else { return };
    if !cancelled {
        finish(stage, doing, at);
    }
    if !stage.lifted.with_untracked(HashSet::is_empty) {
        stage.lifted.set(HashSet::new());
    }
    if !stage.moved.with_untracked(HashSet::is_empty) {
        stage.moved.set(HashSet::new());
    }
}

fn finish(stage: Stage, doing: Doing, at: Point) {
    let (view, scene) = (stage.view(), stage.scene_now());
    let id_of = |node: usize| scene.graph.nodes.get(node).map(|node| node.id.clone());
    match doing {
        Doing::Move(moved) if moved.started => put_down(stage, &scene, &moved, view.to_flow(at)),
        Doing::Move(moved) => {
            if let Some(state) = moved.click {
                stage.select(vec![state]);
            }
        }
        Doing::Connect { from } => {
            let scope = scope_of(&scene, &from);
            let to = scope
                .and_then(|scope| hovered(&scene, &view, at, scope))
                .and_then(id_of);
            if let Some(to) = to {
                stage.apply(Change::Connect { from, to });
            }
        }
        Doing::Reconnect { edge, beginning } => {
            let Some(known) = scene.graph.edge(&edge) else {
                return;
            };
            let Some(node) = hovered(&scene, &view, at, known.scope) else {
                return;
            };
            let change = if beginning {
                let from = way_out(&scene, node);
                from.map(|from| Change::Reconnect {
                    edge,
                    from: Some(from),
                    to: None,
                })
            } else {
                id_of(node).map(|to| Change::Reconnect {
                    edge,
                    from: None,
                    to: Some(to),
                })
            };
            if let Some(change) = change {
                stage.apply(change);
            }
        }
        Doing::Item {
            id,
            window,
            started: true,
            ..
        } => drop_item(stage, &scene, id, window),
        _ => {}
    }
}

/// The way out that a new transition of a node begins at.
pub(crate) fn way_out(scene: &Scene, node: usize) -> Option<Outlet> {
    let node = scene.graph.nodes.get(node)?;
    let unwired = |port: Port| {
        node.handles
            .iter()
            .any(|handle| handle.port == port && !handle.wired)
    };
    let port = match node.kind {
        NodeKind::Succeed | NodeKind::Fail => return None,
        NodeKind::Choice if unwired(Port::Default) => Port::Default,
        NodeKind::Choice => Port::Choice(
            node.handles
                .iter()
                .filter(|handle| matches!(handle.port, Port::Choice(_)))
                .count(),
        ),
        _ => Port::Next,
    };
    Some(Outlet::new(&node.id, port))
}

/// The scope that moved nodes would be dropped into: that under the pointer, but none of their own.
pub(super) fn scope_under(scene: &Scene, moved: &Moved, at: Point) -> usize {
    let carried: HashSet<usize> = moved.all.iter().copied().collect();
    scene
        .placement
        .scope_at_without(&scene.graph, at, |frame| carried.contains(&frame))
}

fn put_down(stage: Stage, scene: &Scene, moved: &Moved, at: Point) {
    let target = scope_under(scene, moved, at);
    let own = |state: &StateRef| scene.graph.node(state).map(|node| node.scope);
    stage.editor.update_untracked(|editor| editor.seal());
    if moved
        .states
        .iter()
        .all(|state| own(state).is_some_and(|scope| scope != target))
    {
        let first = moved
            .states
            .first()
            .and_then(|state| scene.placement.rect(scene.graph.node_index(state)?));
        let (Some(scope), Some(first)) = (scene.graph.scopes.get(target), first) else {
            return;
        };
        let corner = scene.placement.corner(target);
        let at = Point {
            x: first.x + moved.shift.x - corner.x,
            y: first.y + moved.shift.y - corner.y,
        };
        let laid_out = target > 0
            && stage.editor.with_untracked(|editor| {
                let ids = scope
                    .states
                    .iter()
                    .filter_map(|index| scene.graph.nodes.get(*index));
                !ids.into_iter()
                    .any(|node| editor.document().positions.contains_key(&node.id))
            });
        stage.apply(Change::MoveIntoScope {
            states: moved.states.clone(),
            scope: scope.pointer.clone(),
            at: (!laid_out).then_some(at),
        });
        return;
    }
    let places = moved.states.iter().filter_map(|state| {
        let local = scene.placement.local(scene.graph.node_index(state)?)?;
        Some((
            state.clone(),
            Point {
                x: local.x + moved.shift.x,
                y: local.y + moved.shift.y,
            },
        ))
    });
    stage.apply(Change::MoveNodes(places.collect()));
    stage.editor.update_untracked(|editor| editor.seal());
}

/// The edge that something dropped here would come into.
pub(super) fn edge_under(stage: Stage, scene: &Scene, at: Point) -> Option<usize> {
    let view = stage.view();
    scene.edge_at(view.to_flow(at), 16.0 / view.zoom.max(0.4))
}

fn drop_item(stage: Stage, scene: &Scene, id: &'static str, window: Point) {
    let at = stage.to_canvas(window.x, window.y);
    let (width, height) = stage.size();
    if at.x < 0.0 || at.y < 0.0 || at.x > width || at.y > height {
        return;
    }
    let flow = stage.view().to_flow(at);
    let scope = scene.placement.scope_at(&scene.graph, flow);
    let edge = edge_under(stage, scene, at).and_then(|edge| scene.graph.edges.get(edge));
    let corner = scene.placement.corner(scope);
    let place = match edge {
        Some(edge) => Place::Onto(edge.id.clone()),
        None => Place::At(Point {
            x: flow.x - corner.x - NODE_WIDTH / 2.0,
            y: flow.y - corner.y - NODE_HEIGHT / 2.0,
        }),
    };
    let scope = scene
        .graph
        .scopes
        .get(scope)
        .map(|scope| scope.pointer.clone())
        .unwrap_or_default();
    stage.apply(Change::AddState {
        item: id.to_owned(),
        scope,
        name: None,
        place,
    });
}
