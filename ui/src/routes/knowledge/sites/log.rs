//! What came of each address in a crawl's last sync.

use super::words::{page_state, reason};
use crate::{
    load::{Load, failed},
    pages::{PART, load_pages},
};
use awm_api::{
    PageRequest,
    crawl::{Crawl, CrawlPage, CrawlPages, PageState},
};
use awm_kit::{
    Column, Drawer, EmptyState, Icon, Input, Select, SelectOption, Skeleton, Table, bytes, count,
};
use leptos::prelude::*;

const STATES: [(&str, &str, PageState); 6] = [
    ("taken", "Taken", PageState::Taken),
    ("unchanged", "Unchanged", PageState::Unchanged),
    ("skipped", "Left out", PageState::Skipped),
    ("failed", "Failed", PageState::Failed),
    ("gone", "Gone", PageState::Gone),
    ("waiting", "Waiting", PageState::Waiting),
];

/// The drawer; `opened` is the crawl's id.
#[component]
pub(super) fn Log(crawl: Memo<Option<Crawl>>, opened: RwSignal<Option<String>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(opened.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && opened.with_untracked(Option::is_some) {
            opened.set(None);
        }
    });
    let title = Signal::derive(move || {
        let name = crawl.with(|crawl| crawl.as_ref().map(|crawl| crawl.name.clone()));
        format!("Pages of {}", name.unwrap_or_default())
    });
    view! {
        <Drawer open=open title=title width=920>
            {move || opened.get().map(|id| view! { <Pages id=id crawl=crawl /> })}
        </Drawer>
    }
}

#[component]
fn Pages(id: String, crawl: Memo<Option<Crawl>>) -> impl IntoView {
    let (text, state) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // The log is read again when a sync moves on, not at each page.
    let round = Memo::new(move |_| {
        crawl.with(|crawl| {
            crawl
                .as_ref()
                .map(|crawl| (crawl.round, crawl.state, crawl.ended_at))
        })
    });
    let pages = load_pages(move |offset| {
        round.track();
        CrawlPages {
            id: id.clone(),
            state: STATES
                .iter()
                .find(|(word, ..)| *word == state.get())
                .map(|(_, _, state)| *state),
            reason: None,
            text: text.get(),
            page: PageRequest {
                offset,
                limit: PART,
                sort: None,
            },
        }
    });
    let options = Signal::stored(
        std::iter::once(SelectOption::new("", "Any state"))
            .chain(
                STATES
                    .iter()
                    .map(|(id, word, _)| SelectOption::new(*id, *word)),
            )
            .collect::<Vec<_>>(),
    );
    let reasons = move || {
        crawl
            .get()
            .map(|crawl| {
                crawl
                    .counts
                    .reasons
                    .iter()
                    .map(|(reason, number)| format!("{} {}", count(*number), reason.words()))
                    .collect::<Vec<_>>()
                    .join(" · ")
            })
            .unwrap_or_default()
    };
    let columns = vec![
        Column::new("url", "Address", "minmax(220px,2fr)", |page: &CrawlPage| {
            let tip = match (page.title.is_empty(), page.found_on.is_empty()) {
                (true, true) => page.url.clone(),
                (false, true) => page.title.clone(),
                (true, false) => format!("found on {}", page.found_on),
                (false, false) => format!("{} · found on {}", page.title, page.found_on),
            };
            view! { <span class="truncate font-mono text-xs" data-tip=tip>{page.url.clone()}</span> }.into_any()
        }),
        Column::new("state", "State", "108px", page_state),
        Column::new("reason", "Why", "minmax(160px,1.4fr)", |page: &CrawlPage| {
            let (why, tip) = (reason(page), reason(page));
            view! { <span class="truncate text-xs text-ink-muted" data-tip=tip>{why}</span> }.into_any()
        }),
        Column::new("status", "HTTP", "64px", |page: &CrawlPage| {
            view! { <span class="tabular-nums text-ink-muted">{page.status}</span> }.into_any()
        })
        .right(),
        Column::new("bytes", "Size", "80px", |page: &CrawlPage| {
            view! { <span class="text-ink-muted">{(page.bytes > 0).then(|| bytes(page.bytes))}</span> }.into_any()
        })
        .right(),
    ];
    let columns = StoredValue::new(columns);
    view! {
        <div class="flex h-full min-h-0 flex-col gap-2" data-testid="site-log">
            <p class="text-xs text-ink-muted">{reasons}</p>
            <div class="flex shrink-0 items-center gap-2">
                <div class="w-64">
                    <Input value=text on_input=move |word| text.set(word) icon=Icon::Filter kind="search" placeholder="Filter by address" label="Filter by address" />
                </div>
                <div class="w-36">
                    <Select value=state options=options on_change=move |word| state.set(word) label="State" />
                </div>
                <p class="ml-auto text-xs text-ink-faint tabular-nums" aria-live="polite">
                    {move || format!("{} shown", count(pages.total.get()))}
                </p>
            </div>
            <div class="min-h-0 flex-1">
                {move || match pages.state.get() {
                    Load::Loading => view! { <Skeleton rows=8 /> }.into_any(),
                    Load::Failed(error) => failed(&error, move || pages.reload()),
                    Load::Ready(()) if pages.rows.with(Vec::is_empty) => {
                        view! { <EmptyState icon=Icon::List title="No address fits" /> }.into_any()
                    }
                    Load::Ready(()) => {
                        view! {
                            <Table
                                rows=pages.rows
                                columns=columns.get_value()
                                key=|page| page.url.clone()
                                label="Pages"
                                on_end=move |()| pages.more()
                                row_testid="site-page"
                            />
                        }
                            .into_any()
                    }
                }}
            </div>
        </div>
    }
}
