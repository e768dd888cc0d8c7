//! Passages that a search found.

use super::{around::Around, filters::Filters};
use crate::{
    load::{Load, failed, load},
    marked::pieces,
};
use awm_api::knowledge::{Hit, KnowledgeFound, KnowledgeSearch, SearchFilter};
use awm_kit::{Badge, EmptyState, Icon, Skeleton, plural};
use leptos::prelude::*;
use leptos_router::components::A;
use std::time::Duration;

const TOP: u32 = 20;

/// The passages for what is typed, fetched a moment after the last key.
#[component]
pub(super) fn Results(find: Signal<String>, source: Signal<String>) -> impl IntoView {
    let asked = RwSignal::new(find.get_untracked());
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = before.flatten() {
            timer.clear();
        }
        let text = find.get();
        set_timeout_with_handle(
            move || {
                asked.try_set(text);
            },
            Duration::from_millis(90),
        )
        .ok()
    });
    let filter = RwSignal::new(SearchFilter::default());
    let found = load(move || {
        let source = source.get();
        KnowledgeSearch {
            query: asked.get().trim().to_owned(),
            sources: if source.is_empty() {
                Vec::new()
            } else {
                vec![source]
            },
            top_k: TOP,
            filter: filter.get(),
            exact: false,
        }
    });
    let answer = move || {
        match found.get() {
        Load::Loading => view! { <div class="px-6 py-4"><Skeleton rows=6 text=true /></div> }.into_any(),
        Load::Failed(error) => failed(&error, move || found.reload()),
        Load::Ready(found) if found.hits.is_empty() => {
            view! { <EmptyState icon=Icon::Search title="No passage fits" text="Try other words or fewer filters, or choose All documents at the left." /> }.into_any()
        }
        Load::Ready(found) => list(found),
    }
    };
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <Filters filter=filter />
            <div class="min-h-0 flex-1">{answer}</div>
        </div>
    }
}

fn list(found: KnowledgeFound) -> AnyView {
    let how = if found.by_meaning {
        "keywords and meaning"
    } else {
        "keywords only"
    };
    let told = format!(
        "{} in {:.0} ms, by {how}",
        plural(found.hits.len() as u64, "passage", "passages"),
        found.took_ms.max(1.0)
    );
    view! {
        <div class="h-full overflow-y-auto px-6 py-4">
            <p class="mb-3 text-xs text-ink-faint tabular-nums" role="status" data-testid="search-told">
                {told}
            </p>
            <ol class="flex max-w-4xl flex-col gap-2">{found.hits.into_iter().enumerate().map(|(at, hit)| passage(at, hit)).collect_view()}</ol>
        </div>
    }
    .into_any()
}

fn passage(at: usize, hit: Hit) -> AnyView {
    let passage = hit.passage;
    let href = format!(
        "/knowledge/documents/{}?start={}&end={}",
        passage.document_id, passage.start, passage.end
    );
    let rank = |rank: Option<u32>| rank.map_or_else(|| "—".to_owned(), |rank| format!("#{rank}"));
    let score =
        |score: Option<f64>| score.map_or_else(String::new, |score| format!(" ({score:.2})"));
    let ranks = format!(
        "Rank by keywords {}{}\nRank by meaning {}{}\nScore {:.3}",
        rank(hit.keyword_rank),
        score(hit.keyword_score),
        rank(hit.vector_rank),
        score(hit.vector_score),
        hit.score
    );
    let id = passage.id.clone();
    let place: Vec<String> = std::iter::once(passage.document_name)
        .chain(passage.headings)
        .collect();
    view! {
        <li>
            <A
                href=href
                attr:class="block rounded-card border border-line bg-surface px-4 py-3 shadow-small hover:border-line-strong"
                attr:data-testid="search-hit"
            >
                <div class="flex items-center gap-2 text-xs text-ink-muted">
                    <span class="truncate">
                        <span class="font-medium text-ink">{place.first().cloned()}</span>
                        {place.iter().skip(1).map(|heading| format!(" › {heading}")).collect::<String>()}
                    </span>
                    {passage.page.map(|page| view! { <Badge>{format!("page {page}")}</Badge> })}
                    <span class="ml-auto shrink-0 tabular-nums text-ink-faint" data-tip=ranks>
                        {format!("#{}", at + 1)}
                    </span>
                </div>
                <p class="mt-1.5 line-clamp-4 text-base whitespace-pre-line">
                    {pieces(&passage.text, &hit.highlights)
                        .into_iter()
                        .map(|(text, marked)| {
                            if marked { view! { <mark>{text}</mark> }.into_any() } else { view! { <span>{text}</span> }.into_any() }
                        })
                        .collect_view()}
                </p>
            </A>
            <Around id=id />
        </li>
    }
    .into_any()
}
