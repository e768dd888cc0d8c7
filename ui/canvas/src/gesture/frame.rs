//! One frame of a drag: from where the pointer is now to what is shown.

use super::{Doing, Gesture, Moved, SLACK};
use crate::{preview::Preview, scene::Scene, stage::Stage};
use awm_flow::{
    Outlet, Point, Rect, StateRef, View, catalogue, geometry::snap_to, layout::path_to,
};
use leptos::prelude::*;
use std::collections::HashSet;

/// Takes the pointer's last place into account.
pub(crate) fn step(stage: Stage) {
    let mut now = None;
    stage.gesture.update_value(|gesture| {
        if gesture.stirred {
            gesture.stirred = false;
            now = Some(gesture.clone());
        }
    });
    let Some(gesture) = now else { return };
    let (at, view) = (gesture.at, stage.view());
    match &gesture.doing {
        Doing::Nothing => {}
        Doing::Pan { start, view } => {
            stage.moving();
            stage.set_view(view.panned(at.x - start.x, at.y - start.y));
        }
        Doing::Pinch {
            view,
            middle,
            apart,
        } => pinch(stage, &gesture, view, *middle, *apart),
        Doing::Box { start, before } => select_in_box(stage, *start, at, before),
        Doing::Move(moved) => drag(stage, moved, at, gesture.free),
        Doing::Connect { from } => draw_way(stage, from, at),
        Doing::Reconnect { edge, beginning } => {
            let scene = stage.scene_now();
            let Some(edge) = scene.graph.edge(edge) else {
                return;
            };
            if *beginning {
                let target = edge.to_node.and_then(|to| scene.placement.rect(to));
                let hovered = hovered(&scene, &view, at, edge.scope);
                let d = target.map(|rect| {
                    format!(
                        "M{} {}L{} {}",
                        view.to_flow(at).x,
                        view.to_flow(at).y,
                        rect.center().x,
                        rect.y
                    )
                });
                stage.preview.set(Preview {
                    view: Some(view),
                    ways: d.map(|d| (d, false)).into_iter().collect(),
                    target: hovered.and_then(|node| scene.placement.rect(node)),
                    ..Preview::default()
                });
            } else {
                draw_way(stage, &edge.from.clone(), at);
            }
        }
        Doing::Item {
            id,
            start,
            window,
            started,
        } => carry(stage, id, *start, *window, *started),
    }
}

fn pinch(stage: Stage, gesture: &Gesture, view: &View, middle: Point, apart: f64) {
    let mut pointers = gesture.pointers.values();
    let (Some(first), Some(second)) = (pointers.next(), pointers.next()) else {
        return;
    };
    let now = Point {
        x: (first.x + second.x) / 2.0,
        y: (first.y + second.y) / 2.0,
    };
    let factor = (first.x - second.x).hypot(first.y - second.y).max(1.0) / apart;
    stage.moving();
    stage.set_view(
        view.zoomed(factor, middle)
            .panned(now.x - middle.x, now.y - middle.y),
    );
}

fn select_in_box(stage: Stage, start: Point, at: Point, before: &[StateRef]) {
    let boxed = stage.flow_rect(start, at);
    let scene = stage.scene_now();
    let inside = |node: &usize| {
        // A frame is meant only if the box has all of it; what is inside one goes with it.
        let rect = scene.placement.rect(*node).unwrap_or_default();
        let open = scene
            .graph
            .nodes
            .get(*node)
            .is_some_and(|node| !node.inner.is_empty())
            && !scene.placement.is_folded(*node);
        !open || boxed.around(&rect) == boxed
    };
    let mut states = before.to_vec();
    for node in scene.nodes_within(&boxed).into_iter().filter(inside) {
        let id = scene.graph.nodes.get(node).map(|node| node.id.clone());
        states.extend(id.filter(|id| !before.contains(id)));
    }
    stage.select(states);
    stage.preview.set(Preview {
        view: Some(stage.view()),
        boxed: Some(boxed),
        ..Preview::default()
    });
}

fn drag(stage: Stage, moved: &Moved, at: Point, free: bool) {
    let (x, y) = (at.x - moved.start.x, at.y - moved.start.y);
    if !moved.started && x.hypot(y) < SLACK {
        return;
    }
    let (view, scene) = (stage.view(), stage.scene_now());
    let all: HashSet<usize> = moved.all.iter().copied().collect();
    if !moved.started {
        super::press::capture(stage);
        let touched = scene.graph.edges.iter().enumerate().filter(|(_, edge)| {
            let of = |node: Option<usize>| node.is_some_and(|node| all.contains(&node));
            of(edge.from_node) || of(edge.to_node)
        });
        stage.lifted.set(touched.map(|(index, _)| index).collect());
        let ids = moved
            .all
            .iter()
            .filter_map(|index| scene.graph.nodes.get(*index));
        stage.moved.set(ids.map(|node| node.id.clone()).collect());
    }
    let wanted = moved.hull.moved(x / view.zoom, y / view.zoom);
    let snapped = snap_to(&wanted, &moved.neighbours, 6.0 / view.zoom);
    let (corner, guides) = if free {
        (wanted.corner(), Vec::new())
    } else {
        (snapped.corner, snapped.guides)
    };
    let shift = Point {
        x: corner.x - moved.hull.x,
        y: corner.y - moved.hull.y,
    };
    stage.gesture.update_value(|gesture| {
        if let Doing::Move(moved) = &mut gesture.doing {
            moved.shift = shift;
            moved.started = true;
        }
    });
    let mut shifted = (*scene.placement).clone();
    shifted.shift(&moved.all, shift);
    let ways = stage.lifted.with_untracked(|lifted| {
        let lifted = lifted
            .iter()
            .filter_map(|index| scene.graph.edges.get(*index));
        let drawn = lifted.filter_map(|edge| {
            let target = edge.to_node.and_then(|to| shifted.rect(to));
            let path = path_to(&scene.graph, &shifted, &edge.from, target.as_ref(), &[])?;
            Some((path.d(), edge.kind == awm_flow::EdgeKind::Catch))
        });
        drawn.take(400).collect()
    });
    let target = super::drop::scope_under(&scene, moved, view.to_flow(at));
    let own = moved
        .states
        .first()
        .and_then(|state| scene.graph.node(state))
        .map(|node| node.scope);
    let target = Some(target)
        .filter(|scope| Some(*scope) != own)
        .and_then(|scope| scene.placement.column(scope));
    stage.preview.set(Preview {
        view: Some(view),
        ways,
        guides,
        target,
        shift,
        ..Preview::default()
    });
}

/// The node under the pointer that a transition of a scope may lead to: the innermost one of that scope.
pub(super) fn hovered(scene: &Scene, view: &View, at: Point, scope: usize) -> Option<usize> {
    let node = scene.node_at(view.to_flow(at))?;
    let around = std::iter::once(node).chain(scene.graph.frames_around(node));
    around.into_iter().find(|node| {
        scene
            .graph
            .nodes
            .get(*node)
            .is_some_and(|node| node.scope == scope)
    })
}

/// The scope of a way out.
pub(super) fn scope_of(scene: &Scene, from: &Outlet) -> Option<usize> {
    match from.port {
        awm_flow::Port::Start => scene
            .graph
            .scopes
            .iter()
            .position(|scope| scope.pointer == from.owner),
        _ => scene.graph.node(&from.owner).map(|node| node.scope),
    }
}

fn draw_way(stage: Stage, from: &Outlet, at: Point) {
    let (view, scene) = (stage.view(), stage.scene_now());
    let target = scope_of(&scene, from).and_then(|scope| hovered(&scene, &view, at, scope));
    let target = target.and_then(|node| scene.placement.rect(node));
    let flow = view.to_flow(at);
    let end = target.unwrap_or(Rect {
        x: flow.x,
        y: flow.y,
        width: 0.0,
        height: 0.0,
    });
    let path = path_to(&scene.graph, &scene.placement, from, Some(&end), &[]);
    stage.preview.set(Preview {
        view: Some(view),
        ways: path
            .map(|path| (path.d(), target.is_none()))
            .into_iter()
            .collect(),
        target,
        ..Preview::default()
    });
}

fn carry(stage: Stage, id: &'static str, start: Point, window: Point, started: bool) {
    if !started && (window.x - start.x).hypot(window.y - start.y) < SLACK {
        return;
    }
    stage.gesture.update_value(|gesture| {
        if let Doing::Item { started, .. } = &mut gesture.doing {
            *started = true;
        }
    });
    let (view, scene) = (stage.view(), stage.scene_now());
    let at = stage.to_canvas(window.x, window.y);
    let flow = view.to_flow(at);
    let edge = super::drop::edge_under(stage, &scene, at);
    let way = edge.and_then(|edge| scene.paths.get(edge)?.as_ref());
    let scope = scene.placement.scope_at(&scene.graph, flow);
    stage.preview.set(Preview {
        view: Some(view),
        ways: way.map(|path| (path.d(), false)).into_iter().collect(),
        target: if way.is_some() {
            None
        } else {
            scene.placement.column(scope)
        },
        ghost: catalogue::item(id).map(|item| (item.title, window)),
        ..Preview::default()
    });
}
