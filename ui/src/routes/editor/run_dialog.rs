//! Asking for a run's input.

use super::{
    model::codec::{Codec, read, show},
    model::fields::Language,
    running::Runner,
    session::Session,
};
use awm_flow::Change;
use awm_kit::{Button, ButtonVariant, Checkbox, Dialog, Icon, TextArea};
use leptos::prelude::*;
use serde_json::json;

/// The dialog; open while the runner asks.
#[component]
pub fn RunDialog(
    /// The editor.
    session: Session,
    /// What is run.
    runner: Runner,
) -> impl IntoView {
    view! {
        <Dialog open=runner.asking title="Run with input" width=560 testid="run-dialog">
            <Form session=session runner=runner />
        </Dialog>
    }
}

#[component]
fn Form(session: Session, runner: Runner) -> impl IntoView {
    let sample = session
        .editor
        .with_untracked(|editor| editor.document().sample_input.clone());
    let first = runner.last_input().or(sample).unwrap_or_else(|| json!({}));
    let text = RwSignal::new(show(Codec::Json, &first));
    let keep = RwSignal::new(false);
    let value = Memo::new(move |_| text.with(|text| read(Codec::Json, text, Language::JsonPath)));
    let fault = Signal::derive(move || value.with(|value| value.as_ref().err().cloned()));
    let run = move || {
        let Ok(value) = value.get_untracked() else {
            return;
        };
        let input = value.unwrap_or_else(|| json!({}));
        if keep.get_untracked() {
            session.apply(Change::SetSample(Some(input.clone())));
        }
        runner.asking.set(false);
        runner.run_with(input);
    };
    view! {
        <form
            class="flex flex-col gap-3"
            on:submit=move |ev| {
                ev.prevent_default();
                run();
            }
        >
            <TextArea
                value=text
                rows=12
                mono=true
                invalid=Signal::derive(move || fault.with(Option::is_some))
                label="Input"
                testid="run-input"
                on_input=move |now| text.set(now)
                on_key=move |ev: leptos::ev::KeyboardEvent| {
                    if ev.key() == "Enter" && (ev.ctrl_key() || ev.meta_key()) {
                        ev.prevent_default();
                        run();
                    }
                }
            />
            <p class="min-h-4 text-xs text-crit" role="alert">{move || fault.get()}</p>
            <div class="flex items-center justify-between gap-4">
                <Checkbox checked=keep on_change=move |on| keep.set(on) label="Keep as the sample input" />
                <Button
                    variant=ButtonVariant::Primary
                    icon=Icon::Play
                    submit=true
                    testid="run-input-submit"
                    disabled=Signal::derive(move || fault.with(Option::is_some))
                    reason="The input isn't JSON yet"
                >
                    "Run"
                </Button>
            </div>
        </form>
    }
}
