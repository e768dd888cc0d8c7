//! A panel over the right edge that does not block what is behind it.

use crate::{Icon, IconButton};
use leptos::prelude::*;

/// A panel at the right; Escape closes it.
#[component]
pub fn Drawer(
    /// Whether it is open; closing writes it.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Width in pixels, at most the window's.
    #[prop(default = 480)]
    width: u32,
    /// The content, made anew at each opening.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Show when=move || open.get()>
            <aside
                class="fixed inset-y-0 right-0 z-30 flex max-w-full animate-appear flex-col bg-surface shadow-large"
                style=format!("width:{width}px")
                aria-label=move || title.get()
                on:keydown=move |ev| {
                    if ev.key() == "Escape" {
                        ev.stop_propagation();
                        open.set(false);
                    }
                }
            >
                <header class="flex h-11 shrink-0 items-center justify-between gap-4 border-b border-line pr-3 pl-4">
                    <h2 class="truncate text-sm font-semibold">{move || title.get()}</h2>
                    <IconButton icon=Icon::Close label="Close" on_click=move |_| open.set(false) />
                </header>
                <div class="min-h-0 flex-1 overflow-y-auto">{children.with_value(|children| children())}</div>
            </aside>
        </Show>
    }
}
