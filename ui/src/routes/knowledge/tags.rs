//! The tags of one document: words by which a search is narrowed.

use crate::load::{act_with, load};
use awm_api::knowledge::{DocumentTag, TagList};
use awm_kit::{ControlSize, Icon, IconButton, Input, use_toasts};
use leptos::prelude::*;

/// The tags, to be taken off or put on.
#[component]
pub(super) fn Tags(document: String) -> impl IntoView {
    let toasts = use_toasts();
    let id = StoredValue::new(document);
    let all = load(|| TagList { document_id: None });
    let own = load(move || TagList {
        document_id: Some(id.get_value()),
    });
    let tags = Memo::new(move |_| {
        let known = own.value().unwrap_or_default();
        known.into_iter().map(|count| count.tag).collect::<Vec<_>>()
    });
    let typed = RwSignal::new(String::new());
    let put = move |tags: Vec<String>| {
        let request = DocumentTag {
            id: id.get_value(),
            tags,
        };
        act_with(toasts, request, move |_| {
            own.reload();
            all.reload();
        });
    };
    let add = move |text: String| {
        let tag = text.trim().to_owned();
        typed.set(String::new());
        let mut kept = tags.get_untracked();
        if !tag.is_empty() && !kept.contains(&tag) {
            kept.push(tag);
            put(kept);
        }
    };
    let remove = move |tag: &str| {
        let mut kept = tags.get_untracked();
        kept.retain(|known| known != tag);
        put(kept);
    };
    // What other documents have, to be put on by a click.
    let offered = move || {
        let own = tags.get();
        let all = all.value().unwrap_or_default();
        all.into_iter()
            .map(|count| count.tag)
            .filter(|tag| !own.contains(tag))
            .take(6)
            .map(|tag| {
                let text = tag.clone();
                view! {
                    <button
                        type="button"
                        class="inline-flex h-6 items-center rounded-full border border-dashed border-line px-2 text-xs text-ink-faint hover:border-line-strong hover:text-ink"
                        on:click=move |_| add(text.clone())
                    >
                        {format!("+ {tag}")}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <section class="shrink-0 border-b border-line px-5 py-4" aria-label="Tags" data-testid="document-tags">
            <h2 class="pb-2 text-xs font-medium text-ink-faint">"Tags"</h2>
            <div class="flex flex-wrap items-center gap-1.5">
                {move || {
                    tags.get()
                        .into_iter()
                        .map(|tag| {
                            let gone = tag.clone();
                            view! {
                                <span class="inline-flex h-6 max-w-full items-center gap-0.5 rounded-full border border-line bg-surface pr-0.5 pl-2 text-xs" data-testid="document-tag">
                                    <span class="truncate">{tag.clone()}</span>
                                    <IconButton
                                        icon=Icon::Close
                                        label=format!("Take {tag} off")
                                        size=ControlSize::Tiny
                                        on_click=move |_| remove(&gone)
                                    />
                                </span>
                            }
                        })
                        .collect_view()
                }}
                {offered}
                <div class="min-w-24 flex-1">
                    <Input
                        value=typed
                        on_input=move |text| typed.set(text)
                        on_commit=add
                        label="Add a tag"
                        placeholder="Add a tag"
                        testid="tag-input"
                    />
                </div>
            </div>
        </section>
    }
}
