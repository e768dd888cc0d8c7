//! The form at the right: the selected state's fields, the machine's, or what can be done to several states.

mod connection;
mod errors;
mod expression;
mod field;
mod frames;
mod machine;
mod mock;
mod other;
mod place;
mod row;
mod rules;
mod sample;
mod scalar;
mod several;
mod state;
mod target;
mod task;

pub use expression::ink;
pub use place::FieldPlace;
pub use row::severity;

use super::session::Session;
use leptos::prelude::*;

/// The form.
#[component]
pub fn Inspector(
    /// The editor.
    session: Session,
    /// What the workflow is for, in a word.
    kind: &'static str,
) -> impl IntoView {
    // Only another selection makes the form anew; edits reach its controls one by one.
    let selection = Memo::new(move |_| session.selection.get());
    view! {
        <fieldset disabled=session.read_only class="h-full min-w-0 overflow-x-hidden overflow-y-auto bg-surface" data-testid="inspector">
            {move || {
                let selection = selection.get();
                match selection.as_slice() {
                    [] => view! { <machine::MachineForm session=session kind=kind /> }.into_any(),
                    [one] => view! { <state::StateForm session=session state=one.clone() /> }.into_any(),
                    _ => view! { <several::Several session=session states=selection /> }.into_any(),
                }
            }}
        </fieldset>
    }
}

/// A heading within the form, with what can be added below it.
#[component]
pub fn SectionHead(
    /// The heading.
    #[prop(into)]
    title: String,
    /// What stands at its right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="mt-1 flex h-7 items-center gap-2">
            <h3 class="text-2xs font-semibold text-ink-faint uppercase">{title}</h3>
            <span class="h-px flex-1 bg-line"></span>
            {children.map(|children| children())}
        </div>
    }
}
