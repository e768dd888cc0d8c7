//! Choosing: lists, switches, ticks.

use crate::{Glyph, Icon};
use leptos::prelude::*;

/// One entry of a [`Select`] or [`Segmented`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    /// What is told when it is chosen.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl SelectOption {
    /// An entry.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// One of several, in the system's own list.
#[component]
pub fn Select(
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// What can be chosen.
    #[prop(into)]
    options: Signal<Vec<SelectOption>>,
    /// Told the new value.
    #[prop(into)]
    on_change: Callback<String>,
    /// The accessible name, where no label is around it.
    #[prop(optional, into)]
    label: Signal<String>,
    /// Whether it can't be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
) -> impl IntoView {
    view! {
        <span class="relative inline-flex w-full min-w-0 items-center">
            <select
                class="h-8 w-full min-w-0 appearance-none truncate rounded-control border border-control/55 bg-surface pl-2 pr-7 text-sm text-ink shadow-small hover:border-control focus-visible:border-accent disabled:opacity-50"
                aria-label=move || Some(label.get()).filter(|text| !text.is_empty())
                disabled=move || disabled.get()
                data-testid=(!testid.is_empty()).then_some(testid)
                on:change=move |ev| on_change.run(event_target_value(&ev))
            >
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|option| {
                            let own = option.value.clone();
                            view! {
                                <option value=option.value selected=move || value.get() == own>
                                    {option.label}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <span class="pointer-events-none absolute right-2 inline-flex text-ink-faint">
                <Glyph icon=Icon::ChevronDown size=14 />
            </span>
        </span>
    }
}

/// One of two to four, all in sight.
#[component]
pub fn Segmented(
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// What can be chosen.
    options: Vec<SelectOption>,
    /// Told the new value.
    #[prop(into)]
    on_change: Callback<String>,
    /// What is chosen.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <div role="radiogroup" aria-label=label class="inline-flex h-8 items-center rounded-control bg-fill p-0.5">
            {options
                .into_iter()
                .map(|option| {
                    let (own, told) = (option.value.clone(), option.value.clone());
                    let on = Memo::new(move |_| value.get() == own);
                    view! {
                        <button
                            type="button"
                            role="radio"
                            aria-checked=move || on.get().to_string()
                            data-value=option.value
                            class="h-7 rounded-[5px] px-3 text-sm text-ink-muted hover:text-ink aria-checked:bg-surface aria-checked:font-medium aria-checked:text-ink aria-checked:shadow-small"
                            on:click=move |_| on_change.run(told.clone())
                        >
                            {option.label}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// A tick with its words.
#[component]
pub fn Checkbox(
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Told the new state.
    #[prop(into)]
    on_change: Callback<bool>,
    /// Whether it can't be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The words.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <label class="inline-flex min-h-6 items-center gap-2 text-sm">
            <span class="relative inline-flex size-4 shrink-0 items-center justify-center">
                <input
                    type="checkbox"
                    class="peer absolute inset-0 size-4 appearance-none rounded-badge border border-control bg-surface checked:border-accent checked:bg-accent disabled:opacity-50"
                    prop:checked=move || checked.get()
                    disabled=move || disabled.get()
                    on:change=move |ev| on_change.run(event_target_checked(&ev))
                />
                <span class="pointer-events-none relative hidden text-on-accent peer-checked:inline-flex">
                    <Glyph icon=Icon::Check size=12 />
                </span>
            </span>
            <span>{label}</span>
        </label>
    }
}

/// A switch: what it says is so at once, without a Save.
#[component]
pub fn Switch(
    /// Whether it is on.
    #[prop(into)]
    checked: Signal<bool>,
    /// Told the new state.
    #[prop(into)]
    on_change: Callback<bool>,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="button"
            role="switch"
            class="group relative inline-flex h-5 w-9 shrink-0 items-center rounded-full bg-control transition-[background-color] duration-140 aria-checked:bg-accent"
            aria-checked=move || checked.get().to_string()
            aria-label=move || label.get()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=move |_| on_change.run(!checked.get_untracked())
        >
            <span class="size-4 translate-x-0.5 rounded-full bg-on-accent shadow-small transition-transform duration-140 group-aria-checked:translate-x-[18px]"></span>
        </button>
    }
}
