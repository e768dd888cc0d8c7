//! A run in the editor's reading mode: its own version of the definition, and everything that happened.

use super::{
    drawer::{DrawerState, input_of},
    export,
    model::run::RunModel,
    running::Runner,
    session::Session,
    shell::{Shell, view_in_address},
    top_bar::{RunStatusWord, Views},
};
use crate::{call::call, load::failure};
use awm_api::runs::{Run, RunSource, RunStart, RunStatus};
use awm_flow::{Document, Editor as FlowEditor};
use awm_kit::{
    Ago, Button, ButtonVariant, ControlSize, CopyId, ErrorState, Icon, IconButton, local_time,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Shows one run with its own version of the definition.
#[component]
pub(crate) fn RunView(run: Run) -> impl IntoView {
    match serde_json::from_value::<Document>(run.document.clone()) {
        Ok(document) => view! { <Opened run=run document=document /> }.into_any(),
        Err(error) => view! {
            <ErrorState
                message=format!("the document of run `{}` can't be read: {error}", run.summary.id)
                help="It may come from a newer version of the application"
                code="AWM-1005"
            />
        }
        .into_any(),
    }
}

#[component]
fn Opened(run: Run, document: Document) -> impl IntoView {
    let summary = run.summary.clone();
    let session = Session::new(FlowEditor::new(document), true);
    session.run.set(RunModel::of(&run));
    let runner = Runner::new(session, None, &summary.workflow_id);
    let drawer = DrawerState::recalled();
    drawer.show(if summary.status == RunStatus::Failed {
        "data-flow"
    } else {
        "run"
    });
    if summary.status == RunStatus::Running {
        runner.follow(summary.id.clone());
    } else if let Some((visit, state)) = session.run.with_untracked(|run| {
        run.first_failure()
            .map(|visit| (visit.id, visit.state.clone()))
    }) {
        session.visit.set(Some(visit));
        session.select(Some(state));
    }
    let view = view_in_address();
    let navigate = use_navigate();
    let open = {
        let (navigate, to) = (
            navigate.clone(),
            format!("/workflows/{}", summary.workflow_id),
        );
        move |_| navigate(&to, leptos_router::NavigateOptions::default())
    };
    let workflow_id = summary.workflow_id.clone();
    let input = run.input.clone();
    let again = move |_| {
        let navigate = navigate.clone();
        let told = session
            .run
            .with_untracked(input_of)
            .unwrap_or_else(|| input.clone());
        let request = RunStart {
            workflow_id: workflow_id.clone(),
            input: told,
            mocks: None,
            source: RunSource::Editor,
        };
        spawn_local(async move {
            match call(request).await {
                Ok(started) => navigate(
                    &format!("/runs/{}", started.id),
                    leptos_router::NavigateOptions::default(),
                ),
                Err(error) => {
                    if let Some(toasts) = session.toasts() {
                        toasts.show(failure(&error));
                    }
                }
            }
        });
    };
    let running = Memo::new(move |_| session.run.with(RunModel::is_running));
    let name = summary.workflow_name.clone();
    view! {
        <div class="flex h-full min-h-0 flex-col" data-testid="run-view">
            <div class="flex h-11 shrink-0 items-center gap-3 border-b border-line bg-surface px-3">
                <span class="max-w-64 truncate text-sm font-semibold">{summary.workflow_name.clone()}</span>
                <span class="text-xs whitespace-nowrap text-ink-faint tabular-nums" data-tip=local_time(summary.started_at)>
                    {format!("v{} · ", summary.revision)} <Ago at=summary.started_at />
                </span>
                <CopyId id=summary.id.clone() />
                <div class="mx-auto">
                    <Views view=view.0 on_view=view.1 />
                </div>
                <RunStatusWord session=session />
                <IconButton icon=Icon::Download label="Download the definition that was run" on_click=move |_| export::download(session, &name) />
                <Button size=ControlSize::Small icon=Icon::Workflow testid="run-open-workflow" on_click=open>"Open workflow"</Button>
                {move || {
                    let again = again.clone();
                    if running.get() {
                        view! { <Button size=ControlSize::Small icon=Icon::Stop testid="editor-stop" on_click=move |_| runner.stop()>"Stop"</Button> }.into_any()
                    } else {
                        view! {
                            <Button size=ControlSize::Small variant=ButtonVariant::Primary icon=Icon::Retry testid="editor-run" on_click=again>
                                "Run again"
                            </Button>
                        }
                            .into_any()
                    }
                }}
            </div>
            <Shell session=session runner=runner drawer=drawer view=view.0 kind="run" />
        </div>
    }
}
