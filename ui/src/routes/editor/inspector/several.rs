//! What can be done to several states at once.

use crate::routes::editor::session::{Session, name_of};
use awm_flow::{Change, StateRef};
use awm_kit::{Button, ButtonVariant, Icon};
use leptos::prelude::*;

/// The count of the selection and its common actions.
#[component]
pub fn Several(
    /// The editor.
    session: Session,
    /// The selected states.
    states: Vec<StateRef>,
) -> impl IntoView {
    let count = states.len();
    let button = |text: &'static str, icon: Icon, variant: ButtonVariant, change: Change| {
        view! {
            <Button
                icon=icon
                variant=variant
                on_click=move |_| {
                    session.apply(change.clone());
                }
            >
                {text}
            </Button>
        }
    };
    let plain = ButtonVariant::Secondary;
    view! {
        <div class="flex flex-col gap-3 px-4 pt-3 pb-8" data-testid="several">
            <h2 class="text-sm font-semibold">{format!("{count} states selected")}</h2>
            <div class="grid grid-cols-2 gap-2">
                {button("Duplicate", Icon::Copy, plain, Change::Duplicate(states.clone()))}
                {button("Tidy", Icon::Layout, plain, Change::Tidy(states.clone()))}
                {button("Into a Parallel", Icon::Layers, plain, Change::WrapIn { states: states.clone(), item: "parallel".to_owned() })}
                {button("Into a Map", Icon::Repeat, plain, Change::WrapIn { states: states.clone(), item: "map".to_owned() })}
                {button("Delete", Icon::Trash, ButtonVariant::Danger, Change::RemoveStates(states.clone()))}
            </div>
            <ul class="flex flex-col">
                {states
                    .into_iter()
                    .map(|state| {
                        let name = name_of(&state);
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="flex h-7 w-full items-center truncate rounded-badge px-2 text-left text-sm hover:bg-fill"
                                    on:click=move |_| session.select(Some(state.clone()))
                                >
                                    {name}
                                </button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </div>
    }
}
