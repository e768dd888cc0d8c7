//! What stands before and after a passage that was found.

use crate::load::{Load, failed, load};
use awm_api::knowledge::{Passage, PassageNeighbours};
use awm_kit::{Button, ButtonVariant, ControlSize, Icon, Skeleton};
use leptos::prelude::*;

/// How far it reaches at the first press.
const STEP: u32 = 1;

/// A button that shows the neighbours of a passage, and more of them at each further press.
#[component]
pub(super) fn Around(id: String) -> impl IntoView {
    let reach = RwSignal::new(0_u32);
    let label = move || match reach.get() {
        0 => "Show what is around it",
        _ => "Show more",
    };
    let id = StoredValue::new(id);
    view! {
        <div class="px-4 pt-1">
            {move || (reach.get() > 0).then(|| view! { <Neighbours id=id.get_value() reach=reach /> })}
            <div class="flex gap-1">
                <Button
                    variant=ButtonVariant::Ghost
                    size=ControlSize::Small
                    icon=Icon::ChevronDown
                    testid="search-around"
                    on_click=move |_| reach.update(|n| *n += STEP)
                >
                    {label}
                </Button>
                {move || {
                    (reach.get() > 0)
                        .then(|| {
                            view! {
                                <Button variant=ButtonVariant::Ghost size=ControlSize::Small on_click=move |_| reach.set(0)>
                                    "Hide"
                                </Button>
                            }
                        })
                }}
            </div>
        </div>
    }
}

#[component]
fn Neighbours(id: String, reach: RwSignal<u32>) -> impl IntoView {
    let around = load(move || PassageNeighbours {
        id: id.clone(),
        before: reach.get(),
        after: reach.get(),
    });
    move || {
        match around.get() {
        Load::Loading => view! { <Skeleton rows=2 text=true /> }.into_any(),
        Load::Failed(error) => failed(&error, move || around.reload()),
        Load::Ready(found) => view! {
            <div class="my-1 flex flex-col gap-2 border-l-2 border-line pl-3 text-sm text-ink-muted" data-testid="search-neighbours">
                {part("Before", found.before)} {part("After", found.after)}
            </div>
        }
        .into_any(),
    }
    }
}

fn part(name: &'static str, passages: Vec<Passage>) -> AnyView {
    if passages.is_empty() {
        return ().into_any();
    }
    view! {
        <div>
            <p class="text-2xs font-medium text-ink-faint">{name}</p>
            {passages.into_iter().map(|passage| view! { <p class="mt-0.5 whitespace-pre-line">{passage.text}</p> }).collect_view()}
        </div>
    }
    .into_any()
}
