//! A bar between two parts that sets the width or height of one of them.

use crate::remember;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// Which way the measured part grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grows {
    /// The part lies left of the bar.
    Right,
    /// The part lies right of the bar.
    Left,
    /// The part lies above the bar.
    Down,
    /// The part lies below the bar.
    Up,
}

/// The bar. Arrows move it by 16 px; the size is kept under `name` ([`crate::recall`] gives it back).
#[component]
pub fn Splitter(
    /// The size of the measured part, pixels.
    size: RwSignal<f64>,
    /// Which way it grows.
    grows: Grows,
    /// The smallest and the largest size.
    range: (f64, f64),
    /// What the bar sets, such as `Width of the inspector`.
    label: &'static str,
    /// The name under which the size is kept.
    name: &'static str,
) -> impl IntoView {
    let start = StoredValue::new(None::<(f64, f64)>);
    let upright = matches!(grows, Grows::Left | Grows::Right);
    let sign = if matches!(grows, Grows::Right | Grows::Down) {
        1.0
    } else {
        -1.0
    };
    let set = move |to: f64| size.set(to.clamp(range.0, range.1).round());
    let along = move |ev: &ev::PointerEvent| {
        f64::from(if upright {
            ev.client_x()
        } else {
            ev.client_y()
        })
    };
    let end = move |_: ev::PointerEvent| {
        start.set_value(None);
        remember(name, &size.get_untracked().to_string());
    };
    view! {
        <div
            role="separator"
            tabindex="0"
            class=if upright {
                "group relative z-10 -mx-1 w-2 shrink-0 cursor-col-resize touch-none focus-visible:outline-none"
            } else {
                "group relative z-10 -my-1 h-2 shrink-0 cursor-row-resize touch-none focus-visible:outline-none"
            }
            aria-orientation=if upright { "vertical" } else { "horizontal" }
            aria-label=label
            aria-valuenow=move || size.get().to_string()
            aria-valuemin=range.0.to_string()
            aria-valuemax=range.1.to_string()
            on:pointerdown=move |ev| {
                if let Some(bar) = ev.current_target().and_then(|el| el.dyn_into::<web_sys::Element>().ok()) {
                    // A pointer that is gone already can't be captured; the drag just doesn't begin.
                    let _ = bar.set_pointer_capture(ev.pointer_id());
                }
                ev.prevent_default();
                start.set_value(Some((along(&ev), size.get_untracked())));
            }
            on:pointermove=move |ev| {
                if let Some((from, was)) = start.get_value() {
                    set(was + sign * (along(&ev) - from));
                }
            }
            on:pointerup=end
            on:pointercancel=end
            on:keydown=move |ev| {
                let step = match ev.key().as_str() {
                    "ArrowLeft" if upright => -16.0,
                    "ArrowRight" if upright => 16.0,
                    "ArrowUp" if !upright => -16.0,
                    "ArrowDown" if !upright => 16.0,
                    _ => return,
                };
                ev.prevent_default();
                set(size.get_untracked() + sign * step);
                remember(name, &size.get_untracked().to_string());
            }
        >
            <div class=if upright {
                "mx-auto h-full w-px bg-line group-hover:w-0.5 group-hover:bg-accent group-focus-visible:w-0.5 group-focus-visible:bg-accent"
            } else {
                "mt-[3.5px] h-px w-full bg-line group-hover:h-0.5 group-hover:bg-accent group-focus-visible:h-0.5 group-focus-visible:bg-accent"
            }></div>
        </div>
    }
}
