//! What can be asked: read from a description, or written down here.

use super::detail::Draft;
use crate::routes::query::QueryValue;
use awm_api::connections::{Operation, Parameter, ParameterPlace, ResponseShape};
use awm_connections::fields;
use awm_kit::{
    Badge, Button, EmptyState, Field, Icon, IconButton, Input, Select, SelectOption, TextArea,
    Tone, plural,
};
use leptos::prelude::*;

/// Rows that are drawn at once; the search finds the others.
const SHOWN: usize = 300;

#[component]
pub(super) fn Operations(draft: Draft, tab: QueryValue) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<String>);
    let found = Memo::new(move |_| {
        let wanted = search.get().trim().to_lowercase();
        draft.now.with(|now| {
            let matching = now.operations.iter().filter(|operation| {
                [&operation.id, &operation.path, &operation.summary]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&wanted))
            });
            let rows: Vec<(String, String, String, String)> = matching
                .map(|o| {
                    (
                        o.id.clone(),
                        o.method.clone(),
                        o.path.clone(),
                        o.summary.clone(),
                    )
                })
                .collect();
            rows
        })
    });
    let add = move |_| {
        let id = draft.now.with_untracked(|now| {
            (1..)
                .map(|n| format!("operation {n}"))
                .find(|id| now.operations.iter().all(|operation| operation.id != *id))
                .unwrap_or_default()
        });
        draft.now.update(|now| {
            now.operations.insert(
                0,
                Operation {
                    id: id.clone(),
                    summary: String::new(),
                    method: "GET".into(),
                    path: "/".into(),
                    parameters: Vec::new(),
                    body: None,
                    response: ResponseShape::default(),
                },
            );
        });
        chosen.set(Some(id));
    };
    let none = Memo::new(move |_| draft.now.with(|now| now.operations.is_empty()));
    view! {
        <div class="flex h-full min-h-0">
            <div class="flex w-[420px] shrink-0 flex-col border-r border-line">
                <div class="flex shrink-0 items-center gap-2 px-4 py-3">
                    <div class="min-w-0 flex-1">
                        <Input value=search on_input=move |text| search.set(text) icon=Icon::Search kind="search" placeholder="Search operations" label="Search operations" />
                    </div>
                    <IconButton icon=Icon::Plus label="Add an operation" testid="operation-add" on_click=add />
                </div>
                <ul class="min-h-0 flex-1 overflow-y-auto px-2 pb-3" data-testid="operations">
                    {move || {
                        found
                            .get()
                            .into_iter()
                            .take(SHOWN)
                            .map(|(id, method, path, summary)| {
                                let (own, pick) = (id.clone(), id.clone());
                                view! {
                                    <li>
                                        <button
                                            type="button"
                                            class="flex w-full min-w-0 items-baseline gap-2 rounded-control px-2 py-1.5 text-left hover:bg-fill aria-[current=true]:bg-fill"
                                            aria-current=move || (chosen.get().as_deref() == Some(own.as_str())).to_string()
                                            on:click=move |_| chosen.set(Some(pick.clone()))
                                        >
                                            <span class="w-14 shrink-0 font-mono text-xs font-medium text-accent-ink">{method}</span>
                                            <span class="min-w-0 flex-1">
                                                <span class="block truncate font-mono text-xs">{path}</span>
                                                <span class="block truncate text-xs text-ink-faint">{if summary.is_empty() { id } else { summary }}</span>
                                            </span>
                                        </button>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                    {move || {
                        let more = found.with(Vec::len).saturating_sub(SHOWN);
                        (more > 0).then(|| view! { <li class="px-2 py-2 text-xs text-ink-faint">{format!("{more} more: search for them")}</li> })
                    }}
                </ul>
            </div>
            <div class="min-w-0 flex-1 overflow-y-auto">
                {move || match chosen.get() {
                    Some(id) => view! { <Editor draft=draft id=id chosen=chosen tab=tab /> }.into_any(),
                    None if none.get() => {
                        view! {
                            <EmptyState
                                icon=Icon::Link
                                title="No operation is written down"
                                text="A workflow can call any path nevertheless. Written down, an operation has named parameters and a known answer."
                            />
                        }
                            .into_any()
                    }
                    None => view! { <EmptyState icon=Icon::ArrowLeft title="Choose an operation" /> }.into_any(),
                }}
            </div>
        </div>
    }
}

#[component]
fn Editor(
    draft: Draft,
    id: String,
    chosen: RwSignal<Option<String>>,
    tab: QueryValue,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let operation = Memo::new(move |_| {
        draft.now.with(|now| {
            id.with_value(|id| {
                now.operations
                    .iter()
                    .find(|operation| operation.id == *id)
                    .cloned()
            })
        })
    });
    let change = move |change: &dyn Fn(&mut Operation)| {
        draft.now.update(|now| {
            id.with_value(|id| {
                if let Some(operation) = now.operations.iter_mut().find(|o| o.id == *id) {
                    change(operation);
                }
            });
        });
    };
    let read = move |read: fn(&Operation) -> String| {
        Signal::derive(move || {
            operation.with(|operation| operation.as_ref().map(read).unwrap_or_default())
        })
    };
    let parameters = RwSignal::new(operation.with_untracked(|operation| {
        operation
            .as_ref()
            .map(|operation| lines(&operation.parameters))
            .unwrap_or_default()
    }));
    let methods: Vec<SelectOption> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .iter()
        .map(|method| SelectOption::new(*method, *method))
        .collect();
    let rename = move |name: String| {
        let name = name.trim().to_owned();
        let taken = draft
            .now
            .with_untracked(|now| now.operations.iter().any(|o| o.id == name));
        if name.is_empty() || taken {
            return;
        }
        change(&|operation| operation.id = name.clone());
        chosen.set(Some(name));
    };
    let remove = move |_| {
        draft
            .now
            .update(|now| id.with_value(|id| now.operations.retain(|o| o.id != *id)));
        chosen.set(None);
    };
    view! {
        <div class="flex max-w-3xl flex-col gap-4 px-6 py-5" data-testid="operation">
            <div class="flex items-end gap-2">
                <div class="min-w-0 flex-1">
                    <Field label="Name" caption="operation">
                        <Input value=read(|o| o.id.clone()) on_commit=rename mono=true />
                    </Field>
                </div>
                <Button icon=Icon::Play testid="operation-try" on_click=move |_| tab.set("try")>"Try it"</Button>
                <IconButton icon=Icon::Trash label="Remove the operation" on_click=remove />
            </div>
            <Field label="What it does">
                <Input value=read(|o| o.summary.clone()) on_input=move |text: String| change(&|o| o.summary = text.clone()) />
            </Field>
            <div class="flex gap-2">
                <div class="w-32 shrink-0">
                    <Field label="Method">
                        <Select value=read(|o| o.method.clone()) options=Signal::stored(methods) on_change=move |to: String| change(&|o| o.method = to.clone()) label="Method" />
                    </Field>
                </div>
                <div class="min-w-0 flex-1">
                    <Field label="Path" hint="Below the base address; parameters as {name}.">
                        <Input value=read(|o| o.path.clone()) on_input=move |text: String| change(&|o| o.path = text.clone()) mono=true />
                    </Field>
                </div>
            </div>
            <Field label="Parameters" hint="One in a line: path id!, query limit, header X-Trace. An exclamation mark: it has to be given.">
                <TextArea
                    value=parameters
                    on_input=move |text: String| {
                        let before = operation.with_untracked(|o| o.as_ref().map(|o| o.parameters.clone()).unwrap_or_default());
                        let read = read_lines(&text, &before);
                        change(&|o| o.parameters = read.clone());
                        parameters.set(text);
                    }
                    rows=4
                    mono=true
                />
            </Field>
            <Answers operation=operation />
        </div>
    }
}

/// What is known of the answer: its fields.
#[component]
fn Answers(operation: Memo<Option<Operation>>) -> impl IntoView {
    let rows = Memo::new(move |_| {
        operation.with(|operation| {
            operation.as_ref().map_or_else(Vec::new, |operation| {
                fields(
                    operation.response.schema.as_ref(),
                    operation.response.sample.as_ref(),
                )
            })
        })
    });
    let learned = Signal::derive(move || {
        operation.with(|o| o.as_ref().map_or(0, |o| o.response.learned_from))
    });
    view! {
        <div class="flex flex-col gap-2">
            <div class="flex items-center gap-2">
                <h2 class="text-sm font-medium">"Answer"</h2>
                {move || {
                    (learned.get() > 0)
                        .then(|| view! { <Badge tone=Tone::Ok>{format!("learned from {}", plural(u64::from(learned.get()), "answer", "answers"))}</Badge> })
                }}
            </div>
            {move || {
                if rows.with(Vec::is_empty) {
                    return view! {
                        <p class="text-sm text-ink-muted">"Nothing is known of it yet. Try the operation and keep an answer: its shape is learned from it."</p>
                    }
                        .into_any();
                }
                rows.get()
                    .into_iter()
                    .map(|field| {
                        let depth = field.path.len().saturating_sub(1);
                        view! {
                            <div class="flex items-baseline gap-3 border-b border-line py-1 text-xs last:border-0">
                                <span class="min-w-0 flex-1 truncate font-mono" style:padding-left=format!("{}px", depth * 14)>
                                    {field.path.last().cloned().unwrap_or_default()}
                                </span>
                                <span class="w-40 shrink-0 truncate text-ink-faint">{field.kind}</span>
                                <span class="w-56 shrink-0 truncate font-mono text-ink-muted">
                                    {field.sample.map(|value| value.to_string()).unwrap_or_default()}
                                </span>
                            </div>
                        }
                    })
                    .collect_view()
                    .into_any()
            }}
        </div>
    }
}

fn lines(parameters: &[Parameter]) -> String {
    let lines: Vec<String> = parameters
        .iter()
        .map(|parameter| {
            let place = match parameter.place {
                ParameterPlace::Path => "path",
                ParameterPlace::Query => "query",
                ParameterPlace::Header => "header",
            };
            let must = if parameter.required { "!" } else { "" };
            format!("{place} {}{must}", parameter.name)
        })
        .collect();
    lines.join("\n")
}

/// Parameters as they are written; what was known of one of the same name stays.
fn read_lines(text: &str, before: &[Parameter]) -> Vec<Parameter> {
    text.lines()
        .filter_map(|line| {
            let (place, name) = line.trim().split_once(' ')?;
            let place = match place {
                "path" => ParameterPlace::Path,
                "query" => ParameterPlace::Query,
                "header" => ParameterPlace::Header,
                _ => return None,
            };
            let name = name.trim();
            let required = name.ends_with('!');
            let name = name.trim_end_matches('!');
            if name.is_empty() {
                return None;
            }
            let known = before.iter().find(|known| known.name == name);
            Some(Parameter {
                name: name.to_owned(),
                place,
                required,
                description: known
                    .map(|known| known.description.clone())
                    .unwrap_or_default(),
                schema: known.map_or(serde_json::Value::Bool(true), |known| known.schema.clone()),
                example: known.and_then(|known| known.example.clone()),
            })
        })
        .collect()
}
