//! Edges: small pictures, one for each cell, written as text because nothing in them lives on its own.

use crate::{
    overlay::{Overlay, RunState},
    scene::{ChunkKey, Scene},
    stage::Stage,
    words,
};
use awm_flow::{Edge, EdgeKind, EdgeRef, layout::Path};
use leptos::prelude::*;
use std::{collections::HashSet, fmt::Write as _};

/// Longest words on an edge, in characters.
const LONGEST: usize = 34;

#[component]
pub(crate) fn Edges(stage: Stage) -> impl IntoView {
    view! {
        <For each=move || stage.chunks.get() key=|key| *key let:key>
            <Picture stage key_of=key />
        </For>
    }
}

#[component]
fn Picture(stage: Stage, key_of: ChunkKey) -> impl IntoView {
    let bounds = Memo::new(move |_| {
        stage.scene.with(|scene| {
            scene
                .chunks
                .get(&key_of)
                .map(|chunk| chunk.bounds.grown(120.0))
                .unwrap_or_default()
        })
    });
    let inner = Memo::new(move |_| {
        stage.scene.with(|scene| {
            stage.chosen_edges.with(|chosen| {
                stage.lifted.with(|lifted| {
                    stage
                        .overlay
                        .with(|overlay| picture(scene, key_of, chosen, lifted, overlay))
                })
            })
        })
    });
    let style = move || {
        let rect = bounds.get();
        format!(
            "left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px",
            rect.x, rect.y, rect.width, rect.height
        )
    };
    let view_box = move || {
        let rect = bounds.get();
        format!(
            "{:.1} {:.1} {:.1} {:.1}",
            rect.x, rect.y, rect.width, rect.height
        )
    };
    view! {
        <svg class="pointer-events-none absolute z-1 overflow-hidden" style=style viewBox=view_box inner_html=move || inner.get()></svg>
    }
}

fn picture(
    scene: &Scene,
    key: ChunkKey,
    chosen: &[EdgeRef],
    lifted: &HashSet<usize>,
    overlay: &Overlay,
) -> String {
    let mut svg = String::new();
    let Some(chunk) = scene.chunks.get(&key) else {
        return svg;
    };
    for index in chunk.edges.iter().filter(|index| !lifted.contains(index)) {
        if let (Some(edge), Some(Some(path))) =
            (scene.graph.edges.get(*index), scene.paths.get(*index))
        {
            draw(
                &mut svg,
                scene,
                edge,
                path,
                chosen.contains(&edge.id),
                overlay,
            );
        }
    }
    svg
}

fn draw(
    svg: &mut String,
    scene: &Scene,
    edge: &Edge,
    path: &Path,
    chosen: bool,
    overlay: &Overlay,
) {
    let d = path.d();
    let from = edge.from_node.and_then(|node| scene.graph.nodes.get(node));
    let from_name = from.map_or("Start", |node| node.name.as_str());
    let status = |node: Option<usize>| {
        let node = scene.graph.nodes.get(node?)?;
        overlay.run.get(&node.id).map(|run| run.status)
    };
    let entered = |status: Option<RunState>| {
        matches!(
            status,
            Some(RunState::Running | RunState::Succeeded | RunState::Failed | RunState::Caught)
        )
    };
    let fits = match (edge.kind, status(edge.from_node)) {
        (EdgeKind::Catch, Some(RunState::Caught)) | (EdgeKind::Start, _) => true,
        (EdgeKind::Catch, _) | (_, Some(RunState::Caught)) => false,
        (_, status) => entered(status),
    };
    let taken = fits && entered(status(edge.to_node));
    let line = match (chosen, edge.to_node, edge.kind, taken) {
        (true, ..) => "fill-none stroke-accent",
        (_, None, ..) => "fill-none stroke-crit",
        (_, _, _, true) => "fill-none stroke-ok",
        (_, _, EdgeKind::Catch, _) => "fill-none stroke-ink-faint",
        _ => "fill-none stroke-control",
    };
    let tip = match (chosen, edge.to_node, taken) {
        (true, ..) => "fill-accent",
        (_, None, _) => "fill-crit",
        (_, _, true) => "fill-ok",
        _ => "fill-control",
    };
    let dash = match edge.kind {
        EdgeKind::Catch => " stroke-dasharray=\"5 4\"",
        _ => "",
    };
    let width = if chosen { 2.0 } else { 1.5 };
    let end = path.end();
    // Writing to a string can't fail.
    let _ = write!(
        svg,
        "<g data-edge=\"{id}\" data-testid=\"edge-{from}-{to}\" role=\"img\" aria-roledescription=\"edge\" aria-label=\"{label}\">\
         <path d=\"{d}\" class=\"{line}\" stroke-width=\"{width}\"{dash}/>",
        id = escaped(&edge.id),
        from = escaped(from_name),
        to = escaped(&edge.target),
        label = escaped(&words::edge(from_name, &edge.target, &edge.label)),
    );
    if edge.to_node.is_some() {
        let _ = write!(
            svg,
            "<path d=\"M{:.1} {:.1}l-4.5 -8h9z\" class=\"{tip}\"/>",
            end.x, end.y
        );
    } else {
        let (x, y) = (end.x, end.y);
        let _ = write!(
            svg,
            "<path d=\"M{:.1} {:.1}l8 8m0 -8l-8 8\" class=\"{line}\" stroke-width=\"2\"/>",
            x - 4.0,
            y - 4.0
        );
    }
    let _ = write!(
        svg,
        "<path d=\"{d}\" class=\"fill-none stroke-transparent cursor-pointer\" pointer-events=\"stroke\" stroke-width=\"16\"/>"
    );
    let words = if edge.to_node.is_none() {
        format!("no state {}", edge.target)
    } else {
        edge.label.clone()
    };
    if !words.is_empty() {
        let short: String = words.chars().take(LONGEST).collect();
        let more = if words.chars().nth(LONGEST).is_some() {
            "…"
        } else {
            ""
        };
        let ink = match (chosen, edge.to_node, edge.kind) {
            (true, ..) => "fill-accent-ink",
            (_, None, _) => "fill-crit",
            _ => "fill-ink-muted",
        };
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" class=\"{ink} stroke-bg text-2xs font-medium\" \
             stroke-width=\"5\" stroke-linejoin=\"round\" paint-order=\"stroke\"><title>{}</title>{}{more}</text>",
            path.label.x,
            path.label.y + 4.0,
            escaped(&words),
            escaped(&short),
        );
    }
    if chosen {
        let begin = path.begin();
        for (name, at) in [("from", begin), ("to", end)] {
            let _ = write!(
                svg,
                "<circle data-end=\"{name}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"6\" class=\"fill-surface stroke-accent cursor-crosshair\" pointer-events=\"all\" stroke-width=\"2\"/>",
                at.x, at.y
            );
        }
    }
    svg.push_str("</g>");
}

/// Text as it may stand in an attribute or between tags.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// Start markers of all open scopes that are mounted.
#[component]
pub(crate) fn Starts(stage: Stage) -> impl IntoView {
    let starts = Memo::new(move |_| {
        let mounted: HashSet<String> = stage.nodes.get().into_iter().collect();
        stage.scene.with(|scene| {
            let scopes = scene
                .graph
                .scopes
                .iter()
                .enumerate()
                .filter(|(index, scope)| {
                    let owner = scope.owner.and_then(|owner| scene.graph.nodes.get(owner));
                    !stage.far.get()
                        && (*index == 0 || owner.is_some_and(|owner| mounted.contains(&owner.id)))
                });
            let shown = scopes.filter_map(|(index, scope)| {
                Some((scope.pointer.clone(), index, scene.placement.start(index)?))
            });
            shown.collect::<Vec<_>>()
        })
    });
    view! {
        <For each=move || starts.get() key=|(pointer, _, rect)| (pointer.clone(), format!("{rect:?}")) let:start>
            <div
                class="absolute z-2 flex items-center justify-center rounded-full border border-line-strong bg-surface text-2xs font-medium text-ink-muted cursor-crosshair hover:border-accent hover:text-accent-ink"
                style=format!("left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px", start.2.x, start.2.y, start.2.width, start.2.height)
                data-port="start"
                data-owner=start.0.clone()
                data-testid=if start.1 == 0 { "start".to_owned() } else { format!("start-{}", start.1) }
                title="Start: drag to another state"
            >
                "Start"
            </div>
        </For>
    }
}
