//! A JSON value to look into: folding, search, copy, marks for what differs.

use crate::routes::editor::{
    model::{
        diff::{Mark, diff},
        tree::{RowKind, Shown, rows},
    },
    virtual_rows::VirtualRows,
};
use awm_kit::{Icon, IconButton};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// Places that are marked at most.
const MARKS: usize = 2_000;
/// Rows that are worked out at most.
const ROWS: usize = 50_000;

/// The viewer. With `before`, what differs from it is marked.
#[component]
pub fn JsonTree(
    /// The value.
    value: Arc<Value>,
    /// What it is compared with.
    #[prop(optional_no_strip)]
    before: Option<Arc<Value>>,
    /// What it is, for the accessible name.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let shown = RwSignal::new(Shown {
        open_to: 2,
        ..Shown::default()
    });
    let searching = RwSignal::new(false);
    let (marks, gone) = before
        .map(|before| diff(&before, &value, MARKS))
        .unwrap_or_default();
    let marks = Arc::new(marks);
    let all = {
        let value = value.clone();
        Memo::new(move |_| {
            let mut rows = shown.with(|shown| rows(&value, shown, ROWS));
            // An open object at the top says nothing that its members don't say.
            if rows.first().is_some_and(|top| top.open) {
                rows.remove(0);
                for row in &mut rows {
                    row.depth = row.depth.saturating_sub(1);
                }
            }
            Arc::new(rows)
        })
    };
    let count = Signal::derive(move || all.with(|rows| rows.len()));
    let version = super::version_of(all);
    let copied = RwSignal::new(false);
    let copy = move |_| {
        // Only the browser's refusal can be told, and there is nothing to do about it.
        let _ = window()
            .navigator()
            .clipboard()
            .write_text(&serde_json::to_string_pretty(value.as_ref()).unwrap_or_default());
        copied.set(true);
        set_timeout(
            move || {
                copied.try_set(false);
            },
            std::time::Duration::from_millis(1500),
        );
    };
    let draw = Callback::new(move |n: usize| {
        let Some(row) = all.with_untracked(|rows| rows.get(n).cloned()) else {
            return ().into_any();
        };
        let mark = match marks.get(&row.pointer) {
            _ if row.kind == RowKind::More => "",
            Some(Mark::Added) => "bg-ok-soft",
            Some(Mark::Changed) => "bg-warn-soft",
            _ => "",
        };
        let ink = match row.kind {
            RowKind::Null | RowKind::Truth | RowKind::Number => "text-info",
            RowKind::Text => "text-ok",
            RowKind::Object | RowKind::List => "text-ink-faint",
            RowKind::More => "text-accent-ink underline",
        };
        let pointer = row.pointer.clone();
        let more = row.kind == RowKind::More;
        let opens = row.opens;
        let press = move |_| {
            let pointer = pointer.clone();
            shown.update(|shown| {
                if more {
                    shown.whole.insert(pointer);
                } else if opens && !shown.toggled.remove(&pointer) {
                    shown.toggled.insert(pointer);
                }
            });
        };
        let sign = match (row.opens, row.open) {
            (true, true) => "▾",
            (true, false) => "▸",
            _ => "",
        };
        let tip = match marks.get(&row.pointer) {
            Some(Mark::Added) => Some("New here"),
            Some(Mark::Changed) => Some("Changed here"),
            _ => None,
        };
        view! {
            <div
                class=format!("flex h-5 items-center gap-1 pr-2 font-mono text-xs whitespace-nowrap hover:bg-fill {mark}")
                style=format!("padding-left:{}px", 6 + row.depth * 12)
                data-found=row.found.then_some("true")
                data-tip=tip
                on:click=press
            >
                <span class="inline-block w-3 shrink-0 text-center text-2xs text-ink-faint">{sign}</span>
                {row.key.map(|key| view! { <span class="shrink-0 text-accent-ink">{format!("{key}:")}</span> })}
                <span class=if row.found { "rounded-badge bg-warn-soft text-warn" } else { ink }>{row.text}</span>
            </div>
        }
        .into_any()
    });
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="flex h-7 shrink-0 items-center gap-0.5 px-1">
                {move || {
                    searching
                        .get()
                        .then(|| {
                            view! {
                                <input
                                    class="h-6 min-w-0 flex-1 rounded-badge bg-fill px-2 text-xs focus-visible:outline-2"
                                    placeholder="Search"
                                    aria-label="Search in this value"
                                    prop:value=move || shown.with(|shown| shown.search.clone())
                                    on:input=move |ev| shown.update(|shown| shown.search = event_target_value(&ev))
                                />
                            }
                        })
                }} {(!gone.is_empty()).then(|| view! { <span class="truncate px-1 text-2xs text-crit" data-tip=gone.join("\n")>{format!("{} gone", gone.len())}</span> })}
                <span class="ml-auto"></span>
                <IconButton
                    icon=Icon::Search
                    label="Search in this value"
                    size=awm_kit::ControlSize::Tiny
                    on_click=move |_| {
                        searching.update(|on| *on = !*on);
                        shown.update(|shown| shown.search.clear());
                    }
                />
                <IconButton
                    icon=Signal::derive(move || if copied.get() { Icon::Check } else { Icon::Copy })
                    label="Copy as JSON"
                    size=awm_kit::ControlSize::Tiny
                    on_click=copy
                />
            </div>
            <div class="min-h-0 flex-1">
                <VirtualRows count=count height=20.0 version=version draw=draw label=label />
            </div>
        </div>
    }
}
