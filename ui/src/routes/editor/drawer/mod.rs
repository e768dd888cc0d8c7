//! The drawer at the bottom: problems, the run, its data, its time, its events.

mod data_flow;
mod events;
mod json_tree;
mod problems;
mod run;
mod timeline;

pub use json_tree::JsonTree;
pub use run::{Elapsed, input_of, status};

use super::{running::Runner, session::Session};
use awm_kit::{Badge, Grows, Icon, IconButton, Splitter, Tone, recall, remember};
use leptos::prelude::*;

/// The tabs: the word in the address and in `data-testid`, and what is read.
const TABS: &[(&str, &str)] = &[
    ("problems", "Problems"),
    ("run", "Run"),
    ("data-flow", "Data flow"),
    ("timeline", "Timeline"),
    ("events", "Events"),
];

/// How the drawer stands.
#[derive(Clone, Copy)]
pub struct DrawerState {
    /// Whether it is open.
    pub open: RwSignal<bool>,
    /// The chosen tab.
    pub tab: RwSignal<String>,
    height: RwSignal<f64>,
}

impl DrawerState {
    /// As it was left.
    pub fn recalled() -> Self {
        Self {
            open: RwSignal::new(recall("drawer-open").is_some_and(|text| text == "true")),
            tab: RwSignal::new(
                recall("drawer-tab")
                    .filter(|tab| TABS.iter().any(|(name, _)| name == tab))
                    .unwrap_or_else(|| "problems".to_owned()),
            ),
            height: RwSignal::new(
                recall("drawer-height")
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(280.0),
            ),
        }
    }

    /// Opens it at a tab.
    pub fn show(self, tab: &str) {
        self.tab.set(tab.to_owned());
        self.open.set(true);
    }

    fn keep(self) {
        remember("drawer-open", &self.open.get().to_string());
        remember("drawer-tab", &self.tab.get());
    }
}

/// The drawer.
#[component]
pub fn Drawer(
    /// The editor.
    session: Session,
    /// Starts and stops.
    runner: Runner,
    /// How it stands.
    state: DrawerState,
) -> impl IntoView {
    Effect::new(move |_| state.keep());
    let problems = Memo::new(move |_| session.problems.with(|problems| problems.len()));
    let worst = Memo::new(move |_| {
        session
            .problems
            .with(|problems| problems.iter().map(|problem| problem.severity).min())
    });
    let tab = Memo::new(move |_| state.tab.get());
    view! {
        <Show when=move || state.open.get()>
            <Splitter size=state.height grows=Grows::Up range=(120.0, 900.0) label="Height of the drawer" name="drawer-height" />
        </Show>
        <section
            class="flex min-h-0 shrink-0 flex-col bg-surface"
            class:border-t=move || !state.open.get()
            style=move || if state.open.get() { format!("height:min({}px,70vh)", state.height.get()) } else { String::new() }
            aria-label="Problems and runs"
        >
            <div class="flex h-9 shrink-0 items-center gap-1 border-b border-line px-2" role="tablist" aria-label="Drawer">
                {TABS
                    .iter()
                    .map(|(name, title)| {
                        let on = Memo::new(move |_| state.open.get() && tab.get() == *name);
                        view! {
                            <button
                                type="button"
                                role="tab"
                                class="inline-flex h-7 items-center gap-1.5 rounded-control px-2.5 text-sm text-ink-muted hover:bg-fill hover:text-ink aria-selected:bg-fill aria-selected:font-medium aria-selected:text-ink"
                                aria-selected=move || on.get().to_string()
                                data-testid=format!("drawer-tab-{name}")
                                on:click=move |_| if on.get_untracked() { state.open.set(false) } else { state.show(name) }
                            >
                                {*title}
                                {(*name == "problems")
                                    .then_some(move || {
                                        let tone = match worst.get() {
                                                Some(awm_asl::Severity::Error) => Tone::Crit,
                                                Some(awm_asl::Severity::Warning) => Tone::Warn,
                                                _ => Tone::Info,
                                            };
                                            (problems.get() > 0).then(|| view! { <Badge tone=tone>{problems.get()}</Badge> })
                                        })}
                            </button>
                        }
                    })
                    .collect_view()} <span class="ml-auto"></span>
                <IconButton
                    icon=Signal::derive(move || if state.open.get() { Icon::ChevronDown } else { Icon::ChevronUp })
                    label=Signal::derive(move || if state.open.get() { "Close the drawer".to_owned() } else { "Open the drawer".to_owned() })
                    testid="drawer-toggle"
                    on_click=move |_| state.open.update(|open| *open = !*open)
                />
            </div>
            <Show when=move || state.open.get()>
                <div class="min-h-0 flex-1 overflow-hidden" role="tabpanel">
                    {move || match tab.get().as_str() {
                        "run" => view! { <run::RunPanel session=session runner=runner /> }.into_any(),
                        "data-flow" => view! { <data_flow::DataFlowPanel session=session /> }.into_any(),
                        "timeline" => view! { <timeline::TimelinePanel session=session /> }.into_any(),
                        "events" => view! { <events::EventsPanel session=session /> }.into_any(),
                        _ => view! { <problems::ProblemsPanel session=session /> }.into_any(),
                    }}
                </div>
            </Show>
        </section>
    }
}

/// Tells a list to draw its rows anew whenever a memo changes.
fn version_of<T: Send + Sync + 'static>(memo: Memo<T>) -> Signal<u64> {
    Signal::derive(move || memo.with(|_| 0))
}
