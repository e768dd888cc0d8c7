//! The far view: boxes and straight lines on a 2D canvas, when nodes would be too small to read.

use crate::stage::Stage;
use awm_flow::{EdgeKind, NodeKind};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// A colour of the design by its token, as the page has it now.
pub(crate) fn ink(token: &str) -> String {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style
        .and_then(|style| style.get_property_value(token).ok())
        .map(|ink| ink.trim().to_owned())
        .unwrap_or_default()
}

/// A canvas's context, with the canvas made as large as its place on the screen.
pub(crate) fn context(
    canvas: &HtmlCanvasElement,
    width: f64,
    height: f64,
) -> Option<CanvasRenderingContext2d> {
    let ratio = window().device_pixel_ratio().max(1.0);
    let (wide, high) = ((width * ratio) as u32, (height * ratio) as u32);
    if canvas.width() != wide {
        canvas.set_width(wide);
    }
    if canvas.height() != high {
        canvas.set_height(high);
    }
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()?
        .dyn_into::<CanvasRenderingContext2d>()
        .ok()?;
    context
        .set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0)
        .ok()?;
    Some(context)
}

pub(crate) fn draw(stage: Stage) {
    let Some(canvas) = stage.far_canvas.get_untracked() else {
        return;
    };
    let (width, height) = stage.size();
    let Some(context) = context(&canvas, width, height) else {
        return;
    };
    context.clear_rect(0.0, 0.0, width, height);
    let (view, scene) = (stage.view(), stage.scene_now());
    let area = view.shows(width, height);
    let (zoom, x, y) = (view.zoom, view.x, view.y);

    context.set_line_width(1.0);
    context.set_stroke_style_str(&ink("--control"));
    context.begin_path();
    for key in scene.chunks_within(&area) {
        let edges = scene
            .chunks
            .get(&key)
            .map(|chunk| chunk.edges.as_slice())
            .unwrap_or_default();
        for edge in edges {
            let known = scene
                .graph
                .edges
                .get(*edge)
                .is_some_and(|edge| edge.kind != EdgeKind::Start);
            let Some(path) = scene
                .paths
                .get(*edge)
                .and_then(Option::as_ref)
                .filter(|_| known)
            else {
                continue;
            };
            let mut points = path.points.iter();
            if let Some(first) = points.next() {
                context.move_to(first.x * zoom + x, first.y * zoom + y);
            }
            points.for_each(|point| context.line_to(point.x * zoom + x, point.y * zoom + y));
        }
    }
    context.stroke();

    let (surface, sunken, line) = (ink("--surface"), ink("--sunken"), ink("--line-strong"));
    let (accent, crit, ok) = (ink("--accent"), ink("--crit"), ink("--ok"));
    let selected = stage.selected.get_untracked();
    let overlay = stage.overlay.get_untracked();
    let nodes = scene.nodes_within(&area);
    for index in nodes {
        let (Some(node), Some(rect)) = (scene.graph.nodes.get(index), scene.placement.rect(index))
        else {
            continue;
        };
        let open = node.kind.is_frame() && !scene.placement.is_folded(index);
        let (left, top, wide, high) = (
            rect.x * zoom + x,
            rect.y * zoom + y,
            rect.width * zoom,
            rect.height * zoom,
        );
        let status = overlay.run.get(&node.id).map(|run| run.status);
        let border = match status {
            _ if selected.contains(&node.id) => &accent,
            Some(crate::RunState::Failed) => &crit,
            Some(crate::RunState::Succeeded) => &ok,
            Some(crate::RunState::Running) => &accent,
            _ if node.kind == NodeKind::Fail => &crit,
            _ => &line,
        };
        context.set_fill_style_str(if open { &sunken } else { &surface });
        context.fill_rect(left, top, wide, high);
        context.set_stroke_style_str(border);
        context.set_line_width(if selected.contains(&node.id) {
            2.0
        } else {
            1.0
        });
        context.stroke_rect(left, top, wide, high);
    }
    // Names as long as they can be read.
    if zoom >= 0.16 {
        context.set_fill_style_str(&ink("--ink"));
        context.set_font(&format!(
            "500 {:.1}px Inter Variable, sans-serif",
            (26.0 * zoom).max(6.0)
        ));
        for index in scene.nodes_within(&area).into_iter().take(1_500) {
            let (Some(node), Some(rect)) =
                (scene.graph.nodes.get(index), scene.placement.rect(index))
            else {
                continue;
            };
            let short: String = node.name.chars().take(13).collect();
            // Text that can't be drawn is left out.
            let _ = context.fill_text(
                &short,
                (rect.x + 12.0) * zoom + x,
                (rect.y + 36.0) * zoom + y,
            );
        }
    }
}
