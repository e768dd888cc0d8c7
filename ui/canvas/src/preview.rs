//! What is shown only while something is dragged: ways, guides, the box, the target.

use crate::stage::Stage;
use awm_flow::{Point, Rect, View, geometry::Guide};
use leptos::prelude::*;

/// The picture above everything, in flow space under `view`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Preview {
    pub(crate) view: Option<View>,
    /// Ways: the `d`, and whether it is dashed.
    pub(crate) ways: Vec<(String, bool)>,
    pub(crate) guides: Vec<Guide>,
    pub(crate) boxed: Option<Rect>,
    /// Where something would be dropped.
    pub(crate) target: Option<Rect>,
    /// A palette item's title and its place in the window.
    pub(crate) ghost: Option<(&'static str, Point)>,
    /// How far the nodes of `moved` are dragged.
    pub(crate) shift: Point,
}

#[component]
pub(crate) fn PreviewLayer(stage: Stage) -> impl IntoView {
    let preview = stage.preview;
    let transform = move || {
        let view = preview.with(|preview| preview.view).unwrap_or(View {
            x: 0.0,
            y: 0.0,
            zoom: 1.0,
        });
        format!(
            "translate({:.2} {:.2}) scale({:.4})",
            view.x, view.y, view.zoom
        )
    };
    let shape = move |rect: Rect, class: &'static str| {
        view! {
            <rect
                class=class
                x=rect.x
                y=rect.y
                width=rect.width
                height=rect.height
                rx="8"
                stroke-width="1.5"
                vector-effect="non-scaling-stroke"
            />
        }
    };
    view! {
        <Show when=move || preview.with(|preview| preview.view.is_some())>
            <svg class="pointer-events-none absolute inset-0 z-20 size-full" aria-hidden="true">
                <g transform=transform>
                    {move || preview.with(|preview| preview.boxed).map(|rect| shape(rect, "fill-accent/10 stroke-accent"))}
                    {move || preview.with(|preview| preview.target).map(|rect| shape(rect.grown(4.0), "fill-accent/10 stroke-accent"))}
                    {move || {
                        preview
                            .with(|preview| preview.ways.clone())
                            .into_iter()
                            .map(|(d, dashed)| {
                                view! {
                                    <path
                                        class="fill-none stroke-accent"
                                        d=d
                                        stroke-width="2"
                                        stroke-dasharray=dashed.then_some("5 4")
                                    />
                                }
                            })
                            .collect_view()
                    }}
                    {move || {
                        preview
                            .with(|preview| preview.guides.clone())
                            .into_iter()
                            .map(|guide| {
                                let (x1, y1, x2, y2) = if guide.vertical {
                                    (guide.at, guide.from, guide.at, guide.to)
                                } else {
                                    (guide.from, guide.at, guide.to, guide.at)
                                };
                                view! {
                                    <line
                                        class="stroke-crit"
                                        x1=x1
                                        y1=y1
                                        x2=x2
                                        y2=y2
                                        stroke-width="1"
                                        vector-effect="non-scaling-stroke"
                                    />
                                }
                            })
                            .collect_view()
                    }}
                </g>
            </svg>
        </Show>
        {move || {
            preview
                .with(|preview| preview.ghost)
                .map(|(title, at)| {
                    view! {
                        <div
                            class="pointer-events-none fixed z-50 flex h-14 w-50 items-center rounded-card bg-surface px-3 text-sm font-medium opacity-90 shadow-soft"
                            style=format!("left:{:.0}px;top:{:.0}px", at.x - 100.0, at.y - 28.0)
                        >
                            {title}
                        </div>
                    }
                })
        }}
    }
}
