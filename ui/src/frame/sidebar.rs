//! The areas, at the left.

use super::{AREAS, Area, SETTINGS};
use crate::session::use_session;
use awm_kit::{Glyph, Icon, IconButton};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub(super) fn Sidebar(folded: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    view! {
        <nav
            aria-label="Areas"
            class=move || {
                if folded.get() {
                    "flex w-[52px] shrink-0 flex-col border-r border-line bg-sunken"
                } else {
                    "flex w-[232px] shrink-0 flex-col border-r border-line bg-sunken"
                }
            }
        >
            <div class="flex h-11 shrink-0 items-center gap-2 px-3">
                <A href="/workflows" attr:class="flex min-w-0 flex-1 items-center gap-2 rounded-control" attr:aria-label="Home">
                    <span class="inline-flex size-7 shrink-0 items-center justify-center rounded-control bg-accent text-on-accent">
                        <Glyph icon=Icon::Workflow />
                    </span>
                    <span class="truncate text-sm font-semibold" class:hidden=move || folded.get() data-testid="tenant-name">
                        {move || session.settings.with(|settings| settings.tenant_name.clone())}
                    </span>
                </A>
            </div>
            <div class="flex flex-1 flex-col gap-0.5 px-2 pt-2">
                {AREAS.iter().map(|area| view! { <AreaLink area=area folded=folded /> }).collect_view()}
            </div>
            <div class="flex flex-col gap-0.5 border-t border-line p-2">
                <AreaLink area=&SETTINGS folded=folded />
                <div class=move || if folded.get() { "flex justify-center pt-1" } else { "flex pt-1 pl-0.5" }>
                    <IconButton
                        icon=Icon::Sidebar
                        label=Signal::derive(move || if folded.get() { "Unfold the sidebar" } else { "Fold the sidebar" })
                        on_click=move |_| folded.update(|folded| *folded = !*folded)
                        testid="sidebar-fold"
                    />
                </div>
            </div>
        </nav>
    }
}

#[component]
fn AreaLink(area: &'static Area, folded: RwSignal<bool>) -> impl IntoView {
    view! {
        <A
            href=area.path
            attr:class="flex h-8 items-center gap-2.5 rounded-control px-2.5 text-sm font-medium text-ink-muted hover:bg-fill hover:text-ink aria-[current=page]:bg-fill aria-[current=page]:text-ink"
            attr:data-testid=area.testid
            attr:data-tip=move || folded.get().then_some(area.title)
            attr:aria-label=area.title
        >
            <Glyph icon=area.icon />
            <span class="truncate" class:hidden=move || folded.get()>
                {area.title}
            </span>
        </A>
    }
}
