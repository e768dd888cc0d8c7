//! The language model, with a test that says what happened.

use crate::{call, load::capital, session::use_session};
use awm_api::{
    UserError,
    settings::{Model, ModelKind, ModelTest, ModelTested},
};
use awm_kit::{
    Button, ButtonVariant, Callout, Field, Glyph, Icon, Input, Segmented, SelectOption, Tone,
    duration,
};
use leptos::prelude::*;

/// How the test stands.
#[derive(Clone, PartialEq)]
enum Test {
    Not,
    Running,
    Answered(ModelTested),
    Failed(UserError),
}

const NONE: &str = "none";
const OLLAMA: &str = "ollama";
const OPEN_AI: &str = "openai";

#[component]
pub(super) fn ModelSection() -> impl IntoView {
    let session = use_session();
    let stored = session
        .settings
        .with_untracked(|settings| settings.model.clone());
    let kind = RwSignal::new(
        match stored.as_ref().map(|model| model.kind) {
            None => NONE,
            Some(ModelKind::Ollama) => OLLAMA,
            Some(ModelKind::OpenAiCompatible) => OPEN_AI,
        }
        .to_owned(),
    );
    let url = RwSignal::new(
        stored
            .as_ref()
            .map(|model| model.base_url.clone())
            .unwrap_or_default(),
    );
    let name = RwSignal::new(
        stored
            .as_ref()
            .map(|model| model.name.clone())
            .unwrap_or_default(),
    );
    let key = RwSignal::new(String::new());
    let has_key = Memo::new(move |_| {
        session
            .settings
            .with(|settings| settings.model.as_ref().is_some_and(|model| model.has_key))
    });
    let test = RwSignal::new(Test::Not);
    let model = move || {
        let key = key.get().trim().to_owned();
        Model {
            kind: if kind.get() == OLLAMA {
                ModelKind::Ollama
            } else {
                ModelKind::OpenAiCompatible
            },
            base_url: url.get().trim().trim_end_matches('/').to_owned(),
            name: name.get().trim().to_owned(),
            has_key: !key.is_empty() || has_key.get(),
            api_key: (!key.is_empty()).then_some(key),
        }
    };
    let lacking = Signal::derive(move || {
        url.with(|url| !url.trim().starts_with("http")) || name.with(|name| name.trim().is_empty())
    });
    let save = move |_| {
        let model = untrack(model);
        session.change(|settings| settings.model = Some(model));
        key.set(String::new());
    };
    let choose = move |to: String| {
        test.set(Test::Not);
        if to == NONE {
            session.change(|settings| settings.model = None);
        } else if to == OLLAMA && url.with_untracked(String::is_empty) {
            url.set("http://localhost:11434".into());
        }
        kind.set(to);
    };
    let try_it = move |_| {
        test.set(Test::Running);
        let request = ModelTest {
            model: untrack(model),
        };
        leptos::task::spawn_local(async move {
            let outcome = call::call(request)
                .await
                .map_or_else(Test::Failed, Test::Answered);
            test.try_set(outcome);
        });
    };
    let options = vec![
        SelectOption::new(NONE, "None"),
        SelectOption::new(OLLAMA, "Ollama"),
        SelectOption::new(OPEN_AI, "OpenAI-compatible"),
    ];
    view! {
        <p class="-mt-4 text-sm text-ink-muted">
            "The Generate task asks this model. Without one it answers with quotations from the documents, and says so."
        </p>
        <div class="flex flex-col gap-4 rounded-card border border-line bg-surface p-5 shadow-small">
            <div>
                <Segmented value=kind options=options on_change=choose label="What speaks at the address" />
            </div>
            <Show when=move || kind.get() != NONE>
                <Field label="Base address" hint=Signal::derive(move || if kind.get() == OLLAMA { "Such as http://localhost:11434" } else { "Such as https://…/v1" })>
                    <Input value=url on_input=move |text| url.set(text) mono=true testid="model-url" />
                </Field>
                <Field label="Model" hint="Its name at that address.">
                    <Input value=name on_input=move |text| name.set(text) mono=true testid="model-name" />
                </Field>
                <Field label="Key" hint=Signal::derive(move || if has_key.get() { "A key is stored. Write a new one to replace it." } else { "If the endpoint wants one. It is stored on this machine and never shown again." })>
                    <Input
                        value=key
                        on_input=move |text| key.set(text)
                        kind="password"
                        placeholder=Signal::derive(move || if has_key.get() { "••••••••" } else { "" })
                        testid="model-key"
                    />
                </Field>
                <div class="flex items-center gap-2">
                    <Button
                        variant=ButtonVariant::Primary
                        disabled=lacking
                        reason="An address that begins with http and a model's name are needed"
                        testid="model-save"
                        on_click=save
                    >
                        "Save"
                    </Button>
                    <Button
                        icon=Icon::Zap
                        disabled=lacking
                        reason="An address that begins with http and a model's name are needed"
                        busy=Signal::derive(move || test.get() == Test::Running)
                        testid="model-test"
                        on_click=try_it
                    >
                        "Test"
                    </Button>
                </div>
            </Show>
            <div aria-live="polite" data-testid="model-told">
                {move || told(test.get())}
            </div>
        </div>
    }
}

fn told(test: Test) -> AnyView {
    match test {
        Test::Not => ().into_any(),
        Test::Running => view! { <p class="text-sm text-ink-muted">"Asking for one word…"</p> }.into_any(),
        Test::Answered(answer) => {
            view! {
                <Callout tone=Tone::Ok icon=Icon::CheckCircle>
                    {format!("It answered “{}”, the first word after {}.", answer.answer.trim(), duration(answer.first_word_ms))}
                </Callout>
            }
            .into_any()
        }
        Test::Failed(error) => {
            view! {
                <Callout tone=Tone::Crit icon=Icon::CrossCircle>
                    <p>{format!("{}.", capital(&error.message))}</p>
                    <p class="mt-0.5 flex items-center gap-1 text-ink-muted">{error.help}</p>
                    <p class="mt-0.5 flex items-center gap-1 font-mono text-xs text-ink-faint">
                        <Glyph icon=Icon::Info size=12 />
                        {error.code.as_str()}
                    </p>
                </Callout>
            }
            .into_any()
        }
    }
}
