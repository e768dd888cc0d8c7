//! A canvas with many generated states, for measuring.

use crate::Canvas;
use awm_flow::{Document, Editor, Format};
use leptos::prelude::*;
use std::fmt::Write as _;

/// A workflow of this many states: rows of tasks with a Choice at each tenth, a loop at each fiftieth, a catcher at
/// each seventh; about 1.4 transitions for each state.
pub fn generated(states: usize) -> String {
    let mut text = String::from("{\"StartAt\":\"S0\",\"States\":{");
    let items = ["Retrieve", "Generate", "Recall", "CallApi", "Extract"];
    for index in 0..states {
        let next = index + 1;
        if index > 0 {
            text.push(',');
        }
        // Writing to a string can't fail.
        let _ = if next >= states {
            write!(text, "\"S{index}\":{{\"Type\":\"Succeed\"}}")
        } else if index % 10 == 9 {
            let (far, back) = (
                (index + 4).min(states - 1),
                if index % 50 == 49 { index - 8 } else { next },
            );
            write!(
                text,
                "\"S{index}\":{{\"Type\":\"Choice\",\"Choices\":[{{\"Variable\":\"$.n\",\"NumericGreaterThan\":{index},\"Next\":\"S{far}\"}},\
                 {{\"Variable\":\"$.again\",\"BooleanEquals\":true,\"Next\":\"S{back}\"}}],\"Default\":\"S{next}\"}}"
            )
        } else {
            let item = items
                .get(index % items.len())
                .copied()
                .unwrap_or("Retrieve");
            let catch = if index % 7 == 3 {
                format!(
                    "\"Catch\":[{{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"S{}\"}}],",
                    (index + 3).min(states - 1)
                )
            } else {
                String::new()
            };
            write!(
                text,
                "\"S{index}\":{{\"Type\":\"Task\",\"Resource\":\"${{Awm{item}}}\",{catch}\"Next\":\"S{next}\"}}"
            )
        };
    }
    text.push_str("}}");
    text
}

/// The canvas over a generated workflow; places in rows of forty, so that both directions are filled.
#[component]
pub fn CanvasStress(
    /// How many states.
    nodes: usize,
) -> impl IntoView {
    let mut document = Document::new(Format::Json, generated(nodes));
    for index in 0..nodes {
        let (row, column) = (index / 40, index % 40);
        let at = awm_flow::Point {
            x: column as f64 * 280.0,
            y: row as f64 * 160.0,
        };
        document.positions.insert(format!("/States/S{index}"), at);
    }
    let editor = RwSignal::new(Editor::new(document));
    let selection = RwSignal::new(Vec::new());
    view! { <Canvas editor selection palette=false /> }
}
