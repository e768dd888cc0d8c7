//! The form of the machine itself, when no state is selected.

use super::{
    SectionHead,
    frames::Words,
    other::NamedFields,
    place::FieldPlace,
    row::{ProblemLines, Row},
    sample::SampleInput,
    scalar::ScalarBox,
    target::TargetPicker,
};
use crate::routes::editor::{model::codec::Codec, session::Session};
use awm_kit::plural;
use leptos::prelude::*;
use serde_json::Value;

const KNOWN: &[&str] = &[
    "Comment",
    "StartAt",
    "States",
    "QueryLanguage",
    "TimeoutSeconds",
    "Version",
];

/// The machine's fields and the sample input.
#[component]
pub fn MachineForm(
    /// The editor.
    session: Session,
    /// What the workflow is for.
    kind: &'static str,
) -> impl IntoView {
    let language = Memo::new(move |_| session.language(""));
    let body = move || {
        let place = FieldPlace::new(session, "", language.get());
        let field = |name: &'static str,
                     label: &'static str,
                     codec: Codec,
                     prose: bool,
                     placeholder: &'static str| {
            let place = place.child(name);
            view! {
                <Row label=label caption=name place=place.clone()>
                    <ScalarBox place=place codec=codec prose=prose label=label placeholder=placeholder />
                </Row>
            }
        };
        let whole = place.value();
        let names = Memo::new(move |_| {
            let names = whole.with(|whole| {
                let map = whole.as_ref().and_then(Value::as_object);
                map.map(|map| {
                    map.keys()
                        .filter(|key| !KNOWN.contains(&key.as_str()))
                        .cloned()
                        .collect::<Vec<_>>()
                })
            });
            names.unwrap_or_default()
        });
        let own = place.problems(false);
        let start = place.child("StartAt");
        view! {
            <ProblemLines problems=own />
            {field("Comment", "What it does", Codec::Text, true, "")}
            <Row label="Starts at" caption="StartAt" place=start.clone()>
                <TargetPicker place=start scope="".to_owned() label="Starts at" testid="field-StartAt" />
            </Row>
            <Words
                place=place.child("QueryLanguage")
                label="Query language"
                caption="QueryLanguage"
                words=&[("JSONPath", "JSONPath"), ("JSONata", "JSONata")]
            />
            <div class="grid grid-cols-2 gap-2">
                {field("TimeoutSeconds", "Timeout, s", Codec::Number, false, "none")} {field("Version", "Version", Codec::Text, false, "1.0")}
            </div>
            <SectionHead title="Sample input" />
            <SampleInput session=session />
            <NamedFields place=place.clone() names=names why=Callback::new(|_: String| "not a field of the language") />
        }
    };
    let states = Memo::new(move |_| session.editor.with(|editor| editor.graph().nodes.len()));
    view! {
        <div class="flex flex-col gap-3 px-4 pt-3 pb-8">
            <div>
                <h2 class="text-sm font-semibold">"The workflow"</h2>
                <p class="text-xs text-ink-faint">
                    {kind} " · " {move || plural(states.get() as u64, "state", "states")} " · select a state to edit it"
                </p>
            </div>
            {body}
        </div>
    }
}
