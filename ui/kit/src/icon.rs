//! Drawing an icon.

use crate::Icon;
use leptos::prelude::*;

/// An icon in the current ink. It says nothing to a screen reader: the control around it carries the words.
#[component]
pub fn Glyph(
    /// Which drawing.
    #[prop(into)]
    icon: Signal<Icon>,
    /// Width and height in pixels.
    #[prop(default = 16)]
    size: u32,
    /// Further classes, such as a colour.
    #[prop(optional, into)]
    class: Signal<String>,
) -> impl IntoView {
    view! {
        <svg
            class=move || format!("shrink-0 {}", class.get())
            width=size
            height=size
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=move || icon.get().path()></path>
        </svg>
    }
}

/// A turning ring for work that goes on. Give the words beside it.
#[component]
pub fn Spinner(
    /// Width and height in pixels.
    #[prop(default = 16)]
    size: u32,
) -> impl IntoView {
    view! { <Glyph icon=Icon::Loader size=size class="animate-spin" /> }
}
