//! Keys. Everything that can be dragged can be done here, too.

use crate::{
    actions,
    stage::{Popover, Stage},
};
use awm_flow::geometry::GRID;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Whether a key belongs to a field that is being typed in.
fn typed_elsewhere(target: Option<web_sys::EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        element
            .closest("input, textarea, select, [contenteditable=true], [data-still]")
            .ok()
            .flatten()
            .is_some()
    })
}

/// A node got the focus: by Tab it is also selected and brought into view.
pub(crate) fn focused(stage: Stage, state: &str, ev: &web_sys::FocusEvent) {
    let element = ev
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let by_key = element.is_some_and(|element| element.matches(":focus-visible").unwrap_or(false));
    let pressed = stage
        .gesture
        .with_value(|gesture| !gesture.pointers.is_empty());
    if by_key && !pressed {
        stage.bring(state);
    }
}

/// The state that has the focus.
fn focused_state() -> Option<String> {
    document().active_element()?.get_attribute("data-node")
}

pub(crate) fn up(stage: Stage, ev: &web_sys::KeyboardEvent) {
    if ev.key() == " " {
        stage.gesture.update_value(|gesture| gesture.space = false);
    }
}

pub(crate) fn down(stage: Stage, ev: &web_sys::KeyboardEvent) {
    if typed_elsewhere(ev.target()) {
        return;
    }
    let command = ev.ctrl_key() || ev.meta_key();
    let handled = if command {
        commanded(stage, ev)
    } else {
        plain(stage, ev)
    };
    if handled {
        ev.prevent_default();
        ev.stop_propagation();
    }
}

fn commanded(stage: Stage, ev: &web_sys::KeyboardEvent) -> bool {
    match (ev.key().to_lowercase().as_str(), ev.shift_key()) {
        ("z", false) => stage.turn(true),
        ("z", true) | ("y", _) => stage.turn(false),
        ("a", _) => actions::select_all(stage),
        ("d", _) => actions::duplicate(stage),
        ("f", _) => stage.popover.set(Some(Popover::Search)),
        ("=" | "+", _) => stage.zoom(1.25, None),
        ("-", _) => stage.zoom(0.8, None),
        ("0", _) => stage.fit(),
        // Copy, cut and paste come as events of their own, with the system's clipboard.
        _ => return false,
    }
    true
}

fn plain(stage: Stage, ev: &web_sys::KeyboardEvent) -> bool {
    let step = if ev.shift_key() { GRID * 4.0 } else { GRID };
    let select_focused = || {
        if let Some(state) = focused_state()
            && !stage
                .selection
                .with_untracked(|selection| selection.contains(&state))
        {
            stage.select(vec![state]);
        }
    };
    match ev.key().as_str() {
        " " | "Enter" => match focused_state() {
            Some(state) => stage.select(vec![state]),
            None if ev.key() == " " => stage.gesture.update_value(|gesture| gesture.space = true),
            None => return false,
        },
        "Escape" => {
            crate::gesture::release(stage, None, true);
            stage.popover.set(None);
            stage.select(Vec::new());
        }
        "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" => {
            select_focused();
            let (x, y) = match ev.key().as_str() {
                "ArrowLeft" => (-step, 0.0),
                "ArrowRight" => (step, 0.0),
                "ArrowUp" => (0.0, -step),
                _ => (0.0, step),
            };
            actions::nudge(stage, x, y);
        }
        "Delete" | "Backspace" => {
            if stage.chosen_edges.with_untracked(Vec::is_empty) {
                select_focused();
            }
            actions::remove(stage);
        }
        "f" | "F" => stage.fit(),
        "l" | "L" => actions::tidy(stage),
        "c" | "C" => {
            select_focused();
            actions::connect(stage);
        }
        "F2" => {
            select_focused();
            actions::rename(stage);
        }
        "+" | "=" => stage.zoom(1.25, None),
        "-" => stage.zoom(0.8, None),
        _ => return false,
    }
    true
}

pub(crate) fn copied(stage: Stage, ev: &web_sys::ClipboardEvent, cut: bool) {
    if typed_elsewhere(ev.target()) {
        return;
    }
    let Some(text) = actions::copy(stage) else {
        return;
    };
    if let Some(clipboard) = ev.clipboard_data() {
        // What the system's clipboard refuses is still kept for pasting here.
        let _ = clipboard.set_data("text/plain", &text);
    }
    ev.prevent_default();
    if cut {
        actions::remove(stage);
    }
}

pub(crate) fn pasted(stage: Stage, ev: &web_sys::ClipboardEvent) {
    if typed_elsewhere(ev.target()) {
        return;
    }
    let text = ev
        .clipboard_data()
        .and_then(|clipboard| clipboard.get_data("text/plain").ok());
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => actions::paste(stage, text),
        None => actions::paste_copied(stage),
    }
    ev.prevent_default();
}
