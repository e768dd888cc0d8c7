//! Buttons at the bottom: zoom, fit, lay out, undo.

use crate::{actions, stage::Stage};
use awm_flow::Editor;
use awm_kit::{Glyph, Icon};
use leptos::prelude::*;

#[component]
pub(crate) fn Controls(stage: Stage) -> impl IntoView {
    let can_undo = Memo::new(move |_| stage.editor.with(Editor::can_undo));
    let can_redo = Memo::new(move |_| stage.editor.with(Editor::can_redo));
    view! {
        <div
            class="absolute bottom-3 left-3 z-10 flex items-center gap-0.5 rounded-card border border-line bg-surface p-0.5 shadow-small"
            role="toolbar"
            aria-label="Canvas"
            data-still
        >
            <Tool title="Zoom out" keys="-" icon=Icon::ZoomOut testid="zoom-out" run=Callback::new(move |()| stage.zoom(0.8, None)) />
            <button
                class="h-7 w-12 rounded-control text-xs text-ink-muted tabular-nums hover:bg-fill"
                title="Zoom to 100 %"
                data-testid="zoom-percent"
                on:click=move |_| stage.zoom(1.0 / stage.view().zoom, None)
            >
                {move || format!("{} %", stage.percent.get())}
            </button>
            <Tool title="Zoom in" keys="+" icon=Icon::ZoomIn testid="zoom-in" run=Callback::new(move |()| stage.zoom(1.25, None)) />
            <Tool title="Fit to the window" keys="F" icon=Icon::Fit testid="zoom-fit" run=Callback::new(move |()| stage.fit()) />
            <Show when=move || !stage.read_only>
                <Tool title="Lay out" keys="L" icon=Icon::Layout testid="tidy" run=Callback::new(move |()| actions::tidy(stage)) />
                <span class="mx-0.5 h-4 border-l border-line"></span>
                <Tool title="Undo" keys="Ctrl Z" icon=Icon::Undo testid="undo" enabled=can_undo run=Callback::new(move |()| stage.turn(true)) />
                <Tool title="Redo" keys="Ctrl Shift Z" icon=Icon::Redo testid="redo" enabled=can_redo run=Callback::new(move |()| stage.turn(false)) />
            </Show>
        </div>
    }
}

#[component]
fn Tool(
    title: &'static str,
    keys: &'static str,
    icon: Icon,
    testid: &'static str,
    #[prop(optional, into)] enabled: Option<Signal<bool>>,
    run: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="flex size-7 items-center justify-center rounded-control text-ink-muted hover:bg-fill hover:text-ink disabled:opacity-40"
            title=format!("{title} ({keys})")
            aria-label=title
            aria-keyshortcuts=keys
            data-testid=testid
            disabled=move || enabled.is_some_and(|enabled| !enabled.get())
            on:click=move |_| run.run(())
        >
            <Glyph icon=icon size=15 />
        </button>
    }
}
