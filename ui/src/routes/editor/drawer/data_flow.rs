//! The data of one visit at its stations, side by side.

use super::json_tree::JsonTree;
use crate::routes::editor::{
    model::{
        data_flow::columns,
        run::{Outcome, RunModel, VisitRecord},
    },
    session::{Session, name_of},
};
use awm_kit::{Badge, EmptyState, Icon, Select, SelectOption, Status, Tone, duration};
use leptos::prelude::*;

/// Visits that the list offers; more are reached by the timeline.
const OFFERED: usize = 500;

/// The panel.
#[component]
pub fn DataFlowPanel(
    /// The editor.
    session: Session,
) -> impl IntoView {
    // The selected state's visit; without a selection the chosen visit, else the last failure or the last visit.
    let state = Memo::new(move |_| {
        session.selected().or_else(|| {
            session.run.with(|run| {
                let chosen = session.visit.get().and_then(|id| run.visit(id));
                chosen
                    .or_else(|| run.first_failure())
                    .or_else(|| run.visits.last())
                    .map(|visit| visit.state.clone())
            })
        })
    });
    let visit = Memo::new(move |_| {
        state
            .get()
            .and_then(|state| session.shown_visit(&state, VisitRecord::clone))
    });
    let ran = Memo::new(move |_| session.run.with(|run| run.summary.is_some()));
    view! {
        <Show
            when=move || ran.get()
            fallback=|| view! { <EmptyState icon=Icon::Activity title="No run yet" text="Run the workflow to see the data at every station of a state" /> }
        >
            <div class="flex h-full min-h-0 flex-col" data-testid="data-flow">
                {move || match (state.get(), visit.get()) {
                    (Some(state), Some(visit)) => view! { <Visit session=session state=state visit=visit /> }.into_any(),
                    (Some(state), None) => {
                        let text = format!("{} was not visited in this run", name_of(&state));
                        view! { <EmptyState icon=Icon::Skip title=text /> }.into_any()
                    }
                    _ => view! { <EmptyState icon=Icon::Activity title="Nothing was visited" /> }.into_any(),
                }}
            </div>
        </Show>
    }
}

#[component]
fn Visit(session: Session, state: String, visit: VisitRecord) -> impl IntoView {
    let language = untrack(|| session.language(&state));
    let columns = columns(&visit, language);
    let options = session.run.with_untracked(|run| options(run, &state));
    let count = options.len();
    let chosen = visit.id.to_string();
    let error = visit
        .data
        .error
        .clone()
        .filter(|_| visit.outcome != Outcome::Succeeded);
    let progress = {
        let id = visit.id;
        Memo::new(move |_| {
            session
                .run
                .with(|run| run.progress_of(id).map(str::to_owned))
        })
    };
    let retries = visit.retry_count();
    view! {
        <div class="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1.5 text-sm">
            <span class="max-w-64 truncate font-medium">{visit.name.clone()}</span>
            {(count > 1)
                .then(|| {
                    view! {
                        <div class="w-52">
                            <Select
                                value=Signal::stored(chosen)
                                options=Signal::stored(options)
                                label="Visit"
                                testid="visit-picker"
                                on_change=move |id: String| session.visit.set(id.parse().ok())
                            />
                        </div>
                    }
                })}
            <OutcomeWord outcome=visit.outcome />
            <span class="text-xs text-ink-muted tabular-nums">{visit.duration().map(|ms| duration(ms.unsigned_abs()))}</span>
            {(retries > 0).then(|| view! { <Badge tone=Tone::Warn icon=Icon::Retry>{format!("{retries} retries")}</Badge> })}
            {visit.data.mocked.then(|| view! { <Badge tone=Tone::Info icon=Icon::Pin>"stand-in"</Badge> })}
            {visit
                .iterations
                .map(|i| {
                    view! {
                        <span class="text-xs text-ink-muted tabular-nums">
                            {format!("{} of {} iterations done, {} failed", i.succeeded, i.total, i.failed)}
                        </span>
                    }
                })}
        </div>
        {error
            .map(|error| {
                view! {
                    <div class="shrink-0 border-b border-line bg-crit-soft px-3 py-1.5 text-sm text-crit" data-testid="visit-error">
                        <span class="font-mono text-xs font-medium">{error}</span>
                        <span class="ml-2 break-words">{visit.data.cause.clone()}</span>
                    </div>
                }
            })}
        {move || {
            progress
                .get()
                .map(|text| {
                    view! {
                        <div class="max-h-24 shrink-0 overflow-auto border-b border-line bg-info-soft px-3 py-1.5 text-sm break-words whitespace-pre-wrap" data-testid="progress-text">
                            {text}
                        </div>
                    }
                })
        }}
        <div class="flex min-h-0 flex-1 overflow-x-auto">
            {columns
                .into_iter()
                .map(|column| {
                    let value = column.value;
                    let before = column.before;
                    let testid = format!("dataflow-{}", column.key);
                    view! {
                        <section class="flex min-h-0 min-w-56 flex-1 flex-col border-r border-line last:border-r-0" data-testid=testid aria-label=column.title>
                            <header class="flex h-7 shrink-0 items-center justify-between gap-2 bg-sunken px-3">
                                <span class="truncate text-xs font-medium">{column.title}</span>
                                <span class="truncate font-mono text-2xs text-ink-faint">{column.caption}</span>
                            </header>
                            {match value {
                                Some(value) => view! { <JsonTree value=value before=before label=column.title /> }.into_any(),
                                None => view! { <p class="px-3 py-2 text-xs text-ink-faint">"not reached"</p> }.into_any(),
                            }}
                        </section>
                    }
                })
                .collect_view()}
        </div>
    }
}

fn options(run: &RunModel, state: &str) -> Vec<SelectOption> {
    let all: Vec<&VisitRecord> = run.visits_of(state).collect();
    let many = all.len();
    all.into_iter()
        .enumerate()
        .take(OFFERED)
        .map(|(n, visit)| {
            let within: Vec<String> = visit.within.iter().map(u32::to_string).collect();
            let within = if within.is_empty() {
                String::new()
            } else {
                format!(", iteration {}", within.join("."))
            };
            SelectOption::new(
                visit.id.to_string(),
                format!(
                    "Visit {} of {many}{within}: {}",
                    n + 1,
                    outcome(visit.outcome).1
                ),
            )
        })
        .collect()
}

/// The drawing, the word and the tone of an outcome.
pub fn outcome(outcome: Outcome) -> (Option<Icon>, &'static str, Tone) {
    match outcome {
        Outcome::Running => (None, "running", Tone::Accent),
        Outcome::Succeeded => (Some(Icon::CheckCircle), "succeeded", Tone::Ok),
        Outcome::Failed => (Some(Icon::CrossCircle), "failed", Tone::Crit),
        Outcome::Caught => (Some(Icon::Shield), "caught", Tone::Warn),
        Outcome::Aborted => (Some(Icon::Ban), "stopped", Tone::Neutral),
    }
}

/// An outcome as drawing, word and colour.
#[component]
pub fn OutcomeWord(
    /// The outcome.
    outcome: Outcome,
) -> impl IntoView {
    let (icon, word, tone) = self::outcome(outcome);
    view! { <Status icon=icon text=word tone=tone /> }
}
