//! The sources, at the side.

use crate::{
    load::{Loader, act_with},
    routes::query::QueryValue,
};
use awm_api::knowledge::{Source, SourceCreate, SourceDelete, SourceRename};
use awm_kit::{
    Button, ButtonVariant, ControlSize, Dialog, Field, Glyph, Icon, IconButton, Input, Menu,
    MenuEntry, MenuItem, Toast, count, plural, use_toasts,
};
use leptos::prelude::*;

/// What the dialog asks for.
#[derive(Clone, PartialEq)]
enum Asked {
    Nothing,
    Name,
    Rename(Source),
    Delete(Source),
}

/// The list of sources.
#[component]
pub(super) fn Sources(sources: Loader<Vec<Source>>, chosen: QueryValue) -> impl IntoView {
    let asked = RwSignal::new(Asked::Nothing);
    let all = move || sources.value().unwrap_or_default();
    let total = move || all().iter().map(|source| source.documents).sum::<u64>();
    let class = "group flex h-8 w-full min-w-0 items-center gap-2 rounded-control px-2 text-left text-sm text-ink-muted hover:bg-fill hover:text-ink aria-[current=true]:bg-fill aria-[current=true]:font-medium aria-[current=true]:text-ink";
    view! {
        <aside class="flex w-56 shrink-0 flex-col border-r border-line" aria-label="Sources">
            <div class="flex h-14 shrink-0 items-center justify-between pr-3 pl-5">
                <h2 class="text-xs font-medium text-ink-faint">"Sources"</h2>
                <IconButton icon=Icon::Plus label="New source" size=ControlSize::Tiny testid="source-new" on_click=move |_| asked.set(Asked::Name) />
            </div>
            <ul class="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
                <li>
                    <button type="button" class=class aria-current=move || chosen.get().is_empty().to_string() on:click=move |_| chosen.set("")>
                        <Glyph icon=Icon::Layers />
                        <span class="min-w-0 flex-1 truncate">"All documents"</span>
                        <span class="text-xs text-ink-faint tabular-nums">{move || count(total())}</span>
                    </button>
                </li>
                <li>
                    <button
                        type="button"
                        class=class
                        data-testid="sources-sites"
                        aria-current=move || (chosen.get() == super::sites::VIEW).to_string()
                        on:click=move |_| chosen.set(super::sites::VIEW)
                    >
                        <Glyph icon=Icon::Globe />
                        <span class="min-w-0 flex-1 truncate">"Websites and feeds"</span>
                    </button>
                </li>
                <For each=all key=|source| (source.id.clone(), source.name.clone(), source.documents, source.failed) let(source)>
                    {
                        let (id, own) = (source.id.clone(), source.id.clone());
                        let (renamed, deleted) = (source.clone(), source.clone());
                        let entries = Signal::stored(
                            vec![
                                MenuItem::new("Rename…", move || asked.set(Asked::Rename(renamed.clone()))).icon(Icon::Edit).into(),
                                MenuEntry::Divider,
                                MenuItem::new("Delete…", move || asked.set(Asked::Delete(deleted.clone()))).icon(Icon::Trash).danger().into(),
                            ],
                        );
                        view! {
                            <li class="flex items-center">
                                <button
                                    type="button"
                                    class=class
                                    data-testid=format!("source-{}", source.name)
                                    aria-current=move || (chosen.get() == own).to_string()
                                    on:click=move |_| chosen.set(id.clone())
                                >
                                    <Glyph icon=Icon::Folder />
                                    <span class="min-w-0 flex-1 truncate">{source.name.clone()}</span>
                                    {(source.failed > 0)
                                        .then(|| {
                                            view! {
                                                <span class="inline-flex text-crit" data-tip=format!("{} failed", count(source.failed))>
                                                    <Glyph icon=Icon::Warning size=12 />
                                                </span>
                                            }
                                        })}
                                    <span class="text-xs text-ink-faint tabular-nums">{count(source.documents)}</span>
                                </button>
                                <Menu
                                    label=format!("Actions for {}", source.name)
                                    entries=entries
                                    class="inline-flex h-8 w-6 shrink-0 items-center justify-center rounded-control text-ink-faint hover:bg-fill hover:text-ink"
                                >
                                    <Glyph icon=Icon::More size=14 />
                                </Menu>
                            </li>
                        }
                    }
                </For>
            </ul>
            <AskedDialog asked=asked sources=sources chosen=chosen />
        </aside>
    }
}

#[component]
fn AskedDialog(
    asked: RwSignal<Asked>,
    sources: Loader<Vec<Source>>,
    chosen: QueryValue,
) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    Effect::new(move |_| {
        let asked = asked.get();
        if let Asked::Rename(source) = &asked {
            name.set(source.name.clone());
        } else {
            name.set(String::new());
        }
        open.set(asked != Asked::Nothing);
    });
    Effect::new(move |_| {
        if !open.get() && asked.get_untracked() != Asked::Nothing {
            asked.set(Asked::Nothing);
        }
    });
    let deleting = Memo::new(move |_| matches!(asked.get(), Asked::Delete(_)));
    let empty = Signal::derive(move || !deleting.get() && name.with(|name| name.trim().is_empty()));
    let title = Signal::derive(move || match asked.get() {
        Asked::Rename(_) => "Rename source".to_owned(),
        Asked::Delete(source) => format!("Delete {}?", source.name),
        _ => "New source".to_owned(),
    });
    let go = move || {
        if empty.get_untracked() {
            return;
        }
        let name = name.get_untracked().trim().to_owned();
        match asked.get_untracked() {
            Asked::Nothing => {}
            Asked::Name => act_with(toasts, SourceCreate { name }, move |made| {
                sources.reload();
                chosen.set(made.id);
            }),
            Asked::Rename(source) => act_with(
                toasts,
                SourceRename {
                    id: source.id,
                    name,
                },
                move |_| sources.reload(),
            ),
            Asked::Delete(source) => {
                act_with(toasts, SourceDelete { id: source.id }, move |gone| {
                    let what = plural(gone.documents, "document", "documents");
                    toasts.show(Toast::done(format!("Deleted {} with {what}", source.name)));
                    chosen.set("");
                    sources.reload();
                })
            }
        }
        open.set(false);
    };
    view! {
        <Dialog open=open title=title width=440>
            <form
                class="flex flex-col gap-4"
                on:submit=move |ev| {
                    ev.prevent_default();
                    go();
                }
            >
                {move || match asked.get() {
                    Asked::Delete(source) => {
                        view! {
                            <p class="text-sm">
                                {format!(
                                    "{} and {} leave the knowledge base. The original files stay where they are. This can't be undone.",
                                    plural(source.documents, "document", "documents"),
                                    plural(source.passages, "passage", "passages"),
                                )}
                            </p>
                        }
                            .into_any()
                    }
                    _ => {
                        view! {
                            <Field label="Name">
                                <Input value=name on_input=move |text| name.set(text) autofocus=true placeholder="Handbook" testid="source-name" />
                            </Field>
                        }
                            .into_any()
                    }
                }} <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    {move || {
                        let variant = if deleting.get() { ButtonVariant::Danger } else { ButtonVariant::Primary };
                        let word = match asked.get() {
                            Asked::Delete(_) => "Delete",
                            Asked::Rename(_) => "Rename",
                            _ => "Create",
                        };
                        view! {
                            <Button
                                variant=variant
                                size=ControlSize::Large
                                submit=true
                                disabled=empty
                                reason="A source needs a name"
                                testid="source-save"
                            >
                                {word}
                            </Button>
                        }
                    }}
                </div>
            </form>
        </Dialog>
    }
}
