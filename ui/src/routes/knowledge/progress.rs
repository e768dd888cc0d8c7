//! How the queue stands, in numbers.

use crate::{
    load::{Loader, act_with},
    uploads::use_uploads,
};
use awm_api::{
    folders::Folder,
    knowledge::{IngestAction, IngestControl, IngestStatus, Source},
};
use awm_kit::{
    Button, ButtonVariant, ControlSize, Glyph, Icon, ProgressBar, count, duration, percent, plural,
    use_toasts,
};
use leptos::prelude::*;

/// Totals of what is in sight; while something is being taken in, a bar with numbers and its controls.
#[component]
pub(super) fn Progress(
    status: RwSignal<IngestStatus>,
    source: Memo<Option<Source>>,
    sources: Loader<Vec<Source>>,
    folders: Loader<Vec<Folder>>,
    folders_open: RwSignal<bool>,
) -> impl IntoView {
    let toasts = use_toasts();
    let uploads = use_uploads();
    let control =
        move |action| act_with(toasts, IngestControl { action }, move |now| status.set(now));
    let busy = Memo::new(move |_| status.with(|status| status.done < status.total));
    // The second stage is worth a bar of its own while the first is done.
    let embedding = Memo::new(move |_| {
        status.with(|status| {
            status.vectors_off.is_none() && status.vector_passages < status.keyword_passages
        })
    });
    let here = move || {
        let chosen = source.get().map(|source| source.id);
        let all = folders.value().unwrap_or_default();
        let mine = |folder: &&Folder| chosen.as_ref().is_none_or(|id| *id == folder.source_id);
        let shown = all.iter().filter(mine);
        (
            shown.clone().count() as u64,
            shown.clone().any(|folder| folder.trouble.is_some()),
        )
    };
    let totals = move || {
        let all = sources.value().unwrap_or_default();
        let chosen = source.get().map_or(all, |source| vec![source]);
        let sum = |of: fn(&Source) -> u64| chosen.iter().map(of).sum::<u64>();
        (
            sum(|s| s.documents),
            sum(|s| s.passages),
            sum(|s| s.embedded),
            sum(|s| s.failed),
            sum(|s| s.duplicates),
        )
    };
    let numbers = move || {
        let (documents, passages, _, failed, duplicates) = totals();
        let mut text = format!(
            "{} · {}",
            plural(documents, "file", "files"),
            plural(passages, "passage", "passages")
        );
        if duplicates > 0 {
            text.push_str(&format!(
                " · {}",
                plural(duplicates, "duplicate", "duplicates")
            ));
        }
        if failed > 0 {
            text.push_str(&format!(" · {} failed", count(failed)));
        }
        text
    };
    let searchable = move || {
        let (_, passages, embedded, ..) = totals();
        match (passages, status.with(|status| status.vectors_off.clone())) {
            (0, _) => String::new(),
            (_, Some(reason)) => format!("searchable: keywords 100 %, meaning off ({reason})"),
            (all, None) => format!(
                "searchable now: keywords 100 %, meaning {}",
                percent(embedded, all)
            ),
        }
    };
    let pace = move || {
        status.with(|status| {
            let mut text = format!("{} / {}", count(status.done), count(status.total));
            if status.listing > 0 {
                text.push_str(" · listing");
            }
            if status.paused {
                text.push_str(" · paused");
            } else if status.rate > 0.0 {
                text.push_str(&format!(" · {:.0} files/s", status.rate.max(1.0)));
                if let Some(seconds) = status.remaining_s {
                    text.push_str(&format!(" · ~{} left", span(seconds)));
                }
            }
            text
        })
    };
    let meaning = move || {
        status.with(|status| {
            let mut text = format!(
                "meaning {} / {}",
                count(status.vector_passages),
                count(status.keyword_passages)
            );
            if busy.get() {
                text.push_str(" · after the files");
            } else if let Some(seconds) = status.vector_remaining_s {
                text.push_str(&format!(" · ~{} left", span(seconds)));
            }
            text
        })
    };
    view! {
        <div class="shrink-0 border-b border-line px-6 py-2.5 text-xs text-ink-muted tabular-nums" data-testid="ingest-status">
            <div class="flex flex-wrap items-center gap-x-4 gap-y-1">
                <span>{numbers}</span>
                {move || {
                    let (many, troubled) = here();
                    let icon = if troubled { Icon::Warning } else { Icon::Folder };
                    (many > 0)
                        .then(|| {
                            view! {
                                <Button
                                    size=ControlSize::Tiny
                                    variant=ButtonVariant::Ghost
                                    icon=icon
                                    testid="folders-open"
                                    on_click=move |_| folders_open.update(|open| *open = !*open)
                                >
                                    {plural(many, "folder", "folders")}
                                </Button>
                            }
                        })
                }} <span class="ml-auto text-ink-faint">{searchable}</span>
            </div>
            {move || {
                status
                    .with(|status| status.trouble.clone())
                    .map(|trouble| {
                        view! {
                            <p class="mt-2 flex items-center gap-1.5 text-crit" role="alert" data-testid="ingest-trouble">
                                <Glyph icon=Icon::Warning size=12 />
                                {format!("{}. {}", crate::load::capital(&trouble.message), trouble.help)}
                            </p>
                        }
                    })
            }}
            <Show when=move || busy.get()>
                <div class="mt-2 flex items-center gap-3">
                    <div class="min-w-24 flex-1">
                        <ProgressBar
                            value=Signal::derive(move || status.with(|status| status.done as f64 / status.total.max(1) as f64))
                            label="Files taken in"
                        />
                    </div>
                    <span class="whitespace-nowrap" data-testid="ingest-pace">{pace}</span>
                    {move || {
                        let paused = status.with(|status| status.paused);
                        let (icon, word, action) = if paused {
                            (Icon::Play, "Resume", IngestAction::Resume)
                        } else {
                            (Icon::Pause, "Pause", IngestAction::Pause)
                        };
                        view! {
                            <Button size=ControlSize::Tiny icon=icon testid="ingest-pause" on_click=move |_| control(action)>
                                {word}
                            </Button>
                        }
                    }}
                    <Button size=ControlSize::Tiny icon=Icon::Close testid="ingest-cancel" on_click=move |_| control(IngestAction::Cancel)>
                        "Cancel"
                    </Button>
                </div>
            </Show>
            <Show when=move || embedding.get()>
                <div class="mt-2 flex items-center gap-3" data-testid="ingest-vectors">
                    <div class="min-w-24 flex-1">
                        <ProgressBar
                            value=Signal::derive(move || {
                                status.with(|status| status.vector_passages as f64 / status.keyword_passages.max(1) as f64)
                            })
                            label="Passages that can be found by meaning"
                        />
                    </div>
                    <span class="whitespace-nowrap text-ink-faint">{meaning}</span>
                </div>
            </Show>
            {move || {
                uploads
                    .sending
                    .get()
                    .map(|sending| {
                        view! {
                            <p class="mt-2 flex items-center gap-1.5" role="status">
                                <Glyph icon=Icon::Upload size=12 />
                                {format!("Sending {} of {}: {}", sending.done + 1, sending.total, sending.name)}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// Seconds as a person reads them.
fn span(seconds: u64) -> String {
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        duration(seconds * 1000)
    }
}
