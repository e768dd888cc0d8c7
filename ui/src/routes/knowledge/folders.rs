//! The folders that sources are filled from: whether they are watched, and how the last look at them went.

use crate::load::{Loader, act_with, capital};
use awm_api::{
    Code,
    folders::{Folder, FolderForget, FolderSync, FolderWatch, SyncReport},
};
use awm_kit::{
    Ago, Button, ButtonVariant, Checkbox, ControlSize, Glyph, Icon, IconButton, count, use_toasts,
};
use leptos::prelude::*;

/// The folders of the chosen source, or all.
#[component]
pub(super) fn Folders(folders: Loader<Vec<Folder>>, source: Signal<String>) -> impl IntoView {
    let toasts = use_toasts();
    let shown = move || {
        let source = source.get();
        folders
            .value()
            .unwrap_or_default()
            .into_iter()
            .filter(|folder| source.is_empty() || folder.source_id == source)
            .collect::<Vec<_>>()
    };
    let changed = move |folder: Folder| put(folders, folder);
    view! {
        <ul class="flex max-h-56 flex-col overflow-y-auto border-b border-line px-6 py-2 text-sm" aria-label="Folders" data-testid="folders">
            <For each=shown key=|folder| format!("{folder:?}") let(folder)>
                {
                    let (watched, synced, forced, forgotten) = (
                        folder.id.clone(),
                        folder.id.clone(),
                        folder.id.clone(),
                        folder.id.clone(),
                    );
                    let sync = move |id: String, force: bool| act_with(toasts, FolderSync { id, force }, changed);
                    let emptied = folder.trouble.as_ref().is_some_and(|trouble| trouble.code == Code::FolderEmptied);
                    let watch = folder.watch;
                    view! {
                        <li class="flex min-w-0 items-center gap-3 py-1" data-testid="folder-row">
                            <Glyph icon=Icon::Folder size=14 class="shrink-0 text-ink-faint" />
                            <span class="min-w-0 flex-1">
                                <span class="block truncate font-mono text-xs" data-tip=folder.path.clone()>{folder.path.clone()}</span>
                                {folder
                                    .trouble
                                    .as_ref()
                                    .map(|trouble| {
                                        view! {
                                            <span class="block text-xs text-crit">
                                                {format!("{}. {}", capital(&trouble.message), trouble.help)}
                                            </span>
                                        }
                                    })}
                            </span>
                            {emptied
                                .then(|| {
                                    view! {
                                        <Button
                                            size=ControlSize::Tiny
                                            variant=ButtonVariant::Danger
                                            testid="folder-force"
                                            on_click=move |_| sync(forced.clone(), true)
                                        >
                                            "Remove its documents"
                                        </Button>
                                    }
                                })}
                            <span class="shrink-0 text-xs whitespace-nowrap text-ink-faint tabular-nums">
                                {match (folder.listing, folder.synced_at) {
                                    (true, _) => "Listing…".into_any(),
                                    (false, None) => "Not synced yet".into_any(),
                                    (false, Some(at)) => {
                                        view! {
                                            <span data-tip=report(&folder.last)>"Synced " <Ago at=at /></span>
                                        }
                                            .into_any()
                                    }
                                }}
                            </span>
                            <Checkbox
                                checked=Signal::stored(watch)
                                label="Watch"
                                on_change=move |watch: bool| {
                                    act_with(toasts, FolderWatch { id: watched.clone(), watch }, changed);
                                }
                            />
                            <Button
                                size=ControlSize::Tiny
                                variant=ButtonVariant::Ghost
                                icon=Icon::Retry
                                testid="folder-sync"
                                on_click=move |_| sync(synced.clone(), false)
                            >
                                "Sync now"
                            </Button>
                            <IconButton
                                icon=Icon::Close
                                label=format!("Forget {}; its documents stay", folder.path)
                                size=ControlSize::Tiny
                                on_click=move |_| {
                                    act_with(
                                        toasts,
                                        FolderForget { id: forgotten.clone() },
                                        move |gone: Folder| {
                                            folders.update(|all| all.retain(|folder| folder.id != gone.id));
                                        },
                                    );
                                }
                            />
                        </li>
                    }
                }
            </For>
        </ul>
    }
}

/// Puts a folder's row in its place.
pub(super) fn put(folders: Loader<Vec<Folder>>, folder: Folder) {
    folders.update(
        |all| match all.iter_mut().find(|known| known.id == folder.id) {
            Some(known) => *known = folder,
            None => {
                all.push(folder);
                all.sort_by(|a, b| a.path.cmp(&b.path));
            }
        },
    );
}

fn report(last: &SyncReport) -> String {
    [
        (last.added, "added"),
        (last.changed, "changed"),
        (last.moved, "moved"),
        (last.removed, "removed"),
        (last.unchanged, "unchanged"),
    ]
    .into_iter()
    .filter(|(many, _)| *many > 0)
    .map(|(many, what)| format!("{} {what}", count(many)))
    .collect::<Vec<_>>()
    .join(", ")
}
