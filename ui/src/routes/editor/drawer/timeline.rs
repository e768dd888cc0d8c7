//! A bar per visit on a time axis; dragging along the axis steps through the run.

use crate::routes::editor::{
    model::{
        run::{Outcome, RunModel},
        timeline::{Bar, bars, event_at, extent, ticks},
    },
    session::Session,
    virtual_rows::VirtualRows,
};
use awm_kit::{Button, ButtonVariant, ControlSize, EmptyState, Icon, duration, now_ms};
use leptos::{ev, html, prelude::*};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// Width of the names, pixels.
const NAMES: &str = "w-48 shrink-0";

/// The panel.
#[component]
pub fn TimelinePanel(
    /// The editor.
    session: Session,
) -> impl IntoView {
    // While a run goes on its open bars grow.
    let now = RwSignal::new(now_ms());
    let beat = set_interval_with_handle(
        move || {
            if session.run.with_untracked(RunModel::is_running) {
                now.set(now_ms());
            }
        },
        Duration::from_millis(200),
    );
    on_cleanup(move || {
        if let Ok(beat) = beat {
            beat.clear();
        }
    });
    let all = Memo::new(move |_| session.run.with(|run| bars(run, now.get())));
    let length = Memo::new(move |_| session.run.with(|run| extent(run, now.get()).1));
    let scrub = Memo::new(move |_| {
        let upto = session.upto.get()?;
        session.run.with(|run| {
            let (start, length) = extent(run, now.get());
            let at = run.events.iter().find(|event| event.id == upto)?.at;
            Some((at - start) as f64 / length as f64)
        })
    });
    let draw = Callback::new(move |n: usize| {
        all.with_untracked(|bars| bars.get(n).cloned())
            .map(|bar| view! { <BarRow session=session bar=bar /> }.into_any())
            .unwrap_or_else(|| ().into_any())
    });
    let version = super::version_of(all);
    let chosen = Signal::derive(move || {
        let upto = session.upto.get()?;
        all.with(|bars| bars.iter().rposition(|bar| bar.visit <= upto))
    });
    view! {
        <Show
            when=move || all.with(|bars| !bars.is_empty())
            fallback=|| view! { <EmptyState icon=Icon::Timer title="No run yet" text="Run the workflow to see when each state worked, and for how long" /> }
        >
            <div class="flex h-full min-h-0 flex-col" data-testid="timeline">
                <Axis session=session now=now length=length scrub=scrub />
                <div class="min-h-0 flex-1">
                    <VirtualRows count=Signal::derive(move || all.with(Vec::len)) height=24.0 version=version show=chosen draw=draw label="Visits" />
                </div>
            </div>
        </Show>
    }
}

#[component]
fn Axis(
    session: Session,
    now: RwSignal<i64>,
    length: Memo<i64>,
    scrub: Memo<Option<f64>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let dragging = RwSignal::new(false);
    let go = move |ev: &ev::PointerEvent| {
        let Some(axis) = node.get_untracked() else {
            return;
        };
        let rect = axis.get_bounding_client_rect();
        let share = (f64::from(ev.client_x()) - rect.left()) / rect.width().max(1.0);
        let event = session
            .run
            .with_untracked(|run| event_at(run, share, now.get_untracked()));
        step_to(session, event);
    };
    let step = move |ev: ev::KeyboardEvent| {
        let by: i64 = match ev.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "Escape" => {
                session.upto.set(None);
                return;
            }
            _ => return,
        };
        ev.prevent_default();
        let last = session.run.with_untracked(RunModel::last_event);
        let at = session.upto.get_untracked().unwrap_or(last);
        step_to(
            session,
            Some(at.saturating_add_signed(by).clamp(1, last.max(1))),
        );
    };
    view! {
        <div class="flex h-8 shrink-0 items-center border-b border-line bg-sunken">
            <div class=format!("{NAMES} flex items-center gap-1 px-3")>
                <Show when=move || session.upto.with(Option::is_some) fallback=|| view! { <span class="text-2xs text-ink-faint">"drag to step through"</span> }>
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Tiny icon=Icon::StepForward on_click=move |_| session.upto.set(None)>
                        "To the end"
                    </Button>
                </Show>
            </div>
            <div
                node_ref=node
                class="relative mr-16 h-full flex-1 cursor-ew-resize touch-none"
                role="slider"
                tabindex="0"
                aria-label="Point in time of the run"
                aria-valuemin="0"
                aria-valuemax=move || session.run.with(RunModel::last_event).to_string()
                aria-valuenow=move || session.upto.get().unwrap_or_else(|| session.run.with(RunModel::last_event)).to_string()
                data-testid="timeline-axis"
                on:pointerdown=move |ev| {
                    if let Some(axis) = ev.current_target().and_then(|el| el.dyn_into::<web_sys::Element>().ok()) {
                        // A pointer that is gone already can't be captured; the drag just doesn't begin.
                        let _ = axis.set_pointer_capture(ev.pointer_id());
                    }
                    dragging.set(true);
                    go(&ev);
                }
                on:pointermove=move |ev| {
                    if dragging.get_untracked() {
                        go(&ev);
                    }
                }
                on:pointerup=move |_| dragging.set(false)
                on:pointercancel=move |_| dragging.set(false)
                on:keydown=step
            >
                {move || {
                    ticks(length.get(), 8)
                        .into_iter()
                        .map(|tick| {
                            view! {
                                <span
                                    class="pointer-events-none absolute inset-y-0 border-l border-line-strong pt-1.5 pl-1 text-2xs whitespace-nowrap text-ink-faint tabular-nums"
                                    style=format!("left:{}%", tick.at * 100.0)
                                >
                                    {tick.label}
                                </span>
                            }
                        })
                        .collect_view()
                }}
                {move || {
                    scrub
                        .get()
                        .map(|at| view! { <span class="pointer-events-none absolute inset-y-0 w-0.5 bg-accent" style=format!("left:{}%", at * 100.0)></span> })
                }}
            </div>
        </div>
    }
}

/// Shows the run as it stood after an event, with the state of that event selected.
pub fn step_to(session: Session, event: Option<u64>) {
    let Some(id) = event else { return };
    session.upto.set(Some(id));
    let visit = session.run.with_untracked(|run| {
        let told = run
            .events
            .iter()
            .take_while(|event| event.id <= id)
            .filter_map(|event| event.visit.as_ref())
            .last()?;
        Some((told.id, told.state.clone()))
    });
    if let Some((visit, state)) = visit {
        session.visit.set(Some(visit));
        session.select(Some(state));
    }
}

#[component]
fn BarRow(session: Session, bar: Bar) -> impl IntoView {
    let fill = match bar.outcome {
        Outcome::Running => "bg-accent",
        Outcome::Succeeded => "bg-ok",
        Outcome::Failed => "bg-crit",
        Outcome::Caught => "bg-warn",
        Outcome::Aborted => "bg-control",
    };
    let (visit, state) = (bar.visit, bar.state.clone());
    let chosen = move || session.visit.get() == Some(visit);
    let (start, width) = (bar.start * 100.0, (bar.end - bar.start) * 100.0);
    let (icon, word, _) = super::data_flow::outcome(bar.outcome);
    let took = bar
        .duration
        .map(|ms| duration(ms.unsigned_abs()))
        .unwrap_or_else(|| "…".to_owned());
    let spoken = format!("{}, {word}, {took}", bar.label);
    view! {
        <button
            type="button"
            class="flex h-6 w-full items-center text-left hover:bg-fill aria-pressed:bg-accent-soft"
            aria-pressed=move || chosen().to_string()
            aria-label=spoken
            data-testid="timeline-bar"
            data-outcome=word
            on:click=move |_| {
                session.visit.set(Some(visit));
                session.select(Some(state.clone()));
            }
        >
            <span class=format!("{NAMES} flex items-center gap-1.5 truncate px-3 text-xs") style=format!("padding-left:{}px", 12 + bar.depth * 10)>
                {icon.map(|icon| view! { <awm_kit::Glyph icon=icon size=12 class="shrink-0 text-ink-faint" /> })}
                <span class="truncate">{bar.label.clone()}</span>
            </span>
            <span class="relative h-full flex-1">
                <span
                    class=format!("absolute top-1.5 h-3 min-w-0.5 rounded-badge {fill}")
                    style=format!("left:{start}%;width:{width}%")
                ></span>
                {bar
                    .retries
                    .iter()
                    .map(|at| view! { <span class="absolute top-0.5 h-5 w-0.5 bg-warn" data-tip="Another attempt" style=format!("left:{}%", at * 100.0)></span> })
                    .collect_view()}
            </span>
            <span class="w-16 shrink-0 pr-3 text-right text-xs text-ink-faint tabular-nums">{took}</span>
        </button>
    }
}
