//! The editor: canvas, inspector, code, problems, run drawer.

use awm_api::{runs::Run, workflows::Workflow};
use leptos::prelude::*;

/// Edits one workflow. Made anew when another is opened or the stored one is fetched again.
#[component]
pub(crate) fn Editor(workflow: Workflow) -> impl IntoView {
    let text = workflow
        .document
        .get("text")
        .and_then(|text| text.as_str())
        .unwrap_or_default()
        .to_owned();
    view! { <pre class="h-full overflow-auto p-6 font-mono text-xs">{text}</pre> }
}

/// Shows one run with its own version of the definition.
#[component]
pub(crate) fn RunView(run: Run) -> impl IntoView {
    let text = run
        .document
        .get("text")
        .and_then(|text| text.as_str())
        .unwrap_or_default()
        .to_owned();
    view! { <pre class="h-full overflow-auto p-6 font-mono text-xs">{text}</pre> }
}
