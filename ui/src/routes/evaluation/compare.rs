//! Two evaluations side by side: which questions got worse.

use super::{
    Place,
    beside::{Beside, Seen},
    history::told,
    result::ranks,
};
use crate::load::{draw, load};
use awm_api::{
    evaluation::Figure,
    evaluation_runs::{
        EvaluationCompare, EvaluationComparison, EvaluationRun, QuestionChange, RunFigures,
    },
};
use awm_kit::{Ago, Badge, Button, Column, ControlSize, Icon, Skeleton, Table, Tone, plural};
use leptos::prelude::*;

/// Smaller changes are none.
const TELLING: f64 = 1e-9;

/// The part of the screen.
#[component]
pub(super) fn Compare(place: Place, before: String, after: String) -> impl IntoView {
    let compared = load(move || EvaluationCompare {
        before: before.clone(),
        after: after.clone(),
    });
    draw(
        compared,
        || view! { <div class="px-3"><Skeleton rows=8 /></div> }.into_any(),
        move |compared| opened(place, compared),
    )
}

fn opened(place: Place, compared: EvaluationComparison) -> AnyView {
    let seen = RwSignal::new(None::<Seen>);
    let EvaluationComparison {
        before,
        after,
        questions,
        worse,
        better,
        alone,
    } = compared;
    let mut summary = format!(
        "{} got worse, {better} better",
        plural(worse, "question", "questions")
    );
    if alone > 0 {
        summary.push_str(&format!(", {alone} were asked once only"));
    }
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="flex shrink-0 items-center gap-3 px-6 py-3">
                <Button size=ControlSize::Small icon=Icon::ArrowLeft testid="compare-back" on_click=move |_| place.before.set("")>
                    "Back"
                </Button>
                <span class="text-sm font-medium" data-testid="compare-told">{summary}</span>
            </div>
            <div class="grid shrink-0 grid-cols-2 gap-3 px-6 pb-4">
                {side("Before", &before, None)}
                {side("After", &after, before.figures.as_ref())}
            </div>
            <div class="min-h-48 flex-1 px-3">
                <Table
                    rows=Signal::stored(questions)
                    columns=columns()
                    key=|change: &QuestionChange| change.after.question.id.clone()
                    label="Questions, those that got worse first"
                    on_open=move |change: QuestionChange| {
                        seen.set(Some(Seen { before: Some(change.before), after: change.after }));
                    }
                    row_testid="change-row"
                />
            </div>
            <Beside seen=seen />
        </div>
    }
    .into_any()
}

fn side(name: &'static str, run: &EvaluationRun, earlier: Option<&RunFigures>) -> AnyView {
    let one = |label: &'static str, of: fn(&RunFigures) -> Option<Figure>| {
        let now = of(run.figures.as_ref()?)?.value;
        let moved = earlier.and_then(of).map(|before| now - before.value);
        Some(view! {
            <div class="flex flex-col">
                <span class="text-xs text-ink-muted">{label}</span>
                <span class="flex items-baseline gap-1.5 tabular-nums">
                    <span class="text-lg">{format!("{now:.3}")}</span>
                    {moved.filter(|moved| moved.abs() >= 0.0005).map(|moved| view! { <span class="text-xs text-ink-muted">{format!("{moved:+.3}")}</span> })}
                </span>
            </div>
        })
    };
    let label = match run.settings.label.as_str() {
        "" => name.to_owned(),
        label => format!("{name}: {label}"),
    };
    view! {
        <section class="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-surface px-4 py-3">
            <h3 class="truncate text-sm font-medium">{label} " · " <Ago at=run.started_at /></h3>
            <p class="truncate text-xs text-ink-muted">{told(run)}</p>
            <div class="flex flex-wrap gap-6">
                {one("nDCG@10", |figures| Some(figures.ndcg_at_10))}
                {one("Recall", |figures| Some(figures.recall_at_k))}
                {one("MRR@10", |figures| Some(figures.mrr_at_10))}
                {one("Citations right", |figures| figures.citation_precision)}
                {one("Refused wrongly", |figures| figures.false_refusals)}
            </div>
        </section>
    }
    .into_any()
}

fn columns() -> Vec<Column<QuestionChange>> {
    vec![
        Column::new("change", "Change", "112px", |change: &QuestionChange| {
            let moved = change.change;
            let (tone, icon) = match moved {
                moved if moved < -TELLING => (Tone::Crit, Icon::ArrowDown),
                moved if moved > TELLING => (Tone::Ok, Icon::ArrowUp),
                _ => (Tone::Neutral, Icon::Minus),
            };
            view! { <Badge tone=tone icon=icon>{format!("{moved:+.3}")}</Badge> }.into_any()
        }),
        Column::new(
            "question",
            "Question",
            "minmax(240px,3fr)",
            |change: &QuestionChange| {
                view! { <span class="truncate">{change.after.question.body.question.clone()}</span> }.into_any()
            },
        ),
        Column::new(
            "before",
            "Ranks before",
            "minmax(112px,1fr)",
            |change: &QuestionChange| {
                view! { <span class="truncate text-ink-muted tabular-nums">{ranks(&change.before)}</span> }.into_any()
            },
        ),
        Column::new(
            "after",
            "Ranks after",
            "minmax(112px,1fr)",
            |change: &QuestionChange| {
                view! { <span class="truncate tabular-nums">{ranks(&change.after)}</span> }
                    .into_any()
            },
        ),
    ]
}
