//! Evaluation: sets of questions, and how well they are answered over time.

mod add;
mod beside;
mod compare;
mod figures;
mod generate;
mod history;
mod questions;
mod result;
mod run;
mod sets;
mod write;

use super::query::{QueryValue, query_value};
use crate::{
    call,
    load::{Loader, load},
    session::{Crumb, use_session},
};
use awm_api::{
    evaluation_runs::{EvaluationList, EvaluationRun, EvaluationState, EvaluationWatch},
    questions::{QuestionSet, QuestionSetList},
};
use awm_kit::{EmptyState, Icon, TabItem, Tabs};
use futures::{StreamExt, future::AbortHandle};
use history::History;
use leptos::prelude::*;
use questions::Questions;
use run::RunButton;
use sets::Sets;

/// What the parts of the screen share.
#[derive(Clone, Copy)]
struct Place {
    /// All sets.
    sets: Loader<Vec<QuestionSet>>,
    /// The chosen set's id.
    chosen: QueryValue,
    /// `questions` or `results`; the first if empty.
    tab: QueryValue,
    /// The evaluations of the chosen set, newest first.
    runs: Loader<Vec<EvaluationRun>>,
    /// The evaluation that is looked at.
    run: QueryValue,
    /// The one it is compared with.
    before: QueryValue,
}

impl Place {
    fn set(self) -> Option<QuestionSet> {
        let id = self.chosen.get();
        let sets = self.sets.value()?;
        let found = sets.iter().find(|set| set.id == id);
        found.or_else(|| sets.first()).cloned()
    }
}

/// The screen.
#[component]
pub(super) fn Evaluation() -> impl IntoView {
    let session = use_session();
    let sets = load(|| QuestionSetList {});
    let chosen = query_value("set");
    let set_id = Memo::new(move |_| {
        let id = chosen.get();
        let sets = sets.value().unwrap_or_default();
        let known = sets.iter().any(|set| set.id == id);
        if known {
            id
        } else {
            sets.first().map(|set| set.id.clone()).unwrap_or_default()
        }
    });
    let runs = load(move || EvaluationList {
        set_id: Some(set_id.get()),
    });
    let place = Place {
        sets,
        chosen,
        tab: query_value("tab"),
        runs,
        run: query_value("run"),
        before: query_value("before"),
    };
    let set = Memo::new(move |_| place.set());
    Effect::new(move |_| {
        session.at(match set.get() {
            Some(set) => vec![
                Crumb::link("Evaluation", "/evaluation"),
                Crumb::here(set.name),
            ],
            None => vec![Crumb::here("Evaluation")],
        });
    });
    follow(runs);
    let shown = Memo::new(move |_| set.get().map(|set| (set.id, place.tab.get() == "results")));
    view! {
        <div class="flex h-full min-h-0" data-testid="evaluation">
            <Sets place=place current=set_id.into() />
            <div class="flex min-w-0 flex-1 flex-col">
                {move || {
                    shown.get().map(|(id, results)| {
                        view! {
                            <div class="flex h-14 shrink-0 items-center justify-between gap-4 border-b border-line px-6">
                                <Tabs
                                    label="Question set"
                                    items=vec![TabItem::new("questions", "Questions"), TabItem::new("results", "Results")]
                                    value=Signal::derive(move || {
                                        if place.tab.get() == "results" { "results".to_owned() } else { "questions".to_owned() }
                                    })
                                    on_change=move |tab: String| place.tab.set(tab)
                                />
                                <RunButton place=place set_id=id.clone() />
                            </div>
                            <div class="min-h-0 flex-1">
                                {if results {
                                    view! { <History place=place /> }.into_any()
                                } else {
                                    view! { <Questions place=place set_id=id /> }.into_any()
                                }}
                            </div>
                        }
                    })
                }}
                {move || {
                    let none = sets.with(|sets| sets.ready().is_some_and(Vec::is_empty));
                    none.then(|| {
                        view! {
                            <EmptyState
                                icon=Icon::Activity
                                title="Measure your knowledge base"
                                text="Collect questions whose answers you know, in a set: written by hand, imported from a file, made of headings, or taken from conversations. Each evaluation tells how well they are found and answered, and what got better or worse since the last. Questions and answers stay on this machine."
                            >
                                <sets::NewSet place=place />
                            </EmptyState>
                        }
                    })
                }}
            </div>
        </div>
    }
}

/// Keeps the rows of evaluations that go on up to date.
fn follow(runs: Loader<Vec<EvaluationRun>>) {
    let watched = StoredValue::new(Vec::<String>::new());
    // Held outside of the effect, which runs again at every change and would end what it began.
    let handles = StoredValue::new(Vec::<AbortHandle>::new());
    on_cleanup(move || {
        handles.with_value(|handles| handles.iter().for_each(AbortHandle::abort));
    });
    Effect::new(move |_| {
        let going_on: Vec<String> = runs
            .value()
            .unwrap_or_default()
            .into_iter()
            .filter(|run| run.state == EvaluationState::Running)
            .map(|run| run.id)
            .collect();
        for id in going_on {
            if watched.with_value(|watched| watched.contains(&id)) {
                continue;
            }
            watched.update_value(|watched| watched.push(id.clone()));
            let (work, handle) = futures::future::abortable(async move {
                let mut updates = call::stream(EvaluationWatch { id });
                while let Some(Ok(now)) = updates.next().await {
                    runs.update(|all| {
                        if let Some(run) = all.iter_mut().find(|run| run.id == now.id) {
                            *run = now;
                        }
                    });
                }
                runs.reload();
            });
            leptos::task::spawn_local(async move {
                // It ends early only when the screen was left.
                let _: Result<(), _> = work.await;
            });
            handles.update_value(|handles| handles.push(handle));
        }
    });
}
