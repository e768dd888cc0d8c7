//! The middle of the editor.
use super::session::Session;
use leptos::prelude::*;
/// The states in running order.
#[component]
pub fn CanvasPane(
    /// The editor.
    session: Session,
    /// Whether the states are shown as a tree.
    outline: bool,
) -> impl IntoView {
    let _ = outline;
    view! { <div>{move || session.editor.with(|e| e.graph().nodes.iter().map(|n| { let id = n.id.clone(); view!{ <button class="block" data-state=id.clone() on:click=move |_| session.select(Some(id.clone()))>{n.name.clone()}</button> } }).collect_view())}</div> }
}
