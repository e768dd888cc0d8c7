//! The editor's address: loads the workflow and hands it to the editor.

use super::editor::Editor;
use crate::{
    load::{draw, load},
    session::{Crumb, use_session},
};
use awm_api::workflows::WorkflowGet;
use awm_kit::Skeleton;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub(super) fn WorkflowScreen() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let loader = load(move || WorkflowGet { id: id.get() });
    session.at(vec![
        Crumb::link("Workflows", "/workflows"),
        Crumb::here("…"),
    ]);
    Effect::new(move |_| {
        if let Some(workflow) = loader.value() {
            session.at(vec![
                Crumb::link("Workflows", "/workflows"),
                Crumb::here(workflow.summary.name),
            ]);
        }
    });
    draw(
        loader,
        || view! { <div class="p-6"><Skeleton rows=8 /></div> }.into_any(),
        |workflow| view! { <Editor workflow=workflow /> }.into_any(),
    )
}
