//! Retriers and catchers.

use super::{
    place::FieldPlace,
    row::{AddLine, Card, ProblemLines, Row},
    scalar::ScalarBox,
    target::{TargetPicker, scope_of},
};
use crate::routes::editor::model::{codec::Codec, fields::Language};
use awm_kit::{Glyph, Icon, Select, SelectOption};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Error names that the language reserves.
const KNOWN: &[&str] = &[
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
    "States.HeartbeatTimeout",
    "States.DataLimitExceeded",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ParameterPathFailure",
    "States.IntrinsicFailure",
    "States.NoChoiceMatched",
    "States.BranchFailed",
    "States.ExceedToleratedFailureThreshold",
    "States.ItemReaderFailed",
    "States.ResultWriterFailed",
    "States.Runtime",
];

/// The list of retriers.
#[component]
pub fn RetryEditor(
    /// The `Retry` field.
    place: FieldPlace,
) -> impl IntoView {
    let count = place.count();
    let add = {
        let place = place.clone();
        move |()| {
            place.push(json!({"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2}))
        }
    };
    let testid = "field-Retry";
    view! {
        <div class="flex flex-col gap-2" data-testid=testid>
            {move || {
                (0..count.get())
                    .map(|n| view! { <Retrier list=place.clone() at=n last=n + 1 == count.get_untracked() /> })
                    .collect_view()
            }}
            <AddLine text="Add a retry" on_click=add testid="add-retry" />
        </div>
    }
}

#[component]
fn Retrier(list: FieldPlace, at: usize, last: bool) -> impl IntoView {
    let place = list.child(&at.to_string());
    let value = place.value();
    let title = Signal::derive(move || {
        value.with(|value| {
            let get = |name: &str, default: f64| {
                value
                    .as_ref()
                    .and_then(|value| value.get(name))
                    .and_then(Value::as_f64)
                    .unwrap_or(default)
            };
            format!(
                "{}× after {} s, ×{}",
                get("MaxAttempts", 3.0),
                get("IntervalSeconds", 1.0),
                get("BackoffRate", 2.0)
            )
        })
    });
    let fields = place.clone();
    let number = move |name: &'static str, label: &'static str, placeholder: &'static str| {
        let place = fields.child(name);
        view! {
            <Row label=label caption=name place=place.clone()>
                <ScalarBox place=place codec=Codec::Number label=label placeholder=placeholder />
            </Row>
        }
    };
    let jitter = place.child("JitterStrategy");
    let jitter_now = jitter.value();
    let jitter_value = Signal::derive(move || {
        jitter_now.with(|value| {
            value
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        })
    });
    let jitter_options = Signal::stored(vec![
        SelectOption::new("", "None (the default)"),
        SelectOption::new("FULL", "Full"),
        SelectOption::new("NONE", "None, said so"),
    ]);
    let own = place.problems(false);
    let handles = handles(&list, at, last);
    view! {
        <Card title=title up=handles.0 down=handles.1 remove=handles.2>
            <ErrorNames place=place.child("ErrorEquals") />
            <div class="grid grid-cols-2 gap-2">
                {number("IntervalSeconds", "First wait, s", "1")} {number("MaxAttempts", "Attempts", "3")}
                {number("BackoffRate", "Backoff", "2")} {number("MaxDelaySeconds", "Longest wait, s", "no bound")}
            </div>
            <Row label="Jitter" caption="JitterStrategy" place=jitter.clone()>
                <Select
                    value=jitter_value
                    options=jitter_options
                    label="Jitter"
                    testid="field-JitterStrategy"
                    on_change=move |name: String| jitter.put((!name.is_empty()).then_some(Value::String(name)))
                />
            </Row>
            <ProblemLines problems=own />
        </Card>
    }
}

/// What can be done to an item of a list: moving it up, moving it down, taking it away.
pub(super) type Handles = (
    Option<Callback<()>>,
    Option<Callback<()>>,
    Option<Callback<()>>,
);

/// The handles of an item. The list goes with its last item.
pub(super) fn handles(list: &FieldPlace, at: usize, last: bool) -> Handles {
    let (up, down, gone) = (list.clone(), list.clone(), list.clone());
    (
        at.checked_sub(1)
            .map(|before| Callback::new(move |()| up.swap(at, before))),
        (!last).then(|| Callback::new(move |()| down.swap(at, at + 1))),
        Some(Callback::new(move |()| match gone.now() {
            Some(Value::Array(items)) if items.len() > 1 => gone.child(&at.to_string()).put(None),
            _ => gone.put(None),
        })),
    )
}

/// The list of catchers.
#[component]
pub fn CatchEditor(
    /// The `Catch` field.
    place: FieldPlace,
) -> impl IntoView {
    let count = place.count();
    let add = {
        let place = place.clone();
        move |()| {
            let scope = scope_of(&place.state);
            let own = crate::routes::editor::session::name_of(&place.state);
            let first = place.session.definition.with_untracked(|root| {
                let states = root
                    .pointer(&format!("{scope}/States"))
                    .and_then(Value::as_object);
                let found = states
                    .and_then(|states| states.keys().rev().find(|name| **name != own).cloned());
                found.unwrap_or(own)
            });
            place.push(json!({"ErrorEquals": ["States.ALL"], "Next": first}));
        }
    };
    let testid = "field-Catch";
    view! {
        <div class="flex flex-col gap-2" data-testid=testid>
            {move || {
                (0..count.get())
                    .map(|n| view! { <Catcher list=place.clone() at=n last=n + 1 == count.get_untracked() /> })
                    .collect_view()
            }}
            <AddLine text="Add a catch" on_click=add testid="add-catch" />
        </div>
    }
}

#[component]
fn Catcher(list: FieldPlace, at: usize, last: bool) -> impl IntoView {
    let place = list.child(&at.to_string());
    let value = place.value();
    let title = Signal::derive(move || {
        value.with(|value| {
            let next = value
                .as_ref()
                .and_then(|value| value.get("Next"))
                .and_then(Value::as_str)
                .unwrap_or("…");
            format!("→ {next}")
        })
    });
    let jsonata = place.language == Language::Jsonata;
    let scope = scope_of(&place.state);
    let fields = place.clone();
    let field = move |name: &'static str, label: &'static str, codec: Codec| {
        let place = fields.child(name);
        view! {
            <Row label=label caption=name place=place.clone()>
                <ScalarBox place=place codec=codec label=label />
            </Row>
        }
        .into_any()
    };
    let own = place.problems(false);
    let handles = handles(&list, at, last);
    view! {
        <Card title=title up=handles.0 down=handles.1 remove=handles.2>
            <ErrorNames place=place.child("ErrorEquals") />
            <Row label="Go to" caption="Next" place=place.child("Next")>
                <TargetPicker place=place.child("Next") scope=scope label="Go to" testid="catch-Next" />
            </Row>
            {if jsonata { field("Output", "Output", Codec::Json) } else { field("ResultPath", "Where the error goes", Codec::Path) }}
            {field("Assign", "Variables", Codec::Json)} {field("Comment", "Comment", Codec::Text)}
            <ProblemLines problems=own />
        </Card>
    }
}

/// Error names as chips.
#[component]
fn ErrorNames(place: FieldPlace) -> impl IntoView {
    let value = place.value();
    let typed = RwSignal::new(String::new());
    let names = Memo::new(move |_| {
        value.with(|value| {
            let list = value.as_ref().and_then(Value::as_array);
            list.map(|list| {
                list.iter()
                    .map(|name| {
                        name.as_str()
                            .map_or_else(|| name.to_string(), str::to_owned)
                    })
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
        })
    });
    let write = {
        let place = place.clone();
        move |names: Vec<String>| place.set(Value::from(names))
    };
    let add = {
        let write = write.clone();
        move || {
            let name = typed.get_untracked().trim().to_owned();
            typed.set(String::new());
            let mut now = names.get_untracked();
            if !name.is_empty() && !now.contains(&name) {
                now.push(name);
                write(now);
            }
        }
    };
    let on_key = {
        let (add, write) = (add.clone(), write.clone());
        move |ev: leptos::ev::KeyboardEvent| match ev.key().as_str() {
            "Enter" | "," => {
                ev.prevent_default();
                add();
            }
            "Backspace" if typed.with_untracked(String::is_empty) => {
                let mut now = names.get_untracked();
                if now.pop().is_some() {
                    write(now);
                }
            }
            _ => {}
        }
    };
    let list_id = format!("errors-{}", place.whole());
    view! {
        <Row label="When the error is" caption="ErrorEquals" place=place.clone()>
            <div
                class="flex min-h-8 flex-wrap items-center gap-1 rounded-control border border-control/55 bg-surface px-1 py-0.5 shadow-small focus-within:border-accent hover:border-control"
                data-testid="field-ErrorEquals"
            >
                {move || {
                    names
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(n, name)| {
                            let write = write.clone();
                            view! {
                                <span class="inline-flex h-6 max-w-full items-center gap-1 rounded-badge bg-fill pr-0.5 pl-1.5 font-mono text-xs">
                                    <span class="truncate">{name.clone()}</span>
                                    <button
                                        type="button"
                                        class="inline-flex size-5 items-center justify-center rounded-badge text-ink-faint hover:text-ink"
                                        aria-label=format!("Remove {name}")
                                        on:click=move |_| {
                                            let mut now = names.get_untracked();
                                            if n < now.len() {
                                                now.remove(n);
                                            }
                                            write(now);
                                        }
                                    >
                                        <Glyph icon=Icon::Close size=12 />
                                    </button>
                                </span>
                            }
                        })
                        .collect_view()
                }}
                <input
                    class="h-6 min-w-24 flex-1 bg-transparent px-1 font-mono text-xs focus-visible:outline-none"
                    list=list_id.clone()
                    placeholder="Add an error name"
                    aria-label="Add an error name"
                    prop:value=move || typed.get()
                    on:input=move |ev| typed.set(event_target_value(&ev))
                    on:keydown=on_key
                    on:change=move |_| add()
                />
                <datalist id=list_id>{KNOWN.iter().map(|name| view! { <option value=*name></option> }).collect_view()}</datalist>
            </div>
        </Row>
    }
}
