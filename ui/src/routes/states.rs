//! How states of things are shown: always the same drawing, word and colour.

use awm_api::{
    knowledge::DocumentState,
    runs::{RunSource, RunStatus},
    workflows::WorkflowKind,
};
use awm_kit::{Icon, Status, Tone};
use leptos::prelude::*;

/// A run's state.
pub(crate) fn run_status(status: RunStatus) -> AnyView {
    let (tone, icon, text) = match status {
        RunStatus::Running => (Tone::Accent, None, "Running"),
        RunStatus::Succeeded => (Tone::Ok, Some(Icon::CheckCircle), "Succeeded"),
        RunStatus::Failed => (Tone::Crit, Some(Icon::CrossCircle), "Failed"),
        RunStatus::TimedOut => (Tone::Crit, Some(Icon::Timer), "Timed out"),
        RunStatus::Aborted => (Tone::Neutral, Some(Icon::Ban), "Aborted"),
    };
    view! { <Status tone=tone icon=icon text=text /> }.into_any()
}

/// Who asked for a run, in a word.
pub(crate) fn run_source(source: RunSource) -> &'static str {
    match source {
        RunSource::Editor => "Editor",
        RunSource::Chat => "Chat",
        RunSource::Cli => "Command line",
    }
}

/// What a workflow is for, in a word and a drawing.
pub(crate) fn workflow_kind(kind: WorkflowKind) -> (&'static str, Icon) {
    match kind {
        WorkflowKind::Chat => ("Chat", Icon::Chat),
        WorkflowKind::Document => ("Document", Icon::FileText),
        WorkflowKind::Job => ("Job", Icon::Zap),
    }
}

/// How far a document is; `failure` takes the place of the word when there is one.
pub(crate) fn document_state(state: DocumentState, failure: Option<&str>) -> AnyView {
    let (tone, icon, text) = match state {
        DocumentState::Queued => (Tone::Neutral, Some(Icon::Clock), "Waiting"),
        DocumentState::Extracting => (Tone::Accent, None, "Reading"),
        DocumentState::Embedding => (Tone::Accent, None, "Keywords ready, meaning follows"),
        DocumentState::Indexed => (Tone::Ok, Some(Icon::CheckCircle), "Indexed"),
        DocumentState::NoText => (Tone::Warn, Some(Icon::Warning), "No text: a scan"),
        DocumentState::Duplicate => (Tone::Neutral, Some(Icon::Layers), "Duplicate"),
        DocumentState::Failed => (Tone::Crit, Some(Icon::CrossCircle), "Failed"),
    };
    let text = failure.map_or_else(|| text.to_owned(), crate::load::capital);
    view! { <Status tone=tone icon=icon text=text /> }.into_any()
}
