//! A control with its words.

use crate::{Glyph, Icon};
use leptos::prelude::*;

/// A label around one control, with what it is called in the language, a hint and the fault.
#[component]
pub fn Field(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The name in the language, such as `TimeoutSeconds`, shown small in mono.
    #[prop(optional, into)]
    caption: Signal<String>,
    /// A sentence of help below.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    view! {
        <label class="flex min-w-0 flex-col gap-1">
            <span class="flex items-baseline justify-between gap-2">
                <span class="text-xs font-medium text-ink-muted">{label}</span>
                <span class="truncate font-mono text-2xs text-ink-faint">{caption}</span>
            </span>
            {children()}
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <span class="flex items-start gap-1 text-xs text-crit" role="alert">
                                <Glyph icon=Icon::CrossCircle size=12 class="mt-0.5" />
                                {text}
                            </span>
                        }
                    })
            }}
            {move || {
                let text = hint.get();
                (!text.is_empty()).then(|| view! { <span class="text-xs text-ink-faint">{text}</span> })
            }}
        </label>
    }
}
