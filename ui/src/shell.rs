//! What the desktop's shell asks of the page: a menu item is an action, an opened file a workflow.

use crate::{
    call,
    load::{act_with, failure},
    palette,
};
use awm_api::workflows::WorkflowOpenPath;
use awm_kit::{Toasts, use_toasts};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::time::Duration;

/// Listens to the shell; draws nothing. In a browser there is none to listen to.
#[component]
pub(crate) fn ShellRequests() -> impl IntoView {
    if !call::on_desktop() {
        return;
    }
    let toasts = use_toasts();
    let navigate = use_navigate();
    let go = Callback::new(move |path: String| navigate(&path, NavigateOptions::default()));
    call::listen("menu", move |id| choose(id, go));
    call::listen("open-file", move |_| open_files(toasts, go));
    open_files(toasts, go);
}

/// Does what a menu item stands for; what only the list of workflows offers is done there.
fn choose(id: String, go: Callback<String>) {
    if !palette::act(&id) {
        go.run("/workflows".into());
        // The screen offers its actions once it is there.
        set_timeout(
            move || {
                palette::act(&id);
            },
            Duration::from_millis(300),
        );
    }
}

fn open_files(toasts: Toasts, go: Callback<String>) {
    leptos::task::spawn_local(async move {
        match call::opened_files().await {
            Ok(files) => {
                for path in files {
                    act_with(toasts, WorkflowOpenPath { path }, move |made| {
                        go.run(format!("/workflows/{}", made.summary.id));
                    });
                }
            }
            Err(error) => toasts.show(failure(&error)),
        }
    });
}
