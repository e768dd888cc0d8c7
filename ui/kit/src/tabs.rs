//! Tabs.

use crate::{Badge, Tone};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// One tab.
#[derive(Clone, Debug)]
pub struct TabItem {
    /// What is told when it is chosen.
    pub value: &'static str,
    /// What is read.
    pub label: &'static str,
    /// A number beside it, such as how many problems; none at 0.
    pub count: Option<Signal<usize>>,
    /// The tone of the number.
    pub tone: Tone,
}

impl TabItem {
    /// A tab without a number.
    pub const fn new(value: &'static str, label: &'static str) -> Self {
        Self {
            value,
            label,
            count: None,
            tone: Tone::Neutral,
        }
    }

    /// With a number beside it.
    #[must_use]
    pub fn count(mut self, count: impl Into<Signal<usize>>, tone: Tone) -> Self {
        self.count = Some(count.into());
        self.tone = tone;
        self
    }
}

/// A row of tabs; left and right arrows choose. The panel below should have `role="tabpanel"`.
#[component]
pub fn Tabs(
    /// The tabs.
    items: Vec<TabItem>,
    /// The chosen one.
    #[prop(into)]
    value: Signal<String>,
    /// Told the new one.
    #[prop(into)]
    on_change: Callback<String>,
    /// What the tabs are of.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let order: Vec<&'static str> = items.iter().map(|item| item.value).collect();
    let step = move |ev: leptos::ev::KeyboardEvent| {
        let now = value.get_untracked();
        let at = order
            .iter()
            .position(|value| *value == now)
            .unwrap_or_default();
        let last = order.len().saturating_sub(1);
        let next = match ev.key().as_str() {
            "ArrowRight" => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        ev.prevent_default();
        if let Some(next) = order.get(next) {
            on_change.run((*next).into());
            let tab = node.get_untracked().and_then(|row| {
                row.query_selector(&format!("[data-value={next}]"))
                    .ok()
                    .flatten()
            });
            if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = tab.focus();
            }
        }
    };
    view! {
        <div node_ref=node role="tablist" aria-label=label class="flex h-9 items-stretch gap-4" on:keydown=step>
            {items
                .into_iter()
                .map(|item| {
                    let on = Memo::new(move |_| value.get() == item.value);
                    view! {
                        <button
                            type="button"
                            role="tab"
                            data-value=item.value
                            aria-selected=move || on.get().to_string()
                            tabindex=move || if on.get() { "0" } else { "-1" }
                            class="relative inline-flex items-center gap-1.5 text-sm text-ink-muted hover:text-ink aria-selected:font-medium aria-selected:text-ink aria-selected:after:absolute aria-selected:after:inset-x-0 aria-selected:after:bottom-0 aria-selected:after:h-0.5 aria-selected:after:bg-accent"
                            on:click=move |_| on_change.run(item.value.into())
                        >
                            {item.label}
                            {item
                                .count
                                .map(|count| {
                                    move || {
                                        let n = count.get();
                                        (n > 0).then(|| view! { <Badge tone=item.tone>{n}</Badge> })
                                    }
                                })}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
