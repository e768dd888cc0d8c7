//! Websites, feeds, lists of APIs and buckets: what is taken, how it stands, and by what reason something was left out.

mod dialog;
mod form;
mod list;
mod log;
mod preview;
mod words;

use crate::{
    load::{Load, failed, load},
    routes::query::QueryValue,
    watch::watch,
};
use awm_api::crawl::{Crawl, CrawlList, CrawlUpdate, CrawlWatch};
use awm_kit::{Button, ButtonVariant, EmptyState, Icon, Skeleton};
use dialog::AddDialog;
use leptos::prelude::*;
use list::List;
use log::Log;

/// What the address names in the place of a source's id, which has 26 characters.
pub(super) const VIEW: &str = "sites";

/// The part of the screen. `adding` opens the dialog.
#[component]
pub(super) fn Sites(chosen: QueryValue, adding: RwSignal<bool>) -> impl IntoView {
    let crawls = load(|| CrawlList {});
    watch(
        || CrawlWatch {},
        move |update| match update {
            CrawlUpdate::Crawl { crawl } => {
                crawls.update(
                    |all| match all.iter_mut().find(|known| known.id == crawl.id) {
                        Some(known) => *known = crawl,
                        None => all.push(crawl),
                    },
                );
            }
            CrawlUpdate::Deleted { crawl_id } => {
                crawls.update(|all| all.retain(|known| known.id != crawl_id));
            }
            CrawlUpdate::Page { .. } => {}
        },
    );
    let shown = Memo::new(move |_| crawls.value().unwrap_or_default());
    let opened = RwSignal::new(None::<String>);
    let current = Memo::new(move |_| {
        let id = opened.get()?;
        shown.with(|all| all.iter().find(|crawl| crawl.id == id).cloned())
    });
    let state = Memo::new(move |_| {
        crawls.with(|state| match state {
            Load::Loading => State::Loading,
            Load::Failed(error) => State::Failed(error.clone()),
            Load::Ready(all) if all.is_empty() => State::Empty,
            Load::Ready(_) => State::List,
        })
    });
    view! {
        <div class="flex h-full min-h-0 flex-col" data-testid="sites">
            <div class="flex shrink-0 items-center gap-3 px-6 pt-3 pb-2">
                <h2 class="text-sm font-medium">"Websites, feeds, APIs and buckets"</h2>
                <div class="ml-auto">
                    <Button icon=Icon::Plus testid="site-add" on_click=move |_| adding.set(true)>"Add…"</Button>
                </div>
            </div>
            <div class="min-h-0 flex-1 px-3">
                {move || match state.get() {
                    State::Loading => view! { <Skeleton rows=6 /> }.into_any(),
                    State::Failed(error) => failed(&error, move || crawls.reload()),
                    State::Empty => {
                        view! {
                            <EmptyState
                                icon=Icon::Globe
                                title="Nothing is crawled yet"
                                text="Add a website, a feed, a list of an API or a bucket. robots.txt is kept to, one connection at a time; a sync fetches and embeds only what changed."
                            >
                                <Button variant=ButtonVariant::Primary icon=Icon::Globe on_click=move |_| adding.set(true)>
                                    "Add a website…"
                                </Button>
                            </EmptyState>
                        }
                            .into_any()
                    }
                    State::List => view! { <List crawls=shown opened=opened chosen=chosen /> }.into_any(),
                }}
            </div>
            <AddDialog open=adding />
            <Log crawl=current opened=opened />
        </div>
    }
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(awm_api::UserError),
    Empty,
    List,
}

/// How many pages of a crawl are in the knowledge base after its last sync.
fn pages_of(crawl: &Crawl) -> u64 {
    crawl.counts.taken + crawl.counts.unchanged
}
