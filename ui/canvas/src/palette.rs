//! What can be added, at the left: found by typing, dragged, or put after the selection by Enter.

use crate::{
    actions,
    gesture::{self, Doing},
    look,
    stage::Stage,
    words,
};
use awm_flow::{
    Point,
    catalogue::{self, Family, Item},
};
use awm_kit::{Glyph, Icon, Input};
use leptos::prelude::*;

#[component]
pub(crate) fn Palette(stage: Stage) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let found = Memo::new(move |_| query.with(|query| catalogue::search(query)));
    let first = move || found.with(|found| found.first().copied());
    let key = move |ev: web_sys::KeyboardEvent| match ev.key().as_str() {
        "Enter" => {
            if let Some(item) = first() {
                actions::add_after_selection(stage, item.id);
                query.set(String::new());
            }
        }
        "Escape" => query.set(String::new()),
        _ => {}
    };
    let family = move |family: Family| {
        let items: Vec<&'static Item> = found.with(|found| {
            found
                .iter()
                .copied()
                .filter(|item| item.family == family)
                .collect()
        });
        (!items.is_empty()).then(|| {
            view! {
                <section aria-label=family.title() class="mb-2">
                    <h3 class="px-2 pt-2 pb-1 text-2xs font-medium text-ink-faint">{family.title()}</h3>
                    {items.into_iter().map(|item| view! { <Entry stage item /> }).collect_view()}
                </section>
            }
        })
    };
    let moved = move |ev: web_sys::PointerEvent| {
        let window = Point {
            x: f64::from(ev.client_x()),
            y: f64::from(ev.client_y()),
        };
        let mut dragged = false;
        stage.gesture.update_value(|gesture| {
            if let Doing::Item { window: at, .. } = &mut gesture.doing {
                *at = window;
                gesture.stirred = true;
                dragged = true;
            }
        });
        if dragged {
            stage.schedule();
        }
    };
    let drags = move || {
        stage
            .gesture
            .with_value(|gesture| matches!(gesture.doing, Doing::Item { .. }))
    };
    view! {
        <aside class="flex h-full w-55 select-none shrink-0 flex-col border-r border-line bg-surface" aria-label=words::PALETTE data-testid="palette">
            <div class="p-2">
                <Input
                    value=query
                    on_input=Callback::new(move |text| query.set(text))
                    on_key=Callback::new(key)
                    label=words::PALETTE_SEARCH
                    placeholder=words::PALETTE_SEARCH
                    icon=Icon::Search
                    testid="palette-search"
                />
            </div>
            <div
                class="min-h-0 flex-1 touch-pan-y overflow-y-auto px-1 pb-2"
                on:pointermove=moved
                on:pointerup=move |ev| {
                    if drags() {
                        gesture::release(stage, Some(ev.pointer_id()), false);
                    }
                }
                on:pointercancel=move |ev| {
                    if drags() {
                        gesture::release(stage, Some(ev.pointer_id()), true);
                    }
                }
            >
                {move || Family::ALL.into_iter().map(family).collect_view()}
                <Show when=move || found.with(Vec::is_empty)>
                    <p class="px-2 py-3 text-xs text-ink-muted">{words::PALETTE_EMPTY}</p>
                </Show>
            </div>
        </aside>
    }
}

#[component]
fn Entry(stage: Stage, item: &'static Item) -> impl IntoView {
    let press = move |ev: web_sys::PointerEvent| {
        if let Some(target) = ev.current_target() {
            use wasm_bindgen::JsCast;
            if let Some(element) = target.dyn_ref::<web_sys::Element>() {
                // Without the capture a drag ends at the border, no worse.
                let _ = element.set_pointer_capture(ev.pointer_id());
            }
        }
        gesture::press_item(stage, item.id, &ev);
    };
    view! {
        <div
            class="flex h-8 w-full items-center gap-2 rounded-control px-2 text-sm text-ink hover:bg-fill focus-visible:bg-fill cursor-grab select-none"
            role="button"
            tabindex="0"
            title=item.help
            aria-disabled=stage.read_only.then_some("true")
            data-testid=format!("palette-item-{}", item.id)
            on:pointerdown=press
            on:dblclick=move |_| actions::add_after_selection(stage, item.id)
            on:keydown=move |ev| {
                if ev.key() == "Enter" || ev.key() == " " {
                    ev.prevent_default();
                    ev.stop_propagation();
                    actions::add_after_selection(stage, item.id);
                }
            }
        >
            <span class=format!("flex size-5 shrink-0 items-center justify-center rounded-badge {}", look::tile(item))>
                <Glyph icon=look::icon(item.id) size=12 />
            </span>
            <span class="truncate">{item.title}</span>
        </div>
    }
}
