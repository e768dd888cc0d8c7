//! What stands in for a Task: nothing, a value, or a failure.

use crate::routes::editor::{
    inspector::row::severity,
    model::codec::{Codec, read, show},
    model::fields::Language,
    session::Session,
};
use awm_api::runs::Mock;
use awm_flow::Change;
use awm_kit::{Field, Input, Segmented, SelectOption, TextArea};
use leptos::prelude::*;
use serde_json::json;

/// The stand-in of one Task.
#[component]
pub fn MockEditor(
    /// The editor.
    session: Session,
    /// The Task.
    state: String,
) -> impl IntoView {
    let own = state.clone();
    let mock = Memo::new(move |_| {
        session
            .editor
            .with(|editor| editor.document().mocks.get(&own).cloned())
    });
    let kind = Memo::new(move |_| match mock.get() {
        None => "none",
        Some(Mock::Return { .. }) => "return",
        Some(Mock::Fail { .. }) => "fail",
    });
    let write = {
        let state = state.clone();
        move |mock: Option<Mock>| {
            session.apply(match mock {
                Some(mock) => Change::SetMock {
                    state: state.clone(),
                    mock,
                },
                None => Change::ClearMock(state.clone()),
            });
        }
    };
    let choose = {
        let (write, state) = (write.clone(), state.clone());
        move |kind: String| {
            // The value that the last run gave is the likeliest to be wanted.
            let last = session
                .shown_visit(&state, |visit| visit.data.result.as_deref().cloned())
                .flatten();
            write(match kind.as_str() {
                "return" => Some(Mock::Return {
                    value: last.unwrap_or_else(|| json!({})),
                }),
                "fail" => Some(Mock::Fail {
                    error: "States.TaskFailed".to_owned(),
                    cause: String::new(),
                }),
                _ => None,
            });
        }
    };
    let options = vec![
        SelectOption::new("none", "Works"),
        SelectOption::new("return", "Returns"),
        SelectOption::new("fail", "Fails"),
    ];
    let testid = "mock";
    view! {
        <div class="flex flex-col gap-2" data-testid=testid>
            <Segmented value=Signal::derive(move || kind.get().to_owned()) options=options on_change=choose label="Stand-in" />
            {move || match kind.get() {
                "return" => view! { <MockValue mock=mock write=Callback::new(write.clone()) /> }.into_any(),
                "fail" => view! { <MockFailure mock=mock write=Callback::new(write.clone()) /> }.into_any(),
                _ => ().into_any(),
            }}
        </div>
    }
}

#[component]
fn MockValue(mock: Memo<Option<Mock>>, write: Callback<Option<Mock>>) -> impl IntoView {
    let draft = RwSignal::new(None::<String>);
    let fault = RwSignal::new(None::<String>);
    let text = Signal::derive(move || {
        draft.get().unwrap_or_else(|| match mock.get() {
            Some(Mock::Return { value }) => show(Codec::Json, &value),
            _ => String::new(),
        })
    });
    let on_input = move |typed: String| {
        match read(Codec::Json, &typed, Language::JsonPath) {
            Ok(value) => {
                fault.set(None);
                write.run(Some(Mock::Return {
                    value: value.unwrap_or_default(),
                }));
            }
            Err(why) => fault.set(Some(why)),
        }
        draft.set(Some(typed));
    };
    let ink = severity(awm_asl::Severity::Error).1;
    view! {
        <Field label="It returns">
            <TextArea value=text rows=4 mono=true on_input=on_input testid="mock-value" />
        </Field>
        {move || fault.get().map(|why| view! { <p class=format!("text-xs {ink}")>{why}</p> })}
    }
}

#[component]
fn MockFailure(mock: Memo<Option<Mock>>, write: Callback<Option<Mock>>) -> impl IntoView {
    let now = move || match mock.get() {
        Some(Mock::Fail { error, cause }) => (error, cause),
        _ => (String::new(), String::new()),
    };
    let error = Signal::derive(move || now().0);
    let cause = Signal::derive(move || now().1);
    view! {
        <Field label="Error">
            <Input
                value=error
                mono=true
                testid="mock-error"
                on_input=move |error: String| write.run(Some(Mock::Fail { error, cause: cause.get_untracked() }))
            />
        </Field>
        <Field label="Cause">
            <Input
                value=cause
                testid="mock-cause"
                on_input=move |cause: String| write.run(Some(Mock::Fail { error: error.get_untracked(), cause }))
            />
        </Field>
    }
}
