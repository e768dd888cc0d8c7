//! What the palette finds beyond the actions of the screen: workflows, runs, documents, settings.

use super::Action;
use crate::{call, load::act_with};
use awm_api::{PageRequest, knowledge, runs, workflows};
use awm_kit::{Icon, Toasts, ago, now_ms};
use leptos_router::NavigateOptions;
use std::sync::Arc;

/// Goes to an address of the application.
pub(super) type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// A `Go` over the router's own function.
pub(super) fn go_by(navigate: impl Fn(&str, NavigateOptions) + Send + Sync + 'static) -> Go {
    Arc::new(move |to| navigate(to, NavigateOptions::default()))
}

fn open(id: String, title: String, icon: Icon, group: &'static str, to: String, go: &Go) -> Action {
    let go = go.clone();
    Action::new(id, title, icon, move || go(&to)).group(group)
}

/// The sections of the settings.
pub(super) fn settings(go: &Go) -> Vec<Action> {
    crate::routes::SETTINGS_SECTIONS
        .iter()
        .map(|(id, title, words)| {
            open(
                format!("setting-{id}"),
                format!("Settings: {title}"),
                Icon::Settings,
                "Settings",
                format!("/settings?section={id}"),
                go,
            )
            .keywords(*words)
        })
        .collect()
}

/// Every workflow, to open and to run; every template, to begin with; the newest runs.
pub(super) async fn workspace(go: Go, toasts: Toasts) -> Vec<Action> {
    let (listed, templates, recent) = futures::join!(
        call::call(workflows::WorkflowList {}),
        call::call(workflows::TemplateList {}),
        call::call(runs::RunList {
            page: PageRequest {
                limit: 30,
                ..PageRequest::default()
            },
            ..runs::RunList::default()
        }),
    );
    let mut actions = Vec::new();
    for workflow in listed.unwrap_or_default() {
        actions.push(
            open(
                format!("workflow-{}", workflow.id),
                workflow.name.clone(),
                Icon::Workflow,
                "Workflows",
                format!("/workflows/{}", workflow.id),
                &go,
            )
            .keywords("open workflow edit"),
        );
        actions.push(run(workflow, &go, toasts));
    }
    for template in templates.unwrap_or_default() {
        let go = go.clone();
        let id = template.id.clone();
        let begin = move || {
            let go = go.clone();
            act_with(
                toasts,
                workflows::TemplateOpen { id: id.clone() },
                move |made| go(&format!("/workflows/{}", made.summary.id)),
            );
        };
        actions.push(
            Action::new(
                format!("template-{}", template.id),
                format!("New from template: {}", template.name),
                Icon::Template,
                begin,
            )
            .keywords("create start example")
            .group("Templates"),
        );
    }
    for summary in recent.map(|page| page.items).unwrap_or_default() {
        let title = format!(
            "Run of {}, {}",
            summary.workflow_name,
            ago(now_ms(), summary.started_at)
        );
        let words = format!(
            "{} {:?} {}",
            summary.id,
            summary.status,
            summary.error.unwrap_or_default()
        );
        actions.push(
            open(
                format!("run-{}", summary.id),
                title,
                Icon::Runs,
                "Runs",
                format!("/runs/{}", summary.id),
                &go,
            )
            .keywords(words),
        );
    }
    actions
}

/// Runs a workflow with its sample input and opens the run.
fn run(workflow: workflows::WorkflowSummary, go: &Go, toasts: Toasts) -> Action {
    let go = go.clone();
    let id = workflow.id.clone();
    let start = move || {
        let (go, id) = (go.clone(), id.clone());
        act_with(
            toasts,
            workflows::WorkflowGet { id: id.clone() },
            move |workflow| {
                let input = workflow
                    .document
                    .get("sample_input")
                    .cloned()
                    .unwrap_or_else(|| serde_json::json!({}));
                let request = runs::RunStart {
                    workflow_id: id,
                    input,
                    mocks: None,
                    source: runs::RunSource::Editor,
                };
                act_with(toasts, request, move |run| go(&format!("/runs/{}", run.id)));
            },
        );
    };
    Action::new(
        format!("start-{}", workflow.id),
        format!("Run {}", workflow.name),
        Icon::Play,
        start,
    )
    .keywords("start execute sample input")
    .group("Run")
}

/// Documents whose name holds `text`.
pub(super) async fn documents(text: String, go: Go) -> Vec<Action> {
    let request = knowledge::DocumentList {
        text,
        page: PageRequest {
            limit: 8,
            ..PageRequest::default()
        },
        ..knowledge::DocumentList::default()
    };
    let found = call::call(request)
        .await
        .map(|page| page.items)
        .unwrap_or_default();
    found
        .into_iter()
        .map(|document| {
            open(
                format!("document-{}", document.id),
                document.name,
                Icon::FileText,
                "Documents",
                format!("/knowledge/documents/{}", document.id),
                &go,
            )
        })
        .collect()
}
