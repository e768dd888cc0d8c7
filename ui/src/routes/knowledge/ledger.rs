//! The ledger: every document with how far it is, and what to do when it failed.

use super::{
    add,
    rows::{Rows, Slot},
};
use crate::{
    load::{Loader, act_with, capital, load},
    routes::{
        query::{QueryValue, query_order, query_value},
        states::document_state,
    },
    uploads::use_uploads,
};
use awm_api::{
    PageRequest, Sort,
    knowledge::{
        Document, DocumentList, DocumentRemove, DocumentRetry, DocumentRetryAll, DocumentState,
        Failure, LedgerSummary, Source,
    },
};
use awm_kit::{
    Ago, Button, ButtonVariant, Column, ControlSize, Dialog, EmptyState, Glyph, Icon, IconButton,
    Input, Order, Select, SelectOption, Table, Toast, bytes, count, plural, use_toasts,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

const COLUMNS: &[&str] = &["name", "state", "passages", "bytes", "changed_at"];
const STATES: [(&str, &str, DocumentState); 7] = [
    ("queued", "Waiting", DocumentState::Queued),
    ("extracting", "Reading", DocumentState::Extracting),
    ("embedding", "Meaning follows", DocumentState::Embedding),
    ("indexed", "Indexed", DocumentState::Indexed),
    ("no-text", "No text", DocumentState::NoText),
    ("duplicate", "Duplicate", DocumentState::Duplicate),
    ("failed", "Failed", DocumentState::Failed),
];

/// What the address asks for; a page of it is the rows' business.
pub(super) fn filter(source: QueryValue) -> impl Fn() -> DocumentList + Copy + Send + Sync {
    let (text, state, kind) = (query_value("q"), query_value("state"), query_value("kind"));
    let (order, _) = query_order(COLUMNS);
    move || {
        let (source, state, kind) = (source.get(), state.get(), kind.get());
        DocumentList {
            source_id: (!source.is_empty()).then_some(source),
            state: STATES
                .iter()
                .find(|(id, ..)| *id == state)
                .map(|(_, _, state)| *state),
            kind: (!kind.is_empty()).then_some(kind),
            text: text.get(),
            page: PageRequest {
                sort: order.get().map(|Order { by, descending }| Sort {
                    by: by.into(),
                    descending,
                }),
                ..PageRequest::default()
            },
        }
    }
}

/// The table, its filters, and what is seen when it is empty.
#[component]
pub(super) fn Ledger(
    rows: Rows,
    nothing: Memo<bool>,
    sources: Loader<Vec<Source>>,
    chosen: QueryValue,
) -> impl IntoView {
    let (text, state, kind) = (query_value("q"), query_value("state"), query_value("kind"));
    let toasts = use_toasts();
    let asked = filter(chosen);
    let (order, set_order) = query_order(COLUMNS);
    let uploads = use_uploads();
    let helped = RwSignal::new(None::<Document>);
    let shown = Memo::new(move |_| rows.slots.with(Vec::len));
    let empty = Memo::new(move |_| shown.get() == 0);
    let filtered =
        move || !text.get().is_empty() || !state.get().is_empty() || !kind.get().is_empty();
    // Asked again when the number of documents changes: kinds rarely do.
    let many = Memo::new(move |_| {
        let all = sources.value().unwrap_or_default();
        all.iter().map(|source| source.documents).sum::<u64>()
    });
    let summary = load(move || {
        many.track();
        let source = chosen.get();
        LedgerSummary {
            source_id: (!source.is_empty()).then_some(source),
        }
    });
    let kinds =
        Signal::derive(move || {
            let known = summary.value().unwrap_or_default().kinds;
            std::iter::once(SelectOption::new("", "Any kind"))
                .chain(known.into_iter().filter(|(kind, _)| !kind.is_empty()).map(
                    |(kind, many)| {
                        let words = format!("{} ({})", kind.to_uppercase(), count(many));
                        SelectOption::new(kind, words)
                    },
                ))
                .collect::<Vec<_>>()
        });
    let failed = Memo::new(move |_| {
        let chosen = chosen.get();
        let all = sources.value().unwrap_or_default();
        all.iter()
            .filter(|source| chosen.is_empty() || source.id == chosen)
            .map(|source| source.failed)
            .sum::<u64>()
    });
    let retry_all = move |_: leptos::ev::MouseEvent| {
        let filter = DocumentList {
            state: Some(DocumentState::Failed),
            ..untrack(asked)
        };
        act_with(toasts, DocumentRetryAll { filter }, move |retried| {
            rows.refresh();
            sources.reload();
            toasts.show(Toast::done(format!(
                "Trying {} again",
                plural(retried.queued, "file", "files")
            )));
        });
    };
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
                <div class="w-36">
                    <Select value=kind.signal() options=kinds on_change=kind.setter() label="Kind" testid="document-kind" />
                </div>
                <Show when=move || { failed.get() > 0 }>
                    <Button size=ControlSize::Tiny icon=Icon::Retry testid="document-retry-all" on_click=retry_all>
                        {move || format!("Retry all failed ({})", count(failed.get()))}
                    </Button>
                </Show>
                <p class="ml-auto text-xs text-ink-faint tabular-nums" aria-live="polite" data-testid="document-count">
                    {move || format!("{} shown", count(shown.get() as u64))}
                </p>
            </div>
            <div class="min-h-0 flex-1 px-3">
                {move || {
                    if !empty.get() {
                        view! { <List rows=rows order=order set_order=set_order helped=helped sources=sources /> }.into_any()
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
    rows: Rows,
    order: Signal<Option<Order>>,
    set_order: Callback<Order>,
    helped: RwSignal<Option<Document>>,
    sources: Loader<Vec<Source>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let toasts = use_toasts();
    let retry = move |id: String| {
        act_with(toasts, DocumentRetry { id }, move |document| {
            rows.patch(vec![document]);
        });
    };
    let remove = move |id: String| {
        act_with(toasts, DocumentRemove { id }, move |gone| {
            rows.remove(&gone.id);
            sources.reload();
            toasts.show(Toast::done(format!(
                "Took {} out of the knowledge base; the file stays",
                gone.name
            )));
        });
    };
    let columns = vec![
        Column::new("name", "Name", "minmax(160px,2fr)", cell(|row| {
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
        }))
        .sortable(),
        Column::new("state", "State", "minmax(150px,1.4fr)", cell(standing)).sortable(),
        Column::new("help", "", "212px", cell(move |row| trouble(row, retry, helped))),
        Column::new("passages", "Passages", "104px", cell(|row| view! { <span>{count(row.passages)}</span> }.into_any())).right().sortable(),
        Column::new("bytes", "Size", "88px", cell(|row| view! { <span class="text-ink-muted">{bytes(row.bytes)}</span> }.into_any())).right().sortable(),
        Column::new("changed_at", "Changed", "96px", cell(|row| view! { <span class="text-ink-muted"><Ago at=row.changed_at /></span> }.into_any()))
            .right()
            .sortable(),
        Column::new("remove", "", "56px", cell(move |row| {
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
        })),
    ];
    view! {
        <Table
            rows=rows.slots
            columns=columns
            key=Slot::key
            label="Documents"
            order=order
            on_order=set_order
            on_open=move |slot: Slot| {
                if let Some(row) = slot.row() {
                    // One that repeats another shows that one.
                    let id = row.duplicate_of.as_ref().map_or(&row.id, |of| &of.id);
                    navigate(&format!("/knowledge/documents/{id}"), NavigateOptions::default());
                }
            }
            on_range=move |range: (usize, usize)| rows.seen(range)
            row_testid="document-row"
        />
    }
}

/// A cell of a row that was fetched; of another one, its shape.
fn cell(
    draw: impl Fn(&Document) -> AnyView + Send + Sync + 'static,
) -> impl Fn(&Slot) -> AnyView + Send + Sync + 'static {
    move |slot| match slot.row() {
        Some(row) => draw(row),
        None => view! { <span class="h-3 w-2/3 rounded-control bg-fill"></span> }.into_any(),
    }
}

/// How far a document is, with what a reader should know of it.
fn standing(row: &Document) -> AnyView {
    let state = document_state(
        row.state,
        row.failure
            .as_ref()
            .map(|failure| failure.message.as_str())
            .or(row
                .note
                .as_deref()
                .filter(|_| row.state == DocumentState::NoText)),
    );
    let beside = match (&row.duplicate_of, &row.note) {
        (Some(of), _) => Some(format!("of {}", of.name)),
        (None, Some(note)) if row.state != DocumentState::NoText => Some(note.clone()),
        _ => None,
    };
    view! {
        <span class="flex min-w-0 items-center gap-1.5">
            {state}
            {beside
                .map(|words| {
                    view! {
                        <span class="truncate text-xs text-ink-faint" data-tip=words.clone()>
                            {words.clone()}
                        </span>
                    }
                })}
        </span>
    }
    .into_any()
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
