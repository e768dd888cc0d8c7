//! The sources of an answer, and the document that one of them is in.

use super::Chat;
use crate::routes::knowledge::Reader;
use awm_api::chat::Citation;
use awm_kit::{Badge, Button, ButtonVariant, ControlSize, Glyph, Icon, IconButton};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub(super) fn SourcePanel(chat: Chat) -> impl IntoView {
    // Below 1,024 px the column is there only while a source is being read.
    let class = move || {
        if chat.reading.with(Option::is_some) {
            "absolute inset-y-0 right-0 z-20 flex w-[440px] max-w-full shrink-0 flex-col border-l border-line bg-surface shadow-large lg:static lg:shadow-none"
        } else {
            "hidden w-[320px] shrink-0 flex-col border-l border-line lg:flex"
        }
    };
    view! {
        <aside class=class aria-label="Sources" data-testid="chat-sources">
            {move || match chat.reading.get() {
                Some(citation) => reading(citation, chat),
                None => listed(chat),
            }}
        </aside>
    }
}

fn address(citation: &Citation) -> String {
    format!(
        "/knowledge/documents/{}?start={}&end={}",
        citation.document_id, citation.start, citation.end
    )
}

fn reading(citation: Citation, chat: Chat) -> AnyView {
    let href = address(&citation);
    view! {
        <div class="flex h-14 shrink-0 items-center gap-2 border-b border-line pr-3 pl-2">
            <Button variant=ButtonVariant::Ghost size=ControlSize::Small icon=Icon::ArrowLeft on_click=move |_| chat.reading.set(None)>
                "Sources"
            </Button>
            <span class="ml-auto"></span>
            <A href=href attr:class="text-xs text-accent-ink hover:underline" attr:data-testid="citation-open">
                "Open document"
            </A>
            <IconButton icon=Icon::Close label="Close" on_click=move |_| chat.reading.set(None) />
        </div>
        <div class="min-h-0 flex-1">
            <Reader id=citation.document_id start=citation.start end=citation.end />
        </div>
    }
    .into_any()
}

fn listed(chat: Chat) -> AnyView {
    view! {
        <div class="flex h-14 shrink-0 items-center px-5">
            <h2 class="text-xs font-medium text-ink-faint">"Sources"</h2>
        </div>
        <div class="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
            {move || {
                let cited = chat.cited.get();
                if cited.is_empty() {
                    return view! { <p class="px-1 text-xs text-ink-faint">"The passages that an answer stands on are shown here."</p> }.into_any();
                }
                view! { <ol class="flex flex-col gap-2">{cited.into_iter().map(|citation| card(citation, chat)).collect_view()}</ol> }.into_any()
            }}
        </div>
    }
    .into_any()
}

fn card(citation: Citation, chat: Chat) -> AnyView {
    let opened = citation.clone();
    let headings = citation.headings.join(" › ");
    view! {
        <li>
            <button
                type="button"
                class="flex w-full flex-col gap-1 rounded-card border border-line bg-surface p-3 text-left shadow-small hover:border-line-strong"
                data-testid="source-card"
                on:click=move |_| chat.reading.set(Some(opened.clone()))
            >
                <span class="flex w-full min-w-0 items-center gap-1.5 text-xs">
                    <span class="inline-flex h-4 min-w-4 shrink-0 items-center justify-center rounded-badge bg-accent-soft px-1 text-2xs font-medium text-accent-ink tabular-nums">
                        {citation.number}
                    </span>
                    <Glyph icon=Icon::FileText size=12 class="text-ink-faint" />
                    <span class="min-w-0 flex-1 truncate font-medium">{citation.document_name}</span>
                    {citation.page.map(|page| view! { <Badge>{format!("p. {page}")}</Badge> })}
                </span>
                {(!headings.is_empty()).then(|| view! { <span class="truncate text-xs text-ink-faint">{headings}</span> })}
                <span class="line-clamp-4 text-sm text-ink-muted">{citation.quote}</span>
            </button>
        </li>
    }
    .into_any()
}
