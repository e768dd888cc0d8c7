//! What can be done to the selection: the same for keys, menus and buttons.

use crate::{
    gesture,
    stage::{Popover, Stage},
};
use awm_flow::{Change, Place, Point, StateRef, pointer::is_within};
use awm_kit::{Icon, MenuEntry, MenuItem};
use leptos::prelude::*;

/// Puts a new state after the selected one, or in the selected transition, or at the end.
pub(crate) fn add_after_selection(stage: Stage, item: &str) {
    let edge = stage
        .chosen_edges
        .with_untracked(|edges| edges.first().cloned());
    let state = stage
        .selection
        .with_untracked(|selection| selection.last().cloned());
    let place = match (edge, state) {
        (Some(edge), _) => Place::Onto(edge),
        (None, Some(state)) => Place::After(state),
        (None, None) => Place::Last,
    };
    let change = Change::AddState {
        item: item.to_owned(),
        scope: String::new(),
        name: None,
        place,
    };
    if let Some(applied) = stage.apply(change)
        && let Some(added) = applied.select.first()
    {
        bring_soon(stage, added.clone());
    }
}

/// Brings a state onto the screen once it has its place.
pub(crate) fn bring_soon(stage: Stage, state: StateRef) {
    request_animation_frame(move || stage.bring(&state));
}

pub(crate) fn remove(stage: Stage) {
    let edges = stage.chosen_edges.get_untracked();
    if !edges.is_empty() {
        for edge in edges {
            stage.apply(Change::Disconnect(edge));
        }
        stage.chosen_edges.set(Vec::new());
        return;
    }
    let states = stage.selection_now();
    if !states.is_empty() {
        stage.apply(Change::RemoveStates(states));
    }
}

/// The selection as text; none if nothing is selected.
pub(crate) fn copy(stage: Stage) -> Option<String> {
    let states = stage.selection_now();
    if states.is_empty() {
        return None;
    }
    let text = stage
        .editor
        .with_untracked(|editor| editor.fragment(&states));
    stage.copied.set_value(text.clone());
    stage.said.set(format!("Copied {} states", states.len()));
    Some(text)
}

/// Puts text in where the pointer is, or in the middle of the canvas.
pub(crate) fn paste(stage: Stage, text: String) {
    let (width, height) = stage.size();
    let at = stage.gesture.with_value(|gesture| gesture.at);
    let inside = at.x > 0.0 && at.y > 0.0 && at.x < width && at.y < height;
    let at = if inside {
        at
    } else {
        Point {
            x: width / 2.0,
            y: height / 2.0,
        }
    };
    let scene = stage.scene_now();
    let flow = stage.view().to_flow(at);
    let scope = scene.placement.scope_at(&scene.graph, flow);
    let corner = scene.placement.corner(scope);
    let pointer = scene
        .graph
        .scopes
        .get(scope)
        .map(|scope| scope.pointer.clone())
        .unwrap_or_default();
    let at = Point {
        x: flow.x - corner.x,
        y: flow.y - corner.y,
    };
    stage.apply(Change::Paste {
        text,
        scope: pointer,
        at: Some(at),
    });
}

pub(crate) fn paste_copied(stage: Stage) {
    let copied = stage.copied.get_value();
    if !copied.is_empty() {
        paste(stage, copied);
    }
}

pub(crate) fn duplicate(stage: Stage) {
    let states = stage.selection_now();
    if !states.is_empty() {
        stage.apply(Change::Duplicate(states));
    }
}

pub(crate) fn tidy(stage: Stage) {
    let states = stage.selection_now();
    // One state has nothing to be laid out among: everything is meant.
    let states = if states.len() > 1 { states } else { Vec::new() };
    let all = states.is_empty();
    if stage.apply(Change::Tidy(states)).is_some() && all {
        request_animation_frame(move || stage.fit());
    }
}

pub(crate) fn select_all(stage: Stage) {
    let scene = stage.scene_now();
    let open = scene.graph.nodes.iter().filter(|node| node.scope == 0);
    stage.select(open.map(|node| node.id.clone()).collect());
}

/// Moves the selection by keys, as one step of the history while it goes on.
pub(crate) fn nudge(stage: Stage, x: f64, y: f64) {
    let scene = stage.scene_now();
    let states = stage.selection_now();
    let inside = |state: &StateRef| {
        states
            .iter()
            .any(|other| other != state && is_within(state, other))
    };
    let places = states
        .iter()
        .filter(|state| !inside(state))
        .filter_map(|state| {
            let at = scene.placement.local(scene.graph.node_index(state)?)?;
            Some((
                state.clone(),
                Point {
                    x: at.x + x,
                    y: at.y + y,
                },
            ))
        });
    let places: Vec<_> = places.collect();
    if let Some((_, at)) = places.first().cloned()
        && stage.apply(Change::MoveNodes(places)).is_some()
    {
        let direction = match (x, y) {
            (x, _) if x > 0.0 => "right",
            (x, _) if x < 0.0 => "left",
            (_, y) if y > 0.0 => "down",
            _ => "up",
        };
        stage.said.set(format!(
            "Moved {direction}, now at {:.0}, {:.0}",
            at.x, at.y
        ));
    }
}

pub(crate) fn rename(stage: Stage) {
    let selection = stage.selection_now();
    if let ([state], false) = (selection.as_slice(), stage.read_only) {
        stage.renaming.set(Some(state.clone()));
    }
}

/// Offers the states that the selected one may lead to.
pub(crate) fn connect(stage: Stage) {
    let selection = stage.selection_now();
    if let ([state], false) = (selection.as_slice(), stage.read_only) {
        stage.popover.set(Some(Popover::Targets(state.clone())));
    }
}

/// What the menu offers for the selection.
pub(crate) fn menu(stage: Stage) -> Vec<MenuEntry> {
    let selection = stage.selection_now();
    let edges = stage.chosen_edges.get_untracked();
    let scene = stage.scene_now();
    let one = match selection.as_slice() {
        [one] => scene.graph.node(one),
        _ => None,
    };
    let mut entries: Vec<MenuEntry> = Vec::new();
    let mut add = |item: MenuItem| entries.push(item.into());
    if let Some(node) = one.filter(|node| node.kind.is_frame() && !stage.read_only) {
        let folded = scene
            .graph
            .node_index(&node.id)
            .is_some_and(|index| scene.placement.is_folded(index));
        let id = node.id.clone();
        let (title, icon) = if folded {
            ("Unfold", Icon::Unfold)
        } else {
            ("Fold", Icon::Fold)
        };
        add(MenuItem::new(title, move || gesture::fold(stage, id.clone())).icon(icon));
        if node.kind == awm_flow::NodeKind::Parallel {
            let id = node.id.clone();
            let branch = move || {
                stage.apply(Change::AddBranch(id.clone()));
            };
            add(MenuItem::new("Add a branch", branch).icon(Icon::Plus));
        }
    }
    if !stage.read_only && !edges.is_empty() {
        add(MenuItem::new("Disconnect", move || remove(stage))
            .icon(Icon::Trash)
            .shortcut("Delete")
            .danger());
        return entries;
    }
    if stage.read_only {
        add(MenuItem::new("Fit to the window", move || stage.fit())
            .icon(Icon::Fit)
            .shortcut("F"));
        return entries;
    }
    if let Some(node) = one {
        add(MenuItem::new("Rename", move || rename(stage))
            .icon(Icon::Edit)
            .shortcut("F2"));
        add(MenuItem::new("Connect to…", move || connect(stage))
            .icon(Icon::ArrowRight)
            .shortcut("C"));
        let id = node.id.clone();
        let start = move || {
            stage.apply(Change::SetStart(id.clone()));
        };
        add(MenuItem::new("Start here", start).icon(Icon::Flag));
    }
    if !selection.is_empty() {
        let copied = move || {
            if let Some(text) = copy(stage) {
                // What the system's clipboard refuses is still kept for pasting here.
                let _ = window().navigator().clipboard().write_text(&text);
            }
        };
        add(MenuItem::new("Copy", copied)
            .icon(Icon::Copy)
            .shortcut("Ctrl C"));
        add(MenuItem::new("Duplicate", move || duplicate(stage))
            .icon(Icon::Copy)
            .shortcut("Ctrl D"));
        for (item, title, icon) in [
            ("parallel", "Put into a Parallel", Icon::Layers),
            ("map", "Put into a Map", Icon::Repeat),
        ] {
            let wrap = move || {
                stage.apply(Change::WrapIn {
                    states: stage.selection_now(),
                    item: item.to_owned(),
                });
            };
            add(MenuItem::new(title, wrap).icon(icon));
        }
        add(MenuItem::new("Delete", move || remove(stage))
            .icon(Icon::Trash)
            .shortcut("Delete")
            .danger());
    } else {
        let nothing = stage
            .copied
            .with_value(String::is_empty)
            .then_some("nothing was copied here");
        add(MenuItem::new("Paste", move || paste_copied(stage))
            .icon(Icon::Import)
            .shortcut("Ctrl V")
            .unavailable(nothing));
        add(MenuItem::new("Select all", move || select_all(stage))
            .icon(Icon::Pointer)
            .shortcut("Ctrl A"));
        add(MenuItem::new("Fit to the window", move || stage.fit())
            .icon(Icon::Fit)
            .shortcut("F"));
    }
    add(MenuItem::new("Lay out", move || tidy(stage))
        .icon(Icon::Layout)
        .shortcut("L"));
    entries
}
