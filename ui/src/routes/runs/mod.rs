//! The list of runs.

mod sparkline;

use super::{
    query::{QueryValue, query_cleared, query_order, query_value},
    states::{run_source, run_status},
};
use crate::{
    load::{Load, failed, load},
    pages::{PART, Pages, load_pages},
    session::{Crumb, use_session},
};
use awm_api::{
    PageRequest,
    runs::{RunList, RunSource, RunStatus, RunSummary},
    workflows::WorkflowList,
};
use awm_kit::{
    Ago, Button, ButtonVariant, Column, CopyId, EmptyState, Icon, Input, Order, Select,
    SelectOption, Skeleton, Table, count, duration, now_ms,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use sparkline::Sparkline;
use std::time::Duration;

const COLUMNS: &[&str] = &[
    "workflow", "status", "source", "started", "duration", "events",
];
const STATUSES: [(&str, &str, RunStatus); 5] = [
    ("running", "Running", RunStatus::Running),
    ("succeeded", "Succeeded", RunStatus::Succeeded),
    ("failed", "Failed", RunStatus::Failed),
    ("timed-out", "Timed out", RunStatus::TimedOut),
    ("aborted", "Aborted", RunStatus::Aborted),
];
const SOURCES: [(&str, RunSource); 3] = [
    ("editor", RunSource::Editor),
    ("chat", RunSource::Chat),
    ("cli", RunSource::Cli),
];
const SPANS: [(&str, &str, i64); 4] = [
    ("1h", "Last hour", 3_600_000),
    ("1d", "Last 24 hours", 86_400_000),
    ("7d", "Last 7 days", 604_800_000),
    ("30d", "Last 30 days", 2_592_000_000),
];

#[derive(Clone, Copy)]
struct Filters {
    text: QueryValue,
    workflow: QueryValue,
    status: QueryValue,
    source: QueryValue,
    since: QueryValue,
    cleared: Callback<()>,
}

impl Filters {
    fn all(self) -> [QueryValue; 5] {
        [
            self.text,
            self.workflow,
            self.status,
            self.source,
            self.since,
        ]
    }

    fn any(self) -> bool {
        self.all().into_iter().any(|value| !value.get().is_empty())
    }

    fn clear(self) {
        self.cleared.run(());
    }

    fn request(self, offset: u64) -> RunList {
        let (status, source, since, workflow) = (
            self.status.get(),
            self.source.get(),
            self.since.get(),
            self.workflow.get(),
        );
        RunList {
            workflow_id: (!workflow.is_empty()).then_some(workflow),
            status: STATUSES
                .iter()
                .find(|(id, ..)| *id == status)
                .map(|(_, _, status)| *status),
            source: SOURCES
                .iter()
                .find(|(id, _)| *id == source)
                .map(|(_, source)| *source),
            since: SPANS
                .iter()
                .find(|(id, ..)| *id == since)
                .map(|(_, _, span)| now_ms() - span),
            text: self.text.get(),
            page: PageRequest {
                offset,
                limit: PART,
                sort: None,
            },
        }
    }
}

/// The list.
#[component]
pub(super) fn Runs() -> impl IntoView {
    use_session().at(vec![Crumb::here("Runs")]);
    let filters = Filters {
        text: query_value("q"),
        workflow: query_value("workflow"),
        status: query_value("status"),
        source: query_value("source"),
        since: query_value("since"),
        cleared: query_cleared(),
    };
    let pages: Pages<RunSummary> = load_pages(move |offset| filters.request(offset));
    keep_fresh(pages);
    let (order, set_order) = query_order(COLUMNS);
    let rows = Memo::new(move |_| sorted(pages.rows.get(), order.get()));
    let shown = Memo::new(move |_| match pages.state.get() {
        Load::Ready(()) if rows.with(Vec::is_empty) => Shown::Empty,
        Load::Ready(()) => Shown::Full,
        Load::Loading => Shown::Loading,
        Load::Failed(error) => Shown::Failed(error),
    });
    view! {
        <div class="flex h-full min-h-0 flex-col" data-testid="runs">
            <FilterBar filters=filters pages=pages />
            <div class="min-h-0 flex-1">
                {move || match shown.get() {
                    Shown::Loading => view! { <div class="px-3"><Skeleton rows=12 /></div> }.into_any(),
                    Shown::Failed(error) => failed(&error, move || pages.reload()),
                    Shown::Empty => empty(filters),
                    Shown::Full => view! { <List rows=rows order=order set_order=set_order pages=pages /> }.into_any(),
                }}
            </div>
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

fn empty(filters: Filters) -> AnyView {
    if filters.any() {
        view! {
            <EmptyState icon=Icon::Filter title="No run fits these filters">
                <Button on_click=move |_| filters.clear()>"Clear the filters"</Button>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                icon=Icon::Runs
                title="Nothing has been run yet"
                text="Every run is kept here with all its data: from the editor, from Chat and from the command line. Open a workflow and press Run."
            />
        }
        .into_any()
    }
}

#[component]
fn FilterBar(filters: Filters, pages: Pages<RunSummary>) -> impl IntoView {
    let workflows = load(|| WorkflowList {});
    let names = Signal::derive(move || {
        let mut options = vec![SelectOption::new("", "All workflows")];
        options.extend(
            workflows
                .value()
                .unwrap_or_default()
                .into_iter()
                .map(|row| SelectOption::new(row.id, row.name)),
        );
        options
    });
    let with_all = |all: &str, rest: Vec<SelectOption>| {
        Signal::stored(
            std::iter::once(SelectOption::new("", all))
                .chain(rest)
                .collect::<Vec<_>>(),
        )
    };
    let statuses = with_all(
        "Any status",
        STATUSES
            .iter()
            .map(|(id, word, _)| SelectOption::new(*id, *word))
            .collect(),
    );
    let sources = with_all(
        "Any source",
        SOURCES
            .iter()
            .map(|(id, source)| SelectOption::new(*id, run_source(*source)))
            .collect(),
    );
    let spans = with_all(
        "Any time",
        SPANS
            .iter()
            .map(|(id, word, _)| SelectOption::new(*id, *word))
            .collect(),
    );
    view! {
        <div class="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-6 py-3">
            <div class="w-56">
                <Input
                    value=filters.text.signal()
                    on_input=filters.text.setter()
                    icon=Icon::Search
                    kind="search"
                    placeholder="Name, id or error"
                    label="Search runs"
                    testid="run-search"
                />
            </div>
            <div class="w-44">
                <Select value=filters.workflow.signal() options=names on_change=filters.workflow.setter() label="Workflow" testid="run-filter-workflow" />
            </div>
            <div class="w-32">
                <Select value=filters.status.signal() options=statuses on_change=filters.status.setter() label="Status" testid="run-filter-status" />
            </div>
            <div class="w-36">
                <Select value=filters.source.signal() options=sources on_change=filters.source.setter() label="Source" testid="run-filter-source" />
            </div>
            <div class="w-36">
                <Select value=filters.since.signal() options=spans on_change=filters.since.setter() label="Time" testid="run-filter-since" />
            </div>
            <Show when=move || filters.any()>
                <Button variant=ButtonVariant::Ghost on_click=move |_| filters.clear()>"Clear"</Button>
            </Show>
            <div class="ml-auto flex items-center gap-4">
                <p class="text-xs text-ink-faint tabular-nums" aria-live="polite">
                    {move || match pages.total.get() {
                        0 => String::new(),
                        1 => "1 run".into(),
                        n => format!("{} runs", count(n)),
                    }}
                </p>
                <Sparkline rows=pages.rows />
            </div>
        </div>
    }
}

#[component]
fn List(
    rows: Memo<Vec<RunSummary>>,
    order: Signal<Option<Order>>,
    set_order: Callback<Order>,
    pages: Pages<RunSummary>,
) -> impl IntoView {
    let navigate = use_navigate();
    let columns = vec![
        Column::new("status", "Status", "136px", |row: &RunSummary| {
            run_status(row.status)
        })
        .sortable(),
        Column::new(
            "workflow",
            "Workflow",
            "minmax(180px,1fr)",
            |row: &RunSummary| {
                view! { <span class="truncate font-medium">{row.workflow_name.clone()}</span> }
                    .into_any()
            },
        )
        .sortable(),
        Column::new("error", "Error", "minmax(120px,1fr)", |row: &RunSummary| {
            let cause = row.cause.clone().unwrap_or_default();
            row.error
                .clone()
                .map(|error| view! { <span class="truncate font-mono text-xs text-crit" data-tip=cause>{error}</span> })
                .into_any()
        }),
        Column::new("source", "Source", "116px", |row: &RunSummary| {
            view! { <span class="text-ink-muted">{run_source(row.source)}</span> }.into_any()
        })
        .sortable(),
        Column::new("started", "Started", "96px", |row: &RunSummary| {
            view! { <Ago at=row.started_at /> }.into_any()
        })
        .right()
        .sortable(),
        Column::new(
            "duration",
            "Duration",
            "112px",
            |row: &RunSummary| match taken(row) {
                Some(ms) => view! { <span>{duration(ms)}</span> }.into_any(),
                None => view! { <span class="text-ink-faint">"—"</span> }.into_any(),
            },
        )
        .right()
        .sortable(),
        Column::new("events", "Events", "88px", |row: &RunSummary| {
            view! { <span>{count(row.events)}</span> }.into_any()
        })
        .right()
        .sortable(),
        Column::new("id", "Run", "176px", |row: &RunSummary| {
            view! { <CopyId id=row.id.clone() /> }.into_any()
        }),
    ];
    view! {
        <div class="h-full px-3">
            <Table
                rows=rows
                columns=columns
                key=|row| row.id.clone()
                label="Runs"
                order=order
                on_order=set_order
                on_open=move |row: RunSummary| navigate(&format!("/runs/{}", row.id), NavigateOptions::default())
                on_end=move |()| pages.more()
                row_testid="run-row"
            />
        </div>
    }
}

/// Milliseconds that an ended run took.
fn taken(row: &RunSummary) -> Option<u64> {
    row.ended_at
        .map(|end| u64::try_from(end - row.started_at).unwrap_or_default())
}

/// While a run of the first part goes on, the list is fetched again every two seconds.
fn keep_fresh(pages: Pages<RunSummary>) {
    let tick = set_interval_with_handle(
        move || {
            let goes_on = |rows: &Vec<RunSummary>| {
                rows.len() <= PART as usize
                    && rows.iter().any(|row| row.status == RunStatus::Running)
            };
            if pages.rows.with_untracked(goes_on) {
                pages.reload();
            }
        },
        Duration::from_secs(2),
    );
    if let Ok(handle) = tick {
        on_cleanup(move || handle.clear());
    }
}

fn sorted(mut rows: Vec<RunSummary>, order: Option<Order>) -> Vec<RunSummary> {
    let Some(order) = order else { return rows };
    rows.sort_by(|a, b| match order.by {
        "workflow" => a.workflow_name.cmp(&b.workflow_name),
        "status" => (a.status as u8).cmp(&(b.status as u8)),
        "source" => (a.source as u8).cmp(&(b.source as u8)),
        "duration" => taken(a).cmp(&taken(b)),
        "events" => a.events.cmp(&b.events),
        _ => a.started_at.cmp(&b.started_at),
    });
    if order.descending {
        rows.reverse();
    }
    rows
}
