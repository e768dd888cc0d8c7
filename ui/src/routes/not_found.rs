//! An address that leads nowhere.

use crate::session::{Crumb, use_session};
use awm_kit::{EmptyState, Icon};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};

#[component]
pub(super) fn NotFound() -> impl IntoView {
    use_session().at(vec![Crumb::here("Not found")]);
    let path = use_location().pathname;
    view! {
        <EmptyState
            icon=Icon::Search
            title="There is no such place"
            text=Signal::derive(move || format!("Nothing is at {}. It may have been renamed or deleted.", path.get()))
        >
            <A href="/workflows" attr:class="text-sm font-medium text-accent-ink hover:underline">
                "Go to Workflows"
            </A>
        </EmptyState>
    }
}
