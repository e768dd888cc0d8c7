//! Nodes and frames.

use crate::{
    gesture::port_name,
    look,
    overlay::{Marks, RunState},
    scene::Scene,
    stage::Stage,
    words,
};
use awm_flow::{
    NodeKind, Point, Port, Rect, StateRef,
    catalogue::{self, Item},
    layout::handle_at,
};
use awm_kit::{Glyph, Icon};
use leptos::prelude::*;

/// What a node's element shows of the scene; it is drawn again only when this changes.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    name: String,
    item: &'static Item,
    kind: NodeKind,
    summary: String,
    rect: Rect,
    open: bool,
    ends: bool,
    reachable: bool,
    inside: usize,
    columns: Vec<Rect>,
    handles: Vec<(Port, String, Point, bool)>,
}

fn shown(scene: &Scene, id: &str) -> Option<Shown> {
    let index = scene.graph.node_index(id)?;
    let (node, rect) = (scene.graph.nodes.get(index)?, scene.placement.rect(index)?);
    let open = node.kind.is_frame() && !scene.placement.is_folded(index);
    let columns = if open {
        let columns = node
            .inner
            .iter()
            .filter_map(|scope| scene.placement.column(*scope));
        columns
            .map(|column| column.moved(-rect.x, -rect.y))
            .collect()
    } else {
        Vec::new()
    };
    let handles = node
        .handles
        .iter()
        .filter(|handle| handle.port != Port::In)
        .map(|handle| {
            let at = handle_at(node, &rect, handle.port);
            (
                handle.port,
                handle.label.clone(),
                Point {
                    x: at.x - rect.x,
                    y: at.y - rect.y,
                },
                handle.wired,
            )
        });
    Some(Shown {
        name: node.name.clone(),
        item: catalogue::item(node.item).unwrap_or_else(catalogue::unknown),
        kind: node.kind,
        summary: node.summary.clone(),
        rect,
        open,
        ends: node.ends,
        reachable: node.reachable,
        inside: node.inside,
        columns,
        handles: handles.collect(),
    })
}

/// All mounted nodes, in running order: Tab follows it.
#[component]
pub(crate) fn Nodes(stage: Stage) -> impl IntoView {
    view! {
        <For each=move || stage.nodes.get() key=Clone::clone let:id>
            <NodeCard stage id />
        </For>
    }
}

#[component]
fn NodeCard(stage: Stage, id: StateRef) -> impl IntoView {
    let of = id.clone();
    let memo = Memo::new(move |_| stage.scene.with(|scene| shown(scene, &of)));
    let of = id.clone();
    let selected = Memo::new(move |_| stage.selected.with(|selected| selected.contains(&of)));
    let of = id.clone();
    let run = Memo::new(move |_| stage.overlay.with(|overlay| overlay.run.get(&of).copied()));
    let of = id.clone();
    let mocked = Memo::new(move |_| stage.overlay.with(|overlay| overlay.mocked.contains(&of)));
    let of = id.clone();
    let marks = Memo::new(move |_| {
        stage
            .marks
            .with(|marks| marks.get(&of).copied().unwrap_or_default())
    });
    let of = id.clone();
    let lifted = Memo::new(move |_| stage.moved.with(|moved| moved.contains(&of)));
    let place = move || {
        let rect = memo
            .with(|shown| shown.as_ref().map(|shown| shown.rect))
            .unwrap_or_default();
        let mut style = format!(
            "left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px",
            rect.x, rect.y, rect.width, rect.height
        );
        if lifted.get() {
            let shift = stage.preview.with(|preview| preview.shift);
            style.push_str(&format!(
                ";transform:translate({:.1}px,{:.1}px);will-change:transform;z-index:5",
                shift.x, shift.y
            ));
        }
        style
    };
    let class = move || {
        let (open, reachable) = memo.with(|shown| {
            shown
                .as_ref()
                .is_some_and(|s| s.open)
                .then_some(())
                .map_or((false, shown.as_ref().is_some_and(|s| s.reachable)), |()| {
                    (true, true)
                })
        });
        let status = run.get().map(|run| run.status);
        let border = match (selected.get(), status) {
            (true, _) => "ring-2 ring-accent border-accent",
            (_, Some(RunState::Running)) => "border-accent",
            (_, Some(RunState::Succeeded)) => "border-ok",
            (_, Some(RunState::Failed)) => "border-crit",
            (_, Some(RunState::Caught)) => "border-warn",
            _ if reachable => "border-line-strong hover:border-control",
            _ => "border-dashed border-line-strong hover:border-control",
        };
        let body = if open {
            "z-0 bg-sunken/60"
        } else {
            "z-2 bg-surface shadow-small"
        };
        let faded = if status == Some(RunState::Skipped) {
            "opacity-50"
        } else {
            ""
        };
        format!("group absolute rounded-card border {border} {body} {faded}")
    };
    let label = move || {
        memo.with(|shown| {
            let Some(shown) = shown else {
                return String::new();
            };
            let status = run.get().map(|run| run.status.word()).unwrap_or_default();
            let marks = marks.get();
            words::node(
                &shown.name,
                shown.item.title,
                &shown.summary,
                status,
                &words::problems(marks.errors + marks.warnings),
            )
        })
    };
    let testid = {
        let of = id.clone();
        move || {
            memo.with(|shown| {
                format!(
                    "node-{}",
                    shown
                        .as_ref()
                        .map_or(of.as_str(), |shown| shown.name.as_str())
                )
            })
        }
    };
    let focus_id = id.clone();
    let open_id = id.clone();
    view! {
        <div
            class=class
            style=place
            style:contain="layout style size"
            tabindex="0"
            role="group"
            aria-roledescription="node"
            aria-label=label
            aria-describedby="canvas-node-help"
            aria-current=move || selected.get().then_some("true")
            data-node=id.clone()
            data-testid=testid
            data-status=move || run.get().map(|run| run.status.word())
            on:focus=move |ev| crate::keys::focused(stage, &focus_id, &ev)
        >
            {
                move || {
                    let open_id = open_id.clone();
                    memo.get().map(|shown| {
                        let fold = shown.kind.is_frame().then(|| fold_button(&open_id, shown.open).into_any());
                        let head = header(&shown, marks, run, mocked, fold);
                        let columns = shown.columns.iter().enumerate().map(|(index, column)| column_view(index, column, shown.columns.len())).collect_view();
                        let handles = handles(&shown, &open_id, stage.read_only);
                        (head, columns, handles)
                    })
                }
            }
        </div>
    }
}

fn header(
    shown: &Shown,
    marks: Memo<Marks>,
    run: Memo<Option<crate::NodeRun>>,
    mocked: Memo<bool>,
    fold: Option<AnyView>,
) -> impl IntoView + use<> {
    let frame = shown.open;
    let tile = format!(
        "flex shrink-0 items-center justify-center rounded-control {} {}",
        if frame { "size-6" } else { "size-8" },
        look::tile(shown.item),
    );
    let box_class = if frame {
        "flex h-10 items-center gap-2 px-2 border-b border-line"
    } else {
        "flex h-full items-center gap-2.5 px-3"
    };
    let summary = if shown.kind.is_frame() {
        let states = if shown.inside == 1 {
            "1 state".to_owned()
        } else {
            format!("{} states", shown.inside)
        };
        format!("{} · {states}", shown.summary)
    } else {
        shown.summary.clone()
    };
    let summary = if shown.reachable {
        summary
    } else {
        format!("never reached · {summary}")
            .trim_end_matches(" · ")
            .to_owned()
    };
    let texts = if frame {
        view! {
            <div class="flex min-w-0 flex-1 items-baseline gap-2">
                <span class="truncate text-sm font-medium text-ink" title=shown.name.clone()>{shown.name.clone()}</span>
                <span class="truncate text-xs text-ink-muted">{summary}</span>
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="min-w-0 flex-1">
                <div class="truncate text-sm font-medium text-ink" title=shown.name.clone()>{shown.name.clone()}</div>
                <div class="truncate text-xs text-ink-muted" title=summary.clone()>
                    {if summary.is_empty() { shown.item.title.to_owned() } else { summary.clone() }}
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <div class=box_class>
            <span class=tile>
                <Glyph icon=look::icon(shown.item.id) size=if frame { 14 } else { 16 } />
            </span>
            {texts}
            <span class="flex shrink-0 items-center gap-1">
                {move || mocked.get().then(|| view! { <span class="text-ink-faint" title="mocked"><Glyph icon=Icon::Pin size=13 /></span> })}
                {move || mark(marks.get())}
                {move || run.get().and_then(status)}
                {fold}
            </span>
        </div>
    }
}

fn mark(marks: Marks) -> Option<impl IntoView + use<>> {
    let (icon, class, count) = match (marks.errors, marks.warnings) {
        (0, 0) => return None,
        (0, warnings) => (Icon::Warning, "text-warn", warnings),
        (errors, warnings) => (Icon::CrossCircle, "text-crit", errors + warnings),
    };
    Some(view! {
        <span class=format!("flex items-center gap-0.5 text-2xs font-medium tabular-nums {class}") title=words::problems(count) data-testid="node-problems">
            <Glyph icon=icon size=13 />
            {count}
        </span>
    })
}

fn status(run: crate::NodeRun) -> Option<impl IntoView + use<>> {
    let (icon, class) = match run.status {
        RunState::Idle => return None,
        RunState::Running => (Icon::Loader, "text-accent-ink motion-safe:animate-spin"),
        RunState::Succeeded => (Icon::CheckCircle, "text-ok"),
        RunState::Failed => (Icon::CrossCircle, "text-crit"),
        RunState::Caught => (Icon::Warning, "text-warn"),
        RunState::Skipped => (Icon::Skip, "text-ink-faint"),
    };
    let visits = (run.visits > 1).then(|| view! { <span class="text-2xs text-ink-muted tabular-nums">{format!("×{}", run.visits)}</span> });
    Some(view! {
        <span class="flex items-center gap-0.5" title=run.status.word()>
            <Glyph icon=icon class=class size=15 />
            {visits}
        </span>
    })
}

fn fold_button(id: &str, open: bool) -> impl IntoView + use<> {
    view! {
        <span
            class="flex size-6 items-center justify-center rounded-control text-ink-muted hover:bg-fill hover:text-ink"
            data-fold=id.to_owned()
            title=if open { "Fold" } else { "Unfold" }
        >
            <Glyph icon=if open { Icon::ChevronDown } else { Icon::ChevronRight } size=14 />
        </span>
    }
}

/// The lines between columns of a Parallel.
fn column_view(index: usize, column: &Rect, count: usize) -> impl IntoView + use<> {
    (count > 1 && index > 0).then(|| {
        let style = format!("left:{:.1}px", column.x - 12.0);
        view! { <div class="pointer-events-none absolute top-12 bottom-3 border-l border-dashed border-line-strong" style=style></div> }
    })
}

fn handles(shown: &Shown, id: &str, read_only: bool) -> impl IntoView + use<> {
    let name = shown.name.clone();
    let ends = shown.ends;
    let views: Vec<_> = shown
        .handles
        .iter()
        .map(|(port, label, at, wired)| {
            let style = format!("left:{:.1}px;top:{:.1}px", at.x - 12.0, at.y - 12.0);
            let dot = match (port, wired) {
                (Port::Next, false) if ends => "size-2.5 rounded-badge bg-ink-muted",
                (Port::Catch(_), _) => "size-2.5 rounded-full border border-crit bg-surface",
                (_, true) => "size-2 rounded-full bg-control",
                (_, false) => "size-2.5 rounded-full border border-control bg-surface",
            };
            let testid = match port {
                Port::Next => format!("handle-out-{name}"),
                other => format!("handle-{}-{name}", port_name(*other).replace(' ', "-")),
            };
            let title = if label.is_empty() && ends { "End: drag to go on".to_owned() } else { label.clone() };
            let class = if read_only {
                "absolute z-3 flex size-6 items-center justify-center"
            } else {
                "absolute z-3 flex size-6 items-center justify-center cursor-crosshair hover:scale-140"
            };
            view! {
                <span class=class style=style data-port=port_name(*port) data-owner=id.to_owned() data-testid=testid title=title>
                    <span class=dot></span>
                </span>
            }
        })
        .collect();
    // A further way out that a drag makes: one more rule, or a catcher.
    let more = match shown.kind {
        _ if read_only => None,
        NodeKind::Choice => {
            let rules = shown
                .handles
                .iter()
                .filter(|(port, ..)| matches!(port, Port::Choice(_)))
                .count();
            Some((
                Port::Choice(rules),
                "another rule",
                shown.rect.width - 12.0,
                shown.rect.height - 12.0,
            ))
        }
        kind if kind.has_catch()
            && !shown
                .handles
                .iter()
                .any(|(port, ..)| matches!(port, Port::Catch(_))) =>
        {
            Some((
                Port::Catch(0),
                "catch errors",
                shown.rect.width - 12.0,
                16.0,
            ))
        }
        _ => None,
    };
    let more = more.map(|(port, title, left, top)| {
        view! {
            <span
                class="absolute z-3 flex size-6 items-center justify-center cursor-crosshair opacity-0 group-hover:opacity-100 group-focus:opacity-100 hover:scale-140"
                style=format!("left:{left:.1}px;top:{top:.1}px")
                data-port=port_name(port)
                data-owner=id.to_owned()
                title=title
            >
                <span class="flex size-3.5 items-center justify-center rounded-full border border-line-strong bg-surface text-ink-muted">
                    <Glyph icon=Icon::Plus size=10 />
                </span>
            </span>
        }
    });
    (views, more)
}
