//! The sets of questions, at the side.

use super::Place;
use crate::load::act_with;
use awm_api::questions::{QuestionSet, QuestionSetCreate, QuestionSetDelete, QuestionSetRename};
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
    Rename(QuestionSet),
    Delete(QuestionSet),
}

/// The list of sets.
#[component]
pub(super) fn Sets(place: Place, current: Signal<String>) -> impl IntoView {
    let asked = RwSignal::new(Asked::Nothing);
    let all = move || place.sets.value().unwrap_or_default();
    view! {
        <aside class="flex w-56 shrink-0 flex-col border-r border-line" aria-label="Question sets">
            <div class="flex h-14 shrink-0 items-center justify-between pr-3 pl-5">
                <h2 class="text-xs font-medium text-ink-faint">"Question sets"</h2>
                <IconButton
                    icon=Icon::Plus
                    label="New question set"
                    size=ControlSize::Tiny
                    testid="set-new"
                    on_click=move |_| asked.set(Asked::Name)
                />
            </div>
            <ul class="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
                <For each=all key=|set| (set.id.clone(), set.name.clone(), set.questions) let(set)>
                    {
                        let (id, own) = (set.id.clone(), set.id.clone());
                        let (renamed, deleted) = (set.clone(), set.clone());
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
                                    class="group flex h-8 w-full min-w-0 items-center gap-2 rounded-control px-2 text-left text-sm text-ink-muted hover:bg-fill hover:text-ink aria-[current=true]:bg-fill aria-[current=true]:font-medium aria-[current=true]:text-ink"
                                    data-testid="set"
                                    data-key=set.id.clone()
                                    aria-current=move || (current.get() == own).to_string()
                                    on:click=move |_| {
                                        place.run.set("");
                                        place.before.set("");
                                        place.chosen.set(id.clone());
                                    }
                                >
                                    <Glyph icon=Icon::List />
                                    <span class="min-w-0 flex-1 truncate">{set.name.clone()}</span>
                                    <span class="text-xs text-ink-faint tabular-nums">{count(set.questions)}</span>
                                </button>
                                <Menu
                                    label=format!("Actions for {}", set.name)
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
            <AskedDialog asked=asked place=place />
        </aside>
    }
}

/// The button of an empty screen.
#[component]
pub(super) fn NewSet(place: Place) -> impl IntoView {
    let asked = RwSignal::new(Asked::Nothing);
    view! {
        <Button variant=ButtonVariant::Primary icon=Icon::Plus testid="set-first" on_click=move |_| asked.set(Asked::Name)>
            "New question set"
        </Button>
        <AskedDialog asked=asked place=place />
    }
}

#[component]
fn AskedDialog(asked: RwSignal<Asked>, place: Place) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    Effect::new(move |_| {
        let asked = asked.get();
        name.set(match &asked {
            Asked::Rename(set) => set.name.clone(),
            _ => String::new(),
        });
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
        Asked::Rename(_) => "Rename question set".to_owned(),
        Asked::Delete(set) => format!("Delete {}?", set.name),
        _ => "New question set".to_owned(),
    });
    let go = move || {
        if empty.get_untracked() {
            return;
        }
        let name = name.get_untracked().trim().to_owned();
        match asked.get_untracked() {
            Asked::Nothing => {}
            Asked::Name => act_with(toasts, QuestionSetCreate { name }, move |made| {
                place.sets.reload();
                place.chosen.set(made.id);
            }),
            Asked::Rename(set) => {
                act_with(toasts, QuestionSetRename { id: set.id, name }, move |_| {
                    place.sets.reload();
                })
            }
            Asked::Delete(set) => act_with(toasts, QuestionSetDelete { id: set.id }, move |gone| {
                let what = plural(gone.questions, "question", "questions");
                toasts.show(Toast::done(format!("Deleted {} with {what}", gone.name)));
                place.chosen.set("");
                place.sets.reload();
            }),
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
                    Asked::Delete(set) => {
                        view! {
                            <p class="text-sm">
                                {format!(
                                    "{} and all evaluations of them go. This can't be undone; export the questions first if you may want them again.",
                                    plural(set.questions, "question", "questions"),
                                )}
                            </p>
                        }
                            .into_any()
                    }
                    _ => {
                        view! {
                            <Field label="Name">
                                <Input value=name on_input=move |text| name.set(text) autofocus=true placeholder="Handbook" testid="set-name" />
                            </Field>
                        }
                            .into_any()
                    }
                }}
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    {move || {
                        let variant = if deleting.get() { ButtonVariant::Danger } else { ButtonVariant::Primary };
                        let word = match asked.get() {
                            Asked::Delete(_) => "Delete",
                            Asked::Rename(_) => "Rename",
                            _ => "Create",
                        };
                        view! {
                            <Button variant=variant size=ControlSize::Large submit=true disabled=empty reason="A set needs a name" testid="set-save">
                                {word}
                            </Button>
                        }
                    }}
                </div>
            </form>
        </Dialog>
    }
}
