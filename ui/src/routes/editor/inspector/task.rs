//! What a Task calls, and with what.

use super::{connection::ConnectionChoice, expression::ExpressionBox, place::FieldPlace, row::Row};
use crate::routes::editor::{
    live::LiveText,
    model::{
        codec::{Codec, is_expression, show},
        fields::Language,
    },
};
use awm_flow::catalogue::{self, Field, FieldKind, Item};
use awm_kit::{Glyph, Icon, Input, Select, SelectOption};
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The resource: a platform task from the list, or anything else as text.
#[component]
pub fn ResourcePicker(
    /// The `Resource` field.
    place: FieldPlace,
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
    let options = Signal::stored({
        let tasks =
            catalogue::items().filter(|item| item.kind == "Task" && !item.resource.is_empty());
        let mut options: Vec<SelectOption> = tasks
            .map(|item| {
                SelectOption::new(
                    item.resource,
                    format!("{} · {}", item.family.title(), item.title),
                )
            })
            .collect();
        options.push(SelectOption::new("", "Another resource, below"));
        options
    });
    let listed = Signal::derive(move || {
        let now = now.get();
        let known = catalogue::items().any(|item| item.kind == "Task" && item.resource == now);
        if known { now } else { String::new() }
    });
    let (choose, write) = (place.clone(), place);
    view! {
        <div class="flex flex-col gap-1">
            <Select
                value=listed
                options=options
                label="What does the work"
                testid="field-Resource"
                on_change=move |resource: String| {
                    if !resource.is_empty() {
                        choose.set(resource);
                    }
                }
            />
            <Input
                value=now
                mono=true
                label="Resource"
                placeholder="arn:aws:states:::…"
                on_commit=move |text: String| write.put((!text.trim().is_empty()).then(|| Value::from(text.trim())))
            />
        </div>
    }
}

/// The arguments of a platform task as a form. `place` is `Arguments` or `Parameters`.
#[component]
pub fn ArgumentForm(
    /// The field that holds the arguments.
    place: FieldPlace,
    /// The task.
    item: &'static Item,
) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3" data-testid="task-form">
            {(item.id == "call_api").then(|| view! { <ConnectionChoice place=place.clone() /> })}
            {item.fields.iter().map(|field| view! { <Argument place=place.clone() field=field /> }).collect_view()}
        </div>
    }
}

#[component]
fn Argument(place: FieldPlace, field: &'static Field) -> impl IntoView {
    let whole = place.value();
    let now = Memo::new(move |_| whole.with(|whole| written(whole.as_ref(), field.name)));
    let draft = RwSignal::new(None::<String>);
    let fault = RwSignal::new(None::<String>);
    let text = Signal::derive(move || draft.get().or_else(|| now.get()).unwrap_or_default());
    let language = place.language;
    let write = {
        let place = place.clone();
        Callback::new(move |typed: String| {
            match read(field, &typed, language) {
                Ok(entry) => {
                    fault.set(None);
                    put(&place, field.name, entry);
                }
                Err(why) => fault.set(Some(why)),
            }
            draft.set(Some(typed));
        })
    };
    let leave = Callback::new(move |()| {
        if fault.with_untracked(Option::is_none) {
            draft.set(None);
        }
    });
    let holder: &'static str = if language == Language::Jsonata {
        "Arguments"
    } else {
        "Parameters"
    };
    let (session, state) = (place.session, place.state.clone());
    let reach = Callback::new(move |()| untrack(|| session.reach(&state, holder)));
    let json = matches!(
        field.kind,
        FieldKind::Json | FieldKind::Pairs | FieldKind::Sources
    );
    let missing = move || field.required && text.with(|text| text.trim().is_empty());
    let caption = format!("{holder}.{}", field.name);
    let own = place.child(field.name);
    let control = match field.kind {
        FieldKind::Choice(words) => {
            let expression = Memo::new(move |_| {
                now.get()
                    .is_some_and(|text| text.starts_with('$') || is_expression(&text))
            });
            let options: Vec<SelectOption> = std::iter::once(SelectOption::new("", "Choose…"))
                .chain(words.iter().map(|word| SelectOption::new(*word, *word)))
                .collect();
            view! {
                <Show
                    when=move || !expression.get()
                    fallback=move || {
                        view! {
                            <ExpressionBox text=text on_text=write on_leave=leave language=language reach=reach invalid=false label=field.label testid=format!("arg-{}", field.name) />
                        }
                    }
                >
                    <Select value=text options=Signal::stored(options.clone()) on_change=write label=field.label />
                </Show>
            }
            .into_any()
        }
        _ => view! {
            <ExpressionBox
                text=text
                on_text=write
                on_leave=leave
                language=language
                reach=reach
                code=json
                multiline=json || field.kind == FieldKind::LongText
                invalid=Signal::derive(move || fault.with(Option::is_some))
                placeholder=placeholder(field, language)
                label=field.label
                testid=format!("arg-{}", field.name)
            />
        }
        .into_any(),
    };
    view! {
        <Row label=field.label caption=caption help=field.help place=own>
            {control}
            {move || {
                fault
                    .get()
                    .or_else(|| missing().then(|| "this task needs it".to_owned()))
                    .map(|why| {
                        view! {
                            <p class="flex items-start gap-1 text-xs text-warn">
                                <Glyph icon=Icon::Warning size=12 class="mt-0.5" />
                                {why}
                            </p>
                        }
                    })
            }}
            <LiveText session=place.session state=place.state.clone() field=holder text=text />
        </Row>
    }
}

fn placeholder(field: &Field, language: Language) -> String {
    match (field.kind, language) {
        (FieldKind::Number, _) => "a number".to_owned(),
        (FieldKind::Sources, _) => "[\"Handbook\"]; all if empty".to_owned(),
        (FieldKind::Pairs, _) => "{\"name\": \"value\"}".to_owned(),
        (_, Language::JsonPath) => "text, or a path such as $.message".to_owned(),
        (_, Language::Jsonata) => "text, or {% $states.input.message %}".to_owned(),
    }
}

/// How an argument is written: the plain key, or the key with `.$` and a path.
fn written(whole: Option<&Value>, name: &str) -> Option<String> {
    let whole = whole?;
    let value = whole.get(format!("{name}.$")).or_else(|| whole.get(name))?;
    Some(match value {
        Value::String(text) => text.clone(),
        other => show(Codec::Json, other),
    })
}

/// What a box of the form says: the key's ending and the value; none for an empty box.
fn read(
    field: &Field,
    text: &str,
    language: Language,
) -> Result<Option<(&'static str, Value)>, String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let path = language == Language::JsonPath
        && (trimmed.starts_with("$.")
            || trimmed.starts_with("$[")
            || trimmed.starts_with("$$")
            || trimmed == "$"
            || trimmed.starts_with("States.")
            || is_variable(trimmed));
    if path {
        return Ok(Some((".$", Value::from(trimmed))));
    }
    if language == Language::Jsonata && is_expression(trimmed) {
        return Ok(Some(("", Value::from(trimmed))));
    }
    let value = match field.kind {
        FieldKind::Number => super::super::model::codec::read(Codec::Number, trimmed, language)?,
        FieldKind::Json | FieldKind::Pairs | FieldKind::Sources => {
            super::super::model::codec::read(Codec::Json, trimmed, language)?
        }
        _ => Some(Value::from(text)),
    };
    Ok(value.map(|value| ("", value)))
}

/// `$name` and `$name.part`: a variable, not a price.
fn is_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && rest.chars().all(|c| {
                c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '-' | '\'' | '*')
            })
    })
}

/// Writes an argument: at its key if the key stays the same, else the whole object with the key in its old place.
fn put(place: &FieldPlace, name: &str, entry: Option<(&'static str, Value)>) {
    let old = place.now();
    let keys = [name.to_owned(), format!("{name}.$")];
    let present = |key: &String| old.as_ref().is_some_and(|old| old.get(key).is_some());
    match &entry {
        None => {
            for key in keys.iter().filter(|key| present(key)) {
                place.child(key).put(None);
            }
        }
        Some((ending, value)) => {
            let key = format!("{name}{ending}");
            let other = keys.iter().find(|other| **other != key);
            if !other.is_some_and(present) {
                place.child(&key).set(value.clone());
                return;
            }
            let mut out = Map::new();
            for (old_key, old_value) in old
                .as_ref()
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if keys.contains(old_key) {
                    out.insert(key.clone(), value.clone());
                } else {
                    out.insert(old_key.clone(), old_value.clone());
                }
            }
            place.set(Value::Object(out));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(name: &str) -> &'static Field {
        catalogue::items()
            .flat_map(|item| item.fields)
            .find(|field| field.name == name)
            .unwrap()
    }

    #[test]
    fn a_box_says_which_key_it_means() {
        use Language::{JsonPath as P, Jsonata as N};
        let check = |name: &str, text, language, expected| {
            assert_eq!(read(field(name), text, language), expected)
        };
        check(
            "question",
            "$.message",
            P,
            Ok(Some((".$", json!("$.message")))),
        );
        check(
            "question",
            "$user.name",
            P,
            Ok(Some((".$", json!("$user.name")))),
        );
        check(
            "question",
            "$5 is the price",
            P,
            Ok(Some(("", json!("$5 is the price")))),
        );
        check(
            "question",
            "$.message",
            N,
            Ok(Some(("", json!("$.message")))),
        );
        check(
            "question",
            " {% $states.input %} ",
            N,
            Ok(Some(("", json!("{% $states.input %}")))),
        );
        check("topK", "8", P, Ok(Some(("", json!(8)))));
        check("topK", "{% 8 %}", N, Ok(Some(("", json!("{% 8 %}")))));
        check("topK", "many", P, Err("a number is wanted".to_owned()));
        check("sources", "[\"A\"]", P, Ok(Some(("", json!(["A"])))));
        check("question", "  ", P, Ok(None));
    }

    #[test]
    fn what_is_written_is_shown() {
        assert_eq!(
            written(Some(&json!({"q.$": "$.a"})), "q").as_deref(),
            Some("$.a")
        );
        assert_eq!(written(Some(&json!({"q": 3})), "q").as_deref(), Some("3"));
        assert_eq!(written(Some(&json!({})), "q"), None);
    }
}
