//! The minimap: all nodes as marks, and what the screen shows.

use crate::{
    far,
    stage::{Stage, write_style},
    words,
};
use awm_flow::{Point, geometry::Minimap as Map};
use leptos::{html, prelude::*};

const SIZE: (f64, f64) = (180.0, 120.0);

fn map(stage: Stage) -> Map {
    let view = stage.view();
    Map::of(&stage.scene_now().bounds, &view, stage.size(), SIZE)
}

/// Moves the frame of what is shown.
pub(crate) fn show(stage: Stage) {
    let Some(shown) = stage.shown_in_map.get_untracked() else {
        return;
    };
    let rect = map(stage).shown;
    let transform = format!("translate({:.1}px,{:.1}px)", rect.x, rect.y);
    write_style(&shown, "transform", &transform);
    write_style(&shown, "width", &format!("{:.1}px", rect.width));
    write_style(&shown, "height", &format!("{:.1}px", rect.height));
}

#[component]
pub(crate) fn Minimap(stage: Stage) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let scene = stage.scene.get();
        let selected = stage.selected.get();
        stage.look.track();
        let Some(canvas) = canvas.get() else { return };
        let Some(context) = far::context(&canvas, SIZE.0, SIZE.1) else {
            return;
        };
        context.clear_rect(0.0, 0.0, SIZE.0, SIZE.1);
        let view = map(stage).view;
        let (plain, chosen, frame) = (
            far::ink("--line-strong"),
            far::ink("--accent"),
            far::ink("--fill-hover"),
        );
        for (index, node) in scene.graph.nodes.iter().enumerate() {
            let Some(rect) = scene.placement.rect(index) else {
                continue;
            };
            let open = node.kind.is_frame() && !scene.placement.is_folded(index);
            let at = view.to_screen(rect.corner());
            context.set_fill_style_str(match (selected.contains(&node.id), open) {
                (true, _) => &chosen,
                (_, true) => &frame,
                _ => &plain,
            });
            context.fill_rect(
                at.x,
                at.y,
                (rect.width * view.zoom).max(1.5),
                (rect.height * view.zoom).max(1.5),
            );
        }
        stage.schedule();
    });
    let held = RwSignal::new(false);
    let go = move |ev: &web_sys::PointerEvent| {
        let at = Point {
            x: f64::from(ev.offset_x()),
            y: f64::from(ev.offset_y()),
        };
        stage.moving();
        stage.set_view(map(stage).centred(at, &stage.view(), stage.size()));
    };
    view! {
        <div
            class="absolute right-3 bottom-3 z-10 h-30 w-45 overflow-hidden rounded-card border border-line bg-surface/90 shadow-small"
            data-still
            data-testid="minimap"
            role="img"
            aria-label=words::MINIMAP
            on:pointerdown=move |ev| {
                held.set(true);
                ev.stop_propagation();
                go(&ev);
            }
            on:pointermove=move |ev| {
                if held.get_untracked() && ev.buttons() > 0 {
                    go(&ev);
                }
            }
            on:pointerup=move |_| held.set(false)
            on:pointerleave=move |_| held.set(false)
        >
            <canvas node_ref=canvas class="pointer-events-none absolute inset-0 h-30 w-45"></canvas>
            <div node_ref=stage.shown_in_map class="pointer-events-none absolute top-0 left-0 rounded-badge border border-accent bg-accent/10"></div>
        </div>
    }
}
