//! Beginning and stopping an evaluation.

use super::Place;
use crate::load::{act_with, load};
use awm_api::{
    evaluation::SearchMode,
    evaluation_runs::{EvaluationStart, EvaluationState, EvaluationStop, RunSettings},
    knowledge::SourceList,
};
use awm_kit::{
    Button, ButtonVariant, Checkbox, ControlSize, Dialog, Field, Icon, Input, ProgressBar,
    Segmented, Select, SelectOption, use_toasts,
};
use leptos::prelude::*;

/// The button, or how far the evaluation is that goes on.
#[component]
pub(super) fn RunButton(place: Place, set_id: String) -> impl IntoView {
    let toasts = use_toasts();
    let asking = RwSignal::new(false);
    let going_on = Memo::new(move |_| {
        let runs = place.runs.value().unwrap_or_default();
        let run = runs
            .into_iter()
            .find(|run| run.state == EvaluationState::Running);
        run.map(|run| (run.id, run.done, run.questions))
    });
    let id = Memo::new(move |_| going_on.get().map(|(id, ..)| id));
    let part = Signal::derive(move || {
        going_on
            .get()
            .map_or(0.0, |(_, done, all)| done as f64 / all.max(1) as f64)
    });
    let told = Signal::derive(move || {
        going_on.get().map_or_else(String::new, |(_, done, all)| {
            format!("{done} of {all} questions")
        })
    });
    let empty = Signal::derive(move || place.set().is_none_or(|set| set.questions == 0));
    view! {
        {move || match id.get() {
            Some(id) => {
                view! {
                    <div class="flex items-center gap-3" data-testid="evaluation-progress">
                        <span class="text-xs text-ink-muted tabular-nums">{told}</span>
                        <div class="w-40">
                            <ProgressBar value=part label=told />
                        </div>
                        <Button
                            size=ControlSize::Small
                            icon=Icon::Stop
                            testid="evaluation-stop"
                            on_click=move |_| {
                                act_with(toasts, EvaluationStop { id: id.clone() }, move |_| place.runs.reload());
                            }
                        >
                            "Stop"
                        </Button>
                    </div>
                }
                    .into_any()
            }
            None => {
                view! {
                    <Button
                        variant=ButtonVariant::Primary
                        icon=Icon::Play
                        disabled=empty
                        reason="The set holds no question yet"
                        testid="evaluation-run"
                        on_click=move |_| asking.set(true)
                    >
                        "Evaluate"
                    </Button>
                }
                    .into_any()
            }
        }}
        <SettingsDialog open=asking place=place set_id=set_id />
    }
}

#[component]
fn SettingsDialog(open: RwSignal<bool>, place: Place, set_id: String) -> impl IntoView {
    let toasts = use_toasts();
    let set_id = StoredValue::new(set_id);
    let sources = load(|| SourceList {});
    let label = RwSignal::new(String::new());
    let source = RwSignal::new(String::new());
    let mode = RwSignal::new("hybrid".to_owned());
    let top_k = RwSignal::new("6".to_owned());
    let answers = RwSignal::new(true);
    let options = Signal::derive(move || {
        let mut options = vec![SelectOption::new("", "All documents")];
        let all = sources.value().unwrap_or_default();
        options.extend(
            all.into_iter()
                .map(|source| SelectOption::new(source.id, source.name)),
        );
        options
    });
    let wrong = Signal::derive(move || {
        !top_k.with(|text| {
            text.trim()
                .parse::<u32>()
                .is_ok_and(|k| (1..=50).contains(&k))
        })
    });
    let go = move || {
        if wrong.get_untracked() {
            return;
        }
        let chosen = source.get_untracked();
        let request = EvaluationStart {
            set_id: set_id.get_value(),
            settings: RunSettings {
                label: label.get_untracked(),
                sources: if chosen.is_empty() {
                    Vec::new()
                } else {
                    vec![chosen]
                },
                mode: match mode.get_untracked().as_str() {
                    "keyword" => SearchMode::Keyword,
                    "vector" => SearchMode::Vector,
                    _ => SearchMode::Hybrid,
                },
                top_k: top_k.get_untracked().trim().parse().unwrap_or(6),
                answers: answers.get_untracked(),
            },
        };
        act_with(toasts, request, move |_| {
            place.run.set("");
            place.before.set("");
            place.tab.set("results");
            place.runs.reload();
        });
        open.set(false);
    };
    view! {
        <Dialog open=open title="Evaluate" width=480 testid="evaluate-dialog">
            <form
                class="flex flex-col gap-4"
                on:submit=move |ev| {
                    ev.prevent_default();
                    go();
                }
            >
                <Field label="What is tried" hint="A word to know this evaluation by later. May be left empty.">
                    <Input value=label on_input=move |text| label.set(text) autofocus=true placeholder="longer passages" testid="evaluate-label" />
                </Field>
                <Field label="Documents">
                    <Select value=source options=options on_change=move |id| source.set(id) />
                </Field>
                <div class="flex flex-col gap-1">
                    <span class="text-xs font-medium text-ink-muted">"Search by"</span>
                    <Segmented
                        label="Search by"
                        value=mode
                        options=vec![
                            SelectOption::new("hybrid", "Both"),
                            SelectOption::new("keyword", "Keywords"),
                            SelectOption::new("vector", "Meaning"),
                        ]
                        on_change=move |value| mode.set(value)
                    />
                </div>
                <Field label="Passages for an answer" hint="1 to 50; the workflow templates take 6.">
                    <Input value=top_k on_input=move |text| top_k.set(text) invalid=wrong testid="evaluate-top-k" />
                </Field>
                <Checkbox
                    checked=answers
                    on_change=move |on| answers.set(on)
                    label="Also make the answers: tells citation precision, refusals and faithfulness"
                />
                <div class="flex justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Primary size=ControlSize::Large submit=true disabled=wrong reason="The passages are not within 1 to 50" testid="evaluate-go">
                        "Evaluate"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}
