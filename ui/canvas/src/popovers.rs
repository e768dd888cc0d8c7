//! Boxes above the canvas that take the keys: the list of targets, the search, the name.

use crate::{
    actions, gesture, look,
    stage::{Popover, Stage},
    words,
};
use awm_flow::{Change, Rect, StateRef, catalogue};
use awm_kit::Glyph;
use leptos::{html, prelude::*};

#[component]
pub(crate) fn Popovers(stage: Stage) -> impl IntoView {
    view! {
        {move || match stage.popover.get() {
            None => None,
            Some(Popover::Targets(from)) => Some(view! { <Targets stage from /> }.into_any()),
            Some(Popover::Search) => Some(view! { <Search stage /> }.into_any()),
        }}
        {move || stage.renaming.get().map(|state| view! { <Rename stage state /> })}
    }
}

fn back_to_canvas(stage: Stage) {
    stage.popover.set(None);
    if let Some(root) = stage.root.get_untracked() {
        // Without the focus the next key goes nowhere, no worse.
        let _ = root.focus();
    }
}

/// The row of a list of states.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    id: StateRef,
    name: String,
    item: &'static str,
    title: &'static str,
}

fn rows<'a>(nodes: impl Iterator<Item = &'a awm_flow::Node>, query: &str) -> Vec<Row> {
    let query = query.to_lowercase();
    let fits =
        |node: &&awm_flow::Node| query.is_empty() || node.name.to_lowercase().contains(&query);
    let row = |node: &awm_flow::Node| Row {
        id: node.id.clone(),
        name: node.name.clone(),
        item: node.item,
        title: catalogue::item(node.item)
            .unwrap_or_else(catalogue::unknown)
            .title,
    };
    nodes.filter(fits).take(200).map(row).collect()
}

/// A field and a list under it: arrows choose, Enter takes, Escape leaves.
#[component]
fn Picker(
    stage: Stage,
    #[prop(into)] label: String,
    #[prop(into)] found: Signal<Vec<Row>>,
    query: RwSignal<String>,
    take: Callback<StateRef>,
    stays: bool,
) -> impl IntoView {
    let chosen = RwSignal::new(0_usize);
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // A field without the focus can still be clicked.
            let _ = field.focus();
        }
    });
    let pick = move |index: usize| {
        let row = found.with_untracked(|found| found.get(index).map(|row| row.id.clone()));
        if let Some(id) = row {
            if !stays {
                back_to_canvas(stage);
            }
            take.run(id);
        }
    };
    let key = move |ev: web_sys::KeyboardEvent| {
        let count = found.with_untracked(Vec::len).max(1);
        let at = chosen.get_untracked().min(count - 1);
        match ev.key().as_str() {
            "ArrowDown" => chosen.set((at + 1) % count),
            "ArrowUp" => chosen.set((at + count - 1) % count),
            "Enter" if stays => {
                pick(at);
                chosen.set((at + if ev.shift_key() { count - 1 } else { 1 }) % count);
            }
            "Enter" => pick(at),
            "Escape" => back_to_canvas(stage),
            _ => return,
        }
        ev.prevent_default();
        ev.stop_propagation();
    };
    view! {
        <div
            class="absolute top-3 right-3 z-30 flex max-h-80 w-72 flex-col overflow-hidden rounded-card bg-surface shadow-soft animate-appear"
            data-still
            data-testid="canvas-picker"
        >
            <input
                node_ref=field
                class="h-9 w-full border-b border-line bg-transparent px-3 text-sm outline-none"
                placeholder=label.clone()
                aria-label=label.clone()
                role="combobox"
                aria-expanded="true"
                aria-controls="canvas-picker-list"
                prop:value=move || query.get()
                on:input=move |ev| {
                    query.set(event_target_value(&ev));
                    chosen.set(0);
                }
                on:keydown=key
            />
            <ul id="canvas-picker-list" role="listbox" aria-label=label class="min-h-0 flex-1 overflow-y-auto p-1">
                {move || {
                    found
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, row)| {
                            view! {
                                <li
                                    role="option"
                                    class="flex h-8 items-center gap-2 rounded-control px-2 text-sm aria-selected:bg-fill"
                                    aria-selected=move || if chosen.get() == index { "true" } else { "false" }
                                    on:pointerenter=move |_| chosen.set(index)
                                    on:click=move |_| pick(index)
                                >
                                    <Glyph icon=look::icon(row.item) size=14 class="text-ink-muted" />
                                    <span class="min-w-0 flex-1 truncate">{row.name.clone()}</span>
                                    <span class="text-xs text-ink-faint">{row.title}</span>
                                </li>
                            }
                        })
                        .collect_view()
                }}
                <Show when=move || found.with(Vec::is_empty)>
                    <li class="px-2 py-2 text-xs text-ink-muted">"No state is called so."</li>
                </Show>
            </ul>
        </div>
    }
}

#[component]
fn Targets(stage: Stage, from: StateRef) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let scene = stage.scene_now();
    let outlet = scene
        .graph
        .node_index(&from)
        .and_then(|node| gesture::way_out(&scene, node));
    let label = match (&outlet, scene.graph.node(&from)) {
        (Some(_), Some(node)) => format!("Connect {} to", node.name),
        _ => "This state ends the run; it leads nowhere".to_owned(),
    };
    let of = outlet.clone();
    let found = Signal::derive(move || {
        let Some(outlet) = &of else { return Vec::new() };
        stage
            .scene
            .with(|scene| query.with(|query| rows(scene.graph.targets(outlet).into_iter(), query)))
    });
    let take = move |to: StateRef| {
        if let Some(from) = outlet.clone() {
            stage.apply(Change::Connect { from, to });
        }
    };
    view! { <Picker stage label found query take=Callback::new(take) stays=false /> }
}

#[component]
fn Search(stage: Stage) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let found = Signal::derive(move || {
        stage.scene.with(|scene| {
            let in_order = scene
                .graph
                .order
                .iter()
                .filter_map(|index| scene.graph.nodes.get(*index));
            query.with(|query| rows(in_order, query))
        })
    });
    let take = move |state: StateRef| {
        stage.select(vec![state.clone()]);
        actions::bring_soon(stage, state);
    };
    view! { <Picker stage label=words::SEARCH found query take=Callback::new(take) stays=true /> }
}

/// The name of a node, in place.
#[component]
fn Rename(stage: Stage, state: StateRef) -> impl IntoView {
    let scene = stage.scene_now();
    let index = scene.graph.node_index(&state);
    let rect = index
        .and_then(|index| scene.placement.rect(index))
        .unwrap_or_default();
    let name = scene
        .graph
        .node(&state)
        .map(|node| node.name.clone())
        .unwrap_or_default();
    let view = stage.view();
    let at = view.to_screen(rect.corner());
    let place = Rect {
        x: at.x,
        y: at.y,
        width: (rect.width * view.zoom).max(180.0),
        height: 36.0,
    };
    let field = NodeRef::<html::Input>::new();
    let ended = StoredValue::new(false);
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // A field without the focus can still be clicked.
            let _ = field.focus();
            field.select();
        }
    });
    let old = name.clone();
    let done = move |keep: bool| {
        if ended.get_value() {
            return;
        }
        ended.set_value(true);
        let name = field
            .get_untracked()
            .map(|field| field.value().trim().to_owned())
            .unwrap_or_default();
        stage.renaming.set(None);
        if keep && name != old && !name.is_empty() {
            stage.apply(Change::RenameState {
                state: state.clone(),
                name,
            });
        }
        if let Some(root) = stage.root.get_untracked() {
            // Without the focus the next key goes nowhere, no worse.
            let _ = root.focus();
        }
    };
    let (on_blur, on_key) = (done.clone(), done);
    view! {
        <input
            node_ref=field
            class="absolute z-30 rounded-control border border-accent bg-surface px-2 text-sm font-medium shadow-soft outline-none"
            style=format!("left:{:.0}px;top:{:.0}px;width:{:.0}px;height:{:.0}px", place.x, place.y, place.width, place.height)
            data-still
            data-testid="node-rename"
            aria-label=format!("New name of {name}")
            maxlength="80"
            prop:value=name.clone()
            on:blur=move |_| on_blur(true)
            on:keydown=move |ev| {
                match ev.key().as_str() {
                    "Enter" => on_key(true),
                    "Escape" => on_key(false),
                    _ => {}
                }
                ev.stop_propagation();
            }
        />
    }
}
