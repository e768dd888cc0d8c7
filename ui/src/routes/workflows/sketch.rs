//! A small drawing of a definition, for a template's card.

use super::sketch_layout::{Layout, layout};
use leptos::prelude::*;
use serde_json::Value;

const COLUMN: f64 = 76.0;
const ROW: f64 = 30.0;
const WIDTH: f64 = 56.0;
const HEIGHT: f64 = 16.0;

/// The drawing of a `awm_flow::Document` given as JSON. A definition that is no JSON is drawn as an empty sheet.
#[component]
pub(super) fn Sketch(document: Value) -> impl IntoView {
    let text = document
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let drawn = serde_json::from_str(text)
        .map(|definition| layout(&definition))
        .unwrap_or_default();
    let (width, height) = (drawn.columns.max(1.0) * COLUMN, drawn.rows.max(1.0) * ROW);
    view! {
        <svg class="max-h-full max-w-full" viewBox=format!("0 0 {width} {height}") width=width height=height aria-hidden="true">
            {lines(&drawn)}
            {drawn
                .shapes
                .iter()
                .map(|shape| {
                    view! {
                        <rect
                            class=fill(&shape.kind)
                            x=shape.x * COLUMN - WIDTH / 2.0
                            y=shape.y * ROW - HEIGHT / 2.0
                            width=WIDTH
                            height=HEIGHT
                            rx=if shape.kind == "Choice" { "8" } else { "3" }
                        ></rect>
                        {frame(&shape.kind)
                            .then(|| {
                                view! {
                                    <path
                                        class="stroke-ink-faint"
                                        stroke-width="1"
                                        fill="none"
                                        d=format!(
                                            "M{} {}v6m10 -6v6m10 -6v6",
                                            shape.x * COLUMN - 10.0,
                                            shape.y * ROW - 3.0,
                                        )
                                    ></path>
                                }
                            })}
                    }
                })
                .collect_view()}
        </svg>
    }
}

fn lines(drawn: &Layout) -> Vec<AnyView> {
    let place = |at: usize| {
        drawn
            .shapes
            .get(at)
            .map(|shape| (shape.x * COLUMN, shape.y * ROW))
    };
    let line = |(from, to, caught): &(usize, usize, bool)| {
        let ((x1, y1), (x2, y2)) = place(*from).zip(place(*to))?;
        let (y1, y2) = (y1 + HEIGHT / 2.0, y2 - HEIGHT / 2.0);
        let bend = if y2 > y1 { (y2 - y1) / 2.0 } else { 18.0 };
        let d = format!("M{x1} {y1}C{x1} {} {x2} {} {x2} {y2}", y1 + bend, y2 - bend);
        let dash = caught.then_some("3 2");
        Some(view! { <path class="stroke-line-strong" fill="none" stroke-width="1.25" stroke-dasharray=dash d=d></path> }.into_any())
    };
    drawn.lines.iter().filter_map(line).collect()
}

fn frame(kind: &str) -> bool {
    matches!(kind, "Parallel" | "Map")
}

fn fill(kind: &str) -> &'static str {
    match kind {
        "Task" => "fill-accent-soft stroke-accent",
        "Choice" => "fill-warn-soft stroke-warn",
        "Parallel" | "Map" => "fill-info-soft stroke-info",
        "Succeed" => "fill-ok-soft stroke-ok",
        "Fail" => "fill-crit-soft stroke-crit",
        _ => "fill-surface stroke-line-strong",
    }
}
