//! The run as a whole: how it stands, what went in, what came out.

use super::json_tree::JsonTree;
use crate::routes::editor::{model::run::RunModel, running::Runner, session::Session};
use awm_api::runs::RunStatus;
use awm_kit::{Ago, Button, ControlSize, CopyId, EmptyState, Icon, Status, Tone, duration, now_ms};
use leptos::prelude::*;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// A run's status as drawing, word and colour.
pub fn status(status: RunStatus) -> (Option<Icon>, &'static str, Tone) {
    match status {
        RunStatus::Running => (None, "Running", Tone::Accent),
        RunStatus::Succeeded => (Some(Icon::CheckCircle), "Succeeded", Tone::Ok),
        RunStatus::Failed => (Some(Icon::CrossCircle), "Failed", Tone::Crit),
        RunStatus::TimedOut => (Some(Icon::Clock), "Timed out", Tone::Crit),
        RunStatus::Aborted => (Some(Icon::Ban), "Aborted", Tone::Neutral),
    }
}

/// The panel.
#[component]
pub fn RunPanel(
    /// The editor.
    session: Session,
    /// Starts and stops.
    runner: Runner,
) -> impl IntoView {
    let summary = Memo::new(move |_| session.run.with(|run| run.summary.clone()));
    let input = Memo::new(move |_| session.run.with(input_of));
    let output = Memo::new(move |_| session.run.with(|run| run.output.clone()));
    let streams = Memo::new(move |_| {
        session.run.with(|run| {
            let told = run.visits.iter().filter_map(|visit| {
                Some((visit.name.clone(), run.progress_of(visit.id)?.to_owned()))
            });
            told.collect::<Vec<_>>()
        })
    });
    let head = move || {
        summary.get().map(|summary| {
            let (icon, word, tone) = status(summary.status);
            let running = summary.status == RunStatus::Running;
            let error = summary.error.clone();
            view! {
                <div class="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1.5 text-sm">
                    <Status icon=icon text=word tone=tone />
                    <Elapsed from=summary.started_at to=summary.ended_at />
                    <span class="text-xs text-ink-muted">
                        "started " <Ago at=summary.started_at />
                    </span>
                    <span class="text-xs text-ink-muted tabular-nums">{format!("v{}", summary.revision)}</span>
                    <CopyId id=summary.id.clone() />
                    <span class="ml-auto"></span>
                    {if running {
                        view! { <Button size=ControlSize::Small icon=Icon::Stop on_click=move |_| runner.stop()>"Stop"</Button> }.into_any()
                    } else {
                        view! {
                            <Button size=ControlSize::Small icon=Icon::Retry testid="run-again" on_click=move |_| {
                                match input.get_untracked() {
                                    Some(input) => runner.run_with(input),
                                    None => runner.run(),
                                }
                            }>"Run again"</Button>
                        }
                            .into_any()
                    }}
                </div>
                {error
                    .map(|error| {
                        view! {
                            <div class="shrink-0 border-b border-line bg-crit-soft px-3 py-1.5 text-sm text-crit" data-testid="run-error">
                                <span class="font-mono text-xs font-medium">{error}</span>
                                <span class="ml-2 break-words">{summary.cause.clone()}</span>
                            </div>
                        }
                    })}
            }
        })
    };
    let column = |title: &'static str,
                  testid: &'static str,
                  value: Memo<Option<Value>>,
                  none: &'static str| {
        view! {
            <section class="flex min-h-0 min-w-56 flex-1 flex-col border-r border-line" aria-label=title data-testid=testid>
                <header class="flex h-7 shrink-0 items-center bg-sunken px-3 text-xs font-medium">{title}</header>
                {move || match value.get() {
                    Some(value) => view! { <JsonTree value=Arc::new(value) label=title /> }.into_any(),
                    None => view! { <p class="px-3 py-2 text-xs text-ink-faint">{none}</p> }.into_any(),
                }}
            </section>
        }
    };
    view! {
        <Show
            when=move || summary.with(Option::is_some)
            fallback=|| view! { <EmptyState icon=Icon::Play title="No run yet" text="Run the workflow with its sample input: it works on this machine, without an account" /> }
        >
            <div class="flex h-full min-h-0 flex-col">
                {head} <div class="flex min-h-0 flex-1 overflow-x-auto">
                    {column("Input", "run-in", input, "not told yet")} {column("Output", "run-out", output, "none")}
                    <Show when=move || !streams.with(Vec::is_empty)>
                        <section class="flex min-h-0 min-w-64 flex-1 flex-col" aria-label="Streamed text">
                            <header class="flex h-7 shrink-0 items-center bg-sunken px-3 text-xs font-medium">"As it was said"</header>
                            <div class="min-h-0 flex-1 overflow-auto px-3 py-2 text-sm">
                                {move || {
                                    streams
                                        .get()
                                        .into_iter()
                                        .map(|(name, text)| {
                                            view! {
                                                <p class="text-2xs font-medium text-ink-faint">{name}</p>
                                                <p class="mb-2 break-words whitespace-pre-wrap" data-testid="progress-text">{text}</p>
                                            }
                                        })
                                        .collect_view()
                                }}
                            </div>
                        </section>
                    </Show>
                </div>
            </div>
        </Show>
    }
}

/// The run's input, as its first event tells it.
pub fn input_of(run: &RunModel) -> Option<Value> {
    let first = run.events.first()?;
    match first.details.get("input")? {
        // AWS tells it as JSON text.
        Value::String(text) => serde_json::from_str(text)
            .ok()
            .or_else(|| Some(Value::String(text.clone()))),
        other => Some(other.clone()),
    }
}

/// How long it took, or takes so far.
#[component]
pub fn Elapsed(
    /// When it began.
    from: i64,
    /// When it ended.
    to: Option<i64>,
) -> impl IntoView {
    let now = RwSignal::new(to.unwrap_or_else(now_ms));
    if to.is_none() {
        let beat = set_interval_with_handle(move || now.set(now_ms()), Duration::from_millis(100));
        on_cleanup(move || {
            if let Ok(beat) = beat {
                beat.clear();
            }
        });
    }
    view! { <span class="text-xs text-ink-muted tabular-nums">{move || duration((now.get() - from).max(0).unsigned_abs())}</span> }
}
