//! What a Parallel and a Map hold, and how a Map reads and writes items.

use super::{
    place::FieldPlace,
    row::{AddLine, Card, Row},
    scalar::ScalarBox,
    target::TargetPicker,
};
use crate::routes::editor::model::{codec::Codec, fields::Language};
use awm_flow::Change;
use awm_kit::{Select, SelectOption, plural};
use leptos::prelude::*;
use serde_json::Value;

/// The branches of a Parallel.
#[component]
pub fn BranchesEditor(
    /// The `Branches` field.
    place: FieldPlace,
) -> impl IntoView {
    let count = place.count();
    let state = place.state.to_string();
    let session = place.session;
    let add = {
        let state = state.clone();
        move |()| {
            session.apply(Change::AddBranch(state.clone()));
        }
    };
    let testid = "field-Branches";
    view! {
        <div class="flex flex-col gap-2" data-testid=testid>
            {move || {
                let count = count.get();
                (0..count)
                    .map(|n| {
                        let branch = place.child(&n.to_string());
                        let state = state.clone();
                        let remove = (count > 1)
                            .then(|| {
                                Callback::new(move |()| {
                                    session.apply(Change::RemoveBranch { state: state.clone(), index: n });
                                })
                            });
                        view! {
                            <Card title=format!("Branch {}", n + 1) remove=remove>
                                <Level place=branch />
                            </Card>
                        }
                    })
                    .collect_view()
            }}
            <AddLine text="Add a branch" on_click=add testid="add-branch" />
        </div>
    }
}

/// Where a level starts, and its states as links.
#[component]
fn Level(place: FieldPlace) -> impl IntoView {
    let (session, whole) = (place.session, place.whole());
    let states = place.child("States").value();
    let names = Memo::new(move |_| {
        states.with(|states| {
            states
                .as_ref()
                .and_then(Value::as_object)
                .map(|states| states.keys().cloned().collect::<Vec<_>>())
                .unwrap_or_default()
        })
    });
    let start = place.child("StartAt");
    let scope = whole.clone();
    view! {
        <Row label="Starts at" caption="StartAt" place=start.clone()>
            <TargetPicker place=start scope=scope label="Starts at" testid="level-StartAt" />
        </Row>
        <div class="flex flex-wrap items-center gap-1 text-xs text-ink-muted">
            <span>{move || plural(names.get().len() as u64, "state", "states")}</span>
            {move || {
                names
                    .get()
                    .into_iter()
                    .take(12)
                    .map(|name| {
                        let pointer = awm_flow::pointer::state_ref(&whole, &name);
                        view! {
                            <button
                                type="button"
                                class="max-w-full truncate rounded-badge bg-fill px-1.5 text-2xs leading-5 text-ink hover:bg-fill-hover"
                                on:click=move |_| session.select(Some(pointer.clone()))
                            >
                                {name}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}

/// How a Map does its items.
#[component]
pub fn ProcessorEditor(
    /// `ItemProcessor` or `Iterator`.
    place: FieldPlace,
) -> impl IntoView {
    let config = place.child("ProcessorConfig");
    let mode = config.child("Mode");
    let distributed = {
        let mode = mode.value();
        Memo::new(move |_| {
            mode.with(|mode| mode.as_ref().and_then(Value::as_str) == Some("DISTRIBUTED"))
        })
    };
    let execution = config.child("ExecutionType");
    let testid = format!("field-{}", place.name());
    view! {
        <div class="flex flex-col gap-2 rounded-card border border-line bg-bg p-2" data-testid=testid>
            <Words place=mode label="Mode" caption="ProcessorConfig.Mode" words=&[("INLINE", "Inline, in this run"), ("DISTRIBUTED", "Distributed, runs of their own")] />
            <Show when=move || distributed.get()>
                <Words
                    place=execution.clone()
                    label="Kind of child runs"
                    caption="ProcessorConfig.ExecutionType"
                    words=&[("STANDARD", "Standard"), ("EXPRESS", "Express")]
                />
            </Show>
            <Level place=place />
        </div>
    }
}

/// One of a few words, or nothing.
#[component]
pub fn Words(
    /// The field.
    place: FieldPlace,
    /// What is read.
    label: &'static str,
    /// The name in the language.
    caption: &'static str,
    /// The words, and what is read of them.
    words: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let value = place.value();
    let now = Signal::derive(move || {
        value.with(|value| {
            value
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        })
    });
    let options = Signal::derive(move || {
        let now = now.get();
        let mut options = vec![SelectOption::new("", "Not set")];
        options.extend(
            words
                .iter()
                .map(|(word, read)| SelectOption::new(*word, *read)),
        );
        if !now.is_empty() && !words.iter().any(|(word, _)| *word == now) {
            options.push(SelectOption::new(now.clone(), format!("{now} (unknown)")));
        }
        options
    });
    let write = place.clone();
    view! {
        <Row label=label caption=caption place=place>
            <Select value=now options=options label=label on_change=move |word: String| write.put((!word.is_empty()).then_some(Value::String(word))) />
        </Row>
    }
}

/// A field within a field, as a row of a small form.
fn part(place: &FieldPlace, path: &[&str], label: &'static str, codec: Codec) -> AnyView {
    let inner = path
        .iter()
        .fold(place.clone(), |place, name| place.child(name));
    let caption = path.join(".");
    view! {
        <Row label=label caption=caption place=inner.clone()>
            <ScalarBox place=inner codec=codec label=label />
        </Row>
    }
    .into_any()
}

fn small_form(place: &FieldPlace, parts: Vec<AnyView>) -> AnyView {
    let testid = format!("field-{}", place.name());
    view! { <div class="flex flex-col gap-2 rounded-card border border-line bg-bg p-2" data-testid=testid>{parts}</div> }.into_any()
}

fn arguments(language: Language) -> &'static str {
    if language == Language::Jsonata {
        "Arguments"
    } else {
        "Parameters"
    }
}

/// Where a distributed Map's items come from.
#[component]
pub fn ItemReaderEditor(
    /// The `ItemReader` field.
    place: FieldPlace,
) -> impl IntoView {
    let resources = &[
        ("arn:aws:states:::s3:getObject", "A file in a bucket"),
        ("arn:aws:states:::s3:listObjectsV2", "The files of a bucket"),
    ];
    let kinds = &[
        ("JSON", "JSON"),
        ("JSONL", "JSON lines"),
        ("CSV", "CSV"),
        ("PARQUET", "Parquet"),
        ("MANIFEST", "Inventory manifest"),
    ];
    let headers = &[("FIRST_ROW", "In the first row"), ("GIVEN", "Given below")];
    let delimiters = &[
        ("COMMA", ","),
        ("PIPE", "|"),
        ("SEMICOLON", ";"),
        ("SPACE", "space"),
        ("TAB", "tab"),
    ];
    let config = place.child("ReaderConfig");
    let mut parts = vec![
        view! { <Words place=place.child("Resource") label="Read from" caption="Resource" words=resources /> }.into_any(),
        part(&place, &[arguments(place.language)], "With", Codec::Json),
        view! { <Words place=config.child("InputType") label="Format" caption="ReaderConfig.InputType" words=kinds /> }.into_any(),
        view! { <Words place=config.child("CSVHeaderLocation") label="Column names" caption="ReaderConfig.CSVHeaderLocation" words=headers /> }.into_any(),
        part(&place, &["ReaderConfig", "CSVHeaders"], "Given column names", Codec::Json),
        view! { <Words place=config.child("CSVDelimiter") label="Delimiter" caption="ReaderConfig.CSVDelimiter" words=delimiters /> }.into_any(),
        part(&place, &["ReaderConfig", "MaxItems"], "At most", Codec::Number),
    ];
    if place.language == Language::JsonPath {
        parts.push(part(
            &place,
            &["ReaderConfig", "MaxItemsPath"],
            "At most, path",
            Codec::Path,
        ));
    }
    small_form(&place, parts)
}

/// How a distributed Map groups its items.
#[component]
pub fn ItemBatcherEditor(
    /// The `ItemBatcher` field.
    place: FieldPlace,
) -> impl IntoView {
    let mut parts = vec![
        part(
            &place,
            &["MaxItemsPerBatch"],
            "Items in a batch",
            Codec::Number,
        ),
        part(
            &place,
            &["MaxInputBytesPerBatch"],
            "Bytes in a batch",
            Codec::Number,
        ),
        part(&place, &["BatchInput"], "Sent with each batch", Codec::Json),
    ];
    if place.language == Language::JsonPath {
        parts.push(part(
            &place,
            &["MaxItemsPerBatchPath"],
            "Items in a batch, path",
            Codec::Path,
        ));
        parts.push(part(
            &place,
            &["MaxInputBytesPerBatchPath"],
            "Bytes in a batch, path",
            Codec::Path,
        ));
    }
    small_form(&place, parts)
}

/// Where a distributed Map's results go.
#[component]
pub fn ResultWriterEditor(
    /// The `ResultWriter` field.
    place: FieldPlace,
) -> impl IntoView {
    let resources = &[("arn:aws:states:::s3:putObject", "A file in a bucket")];
    let shapes = &[
        ("NONE", "As they are"),
        ("COMPACT", "Only the outputs"),
        ("FLATTEN", "One flat list"),
    ];
    let kinds = &[("JSON", "JSON"), ("JSONL", "JSON lines")];
    let config = place.child("WriterConfig");
    small_form(&place, vec![
        view! { <Words place=place.child("Resource") label="Write to" caption="Resource" words=resources /> }.into_any(),
        part(&place, &[arguments(place.language)], "With", Codec::Json),
        view! { <Words place=config.child("Transformation") label="Shape" caption="WriterConfig.Transformation" words=shapes /> }.into_any(),
        view! { <Words place=config.child("OutputType") label="Format" caption="WriterConfig.OutputType" words=kinds /> }.into_any(),
    ])
}
