//! The pointer goes down, or the wheel turns.

use super::{Doing, Moved};
use crate::stage::{Popover, Stage};
use awm_flow::{Change, Outlet, Point, Port, Rect, StateRef, pointer::is_within};
use leptos::prelude::*;
use std::collections::HashSet;
use wasm_bindgen::JsCast;

/// What is under the pointer.
enum Hit {
    Handle(Outlet),
    End { edge: String, beginning: bool },
    Fold(StateRef),
    Node(StateRef),
    Edge(String),
    Nothing,
}

fn hit(ev: &web_sys::PointerEvent) -> Option<Hit> {
    let element = ev.target()?.dyn_into::<web_sys::Element>().ok()?;
    if element.closest("[data-still]").ok().flatten().is_some() {
        return None;
    }
    let near = |attribute: &str| {
        let found = element.closest(&format!("[{attribute}]")).ok().flatten();
        found.and_then(|element| element.get_attribute(attribute))
    };
    let hit = if let (Some(port), Some(owner)) = (near("data-port"), near("data-owner")) {
        Hit::Handle(Outlet::new(owner, port_named(&port)?))
    } else if let (Some(end), Some(edge)) = (near("data-end"), near("data-edge")) {
        Hit::End {
            edge,
            beginning: end == "from",
        }
    } else if let Some(state) = near("data-fold") {
        Hit::Fold(state)
    } else if let Some(edge) = near("data-edge") {
        Hit::Edge(edge)
    } else if let Some(state) = near("data-node") {
        Hit::Node(state)
    } else {
        Hit::Nothing
    };
    Some(hit)
}

/// A port as it is written in the attribute of its handle.
pub(crate) fn port_name(port: Port) -> String {
    match port {
        Port::In => "in".to_owned(),
        Port::Start => "start".to_owned(),
        Port::Next => "next".to_owned(),
        Port::Default => "default".to_owned(),
        Port::Choice(index) => format!("choice {index}"),
        Port::Catch(index) => format!("catch {index}"),
    }
}

fn port_named(name: &str) -> Option<Port> {
    let index = || {
        name.rsplit_once(' ')
            .and_then(|(_, index)| index.parse().ok())
    };
    Some(match name {
        "next" => Port::Next,
        "default" => Port::Default,
        "start" => Port::Start,
        choice if choice.starts_with("choice ") => Port::Choice(index()?),
        catch if catch.starts_with("catch ") => Port::Catch(index()?),
        _ => return None,
    })
}

pub(crate) fn press(stage: Stage, ev: &web_sys::PointerEvent) {
    let at = stage.to_canvas(f64::from(ev.client_x()), f64::from(ev.client_y()));
    let Some(hit) = hit(ev) else { return };
    if stage
        .popover
        .with_untracked(|popover| matches!(popover, Some(Popover::Targets(_))))
    {
        stage.popover.set(None);
    }
    if stage.renaming.get_untracked().is_some() {
        return;
    }
    let (mut space, mut fingers) = (false, Vec::new());
    stage.gesture.update_value(|gesture| {
        gesture.pointers.insert(ev.pointer_id(), at);
        gesture.at = at;
        gesture.free = ev.alt_key();
        space = gesture.space;
        fingers = gesture.pointers.values().copied().collect();
    });
    if let Some(root) = stage.root.get_untracked()
        && !matches!(hit, Hit::Node(_))
    {
        // Without the focus the next key goes nowhere, no worse.
        let _ = root.focus();
    }
    let touch = ev.pointer_type() == "touch";
    let adds = ev.shift_key() || ev.ctrl_key() || ev.meta_key();
    let doing = match (fingers.as_slice(), hit) {
        ([first, second], _) => {
            let middle = Point {
                x: (first.x + second.x) / 2.0,
                y: (first.y + second.y) / 2.0,
            };
            let apart = (first.x - second.x).hypot(first.y - second.y).max(1.0);
            Doing::Pinch {
                view: stage.view(),
                middle,
                apart,
            }
        }
        _ if ev.button() == 1 || (ev.button() == 0 && space) => Doing::Pan {
            start: at,
            view: stage.view(),
        },
        _ if ev.button() != 0 => Doing::Nothing,
        (_, Hit::Handle(from)) if !stage.read_only => Doing::Connect { from },
        (_, Hit::End { edge, beginning }) if !stage.read_only => {
            Doing::Reconnect { edge, beginning }
        }
        (_, Hit::Fold(state)) => {
            fold(stage, state);
            Doing::Nothing
        }
        (_, Hit::Edge(edge) | Hit::End { edge, .. }) => {
            stage.choose_edge(edge);
            Doing::Nothing
        }
        (_, Hit::Node(state)) => grab(stage, state, adds, at),
        (_, Hit::Handle(from)) => {
            stage.select(vec![from.owner]);
            Doing::Nothing
        }
        (_, Hit::Nothing) if touch => Doing::Pan {
            start: at,
            view: stage.view(),
        },
        (_, Hit::Nothing) => {
            let before = if adds {
                stage.selection_now()
            } else {
                Vec::new()
            };
            stage.select(before.clone());
            Doing::Box { start: at, before }
        }
    };
    // A press on a node may turn out to be a click, which a capture would take away from the node.
    let drags = !matches!(doing, Doing::Nothing | Doing::Move(_));
    stage.gesture.update_value(|gesture| gesture.doing = doing);
    if drags {
        capture(stage);
    }
}

/// Keeps the pointer's events coming while it is outside of the canvas.
pub(super) fn capture(stage: Stage) {
    let pointer = stage
        .gesture
        .with_value(|gesture| gesture.pointers.keys().next().copied());
    if let (Some(root), Some(pointer)) = (stage.root.get_untracked(), pointer) {
        // Without the capture a drag ends at the border, no worse.
        let _ = root.set_pointer_capture(pointer);
    }
}

/// Folds or unfolds a frame. In reading mode the document stays as it is, so it can't.
pub(crate) fn fold(stage: Stage, state: StateRef) {
    let collapsed = !stage
        .editor
        .with_untracked(|editor| editor.document().collapsed.contains(&state));
    stage.apply(Change::SetCollapsed { state, collapsed });
}

fn grab(stage: Stage, state: StateRef, adds: bool, at: Point) -> Doing {
    let selection = stage.selection_now();
    let known = selection.contains(&state);
    let mut click = None;
    if adds {
        let mut selection = selection;
        if known {
            selection.retain(|other| *other != state);
        } else {
            selection.push(state.clone());
        }
        stage.select(selection);
    } else if known {
        // A drag takes all of the selection along; a click leaves only this one.
        click = Some(state.clone());
    } else {
        stage.select(vec![state.clone()]);
    }
    if stage.read_only {
        return Doing::Nothing;
    }
    moved(stage, at, click).map_or(Doing::Nothing, |moved| Doing::Move(Box::new(moved)))
}

/// The selection, ready to be moved.
fn moved(stage: Stage, start: Point, click: Option<StateRef>) -> Option<Moved> {
    let scene = stage.scene_now();
    let selection = stage.selection_now();
    let inside = |state: &StateRef| {
        selection
            .iter()
            .any(|other| other != state && is_within(state, other))
    };
    let states: Vec<StateRef> = selection
        .iter()
        .filter(|state| !inside(state))
        .cloned()
        .collect();
    let chosen: HashSet<usize> = states
        .iter()
        .filter_map(|state| scene.graph.node_index(state))
        .collect();
    let carried = |node: &usize| {
        chosen.contains(node)
            || scene
                .graph
                .frames_around(*node)
                .any(|frame| chosen.contains(&frame))
    };
    let all: Vec<usize> = (0..scene.graph.nodes.len()).filter(carried).collect();
    let hull = Rect::around_all(chosen.iter().filter_map(|node| scene.placement.rect(*node)))?;
    let (width, height) = stage.size();
    let seen = stage.view().shows(width, height);
    let still = scene
        .nodes_within(&seen)
        .into_iter()
        .filter(|node| !all.contains(node));
    let frames = |node: &usize| {
        scene
            .graph
            .nodes
            .get(*node)
            .is_some_and(|node| !node.inner.is_empty())
    };
    let neighbours = still
        .filter(|node| !frames(node))
        .filter_map(|node| scene.placement.rect(node))
        .collect();
    Some(Moved {
        states,
        all,
        hull,
        neighbours,
        start,
        started: false,
        click,
        shift: Point::default(),
    })
}

/// An item of the palette is pressed.
pub(crate) fn press_item(stage: Stage, id: &'static str, ev: &web_sys::PointerEvent) {
    if ev.button() != 0 || stage.read_only {
        return;
    }
    let window = Point {
        x: f64::from(ev.client_x()),
        y: f64::from(ev.client_y()),
    };
    stage.gesture.update_value(|gesture| {
        gesture.doing = Doing::Item {
            id,
            start: window,
            window,
            started: false,
        };
    });
}

pub(crate) fn wheel(stage: Stage, ev: &web_sys::WheelEvent) {
    let inside = ev
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if inside.is_some_and(|element| element.closest("[data-still]").ok().flatten().is_some()) {
        return;
    }
    ev.prevent_default();
    stage.moving();
    let unit = if ev.delta_mode() == 0 { 1.0 } else { 16.0 };
    if ev.ctrl_key() || ev.meta_key() {
        let at = stage.to_canvas(f64::from(ev.client_x()), f64::from(ev.client_y()));
        let factor = (-ev.delta_y() * unit * 0.002).clamp(-0.4, 0.4).exp();
        stage.zoom(factor, Some(at));
    } else {
        let (mut x, mut y) = (ev.delta_x() * unit, ev.delta_y() * unit);
        if ev.shift_key() && x == 0.0 {
            (x, y) = (y, 0.0);
        }
        stage.set_view(stage.view().panned(-x, -y));
    }
}
