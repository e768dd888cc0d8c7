//! The questions of a set, edited in their rows.

use super::{
    Place,
    add::{AddMenu, Adding},
    generate::GenerateDialog,
    write::{WriteDialog, Written},
};
use crate::{
    load::{Load, act_with, failed},
    pages::{PART, load_pages},
};
use awm_api::{
    PageRequest,
    questions::{
        Expected, Question, QuestionBody, QuestionList, QuestionOrigin, QuestionRemove,
        QuestionSave,
    },
};
use awm_kit::{
    Ago, Badge, Button, ButtonVariant, Column, ControlSize, EmptyState, Icon, IconButton, Input,
    Skeleton, Table, Toast, Tone, use_toasts,
};
use leptos::prelude::*;

/// What parts the headings of a section where a person reads or writes them.
pub(super) const INTO: &str = " › ";

/// An expected document or section in one line.
pub(super) fn place_of(expected: &Expected) -> String {
    let mut parts = vec![expected.document.clone()];
    parts.extend(expected.section.iter().cloned());
    parts.join(INTO)
}

/// The questions.
#[component]
pub(super) fn Questions(place: Place, set_id: String) -> impl IntoView {
    let toasts = use_toasts();
    let find = RwSignal::new(String::new());
    let own = set_id.clone();
    let pages = load_pages(move |offset| QuestionList {
        set_id: own.clone(),
        text: find.get(),
        page: PageRequest {
            offset,
            limit: PART,
            sort: None,
        },
    });
    let written = RwSignal::new(Written::Nothing);
    let generating = RwSignal::new(false);
    let adding = Adding {
        set_id: StoredValue::new(set_id.clone()),
        written,
        generating,
        toasts,
        changed: Callback::new(move |()| {
            pages.reload();
            place.sets.reload();
        }),
    };
    let put = move |changed: Question| {
        pages.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == changed.id) {
                *row = changed;
            }
        });
    };
    let save = move |id: String, body: QuestionBody| {
        act_with(toasts, QuestionSave { id, body }, put);
    };
    let remove = move |id: String| {
        act_with(toasts, QuestionRemove { id }, move |gone| {
            pages
                .rows
                .update(|rows| rows.retain(|row| row.id != gone.id));
            pages.total.update(|total| *total = total.saturating_sub(1));
            place.sets.reload();
            toasts.show(Toast::done("Took the question out of the set"));
        });
    };
    let nothing =
        Memo::new(move |_| matches!(pages.state.get(), Load::Ready(())) && pages.total.get() == 0);
    let shown = Memo::new(move |_| (pages.state.get(), nothing.get()));
    view! {
        <div class="flex h-full min-h-0 flex-col">
            <div class="flex shrink-0 items-center gap-2 px-6 py-3">
                <div class="w-72">
                    <Input
                        value=find
                        on_input=move |text| find.set(text)
                        icon=Icon::Search
                        kind="search"
                        placeholder="Filter questions"
                        label="Filter questions"
                        testid="question-filter"
                    />
                </div>
                <div class="ml-auto">
                    <AddMenu adding=adding />
                </div>
            </div>
            <div class="min-h-0 flex-1 px-3">
                {move || match shown.get() {
                    (Load::Loading, _) => view! { <Skeleton rows=10 /> }.into_any(),
                    (Load::Failed(error), _) => failed(&error, move || pages.reload()),
                    (Load::Ready(()), true) if !find.with(String::is_empty) => {
                        view! { <EmptyState icon=Icon::Filter title="No question holds this text" /> }.into_any()
                    }
                    (Load::Ready(()), true) => nothing_yet(adding),
                    (Load::Ready(()), false) => {
                        view! {
                            <Table
                                rows=pages.rows
                                columns=columns(save, remove)
                                key=|row: &Question| row.id.clone()
                                label="Questions"
                                on_open=move |question: Question| written.set(Written::Change(question))
                                on_end=move |()| pages.more()
                                row_testid="question-row"
                            />
                        }
                            .into_any()
                    }
                }}
            </div>
            <WriteDialog written=written set_id=set_id changed=adding.changed save=Callback::new(move |(id, body)| save(id, body)) />
            <GenerateDialog open=generating adding=adding />
        </div>
    }
}

fn nothing_yet(adding: Adding) -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Help
            title="No questions yet"
            text="Make some of your documents' headings to begin with: each asks for the section below it, so that what should be found is known. Then add what people really ask."
        >
            <Button variant=ButtonVariant::Primary icon=Icon::Sparkles testid="question-generate-first" on_click=move |_| adding.generating.set(true)>
                "Generate from headings…"
            </Button>
            <Button icon=Icon::Edit on_click=move |_| adding.written.set(Written::New)>
                "Write one…"
            </Button>
            <Button icon=Icon::Import on_click=move |_| adding.import()>
                "Import…"
            </Button>
        </EmptyState>
    }
    .into_any()
}

fn columns(
    save: impl Fn(String, QuestionBody) + Copy + Send + Sync + 'static,
    remove: impl Fn(String) + Copy + Send + Sync + 'static,
) -> Vec<Column<Question>> {
    vec![
        Column::new(
            "question",
            "Question",
            "minmax(240px,3fr)",
            move |row: &Question| {
                let row = row.clone();
                let text = row.body.question.clone();
                let commit = move |text: String| {
                    if !text.trim().is_empty() && text != row.body.question {
                        save(
                            row.id.clone(),
                            QuestionBody {
                                question: text,
                                ..row.body.clone()
                            },
                        );
                    }
                };
                view! {
                <input
                    type="text"
                    class="-mx-[9px] h-7 w-[calc(100%+18px)] min-w-0 shrink-0 truncate rounded-control border border-transparent bg-transparent px-2 text-sm hover:border-control/55 focus-visible:border-accent focus-visible:bg-surface"
                    aria-label="Question"
                    prop:value=text
                    on:click=move |ev| ev.stop_propagation()
                    on:change=move |ev| commit(event_target_value(&ev))
                />
            }
            .into_any()
            },
        ),
        Column::new(
            "expected",
            "Expected",
            "minmax(180px,2fr)",
            |row: &Question| {
                let body = &row.body;
                if body.unanswerable {
                    return view! { <Badge icon=Icon::Ban>"no answer: a refusal"</Badge> }
                        .into_any();
                }
                let mut told: Vec<String> = body.relevant.iter().map(place_of).collect();
                if told.is_empty() {
                    told.extend(body.answer.as_ref().map(|answer| format!("“{answer}”")));
                }
                match told.split_first() {
                None => view! { <Badge tone=Tone::Warn>"nothing yet"</Badge> }.into_any(),
                Some((first, rest)) => view! {
                    <span class="flex min-w-0 items-center gap-1.5 text-ink-muted" data-tip=told.join("\n")>
                        <span class="truncate">{first.clone()}</span>
                        {(!rest.is_empty()).then(|| view! { <Badge>{format!("+{}", rest.len())}</Badge> })}
                    </span>
                }
                .into_any(),
            }
            },
        ),
        Column::new("origin", "From", "104px", |row: &Question| {
            let word = match row.origin {
                QuestionOrigin::Written => "written",
                QuestionOrigin::Imported => "imported",
                QuestionOrigin::Generated => "heading",
                QuestionOrigin::Chat => "conversation",
            };
            view! { <span class="text-ink-muted">{word}</span> }.into_any()
        }),
        Column::new("changed", "Changed", "96px", |row: &Question| {
            view! { <span class="text-ink-muted"><Ago at=row.changed_at /></span> }.into_any()
        })
        .right(),
        Column::new("remove", "", "56px", move |row: &Question| {
            let id = row.id.clone();
            view! {
                <IconButton
                    icon=Icon::Trash
                    label="Take the question out of the set"
                    size=ControlSize::Tiny
                    testid="question-remove"
                    on_click=move |ev: leptos::ev::MouseEvent| {
                        ev.stop_propagation();
                        remove(id.clone());
                    }
                />
            }
            .into_any()
        }),
    ]
}
