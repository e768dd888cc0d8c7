//! Settings: what is changed here is stored at once.

mod about;
mod appearance;
mod embedding;
pub(super) mod memory;
mod model;
mod privacy;
mod workspace;

use super::{SETTINGS_SECTIONS, query::query_value};
use crate::{
    palette::ShortcutList,
    session::{Crumb, use_session},
};
use awm_kit::Skeleton;
use leptos::prelude::*;

/// The screen: one section at a time, named in the address.
#[component]
pub(super) fn SettingsScreen() -> impl IntoView {
    let session = use_session();
    let asked = query_value("section");
    let section = Memo::new(move |_| {
        let asked = asked.get();
        SETTINGS_SECTIONS
            .iter()
            .find(|(id, ..)| *id == asked)
            .or(SETTINGS_SECTIONS.first())
            .map_or(("", ""), |(id, title, _)| (*id, *title))
    });
    Effect::new(move |_| {
        session.at(vec![
            Crumb::link("Settings", "/settings"),
            Crumb::here(section.get().1),
        ])
    });
    view! {
        <div class="flex h-full min-h-0" data-testid="settings">
            <nav class="w-56 shrink-0 overflow-y-auto border-r border-line px-3 py-4" aria-label="Sections">
                <ul class="flex flex-col gap-0.5">
                    {SETTINGS_SECTIONS
                        .iter()
                        .map(|(id, title, _)| {
                            view! {
                                <li>
                                    <button
                                        type="button"
                                        class="flex h-8 w-full items-center rounded-control px-2 text-left text-sm text-ink-muted hover:bg-fill hover:text-ink aria-[current=true]:bg-fill aria-[current=true]:font-medium aria-[current=true]:text-ink"
                                        aria-current=move || (section.get().0 == *id).to_string()
                                        data-testid=format!("settings-{id}")
                                        on:click=move |_| asked.set(*id)
                                    >
                                        {*title}
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </nav>
            <div class="min-w-0 flex-1 overflow-y-auto px-8 py-6">
                <div class="flex max-w-2xl flex-col gap-6">
                    <h1 class="text-xl">{move || section.get().1}</h1>
                    {move || {
                        if !session.known.get() {
                            return view! { <Skeleton rows=6 text=true /> }.into_any();
                        }
                        match section.get().0 {
                            "model" => view! { <model::ModelSection /> }.into_any(),
                            "embedding" => view! { <embedding::EmbeddingSection /> }.into_any(),
                            "memory" => view! { <memory::MemorySection /> }.into_any(),
                            "appearance" => view! { <appearance::Appearance /> }.into_any(),
                            "privacy" => view! { <privacy::Privacy /> }.into_any(),
                            "shortcuts" => view! { <ShortcutList /> }.into_any(),
                            "about" => view! { <about::About /> }.into_any(),
                            _ => view! { <workspace::Workspace /> }.into_any(),
                        }
                    }}
                </div>
            </div>
        </div>
    }
}

/// One thing that can be set: its words at the left, its control at the right.
fn row(title: &'static str, text: &'static str, control: impl IntoView) -> impl IntoView {
    view! {
        <div class="flex flex-wrap items-center justify-between gap-x-8 gap-y-2 border-b border-line py-4 last:border-0">
            <div class="max-w-[44ch] min-w-0">
                <p class="text-sm font-medium">{title}</p>
                <p class="mt-0.5 text-xs text-ink-muted">{text}</p>
            </div>
            <div class="flex shrink-0 items-center gap-2">{control}</div>
        </div>
    }
}

/// A box around rows.
fn card(content: impl IntoView) -> impl IntoView {
    view! { <div class="rounded-card border border-line bg-surface px-5 shadow-small">{content}</div> }
}
