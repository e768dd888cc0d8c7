//! A call by a connection: which one, which operation, and what of its answer goes on.

use super::place::FieldPlace;
use crate::{load::load, routes::editor::model::fields::Language};
use awm_api::connections::{ConnectionGet, ConnectionList, Operation};
use awm_connections::{Field as AnswerField, fields, mapping};
use awm_kit::{Button, Checkbox, ControlSize, Dialog, Field, Icon, Select, SelectOption};
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The choice above the arguments of a call. `place` is `Arguments` or `Parameters`.
#[component]
pub(super) fn ConnectionChoice(place: FieldPlace) -> impl IntoView {
    let whole = place.value();
    let text = move |name: &'static str| {
        Memo::new(move |_| {
            whole.with(|whole| {
                let value = whole
                    .as_ref()
                    .and_then(|whole| whole.get(name))
                    .and_then(Value::as_str);
                value.unwrap_or_default().to_owned()
            })
        })
    };
    let (connection, operation) = (text("connection"), text("operation"));
    let list = load(|| ConnectionList {});
    let options = Signal::derive(move || {
        let known = list.value().unwrap_or_default();
        std::iter::once(SelectOption::new("", "None: an address, below"))
            .chain(
                known
                    .into_iter()
                    .map(|row| SelectOption::new(row.name.clone(), row.name)),
            )
            .collect::<Vec<_>>()
    });
    let listed = Memo::new(move |_| {
        let now = connection.get();
        let known = list.value().unwrap_or_default();
        known
            .iter()
            .find(|row| row.name == now || row.id == now)
            .map(|row| row.name.clone())
    });
    let choose = {
        let place = place.clone();
        move |to: String| {
            if to.is_empty() {
                for name in ["operation", "parameters", "path", "connection"] {
                    place.child(name).put(None);
                }
            } else {
                place.child("url").put(None);
                place.child("connection").set(to);
            }
        }
    };
    view! {
        <div class="flex flex-col gap-3 rounded-card border border-line p-3" data-testid="connection-choice">
            <Field label="Connection" hint="It knows the server, signs in, and keeps its secret out of the workflow.">
                <Select
                    value=Signal::derive(move || listed.get().unwrap_or_default())
                    options=options
                    on_change=choose
                    label="Connection"
                    testid="choose-connection"
                />
            </Field>
            {move || {
                listed
                    .get()
                    .map(|name| view! { <OperationChoice place=place.clone() connection=name operation=operation /> })
            }}
        </div>
    }
}

#[component]
fn OperationChoice(
    place: FieldPlace,
    connection: String,
    operation: Memo<String>,
) -> impl IntoView {
    let loaded = load(move || ConnectionGet {
        id: connection.clone(),
    });
    let operations = Memo::new(move |_| {
        loaded
            .value()
            .map(|found| found.operations)
            .unwrap_or_default()
    });
    let options = Signal::derive(move || {
        operations.with(|all| {
            let known = all.iter().map(|known| {
                SelectOption::new(known.id.clone(), format!("{} {}", known.method, known.path))
            });
            std::iter::once(SelectOption::new("", "Another path, below"))
                .chain(known)
                .collect::<Vec<_>>()
        })
    });
    let chosen = Memo::new(move |_| {
        let id = operation.get();
        operations.with(|all| all.iter().find(|known| known.id == id).cloned())
    });
    let choose = {
        let place = place.clone();
        move |to: String| {
            if to.is_empty() {
                return place.child("operation").put(None);
            }
            let picked =
                operations.with_untracked(|all| all.iter().find(|known| known.id == to).cloned());
            // The operation brings both; what stays here would win over it.
            place.child("method").put(None);
            place.child("path").put(None);
            place.child("operation").set(to);
            if let Some(needed) = picked.map(|operation| needed(&operation, &place))
                && !needed.is_empty()
            {
                place.child("parameters").set(Value::Object(needed));
            }
        }
    };
    let mapping = RwSignal::new(false);
    let known = Memo::new(move |_| {
        chosen.with(|chosen| {
            chosen.as_ref().map_or_else(Vec::new, |operation| {
                fields(
                    operation.response.schema.as_ref(),
                    operation.response.sample.as_ref(),
                )
            })
        })
    });
    let jsonata = place.language == Language::Jsonata;
    let reason = Signal::derive(move || match jsonata {
        true => {
            "Nothing is known of the answer: try the operation under Connections and keep an answer"
                .to_owned()
        }
        false => "The mapping is written in JSONata; this state uses JSONPath".to_owned(),
    });
    view! {
        <Field label="Operation">
            <Select
                value=Signal::derive(move || operation.get())
                options=options
                on_change=choose
                label="Operation"
                testid="choose-operation"
            />
        </Field>
        <div>
            <Button
                size=ControlSize::Small
                icon=Icon::Link
                disabled=Signal::derive(move || !jsonata || known.with(Vec::is_empty))
                reason=reason
                testid="map-response"
                on_click=move |_| mapping.set(true)
            >
                "Choose what goes on…"
            </Button>
        </div>
        <MappingDialog open=mapping place=place known=known />
    }
}

/// Parameters that have to be given and aren't yet, empty.
fn needed(operation: &Operation, place: &FieldPlace) -> Map<String, Value> {
    let mut given = match place.child("parameters").now() {
        Some(Value::Object(given)) => given,
        Some(_) => return Map::new(),
        None => Map::new(),
    };
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        if !given.contains_key(&parameter.name) {
            let example = parameter.example.clone().unwrap_or_else(|| Value::from(""));
            given.insert(parameter.name.clone(), example);
        }
    }
    given
}

/// Fields of the answer with their values in the sample; those that are chosen become the state's output.
#[component]
fn MappingDialog(
    open: RwSignal<bool>,
    place: FieldPlace,
    known: Memo<Vec<AnswerField>>,
) -> impl IntoView {
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    let output = FieldPlace::new(place.session, &place.state, place.language).child("Output");
    let written = Memo::new(move |_| {
        known.with(|known| {
            let all = named(known);
            let picked = all
                .iter()
                .filter(|(_, field)| chosen.with(|chosen| chosen.contains(&field.expression)));
            mapping(picked.map(|(name, field)| (name.as_str(), field.expression.as_str())))
        })
    });
    let apply = move |_: leptos::ev::MouseEvent| {
        output.set(Value::Object(written.get_untracked()));
        open.set(false);
    };
    view! {
        <Dialog open=open title="What goes on from the answer" width=720 testid="mapping">
            <ul class="flex max-h-[320px] flex-col overflow-y-auto">
                {move || {
                    known
                        .get()
                        .into_iter()
                        .map(|field| {
                            let (own, set) = (field.expression.clone(), field.expression.clone());
                            let depth = field.path.len().saturating_sub(1);
                            view! {
                                <li class="flex items-center gap-3 border-b border-line py-1 text-xs last:border-0">
                                    <span style:padding-left=format!("{}px", depth * 14) class="min-w-0 flex-1">
                                        <Checkbox
                                            checked=Signal::derive(move || chosen.with(|chosen| chosen.contains(&own)))
                                            on_change=move |on| {
                                                chosen
                                                    .update(|chosen| {
                                                        if on {
                                                            chosen.insert(set.clone());
                                                        } else {
                                                            chosen.remove(&set);
                                                        }
                                                    })
                                            }
                                            label=field.path.last().cloned().unwrap_or_default()
                                        />
                                    </span>
                                    <span class="w-32 shrink-0 truncate text-ink-faint">{field.kind}</span>
                                    <span class="w-52 shrink-0 truncate font-mono text-ink-muted">
                                        {field.sample.map(|value| value.to_string()).unwrap_or_default()}
                                    </span>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <pre class="mt-4 max-h-40 overflow-auto rounded-card border border-line bg-sunken p-3 font-mono text-xs" data-testid="mapping-output">
                {move || serde_json::to_string_pretty(&Value::Object(written.get())).unwrap_or_default()}
            </pre>
            <div class="mt-4 flex justify-end gap-2">
                <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button
                    disabled=Signal::derive(move || written.with(Map::is_empty))
                    reason="Choose at least one field"
                    testid="mapping-apply"
                    on_click=apply.clone()
                >
                    "Write the state's output"
                </Button>
            </div>
        </Dialog>
    }
}

/// Each field with a name that no other one has.
fn named(fields: &[AnswerField]) -> Vec<(String, &AnswerField)> {
    let mut taken = BTreeSet::new();
    fields
        .iter()
        .map(|field| {
            let mut name = field.name.clone();
            let mut n = 2;
            while !taken.insert(name.clone()) {
                name = format!("{}{n}", field.name);
                n += 1;
            }
            (name, field)
        })
        .collect()
}
