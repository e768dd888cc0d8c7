//! Figures as cards, each with its interval and a line over time.

use awm_api::{
    evaluation::Figure,
    evaluation_runs::{EvaluationRun, RunFigures},
};
use awm_kit::duration;
use leptos::prelude::*;

type Of = fn(&RunFigures) -> Option<Figure>;

/// Name, what it means, where it stands.
const SHOWN: [(&str, &str, Of); 6] = [
    (
        "nDCG@10",
        "How near the top what is relevant stands, of the first 10: 1 is perfect",
        |figures| Some(figures.ndcg_at_10),
    ),
    (
        "Recall",
        "The part of what is relevant among the passages that an answer is made of",
        |figures| Some(figures.recall_at_k),
    ),
    (
        "MRR@10",
        "One over the rank of the first relevant one, of the first 10",
        |figures| Some(figures.mrr_at_10),
    ),
    (
        "Citations right",
        "The part of the citations that hold the expected words or lie where they are expected",
        |figures| figures.citation_precision,
    ),
    (
        "Refused rightly",
        "The part of the questions without an answer that were refused",
        |figures| figures.refusals,
    ),
    (
        "Refused wrongly",
        "The part of the answerable questions that were refused: 0 is perfect",
        |figures| figures.false_refusals,
    ),
];

const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 28.0;
/// Evaluations that the line goes back.
const BACK: usize = 20;

/// The cards of an evaluation; `earlier` are all of its set, newest first.
pub(super) fn cards(run: &EvaluationRun, earlier: &[EvaluationRun]) -> AnyView {
    let Some(figures) = &run.figures else {
        return ().into_any();
    };
    let before: Vec<&RunFigures> = earlier
        .iter()
        .filter(|other| other.started_at <= run.started_at)
        .filter_map(|other| other.figures.as_ref())
        .take(BACK)
        .collect();
    let line_of = |of: Of| -> Vec<f64> {
        let values = before.iter().rev().filter_map(|figures| of(figures));
        values.map(|figure| figure.value).collect()
    };
    let cards: Vec<AnyView> = SHOWN
        .iter()
        .filter_map(|(name, meaning, of)| Some(card(name, meaning, of(figures)?, &line_of(*of))))
        .collect();
    // Rows that are full, or nearly so.
    let class = match cards.len() + 1 {
        5 | 6 => "grid grid-cols-3 gap-3",
        _ => "grid grid-cols-4 gap-3",
    };
    view! { <div class=class data-testid="figures">{cards} {times(figures)}</div> }.into_any()
}

fn card(name: &'static str, meaning: &'static str, figure: Figure, line: &[f64]) -> AnyView {
    let Figure { value, low, high } = figure;
    view! {
        <section class="flex min-w-0 flex-col rounded-card border border-line bg-surface px-4 py-3" data-tip=meaning>
            <h3 class="text-xs font-medium text-ink-muted">{name}</h3>
            <div class="flex items-end justify-between gap-2">
                <span class="text-2xl tabular-nums">{format!("{value:.3}")}</span>
                {over_time(line)}
            </div>
            <p class="text-xs text-ink-faint tabular-nums">{format!("95 % between {low:.3} and {high:.3}")}</p>
        </section>
    }
    .into_any()
}

fn times(figures: &RunFigures) -> AnyView {
    let ms = |ms: f64| duration(ms.round().max(1.0) as u64);
    let search = figures.search;
    let answer = figures.answer.map(|answer| {
        format!(
            "answer {}, 95 % under {}",
            ms(answer.p50_ms),
            ms(answer.p95_ms)
        )
    });
    view! {
        <section class="flex min-w-0 flex-col rounded-card border border-line bg-surface px-4 py-3" data-tip="Medians">
            <h3 class="text-xs font-medium text-ink-muted">"Time to search"</h3>
            <span class="text-2xl tabular-nums">{ms(search.p50_ms)}</span>
            <p class="text-xs text-ink-faint tabular-nums">{format!("95 % under {}", ms(search.p95_ms))}</p>
            {answer.map(|text| view! { <p class="text-xs text-ink-faint tabular-nums">{text}</p> })}
        </section>
    }
    .into_any()
}

/// A line from the oldest to the newest, 0 at the bottom and 1 at the top.
fn over_time(values: &[f64]) -> AnyView {
    if values.len() < 2 {
        return ().into_any();
    }
    let words = values
        .iter()
        .map(|value| format!("{value:.3}"))
        .collect::<Vec<_>>()
        .join(" → ");
    let (last_x, last_y) = place(values.len() - 1, values);
    view! {
        <svg width=WIDTH height=HEIGHT role="img" aria-label=words.clone() data-tip=words class="shrink-0 overflow-visible">
            <polyline points=points(values) fill="none" class="stroke-ink-faint" stroke-width="1.5" stroke-linejoin="round"></polyline>
            <circle cx=last_x cy=last_y r="2.5" class="fill-accent"></circle>
        </svg>
    }
    .into_any()
}

fn points(values: &[f64]) -> String {
    let at = |at| {
        let (x, y) = place(at, values);
        format!("{x:.1},{y:.1}")
    };
    (0..values.len()).map(at).collect::<Vec<_>>().join(" ")
}

/// Small changes of a good figure are to be seen: the line's height is what it spans, at least a tenth.
fn place(at: usize, values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = (most - least).max(0.1);
    let middle = f64::midpoint(least, most);
    let value = values.get(at).copied().unwrap_or(middle);
    let steps = values.len().saturating_sub(1).max(1);
    (
        at as f64 / steps as f64 * WIDTH,
        HEIGHT / 2.0 - (value - middle) / span * (HEIGHT - 6.0),
    )
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn the_line_rises_with_the_figure() {
        assert_eq!(points(&[0.5, 1.0]), "0.0,25.0 96.0,3.0");
        assert_eq!(points(&[0.8, 0.8, 0.8]), "0.0,14.0 48.0,14.0 96.0,14.0");
    }
}
