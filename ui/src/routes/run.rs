//! A run's address: loads the run and shows it in the editor's reading mode.

use super::editor::RunView;
use crate::{
    load::{draw, load},
    session::{Crumb, use_session},
};
use awm_api::runs::RunGet;
use awm_kit::{Skeleton, local_time};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub(super) fn RunScreen() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let loader = load(move || RunGet { id: id.get() });
    session.at(vec![Crumb::link("Runs", "/runs"), Crumb::here("…")]);
    Effect::new(move |_| {
        if let Some(run) = loader.value() {
            session.at(vec![
                Crumb::link("Runs", "/runs"),
                Crumb::link(
                    run.summary.workflow_name.clone(),
                    format!("/workflows/{}", run.summary.workflow_id),
                ),
                Crumb::here(local_time(run.summary.started_at)),
            ]);
        }
    });
    draw(
        loader,
        || view! { <div class="p-6"><Skeleton rows=8 /></div> }.into_any(),
        |run| view! { <RunView run=run /> }.into_any(),
    )
}
