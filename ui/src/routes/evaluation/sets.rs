//! The sets of questions, at the side.

use super::Place;
use crate::{
    load::act_with,
    naming::{Asked, Named, NamingDialog, NamingMenu},
};
use awm_api::questions::{QuestionSet, QuestionSetCreate, QuestionSetDelete, QuestionSetRename};
use awm_kit::{
    Button, ButtonVariant, ControlSize, Glyph, Icon, IconButton, Toast, count, plural, use_toasts,
};
use leptos::prelude::*;

impl Named for QuestionSet {
    const KIND: &'static str = "question set";

    fn name(&self) -> &str {
        &self.name
    }

    fn loss(&self) -> String {
        format!(
            "{} and all evaluations of them go. This can't be undone; export the questions first if you may want them again.",
            plural(self.questions, "question", "questions"),
        )
    }
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
                    on_click=move |_| asked.set(Asked::New)
                />
            </div>
            <ul class="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
                <For each=all key=|set| (set.id.clone(), set.name.clone(), set.questions) let(set)>
                    {
                        let (id, own) = (set.id.clone(), set.id.clone());
                        let thing = set.clone();
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
                                <NamingMenu thing=thing asked=asked />
                            </li>
                        }
                    }
                </For>
            </ul>
            <SetDialog asked=asked place=place />
        </aside>
    }
}

/// The button of an empty screen.
#[component]
pub(super) fn NewSet(place: Place) -> impl IntoView {
    let asked = RwSignal::new(Asked::Nothing);
    view! {
        <Button variant=ButtonVariant::Primary icon=Icon::Plus testid="set-first" on_click=move |_| asked.set(Asked::New)>
            "New question set"
        </Button>
        <SetDialog asked=asked place=place />
    }
}

#[component]
fn SetDialog(asked: RwSignal<Asked<QuestionSet>>, place: Place) -> impl IntoView {
    let toasts = use_toasts();
    let go = move |(asked, name): (Asked<QuestionSet>, String)| match asked {
        Asked::Nothing => {}
        Asked::New => act_with(toasts, QuestionSetCreate { name }, move |made| {
            place.sets.reload();
            place.chosen.set(made.id);
        }),
        Asked::Rename(set) => act_with(toasts, QuestionSetRename { id: set.id, name }, move |_| {
            place.sets.reload();
        }),
        Asked::Delete(set) => act_with(toasts, QuestionSetDelete { id: set.id }, move |gone| {
            let what = plural(gone.questions, "question", "questions");
            toasts.show(Toast::done(format!("Deleted {} with {what}", gone.name)));
            place.chosen.set("");
            place.sets.reload();
        }),
    };
    view! { <NamingDialog asked=asked on_go=go testids=("set-name", "set-save") /> }
}
