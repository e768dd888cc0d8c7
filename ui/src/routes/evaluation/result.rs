//! One evaluation: its figures, and its questions, those found worst first.

use super::{
    Place,
    beside::{Beside, Seen},
    figures::cards,
    history::told,
};
use crate::load::{draw, load};
use awm_api::evaluation_runs::{EvaluatedQuestion, EvaluationDetail, EvaluationGet, EvaluationRun};
use awm_kit::{
    Ago, Badge, Button, Column, ControlSize, Icon, Select, SelectOption, Skeleton, Table, Tone,
    local_time,
};
use leptos::prelude::*;

/// The part of the screen.
#[component]
pub(super) fn ResultView(place: Place, id: String) -> impl IntoView {
    let detail = load(move || EvaluationGet { id: id.clone() });
    draw(
        detail,
        || view! { <div class="px-3"><Skeleton rows=8 /></div> }.into_any(),
        move |detail| opened(place, detail),
    )
}

fn opened(place: Place, detail: EvaluationDetail) -> AnyView {
    let EvaluationDetail { run, mut results } = detail;
    results.sort_by(|a, b| quality(a).total_cmp(&quality(b)));
    let seen = RwSignal::new(None::<Seen>);
    let all = place.runs.value().unwrap_or_default();
    let figures = cards(&run, &all);
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="flex shrink-0 items-center gap-3 px-6 pt-3">
                <Button size=ControlSize::Small icon=Icon::ArrowLeft testid="evaluation-back" on_click=move |_| place.run.set("")>
                    "All evaluations"
                </Button>
                <span class="min-w-0 truncate text-sm text-ink-muted">
                    <Ago at=run.started_at />
                    {format!(" · {}", told(&run))}
                </span>
                <div class="ml-auto w-64 shrink-0">
                    <CompareWith place=place run=run.clone() all=all.clone() />
                </div>
            </div>
            <div class="shrink-0 px-6 py-4">{figures}</div>
            <div class="min-h-48 flex-1 px-3">
                <Table
                    rows=Signal::stored(results)
                    columns=columns()
                    key=|result: &EvaluatedQuestion| result.question.id.clone()
                    label="Questions of the evaluation"
                    on_open=move |result: EvaluatedQuestion| seen.set(Some(Seen { before: None, after: result }))
                    row_testid="result-row"
                />
            </div>
            <Beside seen=seen />
        </div>
    }
    .into_any()
}

/// Chooses the evaluation to compare with.
#[component]
fn CompareWith(place: Place, run: EvaluationRun, all: Vec<EvaluationRun>) -> impl IntoView {
    let others = all
        .into_iter()
        .filter(|other| other.id != run.id && other.figures.is_some());
    let mut options = vec![SelectOption::new("", "Compare with…")];
    options.extend(others.map(|other| {
        let label = match other.settings.label.as_str() {
            "" => local_time(other.started_at),
            label => format!("{label}, {}", local_time(other.started_at)),
        };
        SelectOption::new(other.id, label)
    }));
    (options.len() > 1).then(|| {
        view! {
            <Select
                label="Compare with"
                value=Signal::stored(String::new())
                options=Signal::stored(options)
                on_change=move |id: String| place.before.set(id)
                testid="compare-with"
            />
        }
    })
}

fn quality(result: &EvaluatedQuestion) -> f64 {
    let refused_rightly = result.answer.as_ref().is_none_or(|answer| {
        answer.error.is_none() && answer.refused == result.question.body.unanswerable
    });
    result.ndcg_at_10.unwrap_or(1.0) - if refused_rightly { 0.0 } else { 1.0 }
}

/// Ranks as a person reads them.
pub(super) fn ranks(result: &EvaluatedQuestion) -> String {
    if result.ranks.is_empty() {
        return "—".to_owned();
    }
    let each = result
        .ranks
        .iter()
        .map(|rank| rank.map_or_else(|| "not found".to_owned(), |rank| format!("#{rank}")));
    each.collect::<Vec<_>>().join(", ")
}

/// What became of the answer, as a badge.
pub(super) fn answered(result: &EvaluatedQuestion) -> AnyView {
    let Some(answer) = &result.answer else {
        return ().into_any();
    };
    let unanswerable = result.question.body.unanswerable;
    let (tone, text) = match (answer.error.is_some(), answer.refused, unanswerable) {
        (true, ..) => (Tone::Crit, "failed"),
        (_, true, true) => (Tone::Ok, "refused rightly"),
        (_, true, false) => (Tone::Warn, "refused"),
        (_, false, true) => (Tone::Warn, "not refused"),
        (_, false, false) => match answer.citation_precision {
            Some(part) if part >= 1.0 => (Tone::Ok, "cites rightly"),
            Some(part) if part > 0.0 => (Tone::Info, "cites partly"),
            Some(_) => (Tone::Warn, "cites wrongly"),
            None => (Tone::Neutral, "answered"),
        },
    };
    view! { <Badge tone=tone>{text}</Badge> }.into_any()
}

fn columns() -> Vec<Column<EvaluatedQuestion>> {
    vec![
        Column::new(
            "question",
            "Question",
            "minmax(240px,3fr)",
            |result: &EvaluatedQuestion| {
                view! { <span class="truncate">{result.question.body.question.clone()}</span> }
                    .into_any()
            },
        ),
        Column::new(
            "ranks",
            "Ranks",
            "minmax(112px,1fr)",
            |result: &EvaluatedQuestion| {
                let text = ranks(result);
                view! { <span class="truncate text-ink-muted tabular-nums" data-tip=text.clone()>{text.clone()}</span> }.into_any()
            },
        ),
        Column::new("ndcg", "nDCG@10", "88px", |result: &EvaluatedQuestion| {
            let text = result
                .ndcg_at_10
                .map_or_else(|| "—".to_owned(), |value| format!("{value:.3}"));
            view! { <span>{text}</span> }.into_any()
        })
        .right(),
        Column::new("answer", "Answer", "136px", answered),
    ]
}
