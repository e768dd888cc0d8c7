//! The far view: boxes and straight lines on a 2D canvas, when nodes would be too small to read.

use crate::{
    RunState,
    scene::Scene,
    stage::{Stage, write_style},
};
use awm_flow::{EdgeKind, NodeKind, Rect, View};
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

/// How much wider and higher than the screen the picture is, on each side, as a part of it.
const MARGIN: f64 = 0.25;
/// The picture is stretched between these while the zoom moves; beyond, it is drawn again.
const STRETCH: std::ops::Range<f64> = 0.7..1.45;
/// Below this zoom names can't be read.
const NAMED: f64 = 0.16;

/// Shows the far view: the picture that was drawn is moved and stretched as long as it covers the screen, since moving a
/// layer costs little and drawing thousands of boxes does not.
pub(crate) fn show(stage: Stage) {
    let Some(canvas) = stage.far_canvas.get_untracked() else {
        return;
    };
    let (width, height) = stage.size();
    let (mx, my) = ((width * MARGIN).ceil(), (height * MARGIN).ceil());
    let view = stage.view();
    let drawn = stage.far_drawn.get_value().filter(|drawn| {
        let (x, y, scale) = shift(drawn, &view);
        let covers = |margin: f64, shift: f64, size: f64| {
            shift - margin * scale <= 0.0 && shift + (size + margin) * scale >= size
        };
        STRETCH.contains(&scale) && covers(mx, x, width) && covers(my, y, height)
    });
    let drawn = drawn.unwrap_or_else(|| {
        write_style(&canvas, "left", &format!("{:.0}px", -mx));
        write_style(&canvas, "top", &format!("{:.0}px", -my));
        write_style(&canvas, "width", &format!("{:.0}px", width + 2.0 * mx));
        write_style(&canvas, "height", &format!("{:.0}px", height + 2.0 * my));
        write_style(&canvas, "transform-origin", &format!("{mx:.0}px {my:.0}px"));
        draw(stage, &canvas, &view, (mx, my));
        stage.far_drawn.set_value(Some(view));
        view
    });
    let (x, y, scale) = shift(&drawn, &view);
    if scale != 1.0 {
        // However the zoom came about, the picture is drawn sharp when it has come to rest.
        stage.moving();
    }
    let transform = format!("translate({x:.2}px,{y:.2}px) scale({scale:.4})");
    write_style(&canvas, "transform", &transform);
}

/// Draws a stretched picture anew, sharp, when the view has come to rest.
pub(crate) fn settle(stage: Stage) {
    let stretched = |drawn: View| drawn.zoom != stage.view().zoom;
    if stage.far.get_untracked() && stage.far_drawn.get_value().is_some_and(stretched) {
        stage.far_drawn.set_value(None);
        stage.schedule();
    }
}

/// How a picture drawn for one view has to be moved and stretched to show another: x, y in pixels, and the factor.
fn shift(drawn: &View, view: &View) -> (f64, f64, f64) {
    let scale = view.zoom / drawn.zoom;
    (view.x - drawn.x * scale, view.y - drawn.y * scale, scale)
}

fn draw(stage: Stage, canvas: &HtmlCanvasElement, view: &View, margin: (f64, f64)) {
    let (width, height) = stage.size();
    let (width, height) = (width + 2.0 * margin.0, height + 2.0 * margin.1);
    let Some(context) = context(canvas, width, height) else {
        return;
    };
    context.clear_rect(0.0, 0.0, width, height);
    let view = view.panned(margin.0, margin.1);
    let (scene, area) = (stage.scene_now(), view.shows(width, height));
    edges(&context, &scene, &view, &area);
    let nodes = scene.nodes_within(&area);
    boxes(&context, stage, &scene, &view, &nodes);
    names(&context, &scene, &view, &nodes);
}

/// Straight lines, one stroke for each picture of edges: a stroke of thousands of lines at once is dear.
fn edges(context: &CanvasRenderingContext2d, scene: &Scene, view: &View, area: &Rect) {
    context.set_line_width(1.0);
    context.set_stroke_style_str(&ink("--control"));
    for key in scene.chunks_within(area) {
        let Some(chunk) = scene.chunks.get(&key) else {
            continue;
        };
        context.begin_path();
        for edge in &chunk.edges {
            let drawn = scene
                .graph
                .edges
                .get(*edge)
                .is_some_and(|edge| edge.kind != EdgeKind::Start);
            let Some(path) = scene
                .paths
                .get(*edge)
                .and_then(Option::as_ref)
                .filter(|_| drawn)
            else {
                continue;
            };
            let mut points = path.points.iter().map(|point| view.to_screen(*point));
            if let Some(first) = points.next() {
                context.move_to(first.x, first.y);
            }
            points.for_each(|point| context.line_to(point.x, point.y));
        }
        context.stroke();
    }
}

/// Boxes: a border is a larger box below, which costs less than a stroke.
fn boxes(
    context: &CanvasRenderingContext2d,
    stage: Stage,
    scene: &Scene,
    view: &View,
    nodes: &[usize],
) {
    let inks = [
        "--surface",
        "--sunken",
        "--line-strong",
        "--accent",
        "--crit",
        "--ok",
    ]
    .map(ink);
    let [surface, sunken, line, accent, crit, ok] = &inks;
    let selected = stage.selected.get_untracked();
    let overlay = stage.overlay.get_untracked();
    for index in nodes {
        let (Some(node), Some(rect)) =
            (scene.graph.nodes.get(*index), scene.placement.rect(*index))
        else {
            continue;
        };
        let open = node.kind.is_frame() && !scene.placement.is_folded(*index);
        let chosen = selected.contains(&node.id);
        let border = match overlay.run.get(&node.id).map(|run| run.status) {
            _ if chosen => accent,
            Some(RunState::Failed) => crit,
            Some(RunState::Succeeded) => ok,
            Some(RunState::Running) => accent,
            _ if node.kind == NodeKind::Fail => crit,
            _ => line,
        };
        let at = view.to_screen(rect.corner());
        let (wide, high) = (rect.width * view.zoom, rect.height * view.zoom);
        let thick = if chosen { 2.0 } else { 1.0 };
        context.set_fill_style_str(border);
        context.fill_rect(at.x, at.y, wide, high);
        context.set_fill_style_str(if open { sunken } else { surface });
        context.fill_rect(
            at.x + thick,
            at.y + thick,
            wide - 2.0 * thick,
            high - 2.0 * thick,
        );
    }
}

/// Names, as long as they can be read.
fn names(context: &CanvasRenderingContext2d, scene: &Scene, view: &View, nodes: &[usize]) {
    if view.zoom < NAMED {
        return;
    }
    let size = (26.0 * view.zoom).max(6.0);
    context.set_fill_style_str(&ink("--ink"));
    context.set_font(&format!("500 {size:.1}px Inter Variable, sans-serif"));
    for index in nodes {
        let (Some(node), Some(rect)) =
            (scene.graph.nodes.get(*index), scene.placement.rect(*index))
        else {
            continue;
        };
        let short: String = node.name.chars().take(13).collect();
        let at = view.to_screen(rect.moved(12.0, 36.0).corner());
        // Text that can't be drawn is left out.
        let _ = context.fill_text(&short, at.x, at.y);
    }
}
