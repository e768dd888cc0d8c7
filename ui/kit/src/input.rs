//! Text entry.

use crate::{Glyph, Icon};
use leptos::{ev, html, prelude::*};

const BOX: &str = "w-full min-w-0 rounded-control border border-control/55 bg-surface text-ink shadow-small transition-[border-color] duration-80 hover:border-control focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-accent/35 focus-visible:outline-offset-0 disabled:opacity-50 aria-invalid:border-crit";

/// One line of text.
#[component]
pub fn Input(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Told the text at every change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Told the text when it is left or Enter is pressed.
    #[prop(optional, into)]
    on_commit: Option<Callback<String>>,
    /// Told every key, before the control's own use of it.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    /// The accessible name, where no label is around it.
    #[prop(optional, into)]
    label: Signal<String>,
    /// Grey text while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// The `type` of the element.
    #[prop(default = "text")]
    kind: &'static str,
    /// A drawing at the left.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Whether it is code: mono, without spelling marks.
    #[prop(optional)]
    mono: bool,
    /// Whether the value is wrong.
    #[prop(optional, into)]
    invalid: Signal<bool>,
    /// Whether it can't be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether it takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// The element, for whoever must focus it.
    #[prop(optional)]
    node: NodeRef<html::Input>,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
) -> impl IntoView {
    if autofocus {
        Effect::new(move |_| {
            if let Some(input) = node.get() {
                // An element outside the page can't be focused; then there is nothing to do.
                let _ = input.focus();
            }
        });
    }
    let class = format!(
        "{BOX} h-8 {} {}",
        if icon.is_some() { "pl-8 pr-2" } else { "px-2" },
        if mono { "font-mono text-xs" } else { "text-sm" }
    );
    view! {
        <span class="relative flex w-full min-w-0 items-center">
            {icon
                .map(|icon| {
                    view! {
                        <span class="pointer-events-none absolute left-2 inline-flex text-ink-faint">
                            <Glyph icon=icon />
                        </span>
                    }
                })}
            <input
                node_ref=node
                type=kind
                class=class
                prop:value=move || value.get()
                placeholder=move || placeholder.get()
                aria-label=move || Some(label.get()).filter(|text| !text.is_empty())
                aria-invalid=move || invalid.get().then_some("true")
                disabled=move || disabled.get()
                autocomplete="off"
                spellcheck=if mono || kind != "text" { "false" } else { "true" }
                data-testid=(!testid.is_empty()).then_some(testid)
                on:input=move |ev| {
                    if let Some(tell) = on_input {
                        tell.run(event_target_value(&ev));
                    }
                }
                on:change=move |ev| {
                    if let Some(tell) = on_commit {
                        tell.run(event_target_value(&ev));
                    }
                }
                on:keydown=move |ev| {
                    if let Some(tell) = on_key {
                        tell.run(ev);
                    }
                }
            />
        </span>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Told the text at every change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Told the text when it is left.
    #[prop(optional, into)]
    on_commit: Option<Callback<String>>,
    /// Told every key, before the control's own use of it.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    /// The accessible name, where no label is around it.
    #[prop(optional, into)]
    label: Signal<String>,
    /// Grey text while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// Lines that are visible.
    #[prop(default = 3)]
    rows: u32,
    /// Whether it is code.
    #[prop(optional)]
    mono: bool,
    /// Whether the value is wrong.
    #[prop(optional, into)]
    invalid: Signal<bool>,
    /// Whether it can't be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The element, for whoever must focus it.
    #[prop(optional)]
    node: NodeRef<html::Textarea>,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
) -> impl IntoView {
    view! {
        <textarea
            node_ref=node
            class=format!("{BOX} resize-y px-2 py-1.5 {}", if mono { "font-mono text-xs" } else { "text-sm" })
            rows=rows
            prop:value=move || value.get()
            placeholder=move || placeholder.get()
            aria-label=move || Some(label.get()).filter(|text| !text.is_empty())
            aria-invalid=move || invalid.get().then_some("true")
            disabled=move || disabled.get()
            spellcheck=if mono { "false" } else { "true" }
            data-testid=(!testid.is_empty()).then_some(testid)
            on:input=move |ev| {
                if let Some(tell) = on_input {
                    tell.run(event_target_value(&ev));
                }
            }
            on:change=move |ev| {
                if let Some(tell) = on_commit {
                    tell.run(event_target_value(&ev));
                }
            }
            on:keydown=move |ev| {
                if let Some(tell) = on_key {
                    tell.run(ev);
                }
            }
        ></textarea>
    }
}
