//! Tooltips: any element with `data-tip` has one, on hover after a moment and on keyboard focus at once.

use leptos::{ev, html, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;

const WAIT: Duration = Duration::from_millis(450);

/// The one layer that shows the tooltips of the whole page. Put it at the end of the frame.
#[component]
pub fn TipLayer() -> impl IntoView {
    let target = StoredValue::new_local(None::<web_sys::Element>);
    let shown = RwSignal::new(None::<(String, f64, f64, f64)>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let node = NodeRef::<html::Div>::new();

    let show = move || {
        let found = target.with_value(|el| {
            let el = el.as_ref()?;
            let text = el
                .get_attribute("data-tip")
                .filter(|text| !text.is_empty())?;
            let rect = el.get_bounding_client_rect();
            (el.is_connected() && rect.width() > 0.0).then(|| {
                (
                    text,
                    rect.left() + rect.width() / 2.0,
                    rect.top(),
                    rect.bottom(),
                )
            })
        });
        shown.set(found);
    };
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let hide = move || {
        stop();
        target.set_value(None);
        if shown.get_untracked().is_some() {
            shown.set(None);
        }
    };
    let aim = move |ev: &web_sys::Event, wait: Duration| {
        let el = ev
            .target()
            .and_then(|el| el.dyn_into::<web_sys::Element>().ok())
            .and_then(|el| el.closest("[data-tip]").ok().flatten());
        if target.with_value(|now| *now == el) {
            return;
        }
        hide();
        if el.is_some() {
            target.set_value(el);
            timer.set_value(set_timeout_with_handle(show, wait).ok());
        }
    };
    let listeners = [
        window_event_listener(ev::pointerover, move |ev| aim(&ev, WAIT)),
        window_event_listener(ev::focusin, move |ev| {
            let keyboard = ev
                .target()
                .and_then(|el| el.dyn_into::<web_sys::Element>().ok())
                .is_some_and(|el| el.matches(":focus-visible").unwrap_or_default());
            if keyboard {
                aim(&ev, Duration::from_millis(150));
            }
        }),
        window_event_listener(ev::pointerdown, move |_| hide()),
        window_event_listener(ev::keydown, move |_| hide()),
        window_event_listener(ev::wheel, move |_| hide()),
    ];
    let listeners = StoredValue::new(Some(listeners));
    on_cleanup(move || {
        if let Some(listeners) = listeners.try_update_value(Option::take).flatten() {
            listeners.into_iter().for_each(|listener| listener.remove());
        }
    });

    // The text's own size is known only once it is in the page; then it is moved to where it fits.
    let place = RwSignal::new((-1000.0, 0.0));
    Effect::new(move |_| {
        let Some((_, middle, top, bottom)) = shown.get() else {
            return place.set((-1000.0, 0.0));
        };
        request_animation_frame(move || {
            let Some(tip) = node.get_untracked() else {
                return;
            };
            let rect = tip.get_bounding_client_rect();
            let width = window()
                .inner_width()
                .ok()
                .and_then(|w| w.as_f64())
                .unwrap_or_default();
            let height = window()
                .inner_height()
                .ok()
                .and_then(|h| h.as_f64())
                .unwrap_or_default();
            let x = (middle - rect.width() / 2.0)
                .min(width - rect.width() - 8.0)
                .max(8.0);
            let below = bottom + 6.0;
            let y = if below + rect.height() > height - 4.0 {
                top - rect.height() - 6.0
            } else {
                below
            };
            place.set((x, y));
        });
    });
    view! {
        <Show when=move || shown.get().is_some()>
            <div
                node_ref=node
                role="tooltip"
                class="pointer-events-none fixed z-[60] max-w-80 rounded-control bg-ink px-2 py-1 text-xs font-medium whitespace-pre-line text-bg shadow-soft"
                style=move || {
                    let (x, y) = place.get();
                    format!("left:{x}px;top:{y}px")
                }
            >
                {move || shown.get().map(|(text, ..)| text)}
            </div>
        </Show>
    }
}
