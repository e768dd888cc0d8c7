//! The durations of the newest runs as small bars.

use super::taken;
use awm_api::runs::{RunStatus, RunSummary};
use awm_kit::duration;
use leptos::prelude::*;

const BARS: usize = 40;
const HEIGHT: f64 = 24.0;

/// Bars, newest at the right; a failed run is red.
#[component]
pub(super) fn Sparkline(rows: RwSignal<Vec<RunSummary>>) -> impl IntoView {
    let ended = Memo::new(move |_| {
        rows.with(|rows| {
            let ended = rows
                .iter()
                .filter_map(|row| Some((taken(row)?, row.status == RunStatus::Succeeded)));
            let mut newest: Vec<(u64, bool)> = ended.take(BARS).collect();
            newest.reverse();
            newest
        })
    });
    move || {
        let bars = ended.get();
        if bars.len() < 2 {
            return None;
        }
        let longest = bars.iter().map(|(ms, _)| *ms).max().unwrap_or(1).max(1) as f64;
        let words = format!(
            "The last {} runs took {} at the median, {} at most",
            bars.len(),
            duration(median(&bars)),
            duration(longest as u64)
        );
        Some(view! {
            <svg
                width=BARS * 4
                height=HEIGHT
                role="img"
                aria-label=words.clone()
                data-tip=words
                data-testid="run-sparkline"
            >
                {bars
                    .iter()
                    .enumerate()
                    .map(|(at, (ms, good))| {
                        // A square root, so that one long run doesn't flatten all the others.
                        let tall = ((*ms as f64 / longest).sqrt() * HEIGHT).max(2.0);
                        view! {
                            <rect
                                class=if *good { "fill-ink-faint" } else { "fill-crit" }
                                x=(BARS - bars.len() + at) * 4
                                y=HEIGHT - tall
                                width="3"
                                height=tall
                                rx="1"
                            ></rect>
                        }
                    })
                    .collect_view()}
            </svg>
        })
    }
}

fn median(bars: &[(u64, bool)]) -> u64 {
    let mut times: Vec<u64> = bars.iter().map(|(ms, _)| *ms).collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
