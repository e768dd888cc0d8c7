//! The list of workflows: find, begin, open, run.

mod change;
mod import;
mod sketch;
mod sketch_layout;
mod templates;

use super::{
    query::{query_order, query_value},
    states::{run_status, workflow_kind},
};
use crate::{
    load::{Load, Loader, failed, load},
    palette::{Action, offer},
    session::{Crumb, use_session},
};
use awm_api::workflows::{WorkflowList, WorkflowSummary};
use awm_kit::{
    Ago, Badge, Button, ButtonVariant, Column, Dialog, EmptyState, Glyph, Icon, Input, Menu,
    MenuItem, Order, Skeleton, Table, Tone, count,
};
use change::Changes;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use templates::TemplateCards;

const COLUMNS: &[&str] = &["name", "kind", "states", "problems", "last_run", "edited"];

/// The list.
#[component]
pub(super) fn Workflows() -> impl IntoView {
    use_session().at(vec![Crumb::here("Workflows")]);
    let list = load(|| WorkflowList {});
    let changes = Changes::provide(list);
    let search = query_value("q");
    let (order, set_order) = query_order(COLUMNS);
    let rows =
        Memo::new(move |_| sorted(list.value().unwrap_or_default(), &search.get(), order.get()));
    let choosing = RwSignal::new(false);
    let state = Memo::new(move |_| {
        list.with(|state| match state {
            Load::Loading => Shown::Loading,
            Load::Failed(error) => Shown::Failed(error.clone()),
            Load::Ready(all) if all.is_empty() => Shown::Empty,
            Load::Ready(_) => Shown::Full,
        })
    });
    offer(move || {
        vec![
            Action::new("workflow-new", "New workflow", Icon::Plus, move || {
                changes.create()
            })
            .keywords("create empty")
            .shortcut("n")
            .group("Workflows"),
            Action::new(
                "workflow-open",
                "Open file…",
                Icon::FolderOpen,
                move || changes.choose_file(),
            )
            .keywords("import asl json yaml step functions")
            .shortcut("mod+o")
            .group("Workflows"),
            Action::new(
                "workflow-template",
                "New from template…",
                Icon::Template,
                move || choosing.set(true),
            )
            .keywords("example sample")
            .shortcut("t")
            .group("Workflows"),
        ]
    });
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-6 py-3">
                <div class="w-72 max-w-full">
                    <Input
                        value=search.signal()
                        on_input=search.setter()
                        icon=Icon::Search
                        kind="search"
                        placeholder="Search workflows"
                        label="Search workflows"
                        testid="workflow-search"
                    />
                </div>
                <p class="text-xs text-ink-faint tabular-nums" aria-live="polite">
                    {move || (state.get() == Shown::Full).then(|| shown_of(rows.with(Vec::len), list.value().map_or(0, |all| all.len())))}
                </p>
                <div class="ml-auto flex items-center gap-2">
                    <Button icon=Icon::FolderOpen testid="workflow-open" on_click=move |_| changes.choose_file()>
                        "Open file…"
                    </Button>
                    <Button icon=Icon::Template testid="workflow-templates" on_click=move |_| choosing.set(true)>
                        "Templates"
                    </Button>
                    <Button variant=ButtonVariant::Primary icon=Icon::Plus testid="workflow-new" on_click=move |_| changes.create()>
                        "New workflow"
                    </Button>
                </div>
            </div>
            <div class="min-h-0 flex-1">
                {move || match state.get() {
                    Shown::Loading => view! { <div class="px-3"><Skeleton rows=8 /></div> }.into_any(),
                    Shown::Failed(error) => failed(&error, move || list.reload()),
                    Shown::Empty => view! { <Beginning changes=changes /> }.into_any(),
                    Shown::Full => view! { <List rows=rows order=order set_order=set_order changes=changes search=search.signal() /> }.into_any(),
                }}
            </div>
            <Dialog open=choosing title="New from a template" width=920 testid="templates">
                <p class="mb-4 text-sm text-ink-muted">"A template opens as a copy and can be run at once: its sample input and documents come with it."</p>
                <TemplateCards changes=changes />
            </Dialog>
            <import::ImportFault changes=changes />
            <change::RenameDialog changes=changes />
        </div>
    }
}

#[derive(Clone, PartialEq)]
enum Shown {
    Loading,
    Failed(awm_api::UserError),
    Empty,
    Full,
}

fn shown_of(shown: usize, all: usize) -> String {
    let number = |n: usize| count(n as u64);
    if shown == all {
        format!("{} in all", number(all))
    } else {
        format!("{} of {}", number(shown), number(all))
    }
}

/// What is seen before there is any workflow.
#[component]
fn Beginning(changes: Changes) -> impl IntoView {
    view! {
        <div class="h-full overflow-y-auto px-6 py-10">
            <div class="mx-auto max-w-4xl">
                <h1 class="text-xl">"Draw a workflow, run it on your documents"</h1>
                <p class="mt-1 max-w-[64ch] text-sm text-ink-muted">
                    "A workflow is an Amazon States Language definition. Begin with a template that runs as it is, with nothing, or with a definition of your own."
                </p>
                <div class="mt-6">
                    <TemplateCards changes=changes />
                </div>
            </div>
        </div>
    }
}

#[component]
fn List(
    rows: Memo<Vec<WorkflowSummary>>,
    order: Signal<Option<Order>>,
    set_order: Callback<Order>,
    changes: Changes,
    search: Signal<String>,
) -> impl IntoView {
    let navigate = use_navigate();
    let columns = vec![
        Column::new(
            "name",
            "Name",
            "minmax(220px,1fr)",
            |row: &WorkflowSummary| {
                view! { <span class="truncate font-medium">{row.name.clone()}</span> }.into_any()
            },
        )
        .sortable(),
        Column::new("kind", "Kind", "128px", |row: &WorkflowSummary| {
            let (word, icon) = workflow_kind(row.kind);
            view! {
                <span class="flex items-center gap-1.5 text-ink-muted">
                    <Glyph icon=icon size=14 />
                    {word}
                </span>
            }
            .into_any()
        })
        .sortable(),
        Column::new("states", "States", "84px", |row: &WorkflowSummary| {
            view! { <span>{row.states}</span> }.into_any()
        })
        .right()
        .sortable(),
        Column::new(
            "problems",
            "Problems",
            "112px",
            |row: &WorkflowSummary| match row.problems {
                0 => view! { <span class="text-ink-faint">"None"</span> }.into_any(),
                n => view! { <Badge tone=Tone::Warn icon=Icon::Warning>{n}</Badge> }.into_any(),
            },
        )
        .sortable(),
        Column::new(
            "last_run",
            "Last run",
            "200px",
            |row: &WorkflowSummary| match &row.last_run {
                Some(run) => view! {
                    <span class="flex min-w-0 items-center gap-2">
                        {run_status(run.status)} <span class="text-ink-faint">
                            <Ago at=run.started_at />
                        </span>
                    </span>
                }
                .into_any(),
                None => view! { <span class="text-ink-faint">"Not yet"</span> }.into_any(),
            },
        )
        .sortable(),
        Column::new("edited", "Edited", "100px", |row: &WorkflowSummary| {
            view! { <span class="text-ink-muted"><Ago at=row.edited_at /></span> }.into_any()
        })
        .right()
        .sortable(),
        Column::new("menu", "", "52px", move |row: &WorkflowSummary| {
            row_menu(row.clone(), changes)
        })
        .right(),
    ];
    let open = move |row: WorkflowSummary| {
        navigate(
            &format!("/workflows/{}", row.id),
            NavigateOptions::default(),
        )
    };
    view! {
        <Show
            when=move || rows.with(|rows| !rows.is_empty())
            fallback=move || view! { <EmptyState icon=Icon::Search title=Signal::derive(move || format!("No workflow is called “{}”", search.get())) /> }
        >
            <div class="h-full px-3">
                <Table
                    rows=rows
                    columns=columns.clone()
                    key=|row| row.id.clone()
                    label="Workflows"
                    order=order
                    on_order=set_order
                    on_open=open.clone()
                    row_testid="workflow-row"
                />
            </div>
        </Show>
    }
}

fn row_menu(row: WorkflowSummary, changes: Changes) -> AnyView {
    let entries = Signal::stored(vec![
        MenuItem::new("Rename…", {
            let row = row.clone();
            move || changes.rename(row.clone())
        })
        .icon(Icon::Edit)
        .into(),
        MenuItem::new("Duplicate", {
            let row = row.clone();
            move || changes.duplicate(row.clone())
        })
        .icon(Icon::Copy)
        .into(),
        awm_kit::MenuEntry::Divider,
        MenuItem::new("Delete", {
            let row = row.clone();
            move || changes.delete(row.clone())
        })
        .icon(Icon::Trash)
        .danger()
        .into(),
    ]);
    view! {
        <Menu label=format!("Actions for {}", row.name) entries=entries align_right=true testid="workflow-menu">
            <Glyph icon=Icon::More />
        </Menu>
    }
    .into_any()
}

fn sorted(
    mut rows: Vec<WorkflowSummary>,
    search: &str,
    order: Option<Order>,
) -> Vec<WorkflowSummary> {
    let wanted = search.trim().to_lowercase();
    rows.retain(|row| row.name.to_lowercase().contains(&wanted));
    let Some(order) = order else { return rows };
    rows.sort_by(|a, b| match order.by {
        "kind" => (a.kind as u8).cmp(&(b.kind as u8)),
        "states" => a.states.cmp(&b.states),
        "problems" => a.problems.cmp(&b.problems),
        "last_run" => a
            .last_run
            .as_ref()
            .map(|run| run.started_at)
            .cmp(&b.last_run.as_ref().map(|run| run.started_at)),
        "edited" => a.edited_at.cmp(&b.edited_at),
        _ => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
    });
    if order.descending {
        rows.reverse();
    }
    rows
}

/// The list that this screen shows, for its parts.
type ListLoader = Loader<Vec<WorkflowSummary>>;
