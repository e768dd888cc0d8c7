//! The palette on the screen: a combobox over a listbox.

use super::{
    Action,
    find::{self, Go},
    rank::score,
    registry,
};
use awm_kit::{Glyph, Icon, Kbd, recall, remember, use_toasts};
use leptos::{ev, html, prelude::*};
use leptos_router::hooks::use_navigate;
use std::time::Duration;

const SHOWN: usize = 60;
const RECENT: usize = 5;

/// The palette; it is in the page all the time, so that opening it only has to show it.
#[component]
pub(crate) fn PaletteLayer() -> impl IntoView {
    let open = registry().map_or_else(|| RwSignal::new(false), |registry| registry.open);
    let go: Go = find::go_by(use_navigate());
    let toasts = use_toasts();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let fetched = RwSignal::new(Vec::<Action>::new());
    let documents = RwSignal::new(Vec::<Action>::new());
    let recent = RwSignal::new(recent_ids());
    let dialog = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Div>::new();

    let settings = StoredValue::new(find::settings(&go));
    let searched = go.clone();
    let go = StoredValue::new(go);
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if !open.get() {
            return dialog.close();
        }
        query.set(String::new());
        chosen.set(0);
        documents.set(Vec::new());
        recent.set(recent_ids());
        if !dialog.open() {
            let _ = dialog.show_modal();
        }
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
        leptos::task::spawn_local(async move {
            let found = find::workspace(go.get_value(), toasts).await;
            fetched.try_set(found);
        });
    });
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = before.flatten() {
            timer.clear();
        }
        let text = query.get();
        chosen.set(0);
        if text.trim().chars().count() < 2 {
            documents.set(Vec::new());
            return None;
        }
        let go = searched.clone();
        let look = move || {
            leptos::task::spawn_local(async move {
                let found = find::documents(text.clone(), go).await;
                if query.try_get_untracked().is_some_and(|now| now == text) {
                    documents.set(found);
                }
            });
        };
        set_timeout_with_handle(look, Duration::from_millis(120)).ok()
    });

    let hits = Memo::new_with_compare(
        move |_| {
            if !open.get() {
                return Vec::new();
            }
            let here = registry()
                .map(|registry| registry.actions())
                .unwrap_or_default();
            let all = here
                .into_iter()
                .filter(|action| action.id != "palette")
                .chain(fetched.get())
                .chain(settings.get_value());
            ranked(&query.get(), all.collect(), documents.get(), &recent.get())
        },
        |_, _| true,
    );
    let run = move |at: usize| {
        let Some(action) =
            hits.with_untracked(|hits| hits.get(at).map(|(_, action)| action.clone()))
        else {
            return;
        };
        if action.unavailable.is_some() {
            return;
        }
        note_recent(&action.id);
        open.set(false);
        action.run.run(());
    };
    let on_key = move |ev: ev::KeyboardEvent| {
        let last = hits.with_untracked(Vec::len).saturating_sub(1);
        let at = chosen.get_untracked();
        let next = match ev.key().as_str() {
            "ArrowDown" => {
                if at >= last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowUp" => at.checked_sub(1).unwrap_or(last),
            "PageDown" => (at + 8).min(last),
            "PageUp" => at.saturating_sub(8),
            "Enter" => {
                ev.prevent_default();
                return run(at);
            }
            _ => return,
        };
        ev.prevent_default();
        chosen.set(next);
        let row = list.get_untracked().and_then(|list| {
            list.query_selector(&format!("#palette-{next}"))
                .ok()
                .flatten()
        });
        if let Some(row) = row {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="mx-auto mt-[12vh] mb-auto w-[640px] max-w-[calc(100vw-32px)] flex-col overflow-hidden rounded-dialog bg-surface p-0 shadow-large backdrop:bg-shade open:flex"
            aria-label="Search or do"
            data-testid="palette"
            on:close=move |_| open.set(false)
            on:mousedown=move |ev| {
                if dialog.get_untracked().is_some_and(|dialog| event_target::<web_sys::Element>(&ev) == **dialog) {
                    open.set(false);
                }
            }
        >
            <div class="flex h-12 shrink-0 items-center gap-2.5 border-b border-line px-4">
                <Glyph icon=Icon::Search class="text-ink-faint" />
                <input
                    node_ref=input
                    class="h-full min-w-0 flex-1 bg-transparent text-base focus-visible:outline-none"
                    type="text"
                    role="combobox"
                    placeholder="Go to, run, create, find…"
                    aria-label="Search or do"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || format!("palette-{}", chosen.get())
                    autocomplete="off"
                    spellcheck="false"
                    data-testid="palette-input"
                    prop:value=move || query.get()
                    on:input=move |ev| query.set(event_target_value(&ev))
                    on:keydown=on_key
                />
                <Kbd keys="escape" />
            </div>
            <div node_ref=list id="palette-list" role="listbox" aria-label="Actions" class="max-h-[52vh] min-h-0 overflow-y-auto p-1.5">
                {move || {
                    let hits = hits.get();
                    if hits.is_empty() {
                        return view! {
                            <p class="px-3 py-8 text-center text-sm text-ink-muted">
                                {move || format!("Nothing is called “{}”.", query.get())}
                            </p>
                        }
                            .into_any();
                    }
                    let mut above = "";
                    hits.into_iter()
                        .enumerate()
                        .map(|(at, (group, action))| {
                            let heading = (group != above).then_some(group);
                            above = group;
                            option(at, heading, action, chosen, run)
                        })
                        .collect_view()
                        .into_any()
                }}
            </div>
        </dialog>
    }
}

fn option(
    at: usize,
    heading: Option<&'static str>,
    action: Action,
    chosen: RwSignal<usize>,
    run: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> AnyView {
    let off = action.unavailable.is_some();
    view! {
        {heading.map(|text| view! { <div class="px-2.5 pt-2 pb-1 text-2xs font-medium text-ink-faint" role="presentation">{text}</div> })}
        <div
            id=format!("palette-{at}")
            role="option"
            class="flex h-9 items-center gap-2.5 rounded-control px-2.5 text-sm aria-disabled:text-ink-faint aria-selected:bg-accent-soft aria-selected:text-accent-ink"
            aria-selected=move || (chosen.get() == at).to_string()
            aria-disabled=off.then_some("true")
            data-testid="palette-option"
            on:pointermove=move |_| {
                if chosen.get_untracked() != at {
                    chosen.set(at);
                }
            }
            on:click=move |_| run(at)
        >
            <Glyph icon=action.icon class="opacity-75" />
            <span class="min-w-0 flex-1 truncate">{action.title}</span>
            {action.unavailable.map(|reason| view! { <span class="truncate text-xs text-ink-faint">{reason}</span> })}
            {(!action.shortcut.is_empty()).then(|| view! { <Kbd keys=action.shortcut /> })}
        </div>
    }
    .into_any()
}

/// What is shown, with its headings. Nothing typed: recent first, then everything in the registry's order.
fn ranked(
    query: &str,
    actions: Vec<Action>,
    documents: Vec<Action>,
    recent: &[String],
) -> Vec<(&'static str, Action)> {
    if query.trim().is_empty() {
        let lately = recent
            .iter()
            .filter_map(|id| actions.iter().find(|action| action.id == *id))
            .take(RECENT);
        let mut out: Vec<(&'static str, Action)> =
            lately.map(|action| ("Recent", action.clone())).collect();
        let listed: Vec<String> = out.iter().map(|(_, action)| action.id.clone()).collect();
        let mut groups: Vec<&'static str> = Vec::new();
        for action in &actions {
            if !groups.contains(&action.group) {
                groups.push(action.group);
            }
        }
        for group in groups {
            let rows = actions
                .iter()
                .filter(|action| action.group == group && !listed.contains(&action.id));
            out.extend(rows.map(|action| (group, action.clone())));
        }
        out.truncate(SHOWN);
        return out;
    }
    let mut found: Vec<(u32, Action)> = actions
        .into_iter()
        .filter_map(|action| {
            let fresh = if recent.contains(&action.id) { 40 } else { 0 };
            Some((
                score(query, &action.title, &action.keywords)? + fresh,
                action,
            ))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    let mut out: Vec<(&'static str, Action)> = found
        .into_iter()
        .take(SHOWN)
        .map(|(_, action)| ("Best matches", action))
        .collect();
    out.extend(documents.into_iter().map(|action| ("Documents", action)));
    out
}

fn recent_ids() -> Vec<String> {
    recall("recent")
        .map(|text| text.lines().map(str::to_owned).collect())
        .unwrap_or_default()
}

fn note_recent(id: &str) {
    let mut ids = recent_ids();
    ids.retain(|other| other != id);
    ids.insert(0, id.to_owned());
    ids.truncate(12);
    remember("recent", &ids.join("\n"));
}
