//! Choosing the state that follows.

use super::place::FieldPlace;
use awm_kit::{Select, SelectOption};
use leptos::prelude::*;
use serde_json::Value;

/// A list of the states of one level, for a field that names one of them.
#[component]
pub fn TargetPicker(
    /// The field.
    place: FieldPlace,
    /// The pointer of the level: of what holds `States`.
    scope: String,
    /// What an empty choice is called; none if there is always a target.
    #[prop(optional, into)]
    none: Option<String>,
    /// What a choice does, in place of writing the field.
    #[prop(optional_no_strip)]
    on_choose: Option<Callback<Option<String>>>,
    /// The accessible name.
    #[prop(into)]
    label: String,
    /// The hook for tests.
    testid: &'static str,
) -> impl IntoView {
    let value = place.value();
    let session = place.session;
    let states = format!("{scope}/States");
    let names = Memo::new(move |_| {
        session.definition.with(|root| {
            let states = root.pointer(&states).and_then(Value::as_object);
            states
                .map(|states| states.keys().cloned().collect::<Vec<String>>())
                .unwrap_or_default()
        })
    });
    let chosen = Signal::derive(move || {
        value.with(|value| {
            value
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        })
    });
    let options = Signal::derive(move || {
        let now = chosen.get();
        let names = names.get();
        let mut options = Vec::with_capacity(names.len() + 2);
        if none.is_some() || now.is_empty() {
            options.push(SelectOption::new(
                "",
                none.clone().unwrap_or_else(|| "Choose a state…".to_owned()),
            ));
        }
        if !now.is_empty() && !names.contains(&now) {
            options.push(SelectOption::new(
                now.clone(),
                format!("{now} (no such state)"),
            ));
        }
        options.extend(
            names
                .into_iter()
                .map(|name| SelectOption::new(name.clone(), name)),
        );
        options
    });
    let choose = move |name: String| {
        let target = (!name.is_empty()).then_some(name);
        match on_choose {
            Some(run) => run.run(target),
            None => place.put(target.map(Value::String)),
        }
    };
    view! { <Select value=chosen options=options on_change=choose label=label testid=testid /> }
}

/// The level that a state belongs to: the pointer of what holds `States`.
pub fn scope_of(state: &str) -> String {
    state
        .rsplit_once("/States/")
        .map_or_else(String::new, |(scope, _)| scope.to_owned())
}
