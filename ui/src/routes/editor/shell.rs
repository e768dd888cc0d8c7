//! The parts of the editor and where they stand: canvas or text in the middle, form at the right, drawer below.

use super::{
    canvas_pane::CanvasPane,
    code::CodeView,
    drawer::{Drawer, DrawerState},
    inspector::Inspector,
    running::Runner,
    session::Session,
};
use crate::routes::query::query_value;
use awm_kit::{Grows, Splitter, recall};
use leptos::prelude::*;

/// The view that the address names, and how to name another: `design`, `code` or `outline`.
pub fn view_in_address() -> (Signal<String>, Callback<String>) {
    let query = query_value("view");
    let value = Signal::derive(move || match query.get().as_str() {
        "code" => "code".to_owned(),
        "outline" => "outline".to_owned(),
        _ => "design".to_owned(),
    });
    let set = Callback::new(move |view: String| {
        query.set(if view == "design" {
            String::new()
        } else {
            view
        })
    });
    (value, set)
}

/// Keeps the selection in the address, and takes it from there.
fn tie_selection(session: Session) {
    let query = query_value("state");
    // The address follows a little later: what comes back from it must not undo a selection that was made since.
    let on_the_way = StoredValue::new(Vec::<String>::new());
    Effect::new(move |first: Option<()>| {
        let wanted = query.get();
        let own = on_the_way.try_update_value(|sent| {
            let at = sent.iter().position(|sent| *sent == wanted);
            at.map(|at| sent.drain(..=at).count())
        });
        if own.flatten().is_some() {
            return;
        }
        let now = session.selection.get_untracked();
        if !wanted.is_empty() && now != [wanted.clone()] {
            let known = session
                .editor
                .with_untracked(|editor| editor.graph().node(&wanted).is_some());
            if known {
                session.select(Some(wanted));
            }
        } else if wanted.is_empty() && now.len() == 1 && first.is_some() {
            session.select(None);
        }
    });
    Effect::new(move |first: Option<()>| {
        let selected = session.selected().unwrap_or_default();
        let last = on_the_way
            .with_value(|sent| sent.last().cloned())
            .unwrap_or_else(|| query.signal().get_untracked());
        if first.is_some() && last != selected {
            on_the_way.update_value(|sent| sent.push(selected.clone()));
            query.set(selected);
        }
    });
}

/// Everything below the bar.
#[component]
pub fn Shell(
    /// The editor.
    session: Session,
    /// Starts and stops.
    runner: Runner,
    /// How the drawer stands.
    drawer: DrawerState,
    /// The chosen view.
    view: Signal<String>,
    /// What the workflow is for, in a word.
    kind: &'static str,
) -> impl IntoView {
    tie_selection(session);
    let width = RwSignal::new(
        recall("inspector-width")
            .and_then(|text| text.parse().ok())
            .unwrap_or(360.0),
    );
    let view = Memo::new(move |_| view.get());
    view! {
        <div class="flex min-h-0 flex-1">
            <div class="min-w-0 flex-1">
                {move || match view.get().as_str() {
                    "code" => view! { <CodeView session=session /> }.into_any(),
                    "outline" => view! { <CanvasPane session=session outline=true /> }.into_any(),
                    _ => view! { <CanvasPane session=session outline=false /> }.into_any(),
                }}
            </div>
            <Splitter size=width grows=Grows::Left range=(280.0, 720.0) label="Width of the inspector" name="inspector-width" />
            <aside class="min-h-0 shrink-0" style=move || format!("width:min({}px,50vw)", width.get()) aria-label="Inspector">
                <Inspector session=session kind=kind />
            </aside>
        </div>
        <Drawer session=session runner=runner state=drawer />
    }
}
