//! One field of the form: its name, its name in the language, its control, its problems.

use super::place::FieldPlace;
use crate::routes::editor::problem::Problem;
use awm_asl::Severity;
use awm_kit::{Glyph, Icon};
use leptos::prelude::*;

/// The frame around a control.
#[component]
pub fn Row(
    /// What is read.
    #[prop(into)]
    label: String,
    /// The name in the language.
    #[prop(into)]
    caption: String,
    /// What it does, on hover.
    #[prop(optional, into)]
    help: String,
    /// Where its problems are looked for.
    place: FieldPlace,
    /// Whether problems inside it are shown here, for controls that don't show them themselves.
    #[prop(default = true)]
    inside: bool,
    /// Takes the field away; none if it can't be.
    #[prop(optional_no_strip)]
    remove: Option<Callback<()>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let problems = place.problems(inside);
    let whole = place.whole();
    let reveal = place.session.reveal;
    let node = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        let wanted = reveal.get().is_some_and(|pointer| {
            pointer == whole
                || pointer
                    .strip_prefix(&whole)
                    .is_some_and(|rest| rest.starts_with('/'))
        });
        if wanted && let Some(row) = node.get() {
            row.scroll_into_view();
        }
    });
    view! {
        <div node_ref=node class="group/row flex min-w-0 flex-col gap-1">
            <div class="flex items-baseline gap-2">
                <span class="shrink-0 text-xs font-medium whitespace-nowrap text-ink-muted" data-tip=(!help.is_empty()).then_some(help)>
                    {label}
                </span>
                <span class="ml-auto"></span>
                {remove
                    .map(|remove| {
                        view! {
                            <button
                                type="button"
                                class="-my-1 inline-flex size-5 items-center justify-center self-center rounded-badge text-ink-faint opacity-0 group-hover/row:opacity-100 hover:bg-fill hover:text-ink focus-visible:opacity-100"
                                aria-label="Remove this field"
                                data-tip="Remove this field"
                                on:click=move |_| remove.run(())
                            >
                                <Glyph icon=Icon::Close size=12 />
                            </button>
                        }
                    })}
                <span class="truncate font-mono text-2xs text-ink-faint">{caption}</span>
            </div>
            {children()}
            <ProblemLines problems=problems />
        </div>
    }
}

/// Problems in words, below what they are about.
#[component]
pub fn ProblemLines(
    /// The problems.
    problems: Memo<Vec<Problem>>,
) -> impl IntoView {
    view! {
        {move || {
            problems
                .get()
                .into_iter()
                .take(5)
                .map(|problem| {
                    let (icon, ink) = severity(problem.severity);
                    view! {
                        <p class=format!("flex items-start gap-1 text-xs break-words {ink}")>
                            <Glyph icon=icon size=12 class="mt-0.5 shrink-0" />
                            <span class="min-w-0" data-tip=(!problem.help.is_empty()).then_some(problem.help)>
                                {problem.message}
                            </span>
                        </p>
                    }
                })
                .collect_view()
        }}
    }
}

/// The drawing and the ink of a severity.
pub fn severity(severity: Severity) -> (Icon, &'static str) {
    match severity {
        Severity::Error => (Icon::CrossCircle, "text-crit"),
        Severity::Warning => (Icon::Warning, "text-warn"),
        Severity::Info => (Icon::Info, "text-info"),
    }
}

/// A line of words that adds something.
#[component]
pub fn AddLine(
    /// The words.
    #[prop(into)]
    text: String,
    /// What a press does.
    #[prop(into)]
    on_click: Callback<()>,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="inline-flex h-6 items-center gap-1 self-start rounded-badge px-1.5 text-xs font-medium text-accent-ink hover:bg-accent-soft"
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=move |_| on_click.run(())
        >
            <Glyph icon=Icon::Plus size=12 />
            {text}
        </button>
    }
}

/// A box around one of several things, with what can be done to it.
#[component]
pub fn Card(
    /// What is read at its head.
    #[prop(into)]
    title: Signal<String>,
    /// Moves it up; none for the first.
    #[prop(optional_no_strip)]
    up: Option<Callback<()>>,
    /// Moves it down; none for the last.
    #[prop(optional_no_strip)]
    down: Option<Callback<()>>,
    /// Takes it away.
    #[prop(optional_no_strip)]
    remove: Option<Callback<()>>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let button = |icon: Icon, label: &'static str, run: Callback<()>| {
        view! {
            <button
                type="button"
                class="inline-flex size-6 items-center justify-center rounded-badge text-ink-faint hover:bg-fill hover:text-ink"
                aria-label=label
                data-tip=label
                on:click=move |_| run.run(())
            >
                <Glyph icon=icon size=12 />
            </button>
        }
    };
    view! {
        <div class="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-bg p-2">
            <div class="flex h-5 items-center gap-0.5">
                <span class="mr-auto min-w-0 truncate text-xs font-medium text-ink">{title}</span>
                {up.map(|run| button(Icon::ArrowUp, "Move up", run))}
                {down.map(|run| button(Icon::ArrowDown, "Move down", run))}
                {remove.map(|run| button(Icon::Trash, "Remove", run))}
            </div>
            {children()}
        </div>
    }
}
