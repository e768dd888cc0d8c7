//! Dialogs: the browser's own modal element, so focus is kept and given back, and what is behind is inert.

use crate::{ControlSize, Icon, IconButton};
use leptos::{html, prelude::*};

/// A modal dialog with a title; Escape and a press outside close it.
#[component]
pub fn Dialog(
    /// Whether it is open; closing writes it.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Width in pixels, at most the window's.
    #[prop(default = 480)]
    width: u32,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
    /// The content, made anew at each opening.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // It fails only if the element left the page meanwhile.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog
            node_ref=node
            class="m-auto max-h-[85vh] max-w-[calc(100vw-32px)] flex-col overflow-hidden rounded-dialog bg-surface p-0 shadow-large backdrop:bg-shade open:flex open:animate-appear"
            style=format!("width:{width}px")
            aria-label=move || title.get()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:close=move |_| open.set(false)
            on:mousedown=move |ev| {
                // Only the backdrop is the dialog itself; its content lies in elements of their own.
                if node.get_untracked().is_some_and(|dialog| event_target::<web_sys::Element>(&ev) == **dialog) {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>
                <header class="flex shrink-0 items-center justify-between gap-4 pt-4 pr-3 pl-5">
                    <h2 class="truncate text-lg">{move || title.get()}</h2>
                    <IconButton icon=Icon::Close label="Close" size=ControlSize::Small on_click=move |_| open.set(false) />
                </header>
                <div class="min-h-0 overflow-y-auto px-5 pt-3 pb-5 text-base">{children.with_value(|children| children())}</div>
            </Show>
        </dialog>
    }
}
