//! The form of one state.

use super::{
    SectionHead, field::FieldRow, mock::MockEditor, other::OtherFields, place::FieldPlace,
    row::ProblemLines,
};
use crate::routes::editor::{
    model::fields::{FieldSpec, Language, Section, fields_of, fits},
    session::{Session, name_of},
};
use awm_flow::{Change, Point, catalogue};
use awm_kit::{Badge, Field, Icon, Input, Menu, MenuEntry, MenuItem, Select, SelectOption};
use leptos::prelude::*;
use serde_json::Value;

const TYPES: &[&str] = &[
    "Task", "Pass", "Choice", "Wait", "Parallel", "Map", "Succeed", "Fail",
];

/// All fields of a state, in the order of the data.
#[component]
pub fn StateForm(
    /// The editor.
    session: Session,
    /// The state.
    state: String,
) -> impl IntoView {
    let place = FieldPlace::new(session, &state, Language::default());
    let value = place.value();
    let type_of = Memo::new(move |_| {
        value.with(|value| {
            value
                .as_ref()
                .and_then(|value| value.get("Type"))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        })
    });
    let language = {
        let state = state.clone();
        Memo::new(move |_| session.language(&state))
    };
    let own = place.problems(false);
    let body = {
        let state = state.clone();
        move || {
            let (type_of, language) = (type_of.get(), language.get());
            view! { <Body session=session state=state.clone() state_type=type_of language=language /> }
        }
    };
    view! {
        <div class="flex flex-col gap-3 px-4 pt-3 pb-8">
            <Head session=session state=state.clone() value=value type_of=type_of />
            <ProblemLines problems=own />
            {body}
        </div>
    }
}

#[component]
fn Head(
    session: Session,
    state: String,
    value: Memo<Option<Value>>,
    type_of: Memo<String>,
) -> impl IntoView {
    let item = Memo::new(move |_| {
        value.with(|value| value.as_ref().map(|value| catalogue::item_of(value).id))
    });
    let words = move || {
        let item = item.get().and_then(catalogue::item);
        item.map(|item| format!("{} · {}", type_of.get().to_lowercase(), item.title))
            .unwrap_or_else(|| type_of.get())
    };
    let help = move || {
        item.get()
            .and_then(catalogue::item)
            .map(|item| item.help)
            .unwrap_or_default()
    };
    let name = RwSignal::new(name_of(&state));
    let rename = {
        let state = state.clone();
        move |text: String| {
            let wanted = text.trim().to_owned();
            if wanted == name_of(&state) {
                return;
            }
            name.set(wanted.clone());
            if session
                .apply(Change::RenameState {
                    state: state.clone(),
                    name: wanted,
                })
                .is_none()
            {
                name.set(name_of(&state));
            }
        }
    };
    let starts = {
        let state = state.clone();
        Memo::new(move |_| {
            session.definition.with(|root| {
                let scope = super::target::scope_of(&state);
                root.pointer(&format!("{scope}/StartAt"))
                    .and_then(Value::as_str)
                    == Some(name_of(&state).as_str())
            })
        })
    };
    let (start, copy, gone) = (state.clone(), state.clone(), state.clone());
    let entries = Signal::derive(move || {
        let (start, copy, gone) = (start.clone(), copy.clone(), gone.clone());
        let item = |label: &str, icon: Icon, run: Box<dyn Fn() + Send + Sync>| {
            MenuItem::new(label, run).icon(icon)
        };
        vec![
            MenuEntry::Item(
                item(
                    "Start here",
                    Icon::Flag,
                    Box::new(move || {
                        session.apply(Change::SetStart(start.clone()));
                    }),
                )
                .unavailable(starts.get().then_some("Its level starts here already")),
            ),
            item(
                "Duplicate",
                Icon::Copy,
                Box::new(move || {
                    session.apply(Change::Duplicate(vec![copy.clone()]));
                }),
            )
            .into(),
            MenuEntry::Divider,
            MenuEntry::Item(
                item(
                    "Delete",
                    Icon::Trash,
                    Box::new(move || {
                        session.apply(Change::RemoveStates(vec![gone.clone()]));
                    }),
                )
                .danger(),
            ),
        ]
    });
    let types = Signal::derive(move || {
        let now = type_of.get();
        let mut options: Vec<SelectOption> = TYPES
            .iter()
            .map(|name| SelectOption::new(*name, *name))
            .collect();
        if !TYPES.contains(&now.as_str()) {
            options.insert(
                0,
                SelectOption::new(
                    now.clone(),
                    if now.is_empty() {
                        "Choose a type…".to_owned()
                    } else {
                        format!("{now} (unknown)")
                    },
                ),
            );
        }
        options
    });
    let retype = FieldPlace::new(session, &state, Language::default()).child("Type");
    view! {
        <div class="flex items-center gap-2">
            <div class="min-w-0 flex-1">
                <Input value=name on_commit=rename label="Name of the state" testid="state-name" />
            </div>
            <Menu label="What can be done to this state" entries=entries align_right=true testid="state-menu">
                <awm_kit::Glyph icon=Icon::More />
            </Menu>
        </div>
        <div class="-mt-1 flex items-center gap-2 text-xs text-ink-faint">
            <span class="truncate" data-tip=help>{words}</span>
            {move || starts.get().then(|| view! { <Badge>"start"</Badge> })}
        </div>
        <Field label="Type" caption="Type">
            <Select value=type_of options=types label="Type" testid="field-Type" on_change=move |name: String| retype.set(name) />
        </Field>
    }
}

#[component]
fn Body(session: Session, state: String, state_type: String, language: Language) -> impl IntoView {
    let place = FieldPlace::new(session, &state, language);
    let value = place.value();
    let opened = RwSignal::new(Vec::<&'static str>::new());
    // A problem about a field that isn't there is a reason to show the field.
    let (reveal, own, named) = (session.reveal, state.clone(), state_type.clone());
    Effect::new(move |_| {
        let Some(pointer) = reveal.get() else { return };
        let name = pointer
            .strip_prefix(&own)
            .and_then(|rest| rest.strip_prefix('/'))
            .and_then(|rest| rest.split('/').next());
        let field = fields_of(&named, language).find(|field| Some(field.name) == name);
        if let Some(field) = field {
            opened.update(|opened| opened.push(field.name));
        }
    });
    let sections = Section::ALL.map(|section| {
        let of_section: Vec<&'static FieldSpec> = fields_of(&state_type, language).filter(|field| field.section == section).collect();
        if of_section.is_empty() {
            return ().into_any();
        }
        let all = of_section.clone();
        let shown = Memo::new(move |_| {
            let opened = opened.get();
            value.with(|value| {
                let Some(map) = value.as_ref().and_then(Value::as_object) else { return Vec::new() };
                let wanted = |field: &FieldSpec| {
                    field.always && fits(field, map)
                        || map.contains_key(field.name)
                        || opened.contains(&field.name)
                };
                all.iter().filter(|field| wanted(field)).map(|field| field.name).collect::<Vec<_>>()
            })
        });
        let all = of_section.clone();
        let entries = Signal::derive(move || {
            let shown = shown.get();
            let fits_now = |field: &FieldSpec| value.with(|value| value.as_ref().and_then(Value::as_object).is_some_and(|map| fits(field, map)));
            all.iter()
                .filter(|field| !shown.contains(&field.name) && fits_now(field))
                .map(|field| {
                    let name = field.name;
                    MenuItem::new(format!("{}  {name}", field.label), move || opened.update(|opened| opened.push(name))).into()
                })
                .collect::<Vec<MenuEntry>>()
        });
        let place = place.clone();
        view! {
            <SectionHead title=section.title()>
                <Show when=move || !entries.with(Vec::is_empty)>
                    <Menu
                        label="Add a field"
                        entries=entries
                        align_right=true
                        class="inline-flex h-6 items-center gap-1 rounded-badge px-1.5 text-2xs font-medium text-ink-faint hover:bg-fill hover:text-ink"
                    >
                        <awm_kit::Glyph icon=Icon::Plus size=12 />
                        "Field"
                    </Menu>
                </Show>
            </SectionHead>
            <For
                each=move || shown.get()
                key=|name| *name
                children={
                    let of_section = of_section.clone();
                    move |name| {
                        let close = Callback::new(move |()| opened.update(|opened| opened.retain(|other| *other != name)));
                        of_section
                            .iter()
                            .find(|field| field.name == name)
                            .map(|field| view! { <FieldRow place=place.child(name) field=field on_remove=close /> })
                    }
                }
            />
        }
        .into_any()
    });
    let task = state_type == "Task";
    view! {
        {sections.into_iter().collect_view()}
        {task
            .then(|| {
                view! {
                    <SectionHead title="Stand-in" />
                    <MockEditor session=session state=state.clone() />
                }
            })}
        <OtherFields place=place.clone() state_type=state_type.clone() />
        <SectionHead title="Place on the canvas" />
        <Position session=session state=state.clone() />
    }
}

#[component]
fn Position(session: Session, state: String) -> impl IntoView {
    let own = state.clone();
    let point = Memo::new(move |_| {
        session
            .editor
            .with(|editor| editor.document().positions.get(&own).copied())
    });
    let axis = move |read: fn(Point) -> f64,
                     write: fn(Point, f64) -> Point,
                     label: &'static str,
                     testid: &'static str| {
        let state = state.clone();
        let text = Signal::derive(move || {
            point
                .get()
                .map(|point| format!("{:.0}", read(point)))
                .unwrap_or_default()
        });
        view! {
            <Field label=label>
                <Input
                    value=text
                    kind="number"
                    placeholder="laid out"
                    testid=testid
                    on_commit=move |text: String| {
                        if let Ok(number) = text.trim().parse::<f64>() {
                            let point = write(point.get_untracked().unwrap_or_default(), number);
                            session.apply(Change::MoveNodes(vec![(state.clone(), point)]));
                        } else if text.trim().is_empty() {
                            session.apply(Change::Tidy(vec![state.clone()]));
                        }
                    }
                />
            </Field>
        }
    };
    view! {
        <div class="grid grid-cols-2 gap-2">
            {axis.clone()(|point| point.x, |point, x| Point { x, ..point }, "Right, px", "position-x")}
            {axis(|point| point.y, |point, y| Point { y, ..point }, "Down, px", "position-y")}
        </div>
    }
}
