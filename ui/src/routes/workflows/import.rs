//! Opening a definition's file, and saying what is wrong with it.

use super::change::Changes;
use crate::load::capital;
use awm_kit::{Button, ButtonVariant, ControlSize, Dialog, Toast, Toasts};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Lets the reader choose a file and gives its name and text.
pub(super) fn choose(toasts: Toasts, tell: impl Fn(String, String) + 'static) {
    let Ok(Ok(input)) = document()
        .create_element("input")
        .map(JsCast::dyn_into::<web_sys::HtmlInputElement>)
    else {
        return;
    };
    input.set_type("file");
    input.set_accept(".json,.yaml,.yml,.asl");
    let chosen = input.clone();
    let hear = Closure::once_into_js(move || {
        let Some(file) = chosen.files().and_then(|files| files.item(0)) else {
            return;
        };
        leptos::task::spawn_local(async move {
            match JsFuture::from(file.text()).await {
                Ok(text) => tell(file.name(), text.as_string().unwrap_or_default()),
                Err(_) => toasts.show(Toast::failed(
                    format!("Couldn't read {}", file.name()),
                    "Is the file still there?",
                )),
            }
        });
    });
    input.set_onchange(Some(hear.unchecked_ref()));
    input.click();
}

/// Says why a file could not be opened: every problem, with its place.
#[component]
pub(super) fn ImportFault(changes: Changes) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if changes.fault.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            changes.fault.set(None);
        }
    });
    let title = Signal::derive(move || {
        changes.fault.with(|fault| {
            fault
                .as_ref()
                .map(|(name, _)| format!("Couldn't open {name}"))
                .unwrap_or_default()
        })
    });
    let content = move || {
        changes.fault.get().map(|(_, error)| {
            view! {
                <div class="flex flex-col gap-2 text-sm" role="alert" data-testid="import-fault">
                    {error
                        .message
                        .lines()
                        .map(|line| view! { <p class="break-words">{capital(line)}</p> })
                        .collect_view()}
                    {(!error.path.is_empty())
                        .then(|| {
                            view! {
                                <ul class="flex max-h-64 flex-col gap-1 overflow-y-auto rounded-control bg-sunken p-3 font-mono text-xs">
                                    {error.path.iter().map(|place| view! { <li class="break-words">{place.clone()}</li> }).collect_view()}
                                </ul>
                            }
                        })} <p class="text-ink-muted">{error.help.clone()}</p> <p class="font-mono text-xs text-ink-faint">{error.code.as_str()}</p>
                </div>
            }
        })
    };
    view! {
        <Dialog open=open title=title width=560>
            {content}
            <div class="mt-5 flex justify-end gap-2">
                <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Close"</Button>
                <Button
                    variant=ButtonVariant::Primary
                    size=ControlSize::Large
                    on_click=move |_| {
                        open.set(false);
                        changes.choose_file();
                    }
                >
                    "Choose another file…"
                </Button>
            </div>
        </Dialog>
    }
}
