//! The editor: canvas, inspector, code, problems, run drawer.

mod canvas_pane;
mod code;
mod drawer;
mod evaluate;
pub(super) mod export;
mod inspector;
mod live;
mod model;
mod problem;
mod run_dialog;
mod run_view;
mod running;
mod saving;
mod session;
mod shell;
mod top_bar;
mod virtual_rows;

pub(crate) use drawer::JsonTree;
pub(crate) use run_view::RunView;

use crate::session::{Crumb, use_session};
use awm_api::workflows::{Workflow, WorkflowKind};
use awm_flow::{Document, Editor as FlowEditor};
use awm_kit::ErrorState;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// Edits one workflow. Made anew when another is opened or the stored one is fetched again.
#[component]
pub(crate) fn Editor(workflow: Workflow) -> impl IntoView {
    match serde_json::from_value::<Document>(workflow.document.clone()) {
        Ok(document) => view! { <Opened workflow=workflow document=document /> }.into_any(),
        Err(error) => view! {
            <ErrorState
                message=format!("the document of `{}` can't be read: {error}", workflow.summary.name)
                help="It may come from a newer version of the application"
                code="AWM-1005"
            />
        }
        .into_any(),
    }
}

#[component]
fn Opened(workflow: Workflow, document: Document) -> impl IntoView {
    let summary = workflow.summary;
    let session = session::Session::new(FlowEditor::new(document), false);
    let saving = saving::Saving::new(session, &summary.id, summary.revision);
    let runner = running::Runner::new(session, Some(saving), &summary.id);
    let drawer = drawer::DrawerState::recalled();
    let name = RwSignal::new(summary.name.clone());
    let frame = use_session();
    Effect::new(move |_| {
        frame.at(vec![
            Crumb::link("Workflows", "/workflows"),
            Crumb::here(name.get()),
        ])
    });
    Effect::new(move |_| {
        if runner.failed.get().is_some() {
            show_failure(session, drawer);
        }
    });
    let keys = window_event_listener(ev::keydown, move |ev| {
        shortcut(session, saving, runner, &ev)
    });
    on_cleanup(move || keys.remove());
    let view = shell::view_in_address();
    view! {
        <div class="flex h-full min-h-0 flex-col" data-testid="editor">
            <top_bar::TopBar
                session=session
                saving=saving
                runner=runner
                workflow=summary.id
                name=name
                view=view.0
                on_view=view.1
            />
            <shell::Shell session=session runner=runner drawer=drawer view=view.0 kind=kind_in_words(summary.kind) />
            <run_dialog::RunDialog session=session runner=runner />
        </div>
    }
}

/// Opens the drawer where it went wrong: the data of the state that failed, or the run if no state did.
fn show_failure(session: session::Session, drawer: drawer::DrawerState) {
    let failed = session.run.with_untracked(|run| {
        run.first_failure()
            .map(|visit| (visit.id, visit.state.clone()))
    });
    let Some((visit, state)) = failed else {
        drawer.show("run");
        return;
    };
    session.select(Some(state));
    drawer.show("data-flow");
    // The canvas brings the state into view when it knows how much of it the drawer leaves.
    set_timeout(
        move || {
            session.visit.try_set(Some(visit));
        },
        std::time::Duration::from_millis(200),
    );
}

fn kind_in_words(kind: WorkflowKind) -> &'static str {
    match kind {
        WorkflowKind::Chat => "chat",
        WorkflowKind::Document => "documents",
        WorkflowKind::Job => "job",
    }
}

/// The keys of the whole editor; a box that is being typed in keeps its own undo.
fn shortcut(
    session: session::Session,
    saving: saving::Saving,
    runner: running::Runner,
    ev: &ev::KeyboardEvent,
) {
    let modified = ev.ctrl_key() || ev.meta_key();
    let key = ev.key();
    if key == "F5" && !modified || modified && key == "Enter" {
        ev.prevent_default();
        if !session.run.with_untracked(model::run::RunModel::is_running)
            && !runner.asking.get_untracked()
        {
            runner.run();
        }
    } else if modified && key.eq_ignore_ascii_case("s") {
        ev.prevent_default();
        leptos::task::spawn_local(async move {
            // A failure shows in the bar.
            let _ = saving.flush().await;
        });
    } else if modified && key.eq_ignore_ascii_case("z") && !ev.default_prevented() && !is_typing(ev)
    {
        ev.prevent_default();
        if ev.shift_key() {
            session.redo()
        } else {
            session.undo()
        }
    }
}

fn is_typing(ev: &ev::KeyboardEvent) -> bool {
    let element = ev
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.has_attribute("contenteditable")
    })
}
