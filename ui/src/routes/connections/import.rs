//! An OpenAPI document, chosen or pasted.

use crate::{call, load::capital};
use awm_api::{
    UserError,
    connections::{ConnectionImport, ConnectionImported},
};
use awm_kit::{Button, ButtonVariant, Callout, Dialog, Field, Icon, Input, TextArea, Tone};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

#[derive(Clone, PartialEq)]
enum Stage {
    Asking,
    Busy,
    Failed(UserError),
    Done(Box<ConnectionImported>),
}

/// The dialog. What was left out is told before it leads on.
#[component]
pub(super) fn ImportDialog(open: RwSignal<bool>, done: Callback<String>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let url = RwSignal::new(String::new());
    let stage = RwSignal::new(Stage::Asking);
    Effect::new(move |_| {
        if open.get() {
            stage.set(Stage::Asking);
        }
    });
    let empty = Signal::derive(move || text.with(|text| text.trim().is_empty()));
    let choose = move |ev: leptos::ev::Event| {
        let input = ev
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input
            .and_then(|input| input.files())
            .and_then(|files| files.get(0))
        else {
            return;
        };
        leptos::task::spawn_local(async move {
            if let Ok(read) = wasm_bindgen_futures::JsFuture::from(file.text()).await {
                text.try_set(read.as_string().unwrap_or_default());
            }
        });
    };
    let go = move |_| {
        stage.set(Stage::Busy);
        let base_url = url.get_untracked().trim().to_owned();
        let request = ConnectionImport {
            text: text.get_untracked(),
            base_url: (!base_url.is_empty()).then_some(base_url),
            ..ConnectionImport::default()
        };
        leptos::task::spawn_local(async move {
            match call::call(request).await {
                Err(error) => drop(stage.try_set(Stage::Failed(error))),
                Ok(made) if made.notes.is_empty() => {
                    open.try_set(false);
                    done.run(made.connection.id);
                }
                Ok(made) => drop(stage.try_set(Stage::Done(Box::new(made)))),
            }
        });
    };
    view! {
        <Dialog open=open title="Import OpenAPI" width=640 testid="connection-import-dialog">
            {move || match stage.get() {
                Stage::Done(made) => {
                    let id = made.connection.id.clone();
                    let operations = made.connection.operations.len();
                    view! {
                        <div class="flex flex-col gap-4">
                            <Callout tone=Tone::Ok icon=Icon::CheckCircle>
                                {format!("{} with {operations} operations.", made.connection.name)}
                            </Callout>
                            <ul class="flex max-h-64 list-disc flex-col gap-1 overflow-y-auto pl-5 text-sm text-ink-muted">
                                {made.notes.iter().map(|note| view! { <li>{format!("{}.", capital(note))}</li> }).collect_view()}
                            </ul>
                            <div class="flex justify-end">
                                <Button
                                    variant=ButtonVariant::Primary
                                    testid="connection-import-open"
                                    on_click=move |_| {
                                        open.set(false);
                                        done.run(id.clone());
                                    }
                                >
                                    "Open"
                                </Button>
                            </div>
                        </div>
                    }
                        .into_any()
                }
                _ => {
                    view! {
                        <div class="flex flex-col gap-4">
                            <p class="text-sm text-ink-muted">
                                "OpenAPI 3.0 or 3.1, JSON or YAML. Nothing is fetched: references to other files are left out."
                            </p>
                            <input
                                type="file"
                                accept=".json,.yaml,.yml"
                                aria-label="The document's file"
                                class="text-sm text-ink-muted file:mr-3 file:h-8 file:rounded-control file:border file:border-line file:bg-surface file:px-3 file:text-sm file:font-medium file:text-ink"
                                on:change=choose
                            />
                            <Field label="Document">
                                <TextArea value=text on_input=move |typed| text.set(typed) rows=10 mono=true placeholder="openapi: 3.1.0" testid="connection-import-text" />
                            </Field>
                            <Field label="Base address" hint="Only if the document's own server isn't the one to call.">
                                <Input value=url on_input=move |typed| url.set(typed) mono=true placeholder="https://api.example/v1" />
                            </Field>
                            {move || match stage.get() {
                                Stage::Failed(error) => Some(super::answer::told(&error)),
                                _ => None,
                            }}
                            <div class="flex justify-end gap-2">
                                <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                                <Button
                                    variant=ButtonVariant::Primary
                                    disabled=empty
                                    reason="Choose a file, or paste the document"
                                    busy=Signal::derive(move || stage.get() == Stage::Busy)
                                    testid="connection-import-go"
                                    on_click=go
                                >
                                    "Import"
                                </Button>
                            </div>
                        </div>
                    }
                        .into_any()
                }
            }}
        </Dialog>
    }
}
