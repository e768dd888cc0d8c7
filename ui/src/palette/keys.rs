//! Shortcuts: every action that has one can be done by it, wherever the focus is.

use super::Registry;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// How long the first key of a sequence waits for the second, milliseconds.
const SEQUENCE: i64 = 1200;

pub(super) fn listen(registry: Registry) {
    let before = StoredValue::new((String::new(), 0_i64));
    let mac = awm_kit::is_mac();
    let handle = window_event_listener(ev::keydown, move |ev| {
        if ev.default_prevented() || ev.is_composing() {
            return;
        }
        let Some(chord) = chord(&ev, mac) else { return };
        let held = chord.starts_with("mod+") || chord.starts_with("alt+");
        // Plain keys belong to whoever is typed into, and to an open dialog.
        if !held && (typing(&ev) || dialog_open()) {
            return;
        }
        if chord == "mod+k" {
            ev.prevent_default();
            registry.sheet.set(false);
            registry.open.update(|open| *open = !*open);
            return;
        }
        let (first, at) = before.get_value();
        let now = awm_kit::now_ms();
        let sequence =
            (now - at < SEQUENCE && !first.is_empty()).then(|| format!("{first} {chord}"));
        before.set_value((chord.clone(), now));
        let actions = untrack(|| registry.actions());
        let wanted = |keys: &str| actions.iter().find(|action| action.shortcut == keys);
        let action = sequence
            .as_deref()
            .and_then(wanted)
            .or_else(|| wanted(&chord));
        if let Some(action) = action.filter(|action| action.unavailable.is_none() && !dialog_open())
        {
            ev.prevent_default();
            before.set_value((String::new(), 0));
            action.run.run(());
        }
    });
    on_cleanup(move || handle.remove());
}

/// The keys held down, in the way shortcuts are written: `mod+shift+z`, `g`, `?`.
fn chord(ev: &ev::KeyboardEvent, mac: bool) -> Option<String> {
    let key = match ev.key().as_str() {
        "Control" | "Meta" | "Shift" | "Alt" | "Dead" | "Unidentified" => return None,
        " " => "space".to_owned(),
        "Enter" => "enter".to_owned(),
        "Escape" => "escape".to_owned(),
        "+" => "plus".to_owned(),
        other => other.to_lowercase(),
    };
    let held = if mac { ev.meta_key() } else { ev.ctrl_key() };
    let letter = key.chars().count() > 1 || key.chars().all(char::is_alphanumeric);
    let mut chord = String::new();
    for (is, name) in [
        (held, "mod+"),
        (ev.alt_key(), "alt+"),
        (ev.shift_key() && letter, "shift+"),
    ] {
        if is {
            chord.push_str(name);
        }
    }
    Some(chord + &key)
}

fn typing(ev: &ev::KeyboardEvent) -> bool {
    ev.target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|el| {
            el.closest("input,textarea,select,[contenteditable=true],[role=menu]")
                .ok()
                .flatten()
                .is_some()
        })
}

fn dialog_open() -> bool {
    document()
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .is_some()
}
