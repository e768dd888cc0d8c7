//! The canvas as a whole.

use crate::{
    actions,
    controls::Controls,
    edges::{Edges, Starts},
    gesture, keys,
    minimap::Minimap,
    nodes::Nodes,
    overlay::{Marks, Overlay},
    palette::Palette,
    popovers::Popovers,
    preview::PreviewLayer,
    stage::Stage,
    words,
};
use awm_flow::{Applied, Editor, StateRef};
use awm_kit::MenuPopup;
use leptos::prelude::*;
use leptos_use::use_element_size;
use std::{collections::HashMap, sync::Arc};
use wasm_bindgen::JsCast;

/// The drawing of a workflow, to be looked at and changed.
#[component]
pub fn Canvas(
    /// The document.
    editor: RwSignal<Editor>,
    /// The selected states, in the order of selection.
    selection: RwSignal<Vec<StateRef>>,
    /// How states fare in a run, and which are mocked.
    #[prop(optional, into)]
    overlay: Signal<Arc<Overlay>>,
    /// Findings by state.
    #[prop(optional, into)]
    marks: Signal<Arc<HashMap<StateRef, Marks>>>,
    /// Whether nothing can be changed.
    #[prop(optional)]
    read_only: bool,
    /// Whether the palette stands at the left.
    #[prop(default = true)]
    palette: bool,
    /// Told after each change, undo and redo.
    #[prop(optional, into)]
    on_change: Option<Callback<Applied>>,
    /// Told when a change can't be made, with the reason.
    #[prop(optional, into)]
    on_error: Option<Callback<String>>,
    /// A state to bring into view; taken when it is set.
    #[prop(optional)]
    reveal: Option<RwSignal<Option<StateRef>>>,
) -> impl IntoView {
    let stage = Stage::new(editor, selection, overlay, marks, read_only);
    stage.on_change.set_value(on_change);
    stage.on_error.set_value(on_error);
    let size = use_element_size(stage.root);
    Effect::new(move |_| {
        let (width, height) = (size.width.get(), size.height.get());
        if width > 0.0 && height > 0.0 {
            stage.resized(width, height);
        }
    });
    Effect::new(move |_| {
        stage.scene.track();
        stage.overlay.track();
        stage.selected.track();
        stage.look.track();
        stage.redraw();
    });
    let listener = window_event_listener_untyped("awm-look", move |_| stage.look.notify());
    on_cleanup(move || listener.remove());
    if let Some(reveal) = reveal {
        Effect::new(move |_| {
            if let Some(state) = reveal.get() {
                actions::bring_soon(stage, state);
                reveal.set(None);
            }
        });
    }
    let empty = Memo::new(move |_| stage.scene.with(|scene| scene.graph.nodes.is_empty()));
    view! {
        <div class="flex size-full min-h-0 min-w-0">
            {(palette && !read_only).then(|| view! { <Palette stage /> })}
            <div class="relative min-w-0 flex-1">
                <Surface stage />
                <Show when=move || empty.get()>
                    <p class="pointer-events-none absolute inset-x-0 top-1/3 text-center text-sm text-ink-muted">{words::EMPTY}</p>
                </Show>
                <Controls stage />
                <Minimap stage />
                <Popovers stage />
                <PreviewLayer stage />
                <MenuPopup at=stage.menu_at entries=Signal::derive(move || {
                    stage.menu_at.track();
                    actions::menu(stage)
                }) />
            </div>
            <p id="canvas-node-help" class="sr-only">{words::NODE_HELP}</p>
            <p class="sr-only" aria-live="polite" data-testid="canvas-said">{move || stage.said.get()}</p>
        </div>
    }
}

/// The part that moves, with the only listeners there are.
#[component]
fn Surface(stage: Stage) -> impl IntoView {
    let stir = move |ev: web_sys::PointerEvent| {
        let at = stage.to_canvas(f64::from(ev.client_x()), f64::from(ev.client_y()));
        let mut drags = false;
        stage.gesture.update_value(|gesture| {
            gesture.at = at;
            gesture.free = ev.alt_key();
            if let Some(known) = gesture.pointers.get_mut(&ev.pointer_id()) {
                *known = at;
                gesture.stirred = true;
                drags = true;
            }
        });
        if drags {
            stage.schedule();
        }
    };
    let menu = move |ev: web_sys::MouseEvent| {
        ev.prevent_default();
        let element = ev
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let near = |attribute: &str| {
            let found = element
                .as_ref()?
                .closest(&format!("[{attribute}]"))
                .ok()
                .flatten()?;
            found.get_attribute(attribute)
        };
        match (near("data-edge"), near("data-node")) {
            (Some(edge), _) => stage.choose_edge(edge),
            (None, Some(state))
                if !stage
                    .selection
                    .with_untracked(|selection| selection.contains(&state)) =>
            {
                stage.select(vec![state]);
            }
            (None, None) => stage.select(Vec::new()),
            _ => {}
        }
        stage
            .menu_at
            .set(Some((f64::from(ev.client_x()), f64::from(ev.client_y()))));
    };
    let twice = move |ev: web_sys::MouseEvent| {
        let element = ev
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let node = element.and_then(|element| element.closest("[data-node]").ok().flatten());
        if node.is_some() {
            actions::rename(stage);
        }
    };
    view! {
        <div
            node_ref=stage.root
            class="absolute inset-0 touch-none overflow-hidden bg-bg select-none outline-none"
            tabindex="0"
            role="application"
            aria-label=words::CANVAS
            data-testid="canvas"
            on:pointerdown=move |ev| gesture::press(stage, &ev)
            on:pointermove=stir
            on:pointerup=move |ev| gesture::release(stage, Some(ev.pointer_id()), false)
            on:pointercancel=move |ev| gesture::release(stage, Some(ev.pointer_id()), true)
            on:wheel=move |ev| gesture::wheel(stage, &ev)
            on:contextmenu=menu
            on:dblclick=twice
            on:keydown=move |ev| keys::down(stage, &ev)
            on:keyup=move |ev| keys::up(stage, &ev)
            on:copy=move |ev| keys::copied(stage, &ev, false)
            on:cut=move |ev| keys::copied(stage, &ev, true)
            on:paste=move |ev| keys::pasted(stage, &ev)
        >
            <div
                node_ref=stage.dots
                class="pointer-events-none absolute -inset-16 bg-[radial-gradient(circle,var(--line-strong)_1px,transparent_1px)] will-change-transform"
            ></div>
            <canvas
                node_ref=stage.far_canvas
                class="pointer-events-none absolute will-change-transform"
                style:display=move || if stage.far.get() { "block" } else { "none" }
            ></canvas>
            <div
                node_ref=stage.layer
                class="absolute top-0 left-0 size-0 origin-top-left"
                style:display=move || if stage.far.get() { "none" } else { "block" }
            >
                <Edges stage />
                <Starts stage />
                <Nodes stage />
            </div>
        </div>
    }
}
