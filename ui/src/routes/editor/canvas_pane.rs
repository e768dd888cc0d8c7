//! The drawing, or the outline, with what the last run and the problems add to it.

use super::{
    model::run::Outcome,
    session::{Session, state_of},
};
use awm_asl::Severity;
use awm_canvas::{Canvas, Marks, NodeRun, Outline, Overlay, RunState};
use awm_flow::{Applied, StateRef};
use leptos::prelude::*;
use std::{collections::HashMap, sync::Arc};

/// The middle of the editor.
#[component]
pub fn CanvasPane(
    /// The editor.
    session: Session,
    /// Whether the states are shown as a tree.
    outline: bool,
) -> impl IntoView {
    let marks = Memo::new(move |_| {
        session.problems.with(|problems| {
            let mut marks: HashMap<StateRef, Marks> = HashMap::new();
            for problem in problems.iter() {
                let Some(state) = &problem.state else {
                    continue;
                };
                let of_state = marks.entry(state.clone()).or_default();
                match problem.severity {
                    Severity::Error => of_state.errors += 1,
                    Severity::Warning => of_state.warnings += 1,
                    Severity::Info => {}
                }
            }
            Arc::new(marks)
        })
    });
    if outline {
        return view! {
            <div class="h-full overflow-auto">
                <Outline editor=session.editor selection=session.selection marks=marks read_only=session.read_only />
            </div>
        }
        .into_any();
    }
    let overlay = Memo::new(move |_| Arc::new(overlay(session)));
    let reveal = RwSignal::new(None::<StateRef>);
    Effect::new(move |_| {
        // A place that was asked for, or the state that the run is looked at in.
        let asked = session.reveal.get().and_then(|pointer| state_of(&pointer));
        let stepped = session.visit.get().and_then(|id| {
            session
                .run
                .with_untracked(|run| run.visit(id).map(|visit| visit.state.clone()))
        });
        if let Some(state) = stepped.or(asked) {
            reveal.set(Some(state));
        }
    });
    view! {
        <Canvas
            editor=session.editor
            selection=session.selection
            overlay=overlay
            marks=marks
            read_only=session.read_only
            on_change=Callback::new(move |_: Applied| session.drop_gone())
            on_error=Callback::new(move |why: String| session.say_failed(&why, "The workflow is as it was"))
            reveal=reveal
        />
    }
    .into_any()
}

fn overlay(session: Session) -> Overlay {
    let upto = session.upto.get();
    let mocked = session
        .editor
        .with(|editor| editor.document().mocks.keys().cloned().collect());
    let run = session.run.with(|run| {
        if run.summary.is_none() {
            return HashMap::new();
        }
        let mut map: HashMap<StateRef, NodeRun> = run
            .overlay(upto)
            .into_iter()
            .map(|(state, tally)| {
                let status = match tally.outcome() {
                    Outcome::Running => RunState::Running,
                    Outcome::Succeeded => RunState::Succeeded,
                    Outcome::Failed => RunState::Failed,
                    Outcome::Caught => RunState::Caught,
                    Outcome::Aborted => RunState::Skipped,
                };
                (
                    state,
                    NodeRun {
                        status,
                        visits: tally.visits(),
                    },
                )
            })
            .collect();
        let ended = !run.is_running() && upto.is_none();
        let status = if ended {
            RunState::Skipped
        } else {
            RunState::Idle
        };
        for node in &session
            .editor
            .with_untracked(|editor| editor.graph().clone())
            .nodes
        {
            map.entry(node.id.clone())
                .or_insert(NodeRun { status, visits: 0 });
        }
        map
    });
    Overlay { run, mocked }
}
