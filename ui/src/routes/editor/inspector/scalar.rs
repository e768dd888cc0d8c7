//! A box for one value of the definition.

use super::{expression::ExpressionBox, place::FieldPlace};
use crate::routes::editor::{
    live::LiveValue,
    model::codec::{Codec, read, show},
};
use awm_kit::{Glyph, Icon, Input, TextArea};
use leptos::prelude::*;

/// A box that shows and writes the value at a place. What can't be read stays in the box, with the reason below.
#[component]
pub fn ScalarBox(
    /// The place.
    place: FieldPlace,
    /// How it is written.
    codec: Codec,
    /// The field's name in the language, for what its expressions can reach.
    #[prop(optional)]
    field: &'static str,
    /// Whether it is several lines of plain text.
    #[prop(optional)]
    prose: bool,
    /// Grey text while it is empty.
    #[prop(optional, into)]
    placeholder: String,
    /// The accessible name.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let value = place.value();
    let draft = RwSignal::new(None::<String>);
    let fault = RwSignal::new(None::<String>);
    let language = place.language;
    let text = Signal::derive(move || {
        draft.get().unwrap_or_else(|| {
            value.with(|value| {
                value
                    .as_ref()
                    .map(|value| show(codec, value))
                    .unwrap_or_default()
            })
        })
    });
    let write = {
        let place = place.clone();
        move |typed: String| {
            match read(codec, &typed, language) {
                Ok(value) => {
                    fault.set(None);
                    place.put(value);
                }
                Err(why) => fault.set(Some(why)),
            }
            draft.set(Some(typed));
        }
    };
    let leave = move || {
        if fault.with_untracked(Option::is_none) {
            draft.set(None);
        }
    };
    // Undo, the code view or another panel may change the value while a draft stands: then the draft is old.
    Effect::new(move |before: Option<Option<serde_json::Value>>| {
        let now = value.get();
        let outside = before.is_some_and(|before| before != now)
            && draft.with_untracked(|draft| {
                draft
                    .as_ref()
                    .is_some_and(|draft| read(codec, draft, language).ok() != Some(now.clone()))
            });
        if outside {
            draft.set(None);
            fault.set(None);
        }
        now
    });
    let testid = format!("field-{}", place.name());
    let invalid = Signal::derive(move || fault.with(Option::is_some));
    let plain = codec == Codec::Text;
    let control = if plain && prose {
        let write = write.clone();
        view! { <TextArea value=text rows=2 on_input=write label=label.clone() placeholder=placeholder.clone() /> }.into_any()
    } else if plain {
        let write = write.clone();
        view! { <Input value=text on_input=write on_commit=move |_| leave() label=label.clone() placeholder=placeholder.clone() /> }.into_any()
    } else {
        let (session, state) = (place.session, place.state.clone());
        let reach = Callback::new(move |()| untrack(|| session.reach(&state, field)));
        let write = write.clone();
        view! {
            <ExpressionBox
                text=text
                on_text=Callback::new(write)
                on_leave=Callback::new(move |()| leave())
                language=language
                reach=reach
                code=codec == Codec::Json
                multiline=codec == Codec::Json
                invalid=invalid
                placeholder=placeholder.clone()
                label=label.clone()
                testid=testid.clone()
            />
        }
        .into_any()
    };
    view! {
        <div class="flex min-w-0 flex-col gap-1" data-testid=plain.then_some(testid.clone())>
            {control}
            {move || {
                fault
                    .get()
                    .map(|why| {
                        view! {
                            <p class="flex items-start gap-1 text-xs text-crit" role="alert">
                                <Glyph icon=Icon::CrossCircle size=12 class="mt-0.5" />
                                {why}
                            </p>
                        }
                    })
            }}
            {(!plain && !field.is_empty()).then(|| view! { <LiveValue place=place.clone() field=field /> })}
        </div>
    }
}
