//! A call, filled in and sent; what it answers can be kept and learned from.

use super::{
    answer::{Told, told},
    detail::Draft,
};
use crate::{call, load::act_with};
use awm_api::{
    UserError,
    connections::{
        ApiCall, ConnectionLearn, ConnectionTest, ConnectionTested, Operation, ParameterPlace,
    },
};
use awm_connections::example;
use awm_kit::{
    Button, ButtonVariant, EmptyState, Field, Icon, Input, Select, SelectOption, TextArea, Toast,
    use_toasts,
};
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq)]
enum Sent {
    Not,
    Busy,
    Failed(UserError),
    Told(Box<ConnectionTested>),
}

#[component]
pub(super) fn TryIt(draft: Draft) -> impl IntoView {
    let toasts = use_toasts();
    let chosen = RwSignal::new(draft.stored.with_untracked(|stored| {
        stored
            .operations
            .first()
            .map(|o| o.id.clone())
            .unwrap_or_default()
    }));
    let operation = Memo::new(move |_| {
        draft.stored.with(|stored| {
            let id = chosen.get();
            stored
                .operations
                .iter()
                .find(|operation| operation.id == id)
                .cloned()
        })
    });
    let method = RwSignal::new("GET".to_owned());
    let path = RwSignal::new("/".to_owned());
    let values = RwSignal::new(BTreeMap::<String, String>::new());
    let body = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let state = RwSignal::new(Sent::Not);
    Effect::new(move |_| {
        let operation = operation.get();
        values.set(operation.as_ref().map(examples).unwrap_or_default());
        body.set(operation.as_ref().map(example_body).unwrap_or_default());
        wrong.set(None);
        state.set(Sent::Not);
    });
    let options = Signal::derive(move || {
        draft.stored.with(|stored| {
            let known = stored.operations.iter().map(|operation| {
                SelectOption::new(
                    operation.id.clone(),
                    format!("{} {}", operation.method, operation.path),
                )
            });
            known
                .chain([SelectOption::new("", "Another path…")])
                .collect::<Vec<_>>()
        })
    });
    let send = move |_| {
        let written = body.get_untracked();
        let shape = operation.with_untracked(|operation| {
            operation
                .as_ref()
                .and_then(|o| o.body.as_ref())
                .map(|body| body.media_type.clone())
        });
        let text = shape.is_some_and(|media| !media.contains("json") && !media.contains("form"));
        let given = match written.trim() {
            "" => None,
            _ if text => Some(Value::String(written)),
            trimmed => match serde_json::from_str(trimmed) {
                Ok(value) => Some(value),
                Err(error) => {
                    wrong.set(Some(format!("it is not JSON: {error}")));
                    return;
                }
            },
        };
        wrong.set(None);
        let parameters: Map<String, Value> = values.with_untracked(|values| {
            values
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
                .collect()
        });
        let own = operation.with_untracked(Option::is_none);
        let request = ConnectionTest {
            id: draft.stored.with_untracked(|stored| stored.id.clone()),
            call: ApiCall {
                operation: operation
                    .with_untracked(|operation| operation.as_ref().map(|o| o.id.clone())),
                method: own.then(|| method.get_untracked()),
                path: own.then(|| path.get_untracked()),
                parameters,
                body: given,
                ..ApiCall::default()
            },
        };
        state.set(Sent::Busy);
        leptos::task::spawn_local(async move {
            let outcome = call::call(request)
                .await
                .map_or_else(Sent::Failed, |tested| Sent::Told(Box::new(tested)));
            state.try_set(outcome);
        });
    };
    let learn = move |afresh: bool| {
        let Sent::Told(tested) = state.get_untracked() else {
            return;
        };
        let Some(answer) = tested.answer else { return };
        let request = ConnectionLearn {
            id: draft.stored.with_untracked(|stored| stored.id.clone()),
            operation: chosen.get_untracked(),
            samples: vec![answer.body],
            afresh,
        };
        act_with(toasts, request, move |saved| {
            // What isn't stored yet stays in the draft only where it was not touched.
            draft.take(saved);
            toasts.show(Toast::done("The answer is kept, and its shape is learned"));
        });
    };
    let can_learn = Memo::new(move |_| {
        operation.with(Option::is_some)
            && state.with(|state| match state {
                Sent::Told(tested) => tested
                    .answer
                    .as_ref()
                    .is_some_and(|answer| answer.is_json && answer.status < 300),
                _ => false,
            })
    });
    let methods: Vec<SelectOption> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .iter()
        .map(|method| SelectOption::new(*method, *method))
        .collect();
    let methods = Signal::stored(methods);
    view! {
        <div class="flex h-full min-h-0" data-testid="try-it">
            <div class="flex w-[420px] shrink-0 flex-col gap-4 overflow-y-auto border-r border-line px-6 py-5">
                <Field label="Operation">
                    <Select value=chosen options=options on_change=move |to| chosen.set(to) label="Operation" testid="try-operation" />
                </Field>
                <Show when=move || operation.with(Option::is_none)>
                    <div class="flex gap-2">
                        <div class="w-28 shrink-0">
                            <Select value=method options=methods on_change=move |to| method.set(to) label="Method" />
                        </div>
                        <div class="min-w-0 flex-1">
                            <Input value=path on_input=move |text| path.set(text) mono=true label="Path" testid="try-path" />
                        </div>
                    </div>
                </Show>
                {move || {
                    operation
                        .get()
                        .map(|operation| {
                            operation
                                .parameters
                                .into_iter()
                                .map(|parameter| {
                                    let (own, set) = (parameter.name.clone(), parameter.name.clone());
                                    let value = Signal::derive(move || {
                                        values.with(|values| values.get(&own).cloned().unwrap_or_default())
                                    });
                                    let place = match parameter.place {
                                        ParameterPlace::Path => "path",
                                        ParameterPlace::Query => "query",
                                        ParameterPlace::Header => "header",
                                    };
                                    let must = if parameter.required { " (needed)" } else { "" };
                                    view! {
                                        <Field label=format!("{}{must}", parameter.name) caption=place hint=parameter.description>
                                            <Input
                                                value=value
                                                on_input=move |text: String| values.update(|values| drop(values.insert(set.clone(), text)))
                                                mono=true
                                            />
                                        </Field>
                                    }
                                })
                                .collect_view()
                        })
                }}
                <Show when=move || operation.with(|operation| operation.as_ref().map_or(method.get() != "GET", |o| o.body.is_some()))>
                    <Field label="Body" error=wrong>
                        <TextArea value=body on_input=move |text| body.set(text) rows=10 mono=true testid="try-body" />
                    </Field>
                </Show>
                <div>
                    <Button
                        variant=ButtonVariant::Primary
                        icon=Icon::Send
                        busy=Signal::derive(move || state.with(|state| *state == Sent::Busy))
                        testid="try-send"
                        on_click=send
                    >
                        "Send"
                    </Button>
                </div>
            </div>
            <div class="flex min-w-0 flex-1 flex-col gap-3 overflow-y-auto px-6 py-5" aria-live="polite">
                <Show when=move || can_learn.get()>
                    <div class="flex items-center gap-2">
                        <Button icon=Icon::Check testid="try-learn" on_click=move |_| learn(false)>"Keep as sample and learn its shape"</Button>
                        <Button on_click=move |_| learn(true)>"Learn afresh"</Button>
                    </div>
                </Show>
                {move || match state.get() {
                    Sent::Not => {
                        view! { <EmptyState icon=Icon::Send title="Nothing was sent yet" text="The answer comes here, with its headers and where the time went. The call is sent as the connection is stored." /> }
                            .into_any()
                    }
                    Sent::Busy => view! { <p class="text-sm text-ink-muted">"Waiting for the answer…"</p> }.into_any(),
                    Sent::Failed(error) => told(&error),
                    Sent::Told(tested) => view! { <Told tested=*tested /> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// What the description gives as examples, for what has to be given.
fn examples(operation: &Operation) -> BTreeMap<String, String> {
    let values = operation.parameters.iter().filter_map(|parameter| {
        let value = parameter.example.as_ref().filter(|_| parameter.required)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        Some((parameter.name.clone(), text))
    });
    values.collect()
}

fn example_body(operation: &Operation) -> String {
    let Some(shape) = &operation.body else {
        return String::new();
    };
    let value = shape
        .example
        .clone()
        .unwrap_or_else(|| example(&shape.schema));
    match value {
        Value::String(text) => text,
        value => serde_json::to_string_pretty(&value).unwrap_or_default(),
    }
}
