//! Fields that the form has no control for: kept, listed, editable as JSON.

use super::{SectionHead, place::FieldPlace, row::Row, scalar::ScalarBox};
use crate::routes::editor::model::{
    codec::Codec,
    fields::{other_fields, why_other},
};
use leptos::prelude::*;
use serde_json::Value;

/// The fields of a state that its type and language don't have.
#[component]
pub fn OtherFields(
    /// The state.
    place: FieldPlace,
    /// Its type.
    state_type: String,
) -> impl IntoView {
    let value = place.value();
    let language = place.language;
    let names = Memo::new(move |_| {
        value.with(|value| {
            let map = value.as_ref().and_then(Value::as_object);
            map.map(|map| {
                other_fields(map, &state_type, language)
                    .into_iter()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
        })
    });
    view! { <NamedFields place=place names=names why=Callback::new(move |name: String| why_other(&name, language)) /> }
}

/// Named fields as JSON boxes.
#[component]
pub fn NamedFields(
    /// What holds them.
    place: FieldPlace,
    /// Their names.
    names: Memo<Vec<String>>,
    /// Why each of them is here.
    why: Callback<String, &'static str>,
) -> impl IntoView {
    view! {
        <Show when=move || names.with(|names| !names.is_empty())>
            <SectionHead title="Other fields" />
        </Show>
        <For
            each=move || names.get()
            key=Clone::clone
            children=move |name| {
                let field = place.child(&name);
                let gone = field.clone();
                let remove = Callback::new(move |()| gone.put(None));
                view! {
                    <Row label=why.run(name.clone()) caption=name.clone() place=field.clone() remove=Some(remove)>
                        <ScalarBox place=field codec=Codec::Json label=name />
                    </Row>
                }
            }
        />
    }
}
