//! The outline: the same workflow as a tree, with the same selection. Keys do here what they do on the canvas.

use crate::{look, overlay::Marks, words};
use awm_flow::{Change, Editor, StateRef, catalogue};
use awm_kit::Glyph;
use leptos::{html, prelude::*};
use std::{collections::HashMap, sync::Arc};
use wasm_bindgen::JsCast;

#[derive(Clone, Debug, PartialEq)]
struct Row {
    id: StateRef,
    name: String,
    item: &'static str,
    depth: usize,
    summary: String,
    ways: String,
    reachable: bool,
}

fn rows(editor: &Editor) -> Vec<Row> {
    let graph = editor.graph();
    let mut ways: HashMap<usize, Vec<String>> = HashMap::new();
    for edge in &graph.edges {
        if let Some(from) = edge.from_node {
            let way = if edge.label.is_empty() {
                edge.target.clone()
            } else {
                format!("{} if {}", edge.target, edge.label)
            };
            ways.entry(from).or_default().push(way);
        }
    }
    let row = |index: &usize| {
        let node = graph.nodes.get(*index)?;
        Some(Row {
            id: node.id.clone(),
            name: node.name.clone(),
            item: node.item,
            depth: graph.frames_around(*index).count(),
            summary: node.summary.clone(),
            ways: ways
                .get(index)
                .map(|ways| ways.join("; "))
                .unwrap_or_default(),
            reachable: node.reachable,
        })
    };
    graph.order.iter().filter_map(row).collect()
}

/// All states as a tree in running order.
#[component]
pub fn Outline(
    /// The document.
    editor: RwSignal<Editor>,
    /// The selected states, shared with the canvas.
    selection: RwSignal<Vec<StateRef>>,
    /// Findings by state.
    #[prop(optional, into)]
    marks: Signal<Arc<HashMap<StateRef, Marks>>>,
    /// Whether nothing can be changed.
    #[prop(optional)]
    read_only: bool,
) -> impl IntoView {
    let rows = Memo::new(move |_| editor.with(rows));
    let tree = NodeRef::<html::Div>::new();
    let focus = move |index: usize| {
        let Some(tree) = tree.get_untracked() else {
            return;
        };
        let rows = tree.query_selector_all("[role=treeitem]").ok();
        let row = rows.and_then(|rows| rows.item(u32::try_from(index).ok()?));
        if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Without the focus the selection is still right.
            let _ = row.focus();
        }
    };
    let change = move |change: Change| {
        if !read_only {
            // A change that can't be made leaves the tree as it is.
            editor.update(|editor| drop(editor.apply(change)));
        }
    };
    let key = move |ev: web_sys::KeyboardEvent| {
        let (now, count) = rows.with_untracked(|rows| {
            let last = selection.with_untracked(|selection| selection.last().cloned());
            let at = last.and_then(|last| rows.iter().position(|row| row.id == last));
            (at, rows.len())
        });
        let Some(last) = count.checked_sub(1) else {
            return;
        };
        let to = match (ev.key().as_str(), now) {
            ("ArrowDown", Some(at)) => (at + 1).min(last),
            ("ArrowUp", Some(at)) => at.saturating_sub(1),
            ("ArrowDown" | "ArrowUp" | "Home", _) => 0,
            ("End", _) => last,
            ("Delete" | "Backspace", Some(at)) => {
                change(Change::RemoveStates(selection.get_untracked()));
                at.min(last.saturating_sub(1))
            }
            _ => return,
        };
        ev.prevent_default();
        let id = rows.with_untracked(|rows| rows.get(to).map(|row| row.id.clone()));
        selection.set(id.into_iter().collect());
        request_animation_frame(move || focus(to));
    };
    view! {
        <div node_ref=tree role="tree" aria-label="Outline of the workflow" class="h-full overflow-y-auto p-1" data-testid="outline" on:keydown=key>
            <For each=move || rows.get() key=|row| (row.id.clone(), row.name.clone(), row.depth, row.summary.clone(), row.ways.clone()) let:row>
                {
                    let (id, marked, chosen) = (row.id.clone(), row.id.clone(), row.id.clone());
                    let selected = Memo::new(move |_| selection.with(|selection| selection.contains(&chosen)));
                    let count = move || marks.with(|marks| marks.get(&marked).map_or(0, |marks| marks.errors + marks.warnings));
                    let item = catalogue::item(row.item).unwrap_or_else(catalogue::unknown);
                    let ways = if row.ways.is_empty() { "ends".to_owned() } else { format!("→ {}", row.ways) };
                    let label = words::node(
                        &row.name,
                        item.title,
                        &row.summary,
                        if row.reachable { "" } else { "never reached" },
                        &ways,
                    );
                    view! {
                        <div
                            role="treeitem"
                            attr:aria-level=(row.depth + 1).to_string()
                            aria-selected=move || if selected.get() { "true" } else { "false" }
                            aria-label=label
                            tabindex=move || if selected.get() { "0" } else { "-1" }
                            class="flex h-8 items-center gap-2 rounded-control px-2 text-sm aria-selected:bg-accent-soft hover:bg-fill [content-visibility:auto]"
                            style=format!("padding-left:{}px", 8 + row.depth * 20)
                            data-testid=format!("outline-{}", row.name)
                            on:click=move |_| selection.set(vec![id.clone()])
                        >
                            <span class=format!("flex size-5 shrink-0 items-center justify-center rounded-badge {}", look::tile(item))>
                                <Glyph icon=look::icon(row.item) size=12 />
                            </span>
                            <span class="shrink-0 truncate font-medium">{row.name.clone()}</span>
                            <span class="min-w-0 flex-1 truncate text-xs text-ink-muted">{row.summary.clone()}</span>
                            <span class="max-w-1/2 truncate text-xs text-ink-faint">{ways}</span>
                            {move || (count() > 0).then(|| view! { <span class="text-2xs text-crit tabular-nums">{words::problems(count())}</span> })}
                        </div>
                    }
                }
            </For>
        </div>
    }
}
