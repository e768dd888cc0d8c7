//! The ledger: every document with how far it is, and what to do when it failed.

use super::add;
use crate::{
    load::{Loader, act_with, capital},
    pages::{PART, Pages, load_pages},
    routes::{
        query::{QueryValue, query_order, query_value},
        states::document_state,
    },
    uploads::use_uploads,
};
use awm_api::{
    PageRequest, Sort,
    knowledge::{
        Document, DocumentList, DocumentRemove, DocumentRetry, DocumentState, Failure, Source,
    },
};
use awm_kit::{
    Ago, Button, ButtonVariant, Column, ControlSize, Dialog, EmptyState, Glyph, Icon, IconButton,
    Input, Order, Select, SelectOption, Table, Toast, bytes, count, use_toasts,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

const COLUMNS: &[&str] = &["name", "state", "passages", "bytes", "changed_at"];
const STATES: [(&str, &str, DocumentState); 6] = [
    ("queued", "Waiting", DocumentState::Queued),
    ("extracting", "Reading", DocumentState::Extracting),
    ("embedding", "Meaning follows", DocumentState::Embedding),
    ("indexed", "Indexed", DocumentState::Indexed),
    ("no-text", "No text", DocumentState::NoText),
    ("failed", "Failed", DocumentState::Failed),
];

/// The documents that the address asks for.
pub(super) fn pages(source: QueryValue) -> Pages<Document> {
    let (text, state) = (query_value("q"), query_value("state"));
    let (order, _) = query_order(COLUMNS);
    load_pages(move |offset| {
        let (source, state) = (source.get(), state.get());
        DocumentList {
            source_id: (!source.is_empty()).then_some(source),
            state: STATES
                .iter()
                .find(|(id, ..)| *id == state)
                .map(|(_, _, state)| *state),
            text: text.get(),
            page: PageRequest {
                offset,
                limit: PART,
                sort: order.get().map(|Order { by, descending }| Sort {
                    by: by.into(),
                    descending,
                }),
            },
        }
    })
}

/// The table, its filters, and what is seen when it is empty.
#[component]
pub(super) fn Ledger(
    pages: Pages<Document>,
    nothing: Memo<bool>,
    sources: Loader<Vec<Source>>,
) -> impl IntoView {
    let (text, state) = (query_value("q"), query_value("state"));
    let (order, set_order) = query_order(COLUMNS);
    let uploads = use_uploads();
    let helped = RwSignal::new(None::<Document>);
    let empty = Memo::new(move |_| pages.rows.with(Vec::is_empty));
    let filtered = move || !text.get().is_empty() || !state.get().is_empty();
    let states = Signal::stored(
        std::iter::once(SelectOption::new("", "Any state"))
            .chain(
                STATES
                    .iter()
                    .map(|(id, word, _)| SelectOption::new(*id, *word)),
            )
            .collect::<Vec<_>>(),
    );
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="flex shrink-0 items-center gap-2 px-6 pt-3 pb-2" class:hidden=move || nothing.get() && empty.get()>
                <div class="w-56">
                    <Input
                        value=text.signal()
                        on_input=text.setter()
                        icon=Icon::Filter
                        kind="search"
                        placeholder="Filter by name"
                        label="Filter by name"
                        testid="document-filter"
                    />
                </div>
                <div class="w-40">
                    <Select value=state.signal() options=states on_change=state.setter() label="State" testid="document-state" />
                </div>
                <p class="ml-auto text-xs text-ink-faint tabular-nums" aria-live="polite">
                    {move || format!("{} shown", count(pages.total.get()))}
                </p>
            </div>
            <div class="min-h-0 flex-1 px-3">
                {move || {
                    if !empty.get() {
                        view! { <List pages=pages order=order set_order=set_order helped=helped sources=sources /> }.into_any()
                    } else if filtered() {
                        view! { <EmptyState icon=Icon::Filter title="No document fits these filters" /> }.into_any()
                    } else {
                        view! {
                            <EmptyState
                                icon=Icon::Knowledge
                                title="No documents yet"
                                text="Drop files or a folder anywhere on the window: PDF, DOCX, HTML, Markdown, CSV, text. They stay on this machine; workflows and Chat answer from them and cite the passage."
                            >
                                <Button variant=ButtonVariant::Primary icon=Icon::File on_click=move |_| add::pick(uploads, false)>
                                    "Choose files…"
                                </Button>
                                <Button icon=Icon::Folder on_click=move |_| add::pick(uploads, true)>
                                    "Choose a folder…"
                                </Button>
                            </EmptyState>
                        }
                            .into_any()
                    }
                }}
            </div>
            <HelpDialog document=helped />
        </div>
    }
}

#[component]
fn List(
    pages: Pages<Document>,
    order: Signal<Option<Order>>,
    set_order: Callback<Order>,
    helped: RwSignal<Option<Document>>,
    sources: Loader<Vec<Source>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let toasts = use_toasts();
    let changed = move |document: Document| {
        pages.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == document.id) {
                *row = document;
            }
        });
    };
    let retry = move |id: String| act_with(toasts, DocumentRetry { id }, changed);
    let remove = move |id: String| {
        act_with(toasts, DocumentRemove { id }, move |gone| {
            pages
                .rows
                .update(|rows| rows.retain(|row| row.id != gone.id));
            pages.total.update(|total| *total = total.saturating_sub(1));
            sources.reload();
            toasts.show(Toast::done(format!(
                "Took {} out of the knowledge base; the file stays",
                gone.name
            )));
        });
    };
    let columns = vec![
        Column::new("name", "Name", "minmax(160px,2fr)", |row: &Document| {
            let (folder, name) = row.name.rsplit_once('/').map_or(("", row.name.as_str()), |(folder, name)| (folder, name));
            view! {
                <span class="flex min-w-0 items-center gap-2" data-tip=(!row.path.is_empty()).then(|| row.path.clone())>
                    <Glyph icon=Icon::FileText size=14 class="text-ink-faint" />
                    <span class="truncate">
                        <span class="text-ink-faint">{(!folder.is_empty()).then(|| format!("{folder}/"))}</span>
                        <span class="font-medium">{name.to_owned()}</span>
                    </span>
                </span>
            }
            .into_any()
        })
        .sortable(),
        Column::new("state", "State", "minmax(150px,1.4fr)", |row: &Document| {
            document_state(row.state, row.failure.as_ref().map(|failure| failure.message.as_str()))
        })
        .sortable(),
        Column::new("help", "", "212px", move |row: &Document| trouble(row, retry, helped)),
        Column::new("passages", "Passages", "104px", |row: &Document| view! { <span>{count(row.passages)}</span> }.into_any()).right().sortable(),
        Column::new("bytes", "Size", "88px", |row: &Document| view! { <span class="text-ink-muted">{bytes(row.bytes)}</span> }.into_any()).right().sortable(),
        Column::new("changed_at", "Changed", "96px", |row: &Document| view! { <span class="text-ink-muted"><Ago at=row.changed_at /></span> }.into_any())
            .right()
            .sortable(),
        Column::new("remove", "", "56px", move |row: &Document| {
            let id = row.id.clone();
            view! {
                <IconButton
                    icon=Icon::Trash
                    label=format!("Take {} out of the knowledge base", row.name)
                    testid="document-remove"
                    on_click=move |ev: leptos::ev::MouseEvent| {
                        ev.stop_propagation();
                        remove(id.clone());
                    }
                />
            }
            .into_any()
        }),
    ];
    view! {
        <Table
            rows=pages.rows
            columns=columns
            key=|row| row.id.clone()
            label="Documents"
            order=order
            on_order=set_order
            on_open=move |row: Document| navigate(&format!("/knowledge/documents/{}", row.id), NavigateOptions::default())
            on_end=move |()| pages.more()
            row_testid="document-row"
        />
    }
}

/// What can be done with a document that could not be taken in.
fn trouble(
    row: &Document,
    retry: impl Fn(String) + Copy + Send + Sync + 'static,
    helped: RwSignal<Option<Document>>,
) -> AnyView {
    if !matches!(row.state, DocumentState::Failed | DocumentState::NoText) {
        return ().into_any();
    }
    let (id, document) = (row.id.clone(), row.clone());
    view! {
        <span class="flex items-center gap-1">
            <Button
                size=ControlSize::Tiny
                variant=ButtonVariant::Ghost
                icon=Icon::Help
                testid="document-help"
                on_click=move |ev: leptos::ev::MouseEvent| {
                    ev.stop_propagation();
                    helped.set(Some(document.clone()));
                }
            >
                "What can I do?"
            </Button>
            <Button
                size=ControlSize::Tiny
                variant=ButtonVariant::Ghost
                icon=Icon::Retry
                testid="document-retry"
                on_click=move |ev: leptos::ev::MouseEvent| {
                    ev.stop_propagation();
                    retry(id.clone());
                }
            >
                "Retry"
            </Button>
        </span>
    }
    .into_any()
}

#[component]
fn HelpDialog(document: RwSignal<Option<Document>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(document.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && document.with_untracked(Option::is_some) {
            document.set(None);
        }
    });
    let title = Signal::derive(move || {
        document.with(|document| {
            document
                .as_ref()
                .map(|document| document.name.clone())
                .unwrap_or_default()
        })
    });
    let content = move || {
        let Failure {
            code,
            message,
            help,
        } = document.get()?.failure?;
        Some(view! {
            <div class="flex flex-col gap-3 text-sm">
                <p>{format!("{}.", capital(&message))} " Other files went on."</p>
                <p class="text-ink-muted">{help}</p>
                <div class="rounded-control bg-sunken p-3 text-sm">{crate::markdown::view(code.page(), None)}</div>
            </div>
        })
    };
    view! {
        <Dialog open=open title=title width=520>
            {content}
        </Dialog>
    }
}
