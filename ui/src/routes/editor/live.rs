//! The value that an expression had in the last run, below its box.

use super::{
    inspector::FieldPlace,
    model::{codec::is_expression, complete::preview, fields::Language},
    session::Session,
};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// Below a field: the value of what is written there.
#[component]
pub fn LiveValue(
    /// The field.
    place: FieldPlace,
    /// Its name, for what it can reach.
    field: &'static str,
) -> impl IntoView {
    let value = place.value();
    let text = Signal::derive(move || {
        value.with(|value| {
            value
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        })
    });
    view! { <LiveText session=place.session state=place.state field=field text=text /> }
}

/// The value of an expression as written, if the last run came by the state.
#[component]
pub fn LiveText(
    /// The editor.
    session: Session,
    /// The state.
    state: Arc<str>,
    /// The field, for what it can reach.
    field: &'static str,
    /// The expression.
    text: Signal<String>,
) -> impl IntoView {
    let result = Memo::new(move |_| {
        let text = text.get();
        let language = session.language(&state);
        let expression = match language {
            Language::Jsonata => is_expression(&text),
            Language::JsonPath => text.starts_with('$') || text.starts_with("States."),
        };
        if !expression {
            return None;
        }
        let reach = session.reach(&state, field);
        reach.input.as_ref()?;
        Some(
            super::evaluate::evaluate(&text, language, &reach, awm_kit::now_ms())
                .map(|value| preview(Some(&value))),
        )
    });
    view! {
        {move || {
            result
                .get()
                .map(|result| match result {
                    Ok(value) => {
                        view! {
                            <p class="truncate font-mono text-2xs text-ok" data-testid="live-value" data-tip="In the last run">
                                {format!("= {value}")}
                            </p>
                        }
                            .into_any()
                    }
                    Err(why) => view! { <p class="text-2xs break-words text-warn" data-testid="live-value">{why}</p> }.into_any(),
                })
        }}
    }
}
