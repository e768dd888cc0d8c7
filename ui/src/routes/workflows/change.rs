//! What can be done to workflows from their list.

use super::ListLoader;
use crate::{
    call,
    load::{act_with, failure},
};
use awm_api::{
    UserError,
    workflows::{
        TemplateOpen, WorkflowCreate, WorkflowDelete, WorkflowGet, WorkflowImport, WorkflowKind,
        WorkflowRename, WorkflowRestore, WorkflowSummary,
    },
};
use awm_kit::{
    Button, ButtonVariant, ControlSize, Dialog, Field, Input, Toast, Toasts, use_toasts,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The changes, for every part of the screen.
#[derive(Clone, Copy)]
pub(super) struct Changes {
    list: ListLoader,
    toasts: Toasts,
    go: Callback<String>,
    /// The workflow that is being renamed.
    renamed: RwSignal<Option<WorkflowSummary>>,
    /// The file that could not be opened, and why.
    pub(super) fault: RwSignal<Option<(String, UserError)>>,
}

impl Changes {
    pub(super) fn provide(list: ListLoader) -> Self {
        let navigate = use_navigate();
        let go = Callback::new(move |id: String| {
            navigate(&format!("/workflows/{id}"), NavigateOptions::default())
        });
        Self {
            list,
            toasts: use_toasts(),
            go,
            renamed: RwSignal::new(None),
            fault: RwSignal::new(None),
        }
    }

    /// Makes an empty workflow and opens it.
    pub(super) fn create(self) {
        let request = WorkflowCreate {
            name: "Untitled".into(),
            kind: WorkflowKind::Job,
            document: None,
        };
        act_with(self.toasts, request, move |made| {
            self.go.run(made.summary.id)
        });
    }

    /// Makes a copy of a template and opens it.
    pub(super) fn open_template(self, id: String) {
        act_with(self.toasts, TemplateOpen { id }, move |made| {
            self.go.run(made.summary.id)
        });
    }

    /// Lets the reader choose a definition's file, and opens it as a workflow.
    pub(super) fn choose_file(self) {
        super::import::choose(self.toasts, move |name, text| self.import(name, text));
    }

    fn import(self, file_name: String, text: String) {
        leptos::task::spawn_local(async move {
            match call::call(WorkflowImport {
                file_name: file_name.clone(),
                text,
            })
            .await
            {
                Ok(made) => self.go.run(made.summary.id),
                Err(error) => self.fault.set(Some((file_name, error))),
            }
        });
    }

    /// Asks for a new name.
    pub(super) fn rename(self, row: WorkflowSummary) {
        self.renamed.set(Some(row));
    }

    /// Makes a copy beside it.
    pub(super) fn duplicate(self, row: WorkflowSummary) {
        act_with(self.toasts, WorkflowGet { id: row.id }, move |workflow| {
            let name = format!("{} copy", workflow.summary.name);
            let request = WorkflowCreate {
                name,
                kind: workflow.summary.kind,
                document: Some(workflow.document),
            };
            act_with(self.toasts, request, move |made| {
                self.toasts
                    .show(Toast::done(format!("Made {}", made.summary.name)));
                self.list.reload();
            });
        });
    }

    /// Takes it away at once, and offers to bring it back.
    pub(super) fn delete(self, row: WorkflowSummary) {
        let id = row.id.clone();
        self.list.update(|rows| rows.retain(|other| other.id != id));
        leptos::task::spawn_local(async move {
            match call::call(WorkflowDelete { id: row.id }).await {
                Ok(gone) => {
                    let id = gone.id;
                    let undo = move || {
                        act_with(self.toasts, WorkflowRestore { id: id.clone() }, move |_| {
                            self.list.reload()
                        });
                    };
                    self.toasts
                        .show(Toast::done(format!("Deleted {}", gone.name)).action("Undo", undo));
                }
                Err(error) => {
                    self.toasts.show(failure(&error));
                    self.list.reload();
                }
            }
        });
    }
}

/// Asks for a workflow's new name.
#[component]
pub(super) fn RenameDialog(changes: Changes) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(row) = changes.renamed.get() {
            name.set(row.name);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            changes.renamed.set(None);
        }
    });
    let empty = Signal::derive(move || name.with(|name| name.trim().is_empty()));
    let save = move || {
        let Some(row) = changes
            .renamed
            .get_untracked()
            .filter(|_| !empty.get_untracked())
        else {
            return;
        };
        open.set(false);
        let request = WorkflowRename {
            id: row.id,
            name: name.get_untracked().trim().to_owned(),
        };
        act_with(changes.toasts, request, move |_| changes.list.reload());
    };
    view! {
        <Dialog open=open title="Rename workflow" width=420>
            <form
                class="flex flex-col gap-4"
                on:submit=move |ev| {
                    ev.prevent_default();
                    save();
                }
            >
                <Field label="Name">
                    <Input value=name on_input=move |text| name.set(text) autofocus=true testid="rename-input" />
                </Field>
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button
                        variant=ButtonVariant::Primary
                        size=ControlSize::Large
                        submit=true
                        disabled=empty
                        reason="A workflow needs a name"
                    >
                        "Rename"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}
