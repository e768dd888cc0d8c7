//! The input that Run offers.

use super::expression::ExpressionBox;
use crate::routes::editor::{
    model::{
        codec::{Codec, read, show},
        complete::Reach,
        fields::Language,
    },
    session::Session,
};
use awm_flow::Change;
use leptos::prelude::*;

/// A box for the sample input.
#[component]
pub fn SampleInput(
    /// The editor.
    session: Session,
) -> impl IntoView {
    let sample = Memo::new(move |_| {
        session
            .editor
            .with(|editor| editor.document().sample_input.clone())
    });
    let draft = RwSignal::new(None::<String>);
    let fault = RwSignal::new(None::<String>);
    let text = Signal::derive(move || {
        draft.get().unwrap_or_else(|| {
            sample
                .get()
                .map(|value| show(Codec::Json, &value))
                .unwrap_or_default()
        })
    });
    let write = Callback::new(move |typed: String| {
        match read(Codec::Json, &typed, Language::JsonPath) {
            Ok(value) => {
                fault.set(None);
                session.apply(Change::SetSample(value));
            }
            Err(why) => fault.set(Some(why)),
        }
        draft.set(Some(typed));
    });
    let leave = Callback::new(move |()| {
        if fault.with_untracked(Option::is_none) {
            draft.set(None);
        }
    });
    view! {
        <ExpressionBox
            text=text
            on_text=write
            on_leave=leave
            language=Language::JsonPath
            reach=Callback::new(|()| Reach::default())
            code=true
            multiline=true
            invalid=Signal::derive(move || fault.with(Option::is_some))
            placeholder="{ }  what Run starts with"
            label="Sample input"
            testid="sample-input"
        />
        {move || fault.get().map(|why| view! { <p class="text-xs text-crit" role="alert">{why}</p> })}
    }
}
