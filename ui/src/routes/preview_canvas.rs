//! The canvas over generated states (`?nodes=1000`), for measuring. Not linked from anywhere.

use crate::session::{Crumb, use_session};
use awm_canvas::CanvasStress;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// More states than this would only exhaust the memory.
const MOST: usize = 20_000;

#[component]
pub(super) fn PreviewCanvas() -> impl IntoView {
    use_session().at(vec![Crumb::here("Canvas")]);
    let query = use_query_map();
    let nodes = move || {
        let asked = query.with(|query| {
            query
                .get("nodes")
                .and_then(|nodes| nodes.parse::<usize>().ok())
        });
        asked.unwrap_or(1_000).clamp(1, MOST)
    };
    view! { <div class="size-full">{move || view! { <CanvasStress nodes=nodes() /> }}</div> }
}
