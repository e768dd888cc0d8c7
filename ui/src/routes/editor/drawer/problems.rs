//! The list of problems.

use crate::routes::editor::{
    inspector::severity,
    session::{Session, name_of},
    virtual_rows::VirtualRows,
};
use awm_asl::Severity;
use awm_kit::{EmptyState, Glyph, Icon};
use leptos::prelude::*;

/// All findings, the worst first; a press goes to the place.
#[component]
pub fn ProblemsPanel(
    /// The editor.
    session: Session,
) -> impl IntoView {
    let sorted = Memo::new(move |_| {
        let mut problems = session.problems.with(|problems| problems.to_vec());
        problems.sort_by_key(|problem| {
            let rank = match problem.severity {
                Severity::Error => 0,
                Severity::Warning => 1,
                Severity::Info => 2,
            };
            (rank, problem.line)
        });
        problems
    });
    let draw = Callback::new(move |n: usize| {
        let Some(problem) = sorted.with_untracked(|problems| problems.get(n).cloned()) else {
            return ().into_any();
        };
        let (icon, ink) = severity(problem.severity);
        let pointer = problem.pointer.clone();
        let tip = [problem.help, problem.about]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(". ");
        let fix = problem.fix.filter(|_| !session.read_only);
        view! {
            <div class="flex h-7 w-full items-center pr-3 text-sm hover:bg-fill" data-testid="problem-row">
                <button
                    type="button"
                    class="flex h-7 min-w-0 flex-1 items-center gap-2 px-3 text-left"
                    data-tip=(!tip.is_empty()).then_some(tip)
                    on:click=move |_| session.go_to(&pointer)
                >
                    <span class=format!("inline-flex {ink}")>
                        <Glyph icon=icon size=14 />
                    </span>
                    <span class="w-40 shrink-0 truncate font-medium">
                        {problem.state.as_deref().map_or_else(|| "The workflow".to_owned(), name_of)}
                    </span>
                    <span class="min-w-0 flex-1 truncate">{problem.message}</span>
                    <span class="shrink-0 font-mono text-2xs text-ink-faint">{problem.code}</span>
                    <span class="w-14 shrink-0 text-right text-xs text-ink-faint tabular-nums">
                        {problem.line.map(|line| format!("line {line}"))}
                    </span>
                </button>
                {fix.map(|fix| {
                    let title = fix.title.clone();
                    view! {
                        <button
                            type="button"
                            class="ml-2 shrink-0 rounded px-2 text-xs text-accent-ink hover:underline"
                            data-testid="problem-fix"
                            on:click=move |_| session.mend(&fix)
                        >
                            {title}
                        </button>
                    }
                })}
            </div>
        }
        .into_any()
    });
    let version = super::version_of(sorted);
    view! {
        <div class="h-full min-h-0" data-testid="problems">
            <Show
                when=move || !sorted.with(Vec::is_empty)
                fallback=|| view! { <EmptyState icon=Icon::CheckCircle title="No problems" text="The definition is one that can be run and deployed" /> }
            >
                <VirtualRows count=Signal::derive(move || sorted.with(Vec::len)) height=28.0 version=version draw=draw label="Problems" />
            </Show>
        </div>
    }
}
