//! The bar above the canvas: what this is, how it stands, how to look at it, Run.

use super::{
    drawer::{Elapsed, status},
    export,
    model::run::RunModel,
    running::Runner,
    saving::{SaveState, Saving},
    session::Session,
};
use crate::{call::call, load::failure};
use awm_api::{runs::RunStatus, workflows::WorkflowRename};
use awm_kit::{
    Button, ButtonVariant, ControlSize, Glyph, Icon, IconButton, Menu, MenuEntry, MenuItem,
    Segmented, SelectOption, Spinner, Status,
};
use leptos::{prelude::*, task::spawn_local};

/// The bar of an open workflow.
#[component]
pub fn TopBar(
    /// The editor.
    session: Session,
    /// The saving.
    saving: Saving,
    /// Starts and stops.
    runner: Runner,
    /// The workflow.
    workflow: String,
    /// Its name.
    name: RwSignal<String>,
    /// The chosen view.
    #[prop(into)]
    view: Signal<String>,
    /// Told another view.
    on_view: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-surface px-3">
            <Name session=session workflow=workflow name=name />
            <Saved session=session saving=saving />
            <div class="mx-auto">
                <Views view=view on_view=on_view />
            </div>
            <History session=session />
            <Export session=session name=name />
            <RunStatusWord session=session />
            <RunButtons session=session runner=runner />
        </div>
    }
}

/// Design, Code or Outline.
#[component]
pub fn Views(
    /// The chosen one.
    #[prop(into)]
    view: Signal<String>,
    /// Told another one.
    on_view: Callback<String>,
) -> impl IntoView {
    let options = vec![
        SelectOption::new("design", "Design"),
        SelectOption::new("code", "Code"),
        SelectOption::new("outline", "Outline"),
    ];
    view! { <Segmented value=view options=options on_change=on_view label="View" /> }
}

#[component]
fn Name(session: Session, workflow: String, name: RwSignal<String>) -> impl IntoView {
    let typed = RwSignal::new(name.get_untracked());
    let rename = move || {
        let wanted = typed.get_untracked().trim().to_owned();
        let old = name.get_untracked();
        if wanted.is_empty() || wanted == old {
            typed.set(old);
            return;
        }
        let request = WorkflowRename {
            id: workflow.clone(),
            name: wanted,
        };
        spawn_local(async move {
            match call(request).await {
                Ok(summary) => {
                    typed.try_set(summary.name.clone());
                    name.try_set(summary.name);
                }
                Err(error) => {
                    typed.try_set(old);
                    if let Some(toasts) = session.toasts() {
                        toasts.show(failure(&error));
                    }
                }
            }
        });
    };
    view! {
        <input
            class="h-7 max-w-72 min-w-24 truncate rounded-control border border-transparent bg-transparent px-2 text-sm font-semibold [field-sizing:content] hover:border-line-strong focus-visible:border-accent focus-visible:outline-none"
            aria-label="Name of the workflow"
            data-testid="workflow-name"
            prop:value=move || typed.get()
            on:input=move |ev| typed.set(event_target_value(&ev))
            on:change=move |_| rename()
            on:keydown=move |ev| {
                match ev.key().as_str() {
                    "Enter" => {
                        // Leaving the box is what renames.
                        let _ = event_target::<web_sys::HtmlElement>(&ev).blur();
                    }
                    "Escape" => {
                        typed.set(name.get_untracked());
                        let _ = event_target::<web_sys::HtmlElement>(&ev).blur();
                    }
                    _ => {}
                }
            }
        />
    }
}

#[component]
fn Saved(session: Session, saving: Saving) -> impl IntoView {
    let choose = move |ev: leptos::ev::MouseEvent| {
        ev.prevent_default();
        saving.overwrite();
    };
    view! {
        <span class="flex min-w-0 items-center gap-2 text-xs whitespace-nowrap text-ink-faint" data-testid="save-state">
            <span class="tabular-nums" data-tip="Grows by one with each save">{move || format!("v{}", saving.base.get())}</span>
            {move || match saving.state.get() {
                SaveState::Saved => view! { <span>"saved"</span> }.into_any(),
                SaveState::Unsaved => view! { <span class="text-ink-muted">"draft"</span> }.into_any(),
                SaveState::Saving => view! { <span class="text-ink-muted">"saving…"</span> }.into_any(),
                SaveState::Failed(error) => {
                    view! {
                        <span class="flex min-w-0 items-center gap-1 text-crit" data-tip=format!("{}\n{}", error.message, error.help) role="alert">
                            <Glyph icon=Icon::Warning size=12 />
                            <span class="truncate">{format!("not saved ({}), trying again", error.code)}</span>
                        </span>
                        <Button
                            variant=ButtonVariant::Ghost
                            size=ControlSize::Tiny
                            on_click=move |_| {
                                spawn_local(async move {
                                    // A failure shows here again.
                                    let _ = saving.flush().await;
                                });
                            }
                        >
                            "Save now"
                        </Button>
                    }
                        .into_any()
                }
                SaveState::Conflict => {
                    view! {
                        <span class="flex items-center gap-1 text-crit" role="alert">
                            <Glyph icon=Icon::Warning size=12 />
                            "Saved elsewhere meanwhile (AWM-1004). Yours is kept here."
                        </span>
                        <Button variant=ButtonVariant::Ghost size=ControlSize::Tiny on_click=choose>"Keep mine"</Button>
                        <Button
                            variant=ButtonVariant::Ghost
                            size=ControlSize::Tiny
                            on_click=move |_| {
                                export::copy(session);
                                // A page that can't be reloaded stays, with the text on it.
                                let _ = window().location().reload();
                            }
                        >
                            "Copy mine, load theirs"
                        </Button>
                    }
                        .into_any()
                }
            }}
        </span>
    }
}

#[component]
fn History(session: Session) -> impl IntoView {
    let can_undo = Signal::derive(move || !session.editor.with(awm_flow::Editor::can_undo));
    let can_redo = Signal::derive(move || !session.editor.with(awm_flow::Editor::can_redo));
    view! {
        <IconButton icon=Icon::Undo label="Undo" disabled=can_undo testid="editor-undo" on_click=move |_| session.undo() />
        <IconButton icon=Icon::Redo label="Redo" disabled=can_redo testid="editor-redo" on_click=move |_| session.redo() />
    }
}

#[component]
fn Export(session: Session, name: RwSignal<String>) -> impl IntoView {
    let entries = Signal::derive(move || {
        vec![
            MenuEntry::Heading("The definition, as it is written".to_owned()),
            MenuItem::new("Download", move || {
                export::download(session, &name.get_untracked())
            })
            .icon(Icon::Download)
            .into(),
            MenuItem::new("Copy", move || export::copy(session))
                .icon(Icon::Copy)
                .into(),
        ]
    });
    view! {
        <Menu label="Export" entries=entries align_right=true testid="editor-export">
            <Glyph icon=Icon::Download />
        </Menu>
    }
}

/// How the last run stands, in a word.
#[component]
pub fn RunStatusWord(
    /// The editor.
    session: Session,
) -> impl IntoView {
    let summary = Memo::new(move |_| session.run.with(|run| run.summary.clone()));
    view! {
        {move || {
            summary
                .get()
                .map(|summary| {
                    let (icon, word, tone) = status(summary.status);
                    view! {
                        <span class="flex items-center gap-2 text-sm" data-testid="run-status" data-status=format!("{:?}", summary.status)>
                            <Status icon=icon text=word tone=tone />
                            <Elapsed from=summary.started_at to=summary.ended_at />
                        </span>
                    }
                })
        }}
    }
}

#[component]
fn RunButtons(session: Session, runner: Runner) -> impl IntoView {
    let running = Memo::new(move |_| session.run.with(RunModel::is_running));
    let ran = Memo::new(move |_| {
        session.run.with(|run| {
            run.status()
                .is_some_and(|status| status != RunStatus::Running)
        })
    });
    let entries = Signal::derive(move || {
        let last = runner.last_input();
        let sample = session
            .editor
            .with(|editor| editor.document().sample_input.clone());
        let with_sample = sample.clone();
        vec![
            MenuItem::new("Run with input…", move || runner.asking.set(true))
                .icon(Icon::Braces)
                .into(),
            MenuEntry::Item(
                MenuItem::new("Run with the last input", {
                    let last = last.clone();
                    move || {
                        if let Some(input) = last.clone() {
                            runner.run_with(input);
                        }
                    }
                })
                .icon(Icon::Retry)
                .unavailable(last.is_none().then_some("Nothing was run here yet")),
            ),
            MenuEntry::Item(
                MenuItem::new("Run with the sample", move || {
                    if let Some(input) = with_sample.clone() {
                        runner.run_with(input);
                    }
                })
                .icon(Icon::Play)
                .unavailable(sample.is_none().then_some(
                    "There is no sample input: select nothing and write one at the right",
                )),
            ),
        ]
    });
    view! {
        <Show when=move || running.get()>
            <Button size=ControlSize::Small icon=Icon::Stop testid="editor-stop" on_click=move |_| runner.stop()>
                "Stop"
            </Button>
        </Show>
        <div class="flex items-center">
            <button
                type="button"
                class="inline-flex h-7 items-center gap-1.5 rounded-l-control bg-accent pr-2.5 pl-2.5 text-sm font-medium whitespace-nowrap text-on-accent shadow-small hover:bg-accent-hover aria-disabled:opacity-60"
                aria-disabled=move || (running.get() || runner.starting.get()).to_string()
                data-tip=move || if running.get() { "A run goes on" } else { "Run (Ctrl Enter)" }
                data-testid="editor-run"
                on:click=move |_| {
                    if !running.get_untracked() {
                        runner.run();
                    }
                }
            >
                {move || {
                    if runner.starting.get() {
                        view! { <Spinner size=14 /> }.into_any()
                    } else {
                        view! { <Glyph icon=Icon::Play size=14 /> }.into_any()
                    }
                }}
                {move || if ran.get() { "Run again" } else { "Run" }}
            </button>
            <Menu
                label="More ways to run"
                entries=entries
                align_right=true
                testid="editor-run-menu"
                class="ml-px inline-flex h-7 w-6 items-center justify-center rounded-r-control bg-accent text-on-accent shadow-small hover:bg-accent-hover"
            >
                <Glyph icon=Icon::ChevronDown size=14 />
            </Menu>
        </div>
    }
}
