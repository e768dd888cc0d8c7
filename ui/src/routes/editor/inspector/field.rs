//! One field of a state: the control that fits its kind.

use super::{
    errors::{CatchEditor, RetryEditor},
    frames::{
        BranchesEditor, ItemBatcherEditor, ItemReaderEditor, ProcessorEditor, ResultWriterEditor,
    },
    place::FieldPlace,
    row::Row,
    rules::RulesEditor,
    scalar::ScalarBox,
    target::{TargetPicker, scope_of},
    task::{ArgumentForm, ResourcePicker},
};
use crate::routes::editor::model::{
    codec::Codec,
    fields::{FieldKind, FieldSpec},
};
use awm_flow::{Change, Outlet, Port, catalogue, pointer::state_ref};
use awm_kit::{Checkbox, Select, SelectOption};
use leptos::prelude::*;
use serde_json::Value;

/// The row of a field.
#[component]
pub fn FieldRow(
    /// The field.
    place: FieldPlace,
    /// What the table says of it.
    field: &'static FieldSpec,
    /// Told when the field is taken away.
    on_remove: Callback<()>,
) -> impl IntoView {
    // Lists show the problems of their items with the items.
    let inside = !matches!(
        field.kind,
        FieldKind::Retriers
            | FieldKind::Catchers
            | FieldKind::Rules
            | FieldKind::Branches
            | FieldKind::Processor
    );
    let gone = place.clone();
    let removable = !matches!(
        field.kind,
        FieldKind::Target
            | FieldKind::End
            | FieldKind::Resource
            | FieldKind::Rules
            | FieldKind::Branches
            | FieldKind::Processor
    );
    let remove = removable.then(|| {
        Callback::new(move |()| {
            gone.put(None);
            on_remove.run(());
        })
    });
    view! {
        <Row label=field.label caption=field.name help=field.help place=place.clone() inside=inside remove=remove>
            <Control place=place field=field />
        </Row>
    }
}

#[component]
fn Control(place: FieldPlace, field: &'static FieldSpec) -> impl IntoView {
    let scalar = |codec: Codec, placeholder: &'static str| {
        view! { <ScalarBox place=place.clone() codec=codec field=field.name label=field.label placeholder=placeholder /> }.into_any()
    };
    match field.kind {
        FieldKind::Text => scalar(Codec::Text, ""),
        FieldKind::Prose => {
            view! { <ScalarBox place=place codec=Codec::Text prose=true label=field.label /> }
                .into_any()
        }
        FieldKind::Path => scalar(Codec::Path, "$.path"),
        FieldKind::ReferencePath => scalar(Codec::Path, "$, or null to drop it"),
        FieldKind::Number => scalar(Codec::Number, ""),
        FieldKind::Percentage => scalar(Codec::Percentage, "0 to 100"),
        FieldKind::Timestamp => scalar(Codec::Timestamp, "2026-03-01T09:00:00Z"),
        FieldKind::Template => view! { <Template place=place field=field /> }.into_any(),
        FieldKind::OneOf(words) => {
            view! { <OneOf place=place words=words label=field.label name=field.name /> }.into_any()
        }
        FieldKind::Target => view! { <Target place=place field=field /> }.into_any(),
        FieldKind::End => view! { <End place=place /> }.into_any(),
        FieldKind::Resource => view! { <ResourcePicker place=place /> }.into_any(),
        FieldKind::Retriers => view! { <RetryEditor place=place /> }.into_any(),
        FieldKind::Catchers => view! { <CatchEditor place=place /> }.into_any(),
        FieldKind::Rules => view! { <RulesEditor place=place /> }.into_any(),
        FieldKind::Branches => view! { <BranchesEditor place=place /> }.into_any(),
        FieldKind::Processor => view! { <ProcessorEditor place=place /> }.into_any(),
        FieldKind::ItemReader => view! { <ItemReaderEditor place=place /> }.into_any(),
        FieldKind::ItemBatcher => view! { <ItemBatcherEditor place=place /> }.into_any(),
        FieldKind::ResultWriter => view! { <ResultWriterEditor place=place /> }.into_any(),
    }
}

/// JSON with expressions; for a platform task's arguments a form, with the JSON folded below.
#[component]
fn Template(place: FieldPlace, field: &'static FieldSpec) -> impl IntoView {
    let state = FieldPlace::new(place.session, &place.state, place.language).value();
    let task = matches!(field.name, "Arguments" | "Parameters");
    let item = Memo::new(move |_| {
        let item = state.with(|state| state.as_ref().map(catalogue::item_of))?;
        (task && item.kind == "Task" && !item.fields.is_empty()).then_some(item.id)
    });
    let json = {
        let place = place.clone();
        move || view! { <ScalarBox place=place.clone() codec=Codec::Json field=field.name label=field.label placeholder="{ }" /> }
    };
    move || match item.get().and_then(catalogue::item) {
        Some(item) => {
            let json = json.clone();
            view! {
                <ArgumentForm place=place.clone() item=item />
                <details>
                    <summary class="text-xs text-ink-faint hover:text-ink">"As JSON"</summary>
                    <div class="mt-2">{json()}</div>
                </details>
            }
            .into_any()
        }
        None => json().into_any(),
    }
}

#[component]
fn OneOf(
    place: FieldPlace,
    words: &'static [&'static str],
    label: &'static str,
    name: &'static str,
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
    let machine = place.session.definition;
    let options = Signal::derive(move || {
        let inherited =
            machine.with(|root| root.get(name).and_then(Value::as_str).map(str::to_owned));
        let inherited =
            inherited.unwrap_or_else(|| words.first().copied().unwrap_or_default().to_owned());
        let mut options = vec![SelectOption::new(
            "",
            format!("As the workflow ({inherited})"),
        )];
        options.extend(words.iter().map(|word| SelectOption::new(*word, *word)));
        options
    });
    let testid = format!("field-{name}");
    view! {
        <div data-testid=testid>
            <Select value=now options=options label=label on_change=move |word: String| place.put((!word.is_empty()).then_some(Value::String(word))) />
        </div>
    }
}

/// `Next` or `Default`: choosing goes through the change that also puts `End` away.
#[component]
fn Target(place: FieldPlace, field: &'static FieldSpec) -> impl IntoView {
    let scope = scope_of(&place.state);
    let next = field.name == "Next";
    let (session, state, level) = (place.session, place.state.to_string(), scope.clone());
    let connect = Callback::new(move |target: Option<String>| {
        let port = if next { Port::Next } else { Port::Default };
        session.apply(match target {
            Some(name) => Change::Connect {
                from: Outlet::new(state.clone(), port),
                to: state_ref(&level, &name),
            },
            None if next => Change::Disconnect(format!("{state}/Next")),
            None => Change::RemoveField {
                state: state.clone(),
                pointer: "/Default".to_owned(),
            },
        });
    });
    let none = if next {
        "Ends here"
    } else {
        "Nowhere: no match is an error"
    };
    let testid = if next { "field-Next" } else { "field-Default" };
    view! { <TargetPicker place=place scope=scope none=none on_choose=Some(connect) label=field.label testid=testid /> }
}

#[component]
fn End(place: FieldPlace) -> impl IntoView {
    let value = place.value();
    let ends = Signal::derive(move || {
        value.with(|value| value.as_ref().and_then(Value::as_bool).unwrap_or_default())
    });
    let testid = "field-End";
    let change = move |on: bool| {
        let (session, state) = (place.session, place.state.to_string());
        let has_next = session
            .definition
            .with_untracked(|root| root.pointer(&format!("{state}/Next")).is_some());
        if on && has_next {
            session.apply(Change::Disconnect(format!("{state}/Next")));
        } else if on {
            place.set(true);
        } else {
            // It has to lead somewhere: to the state that comes after it in the text, if there is one.
            let scope = scope_of(&state);
            let own = crate::routes::editor::session::name_of(&state);
            let after = session.definition.with_untracked(|root| {
                let names: Vec<String> = root
                    .pointer(&format!("{scope}/States"))
                    .and_then(Value::as_object)?
                    .keys()
                    .cloned()
                    .collect();
                let at = names.iter().position(|name| *name == own)?;
                names
                    .get(at + 1)
                    .or_else(|| names.first().filter(|name| **name != own))
                    .cloned()
            });
            if let Some(name) = after {
                session.apply(Change::Connect {
                    from: Outlet::new(state, Port::Next),
                    to: state_ref(&scope, &name),
                });
            } else {
                session.say_failed(
                    "There is no other state to go on to",
                    "Add one first; until then this state ends the workflow",
                );
            }
        }
    };
    view! {
        <div data-testid=testid>
            <Checkbox checked=ends on_change=change label="The run of this level ends here" />
        </div>
    }
}
