//! The run's history, in the names that AWS gives its events.

use super::json_tree::JsonTree;
use crate::routes::editor::{session::Session, virtual_rows::VirtualRows};
use awm_kit::{EmptyState, Icon, local_time};
use leptos::prelude::*;
use std::sync::Arc;

/// The table of events; the details of the chosen one at the right.
#[component]
pub fn EventsPanel(
    /// The editor.
    session: Session,
) -> impl IntoView {
    let chosen = RwSignal::new(None::<u64>);
    let count = Signal::derive(move || session.run.with(|run| run.events.len()));
    // Events are only ever added: rows that are drawn stay as they are until another run is shown.
    let version = Signal::derive(move || {
        session.run.with(|run| {
            run.events
                .first()
                .map_or(0, |event| event.at.unsigned_abs())
        })
    });
    let draw = Callback::new(move |n: usize| {
        let row = session.run.with_untracked(|run| {
            let start = run.events.first().map_or(0, |event| event.at);
            run.events.get(n).map(|event| {
                (
                    event.id,
                    event.previous,
                    event.at,
                    event.at - start,
                    event.kind.clone(),
                    event.visit.clone(),
                )
            })
        });
        let Some((id, previous, at, since, kind, visit)) = row else {
            return ().into_any();
        };
        let bad =
            kind.ends_with("Failed") || kind.ends_with("TimedOut") || kind.ends_with("Aborted");
        let (visit_id, state) = visit
            .as_ref()
            .map(|visit| (visit.id, visit.state.clone()))
            .unzip();
        view! {
            <button
                type="button"
                class="flex h-7 w-full items-center gap-3 px-3 text-left text-sm hover:bg-fill aria-pressed:bg-accent-soft"
                aria-pressed=move || (chosen.get() == Some(id)).to_string()
                data-testid="event-row"
                on:click=move |_| {
                    chosen.set(Some(id));
                    if let Some(state) = state.clone() {
                        session.visit.set(visit_id);
                        session.select(Some(state));
                    }
                }
            >
                <span class="w-10 shrink-0 text-right text-xs text-ink-faint tabular-nums">{id}</span>
                <span class="w-10 shrink-0 text-right text-xs text-ink-faint tabular-nums" data-tip="The event that led to it">
                    {previous}
                </span>
                <span class="w-20 shrink-0 text-right text-xs text-ink-muted tabular-nums" data-tip=local_time(at)>
                    {format!("+{since} ms")}
                </span>
                <span class=if bad { "w-64 shrink-0 truncate font-mono text-xs text-crit" } else { "w-64 shrink-0 truncate font-mono text-xs" }>{kind}</span>
                <span class="min-w-0 flex-1 truncate">{visit.map(|visit| visit.name)}</span>
            </button>
        }
        .into_any()
    });
    let details = move || {
        let id = chosen.get()?;
        let event = session
            .run
            .with_untracked(|run| run.events.iter().find(|event| event.id == id).cloned())?;
        let value = Arc::new(event.details);
        Some(view! {
            <section class="flex w-96 shrink-0 flex-col border-l border-line" aria-label="Details of the event" data-testid="event-details">
                <header class="flex h-7 shrink-0 items-center bg-sunken px-3 font-mono text-2xs text-ink-muted">{format!("{} · {}", event.id, event.kind)}</header>
                <div class="min-h-0 flex-1">
                    <JsonTree value=value label="Details" />
                </div>
            </section>
        })
    };
    view! {
        <Show
            when=move || 0 < count.get()
            fallback=|| view! { <EmptyState icon=Icon::List title="No events yet" text="Run the workflow to see its history as AWS tells it" /> }
        >
            <div class="flex h-full min-h-0">
                <div class="min-w-0 flex-1">
                    <VirtualRows count=count height=28.0 version=version draw=draw label="Events" />
                </div>
                {details}
            </div>
        </Show>
    }
}
