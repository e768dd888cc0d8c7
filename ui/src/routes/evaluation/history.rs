//! The evaluations of a set: the newest one's figures, all of them in a table, one of them opened, two compared.

use super::{Place, compare::Compare, figures::cards, result::ResultView};
use crate::load::{Load, act_with, failed};
use awm_api::{
    UserError,
    evaluation::SearchMode,
    evaluation_runs::{EvaluationDelete, EvaluationRun, EvaluationState},
};
use awm_kit::{
    Ago, Column, ControlSize, EmptyState, Icon, IconButton, Skeleton, Status, Table, Toast, Tone,
    count, use_toasts,
};
use leptos::prelude::*;

/// What is shown changes rarely; rows of evaluations that go on change often and must keep their place.
#[derive(Clone, PartialEq)]
enum Shown {
    Loading,
    Failed(UserError),
    Nothing,
    List,
    One(String),
    Two(String, String),
}

/// The part of the screen.
#[component]
pub(super) fn History(place: Place) -> impl IntoView {
    let shown = Memo::new(move |_| match (place.run.get(), place.before.get()) {
        (run, before) if !run.is_empty() && !before.is_empty() => Shown::Two(before, run),
        (run, _) if !run.is_empty() => Shown::One(run),
        _ => place.runs.with(|runs| match runs {
            Load::Loading => Shown::Loading,
            Load::Failed(error) => Shown::Failed(error.clone()),
            Load::Ready(runs) if runs.is_empty() => Shown::Nothing,
            Load::Ready(_) => Shown::List,
        }),
    });
    move || match shown.get() {
        Shown::Loading => view! { <div class="px-3"><Skeleton rows=8 /></div> }.into_any(),
        Shown::Failed(error) => failed(&error, move || place.runs.reload()),
        Shown::Nothing => nothing_yet(),
        Shown::List => list(place),
        Shown::One(run) => view! { <ResultView place=place id=run /> }.into_any(),
        Shown::Two(before, run) => {
            view! { <Compare place=place before=before after=run /> }.into_any()
        }
    }
}

fn nothing_yet() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Activity
            title="Not evaluated yet"
            text="Evaluate asks all questions of the set and tells how well they were found and answered. Change something, evaluate again, and see which questions got worse."
        />
    }
    .into_any()
}

fn list(place: Place) -> AnyView {
    let rows = Signal::derive(move || place.runs.value().unwrap_or_default());
    let finished = Memo::new(move |_| {
        let mut runs = rows.get();
        runs.retain(|run| run.figures.is_some());
        runs
    });
    let figures = move || {
        let runs = finished.get();
        runs.first().map(|newest| cards(newest, &runs))
    };
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="shrink-0 px-6 py-4">{figures}</div>
            <div class="min-h-48 flex-1 px-3">
                <Table
                    rows=rows
                    columns=columns(place)
                    key=|run: &EvaluationRun| run.id.clone()
                    label="Evaluations"
                    on_open=move |run: EvaluationRun| {
                        if run.figures.is_some() {
                            place.run.set(run.id);
                        }
                    }
                    row_testid="evaluation-row"
                />
            </div>
        </div>
    }
    .into_any()
}

/// How the questions were asked, in a few words.
pub(super) fn told(run: &EvaluationRun) -> String {
    let settings = &run.settings;
    let mode = match settings.mode {
        SearchMode::Hybrid => "keywords and meaning",
        SearchMode::Keyword => "keywords",
        SearchMode::Vector => "meaning",
    };
    let answers = match (settings.answers, &run.measured.answers_by) {
        (false, _) => "search only".to_owned(),
        (true, None) => "quotations".to_owned(),
        (true, Some(model)) => model.clone(),
    };
    format!(
        "{mode}, {} passages, {answers}; {} documents",
        settings.top_k,
        count(run.measured.documents)
    )
}

fn columns(place: Place) -> Vec<Column<EvaluationRun>> {
    let toasts = use_toasts();
    let number = |value: Option<f64>| {
        let text = value.map_or_else(|| "—".to_owned(), |value| format!("{value:.3}"));
        view! { <span>{text}</span> }.into_any()
    };
    vec![
        Column::new("state", "State", "132px", |run: &EvaluationRun| {
            let why = run.error.as_ref().map(|error| error.message.clone());
            let (tone, icon, text) = match run.state {
                EvaluationState::Running => (Tone::Info, None, "Running"),
                EvaluationState::Done => (Tone::Ok, Some(Icon::CheckCircle), "Done"),
                EvaluationState::Stopped => (Tone::Neutral, Some(Icon::Stop), "Stopped"),
                EvaluationState::Failed => (Tone::Crit, Some(Icon::CrossCircle), "Failed"),
            };
            view! { <span data-tip=why><Status tone=tone icon=icon text=text /></span> }.into_any()
        }),
        Column::new(
            "what",
            "What was tried",
            "minmax(200px,2fr)",
            |run: &EvaluationRun| {
                let label = run.settings.label.clone();
                view! {
                <span class="truncate">
                    {(!label.is_empty()).then(|| view! { <span class="font-medium">{format!("{label} · ")}</span> })}
                    <span class="text-ink-muted">{told(run)}</span>
                </span>
            }
            .into_any()
            },
        ),
        Column::new("ndcg", "nDCG@10", "88px", move |run: &EvaluationRun| {
            number(run.figures.as_ref().map(|figures| figures.ndcg_at_10.value))
        })
        .right(),
        Column::new("recall", "Recall", "80px", move |run: &EvaluationRun| {
            number(
                run.figures
                    .as_ref()
                    .map(|figures| figures.recall_at_k.value),
            )
        })
        .right(),
        Column::new(
            "citations",
            "Citations",
            "88px",
            move |run: &EvaluationRun| {
                let figures = run.figures.as_ref();
                number(figures.and_then(|f| f.citation_precision).map(|f| f.value))
            },
        )
        .right(),
        Column::new("when", "When", "96px", |run: &EvaluationRun| {
            view! { <span class="text-ink-muted"><Ago at=run.started_at /></span> }.into_any()
        })
        .right(),
        Column::new("remove", "", "56px", move |run: &EvaluationRun| {
            let id = run.id.clone();
            view! {
                <IconButton
                    icon=Icon::Trash
                    label="Delete the evaluation"
                    size=ControlSize::Tiny
                    on_click=move |ev: leptos::ev::MouseEvent| {
                        ev.stop_propagation();
                        act_with(toasts, EvaluationDelete { id: id.clone() }, move |_| {
                            place.runs.reload();
                            toasts.show(Toast::done("Deleted the evaluation"));
                        });
                    }
                />
            }
            .into_any()
        }),
    ]
}
