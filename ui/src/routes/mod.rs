//! The screens, one folder per area, and their addresses.

mod chat;
mod connections;
mod editor;
mod evaluation;
mod knowledge;
mod not_found;
mod preview;
mod preview_canvas;
pub(crate) mod query;
mod run;
mod runs;
mod settings;
pub(crate) mod states;
mod workflow;
mod workflows;

use leptos::prelude::*;
use leptos_router::{
    components::{Redirect, Route, Routes},
    path,
};

/// The sections of the settings: id, title, further words for finding them.
pub(crate) const SETTINGS_SECTIONS: &[(&str, &str, &str)] = &[
    (
        "workspace",
        "Workspace",
        "tenant name local addresses folder",
    ),
    (
        "model",
        "Language models",
        "openai ollama endpoint key test llm",
    ),
    (
        "embedding",
        "Search by meaning",
        "embedding vectors sentence model onnx ollama openai",
    ),
    (
        "memory",
        "Memory",
        "remember forget minutes facts retention receipts conversation",
    ),
    (
        "appearance",
        "Appearance",
        "theme density accent hue colour dark light",
    ),
    (
        "privacy",
        "Privacy",
        "what leaves this machine data network",
    ),
    ("shortcuts", "Keyboard shortcuts", "keys"),
    (
        "about",
        "About",
        "version logs diagnostics components folder",
    ),
];

/// The screen that the address names.
#[component]
pub(crate) fn Screens() -> impl IntoView {
    view! {
        <Routes fallback=not_found::NotFound>
            <Route path=path!("/") view=|| view! { <Redirect path="/workflows" /> } />
            <Route path=path!("/workflows") view=workflows::Workflows />
            <Route path=path!("/workflows/:id") view=workflow::WorkflowScreen />
            <Route path=path!("/runs") view=runs::Runs />
            <Route path=path!("/runs/:id") view=run::RunScreen />
            <Route path=path!("/knowledge") view=knowledge::Knowledge />
            <Route path=path!("/knowledge/documents/:id") view=knowledge::DocumentScreen />
            <Route path=path!("/evaluation") view=evaluation::Evaluation />
            <Route path=path!("/connections") view=connections::Connections />
            <Route path=path!("/connections/:id") view=connections::ConnectionScreen />
            <Route path=path!("/chat") view=chat::ChatScreen />
            <Route path=path!("/settings") view=settings::SettingsScreen />
            <Route path=path!("/preview") view=preview::Preview />
            <Route path=path!("/preview/canvas") view=preview_canvas::PreviewCanvas />
        </Routes>
    }
}
