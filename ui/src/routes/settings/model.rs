//! The language models: a list with a default, and a form for one with a test that says what happened.

use crate::{call, load::capital, session::use_session};
use awm_api::{
    UserError,
    settings::{Model, ModelKind, ModelTest, ModelTested},
};
use awm_kit::{
    Badge, Button, ButtonVariant, Callout, ControlSize, Field, Glyph, Icon, IconButton, Input,
    Segmented, SelectOption, Tone, duration,
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

const OLLAMA: &str = "ollama";
const OPEN_AI: &str = "openai";

#[component]
pub(super) fn ModelSection() -> impl IntoView {
    let session = use_session();
    let models = Memo::new(move |_| session.settings.with(|settings| settings.models.clone()));
    // The place in the list that is edited; one past its end for a new model.
    let editing = RwSignal::new(None::<usize>);
    view! {
        <p class="-mt-4 text-sm text-ink-muted">
            "The Generate task asks the first of these models; in a conversation several can be asked side by side. Without one, answers are quotations from the documents, and say so."
        </p>
        {move || {
            let all = models.get();
            (!all.is_empty())
                .then(|| {
                    view! {
                        <ul class="divide-y divide-line rounded-card border border-line bg-surface shadow-small" data-testid="models">
                            {all.into_iter().enumerate().map(|(at, model)| model_row(at, model, editing)).collect_view()}
                        </ul>
                    }
                })
        }}
        {move || match editing.get() {
            Some(at) => {
                let model = models.with_untracked(|all| all.get(at).cloned());
                view! { <ModelForm at=at model=model editing=editing /> }.into_any()
            }
            None => {
                view! {
                    <div>
                        <Button
                            icon=Icon::Plus
                            testid="model-add"
                            on_click=move |_| editing.set(Some(models.with_untracked(Vec::len)))
                        >
                            "Add a model"
                        </Button>
                    </div>
                }
                    .into_any()
            }
        }}
    }
}

fn model_row(at: usize, model: Model, editing: RwSignal<Option<usize>>) -> AnyView {
    let session = use_session();
    let title = model.title().to_owned();
    let named = (title != model.name).then(|| model.name.clone());
    view! {
        <li class="flex items-center gap-3 px-4 py-2.5" data-testid="model-row">
            <Glyph icon=Icon::Bot class="text-ink-faint" />
            <div class="min-w-0 flex-1">
                <p class="flex items-center gap-2 text-sm font-medium">
                    <span class="truncate">{title}</span>
                    {(at == 0).then(|| view! { <Badge>"default"</Badge> })}
                </p>
                <p class="truncate font-mono text-xs text-ink-faint">
                    {named.map(|name| format!("{name} · "))}
                    {model.base_url.clone()}
                </p>
            </div>
            {(at > 0)
                .then(|| {
                    view! {
                        <Button
                            size=ControlSize::Small
                            variant=ButtonVariant::Ghost
                            on_click=move |_| {
                                session
                                    .change(move |settings| {
                                        if at < settings.models.len() {
                                            let model = settings.models.remove(at);
                                            settings.models.insert(0, model);
                                        }
                                    });
                                editing.set(None);
                            }
                        >
                            "Make default"
                        </Button>
                    }
                })}
            <IconButton icon=Icon::Edit label="Change" size=ControlSize::Small testid="model-edit" on_click=move |_| editing.set(Some(at)) />
            <IconButton
                icon=Icon::Trash
                label="Take out of the list"
                size=ControlSize::Small
                testid="model-remove"
                on_click=move |_| {
                    session
                        .change(move |settings| {
                            if at < settings.models.len() {
                                settings.models.remove(at);
                            }
                        });
                    editing.set(None);
                }
            />
        </li>
    }
    .into_any()
}

fn price(text: &str) -> Option<f64> {
    text.trim()
        .replace(',', ".")
        .parse()
        .ok()
        .filter(|price: &f64| price.is_finite() && *price >= 0.0)
}

#[component]
fn ModelForm(at: usize, model: Option<Model>, editing: RwSignal<Option<usize>>) -> impl IntoView {
    let session = use_session();
    let stored = model.unwrap_or_else(|| Model {
        kind: ModelKind::Ollama,
        base_url: "http://localhost:11434".into(),
        ..Model::default()
    });
    let told_price = |price: Option<f64>| price.map(|price| price.to_string()).unwrap_or_default();
    let kind = RwSignal::new(
        match stored.kind {
            ModelKind::Ollama => OLLAMA,
            ModelKind::OpenAiCompatible => OPEN_AI,
        }
        .to_owned(),
    );
    let url = RwSignal::new(stored.base_url.clone());
    let name = RwSignal::new(stored.name.clone());
    let title = RwSignal::new(stored.title.clone());
    let price_in = RwSignal::new(told_price(stored.price_in));
    let price_out = RwSignal::new(told_price(stored.price_out));
    let key = RwSignal::new(String::new());
    let had_key = stored.has_key;
    let test = RwSignal::new(Test::Not);
    let model = move || {
        let key = key.get().trim().to_owned();
        Model {
            title: title.get().trim().to_owned(),
            kind: if kind.get() == OLLAMA {
                ModelKind::Ollama
            } else {
                ModelKind::OpenAiCompatible
            },
            base_url: url.get().trim().trim_end_matches('/').to_owned(),
            name: name.get().trim().to_owned(),
            has_key: !key.is_empty() || had_key,
            api_key: (!key.is_empty()).then_some(key),
            price_in: price(&price_in.get()),
            price_out: price(&price_out.get()),
        }
    };
    let lacking = Signal::derive(move || {
        url.with(|url| !url.trim().starts_with("http")) || name.with(|name| name.trim().is_empty())
    });
    let save = move |_| {
        let model = untrack(model);
        session.change(move |settings| match settings.models.get_mut(at) {
            Some(place) => *place = model,
            None => settings.models.push(model),
        });
        editing.set(None);
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
        SelectOption::new(OLLAMA, "Ollama"),
        SelectOption::new(OPEN_AI, "OpenAI-compatible"),
    ];
    view! {
        <div class="flex flex-col gap-4 rounded-card border border-line bg-surface p-5 shadow-small" data-testid="model-form">
            <div>
                <Segmented value=kind options=options on_change=move |to| kind.set(to) label="What speaks at the address" />
            </div>
            <Field label="Base address" hint=Signal::derive(move || if kind.get() == OLLAMA { "Such as http://localhost:11434" } else { "Such as https://…/v1" })>
                <Input value=url on_input=move |text| url.set(text) mono=true testid="model-url" />
            </Field>
            <Field label="Model" hint="Its name at that address.">
                <Input value=name on_input=move |text| name.set(text) mono=true testid="model-name" />
            </Field>
            <Field label="Title" hint="What it is called here; its name if empty. No two models have the same.">
                <Input value=title on_input=move |text| title.set(text) testid="model-title" />
            </Field>
            <Field label="Key" hint=if had_key { "A key is stored. Write a new one to replace it." } else { "If the endpoint wants one. It is stored on this machine and never shown again." }>
                <Input
                    value=key
                    on_input=move |text| key.set(text)
                    kind="password"
                    placeholder=if had_key { "••••••••" } else { "" }
                    testid="model-key"
                />
            </Field>
            <div class="grid grid-cols-2 gap-4">
                <Field label="Price of reading" hint="US dollars for a million tokens. Empty: no cost is told.">
                    <Input value=price_in on_input=move |text| price_in.set(text) testid="model-price-in" />
                </Field>
                <Field label="Price of writing" hint="US dollars for a million tokens.">
                    <Input value=price_out on_input=move |text| price_out.set(text) testid="model-price-out" />
                </Field>
            </div>
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
                <Button variant=ButtonVariant::Ghost on_click=move |_| editing.set(None)>"Cancel"</Button>
            </div>
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
