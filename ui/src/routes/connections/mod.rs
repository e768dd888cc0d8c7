//! Connections to other people's APIs: the list, and one of them.

mod answer;
mod auth;
mod detail;
mod import;
mod operations;
mod settings;
mod try_it;

pub(super) use detail::ConnectionScreen;

use super::query::{query_order, query_value};
use crate::{
    load::{Load, act_with, failed, load},
    palette::{Action, offer},
    session::{Crumb, use_session},
};
use awm_api::connections::{ConnectionCreate, ConnectionImport, ConnectionList, ConnectionSummary};
use awm_kit::{
    Ago, Button, ButtonVariant, Column, Dialog, EmptyState, Field, Glyph, Icon, Input, Order,
    Skeleton, Table, count, use_toasts,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

const COLUMNS: &[&str] = &["name", "address", "auth", "operations", "changed"];

/// The list.
#[component]
pub(super) fn Connections() -> impl IntoView {
    use_session().at(vec![Crumb::here("Connections")]);
    let toasts = use_toasts();
    let list = load(|| ConnectionList {});
    let search = query_value("q");
    let (order, set_order) = query_order(COLUMNS);
    let rows =
        Memo::new(move |_| sorted(list.value().unwrap_or_default(), &search.get(), order.get()));
    let importing = RwSignal::new(false);
    let starting = RwSignal::new(false);
    let navigate = use_navigate();
    let open = Callback::new(move |id: String| {
        navigate(&format!("/connections/{id}"), NavigateOptions::default());
    });
    let sample = move || {
        let request = ConnectionImport {
            text: awm_connections::SAMPLE_API.into(),
            ..ConnectionImport::default()
        };
        act_with(toasts, request, move |made| open.run(made.connection.id));
    };
    offer(move || {
        vec![
            Action::new(
                "connection-import",
                "Import OpenAPI…",
                Icon::FolderOpen,
                move || importing.set(true),
            )
            .keywords("api swagger connection")
            .group("Connections"),
            Action::new(
                "connection-new",
                "New connection…",
                Icon::Plus,
                move || starting.set(true),
            )
            .keywords("api blank")
            .group("Connections"),
        ]
    });
    let state = Memo::new(move |_| {
        list.with(|state| match state {
            Load::Loading => (None, false, true),
            Load::Failed(error) => (Some(error.clone()), false, false),
            Load::Ready(all) => (None, all.is_empty(), false),
        })
    });
    view! {
        <div class="flex h-full min-h-0 flex-col" data-testid="connections">
            <div class="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-6 py-3">
                <div class="w-72 max-w-full">
                    <Input
                        value=search.signal()
                        on_input=search.setter()
                        icon=Icon::Search
                        kind="search"
                        placeholder="Search connections"
                        label="Search connections"
                        testid="connection-search"
                    />
                </div>
                <p class="text-xs text-ink-faint tabular-nums" aria-live="polite">
                    {move || rows.with(|rows| (!rows.is_empty()).then(|| format!("{} in all", count(rows.len() as u64))))}
                </p>
                <div class="ml-auto flex items-center gap-2">
                    <Button icon=Icon::FolderOpen testid="connection-import" on_click=move |_| importing.set(true)>
                        "Import OpenAPI"
                    </Button>
                    <Button variant=ButtonVariant::Primary icon=Icon::Plus testid="connection-new" on_click=move |_| starting.set(true)>
                        "New connection"
                    </Button>
                </div>
            </div>
            <div class="min-h-0 flex-1">
                {move || match state.get() {
                    (_, _, true) => view! { <div class="px-3"><Skeleton rows=6 /></div> }.into_any(),
                    (Some(error), ..) => failed(&error, move || list.reload()),
                    (None, true, _) => {
                        view! {
                            <EmptyState
                                icon=Icon::Link
                                title="Let workflows call other people's APIs"
                                text="A connection knows where an API is, how to sign in, and what can be asked. Its keys are kept apart from everything else, and never shown again."
                            >
                                <div class="flex flex-wrap justify-center gap-2">
                                    <Button variant=ButtonVariant::Primary icon=Icon::FolderOpen on_click=move |_| importing.set(true)>
                                        "Import OpenAPI"
                                    </Button>
                                    <Button icon=Icon::Plus on_click=move |_| starting.set(true)>
                                        "Start blank"
                                    </Button>
                                    <Button icon=Icon::Template testid="connection-sample" on_click=move |_| sample()>
                                        "Sample API"
                                    </Button>
                                </div>
                            </EmptyState>
                        }
                            .into_any()
                    }
                    _ => {
                        view! {
                            <div class="h-full px-3">
                                <Table
                                    rows=rows
                                    columns=columns()
                                    key=|row: &ConnectionSummary| row.id.clone()
                                    label="Connections"
                                    order=order
                                    on_order=set_order
                                    on_open=move |row: ConnectionSummary| open.run(row.id)
                                    row_testid="connection-row"
                                />
                            </div>
                        }
                            .into_any()
                    }
                }}
            </div>
            <import::ImportDialog open=importing done=open />
            <BlankDialog open=starting done=open />
        </div>
    }
}

fn columns() -> Vec<Column<ConnectionSummary>> {
    vec![
        Column::new("name", "Name", "minmax(180px,1fr)", |row: &ConnectionSummary| {
            view! { <span class="truncate font-medium">{row.name.clone()}</span> }.into_any()
        })
        .sortable(),
        Column::new("address", "Address", "minmax(200px,1.4fr)", |row: &ConnectionSummary| {
            view! { <span class="truncate font-mono text-xs text-ink-muted">{row.base_url.clone()}</span> }.into_any()
        })
        .sortable(),
        Column::new("auth", "Signs in", "190px", |row: &ConnectionSummary| {
            let word = auth::word(&row.auth);
            let missing = row.secret_missing;
            view! {
                <span class="flex items-center gap-1.5 text-ink-muted">
                    {word}
                    {missing
                        .then(|| {
                            view! {
                                <span class="inline-flex items-center gap-1 text-warn">
                                    <Glyph icon=Icon::Warning size=12 />
                                    "secret missing"
                                </span>
                            }
                        })}
                </span>
            }
            .into_any()
        })
        .sortable(),
        Column::new("operations", "Operations", "104px", |row: &ConnectionSummary| {
            view! { <span>{row.operations}</span> }.into_any()
        })
        .right()
        .sortable(),
        Column::new("changed", "Changed", "100px", |row: &ConnectionSummary| {
            view! { <span class="text-ink-muted"><Ago at=row.updated_at /></span> }.into_any()
        })
        .right()
        .sortable(),
    ]
}

fn sorted(
    mut rows: Vec<ConnectionSummary>,
    search: &str,
    order: Option<Order>,
) -> Vec<ConnectionSummary> {
    let wanted = search.trim().to_lowercase();
    rows.retain(|row| {
        row.name.to_lowercase().contains(&wanted) || row.base_url.to_lowercase().contains(&wanted)
    });
    let Some(order) = order else { return rows };
    rows.sort_by(|a, b| match order.by {
        "address" => a.base_url.cmp(&b.base_url),
        "auth" => a.auth.cmp(&b.auth),
        "operations" => a.operations.cmp(&b.operations),
        "changed" => a.updated_at.cmp(&b.updated_at),
        _ => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
    });
    if order.descending {
        rows.reverse();
    }
    rows
}

/// Name and address: all that a blank connection needs.
#[component]
fn BlankDialog(open: RwSignal<bool>, done: Callback<String>) -> impl IntoView {
    let toasts = use_toasts();
    let name = RwSignal::new(String::new());
    let url = RwSignal::new("https://".to_owned());
    let lacking = Signal::derive(move || {
        name.with(|name| name.trim().is_empty()) || url.with(|url| url.trim().len() < 9)
    });
    let go = move |_| {
        let request = ConnectionCreate {
            name: name.get_untracked(),
            base_url: url.get_untracked(),
        };
        act_with(toasts, request, move |made| {
            open.set(false);
            done.run(made.id);
        });
    };
    view! {
        <Dialog open=open title="New connection" testid="connection-blank">
            <div class="flex flex-col gap-4">
                <Field label="Name">
                    <Input value=name on_input=move |text| name.set(text) autofocus=true testid="connection-name" />
                </Field>
                <Field label="Base address" hint="Where the API is; the paths of its operations lie below it.">
                    <Input value=url on_input=move |text| url.set(text) mono=true testid="connection-url" />
                </Field>
                <div class="flex justify-end gap-2">
                    <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button
                        variant=ButtonVariant::Primary
                        disabled=lacking
                        reason="A name and an address are needed"
                        testid="connection-create"
                        on_click=go
                    >
                        "Create"
                    </Button>
                </div>
            </div>
        </Dialog>
    }
}
