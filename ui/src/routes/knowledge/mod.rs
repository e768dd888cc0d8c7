//! Knowledge: sources, what is being taken in, the ledger of documents, search.

mod add;
mod around;
mod document;
mod facsimile;
mod filters;
mod folders;
mod ledger;
mod progress;
mod results;
mod rows;
mod sites;
mod sources;
mod tags;

use super::query::query_value;
use crate::{
    load::{Load, Loader, failed, load},
    palette::{Action, offer},
    session::{Crumb, use_session},
    uploads::use_uploads,
    watch::watch,
};
use add::AddMenu;
use awm_api::{
    folders::{Folder, FolderList},
    knowledge::{IngestStatus, IngestUpdate, IngestWatch, Source, SourceList},
};
use awm_kit::{Icon, Input, Skeleton};
pub(super) use document::{DocumentScreen, Reader};
use folders::Folders;
use ledger::Ledger;
use leptos::prelude::*;
use progress::Progress;
use results::Results;
use rows::Rows;
use sites::Sites;
use sources::Sources;
use std::time::Duration;

/// The screen.
#[component]
pub(super) fn Knowledge() -> impl IntoView {
    let session = use_session();
    let uploads = use_uploads();
    let sources = load(|| SourceList {});
    let folders = load(|| FolderList {});
    let folders_open = RwSignal::new(false);
    let chosen = query_value("source");
    let find = query_value("find");
    let adding_site = RwSignal::new(false);
    let add_site = move || {
        chosen.set(sites::VIEW);
        adding_site.set(true);
    };
    let status = RwSignal::new(IngestStatus::default());
    let current = Memo::new(move |_| {
        let id = chosen.get();
        sources
            .value()
            .and_then(|all| all.into_iter().find(|source| source.id == id))
    });
    Effect::new(move |_| {
        uploads
            .source
            .set(current.get().map(|source: Source| source.id))
    });
    on_cleanup(move || uploads.source.set(None));
    Effect::new(move |_| {
        session.at(match current.get() {
            Some(source) => vec![
                Crumb::link("Knowledge", "/knowledge"),
                Crumb::here(source.name),
            ],
            None => vec![Crumb::here("Knowledge")],
        });
    });
    let asked = ledger::filter(chosen);
    let rows = Rows::new(asked);
    follow(status, rows, folders, sources);
    Effect::new(move |_| {
        if uploads.accepted.get() > 0 {
            rows.refresh();
            sources.reload();
        }
    });
    offer(move || {
        vec![
            Action::new(
                "knowledge-add-files",
                "Add files to Knowledge…",
                Icon::Upload,
                move || add::pick(uploads, false),
            )
            .keywords("ingest upload documents")
            .group("Knowledge"),
            Action::new(
                "knowledge-add-folder",
                "Add a folder to Knowledge…",
                Icon::FolderOpen,
                move || add::pick(uploads, true),
            )
            .keywords("ingest upload")
            .group("Knowledge"),
            Action::new(
                "knowledge-add-site",
                "Add a website, feed, API or bucket to Knowledge…",
                Icon::Globe,
                add_site,
            )
            .keywords("crawl rss s3 sync")
            .group("Knowledge"),
        ]
    });
    let none = Memo::new(move |_| {
        sources.with(|state| {
            state
                .ready()
                .is_some_and(|all| all.iter().all(|source| source.documents == 0))
        })
    });
    // What is shown changes rarely; the lists in it change often and must keep their place.
    let shown = Memo::new(move |_| {
        if !find.get().trim().is_empty() {
            return Shown::Found;
        }
        if chosen.get() == sites::VIEW {
            return Shown::Sites;
        }
        match rows.state.get() {
            Load::Loading => Shown::Loading,
            Load::Failed(error) => Shown::Failed(error),
            Load::Ready(()) => Shown::Ledger,
        }
    });
    view! {
        <div class="flex h-full min-h-0" data-testid="knowledge-drop">
            <Sources sources=sources chosen=chosen />
            <div class="flex min-w-0 flex-1 flex-col">
                <div class="flex shrink-0 items-center gap-2 border-b border-line px-6 py-3">
                    <div class="min-w-0 max-w-2xl flex-1">
                        <Input
                            value=find.signal()
                            on_input=find.setter()
                            icon=Icon::Search
                            kind="search"
                            placeholder="Ask, or type words: passages are found as you type"
                            label="Search the documents"
                            testid="knowledge-search"
                        />
                    </div>
                    <div class="ml-auto">
                        <AddMenu add_site=Callback::new(move |()| add_site()) />
                    </div>
                </div>
                <Progress status=status source=current sources=sources folders=folders folders_open=folders_open />
                <Show when=move || folders_open.get()>
                    <Folders folders=folders source=chosen.signal() />
                </Show>
                <div class="min-h-0 flex-1">
                    {move || match shown.get() {
                        Shown::Found => view! { <Results find=find.signal() source=chosen.signal() /> }.into_any(),
                        Shown::Sites => view! { <Sites chosen=chosen adding=adding_site /> }.into_any(),
                        Shown::Loading => view! { <div class="px-3"><Skeleton rows=12 /></div> }.into_any(),
                        Shown::Failed(error) => failed(&error, move || rows.begin()),
                        Shown::Ledger => view! { <Ledger rows=rows nothing=none sources=sources chosen=chosen /> }.into_any(),
                    }}
                </div>
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq)]
enum Shown {
    Found,
    Sites,
    Loading,
    Failed(awm_api::UserError),
    Ledger,
}

/// How long the totals of the sources may be behind.
const TOTALS: Duration = Duration::from_millis(1_000);

/// Watches the queue: its standing goes to `status`, changed rows into their places, folders into their list. The host gathers what
/// changes, and tells it a few times a second.
fn follow(
    status: RwSignal<IngestStatus>,
    rows: Rows,
    folders: Loader<Vec<Folder>>,
    sources: Loader<Vec<Source>>,
) {
    let waits = StoredValue::new(false);
    let totals_changed = move || {
        if waits.get_value() {
            return;
        }
        waits.set_value(true);
        set_timeout(
            move || {
                if waits.try_set_value(false).is_none() {
                    sources.reload();
                }
            },
            TOTALS,
        );
    };
    watch(
        || IngestWatch {},
        move |update| match update {
            IngestUpdate::Status { status: now } => {
                if status
                    .try_get_untracked()
                    .is_some_and(|before| before != now)
                {
                    status.set(now);
                }
            }
            IngestUpdate::Documents { documents, others } => {
                rows.patch(documents);
                if others {
                    rows.refresh();
                }
                totals_changed();
            }
            IngestUpdate::Folder { folder } => folders::put(folders, folder),
        },
    );
}
