//! What all parts of the canvas share: the document, the selection, the view, and what is mounted.

use crate::{
    gesture::Gesture,
    overlay::{Marks, Overlay},
    scene::{ChunkKey, Scene},
};
use awm_flow::{Applied, Change, EdgeRef, Editor, Point, Rect, StateRef, View, geometry::Grid};
use leptos::{html, prelude::*};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Below this zoom everything is drawn on one 2D canvas, and no node is mounted.
const FAR: f64 = 0.3;

/// A box above the canvas that takes the keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Popover {
    /// States that the chosen one can lead to.
    Targets(StateRef),
    /// Finding a state by its name.
    Search,
}

/// The canvas, as its parts know it. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Stage {
    pub(crate) editor: RwSignal<Editor>,
    pub(crate) selection: RwSignal<Vec<StateRef>>,
    pub(crate) chosen_edges: RwSignal<Vec<EdgeRef>>,
    pub(crate) selected: Memo<Arc<HashSet<StateRef>>>,
    pub(crate) overlay: Signal<Arc<Overlay>>,
    pub(crate) marks: Signal<Arc<HashMap<StateRef, Marks>>>,
    pub(crate) read_only: bool,
    pub(crate) on_change: StoredValue<Option<Callback<Applied>>>,
    pub(crate) on_error: StoredValue<Option<Callback<String>>>,
    pub(crate) scene: Memo<Arc<Scene>>,
    pub(crate) nodes: RwSignal<Vec<StateRef>>,
    pub(crate) chunks: RwSignal<Vec<ChunkKey>>,
    pub(crate) far: RwSignal<bool>,
    /// Told when the colours of the page change: what is drawn on 2D canvases does not follow by itself.
    pub(crate) look: Trigger,
    pub(crate) percent: RwSignal<u32>,
    pub(crate) said: RwSignal<String>,
    pub(crate) popover: RwSignal<Option<Popover>>,
    /// Where the menu is open, in the window.
    pub(crate) menu_at: RwSignal<Option<(f64, f64)>>,
    /// Nodes that are dragged right now, and what is inside them.
    pub(crate) moved: RwSignal<HashSet<StateRef>>,
    pub(crate) renaming: RwSignal<Option<StateRef>>,
    pub(crate) preview: RwSignal<crate::preview::Preview>,
    /// Edges that the preview draws in place of the pictures, while nodes are dragged.
    pub(crate) lifted: RwSignal<HashSet<usize>>,
    pub(crate) gesture: StoredValue<Gesture>,
    pub(crate) copied: StoredValue<String>,
    pub(crate) root: NodeRef<html::Div>,
    pub(crate) layer: NodeRef<html::Div>,
    pub(crate) dots: NodeRef<html::Div>,
    pub(crate) far_canvas: NodeRef<html::Canvas>,
    pub(crate) shown_in_map: NodeRef<html::Div>,
    view: StoredValue<View>,
    size: StoredValue<(f64, f64)>,
    /// The view that the far picture was drawn for; none when it is out of date.
    pub(crate) far_drawn: StoredValue<Option<View>>,
    cells: StoredValue<Option<(i32, i32, i32, i32)>>,
    scheduled: StoredValue<bool>,
    settling: StoredValue<u32>,
}

impl Stage {
    pub(crate) fn new(
        editor: RwSignal<Editor>,
        selection: RwSignal<Vec<StateRef>>,
        overlay: Signal<Arc<Overlay>>,
        marks: Signal<Arc<HashMap<StateRef, Marks>>>,
        read_only: bool,
    ) -> Self {
        Self {
            editor,
            selection,
            chosen_edges: RwSignal::new(Vec::new()),
            selected: Memo::new(move |_| Arc::new(selection.get().into_iter().collect())),
            overlay,
            marks,
            read_only,
            on_change: StoredValue::new(None),
            on_error: StoredValue::new(None),
            scene: Memo::new(move |_| Arc::new(editor.with(Scene::of))),
            nodes: RwSignal::new(Vec::new()),
            chunks: RwSignal::new(Vec::new()),
            far: RwSignal::new(false),
            look: Trigger::new(),
            percent: RwSignal::new(100),
            said: RwSignal::new(String::new()),
            popover: RwSignal::new(None),
            menu_at: RwSignal::new(None),
            moved: RwSignal::new(HashSet::new()),
            renaming: RwSignal::new(None),
            preview: RwSignal::new(crate::preview::Preview::default()),
            lifted: RwSignal::new(HashSet::new()),
            gesture: StoredValue::new(Gesture::default()),
            copied: StoredValue::new(String::new()),
            root: NodeRef::new(),
            layer: NodeRef::new(),
            dots: NodeRef::new(),
            far_canvas: NodeRef::new(),
            shown_in_map: NodeRef::new(),
            view: StoredValue::new(View {
                x: 40.0,
                y: 40.0,
                zoom: 1.0,
            }),
            size: StoredValue::new((0.0, 0.0)),
            far_drawn: StoredValue::new(None),
            cells: StoredValue::new(None),
            scheduled: StoredValue::new(false),
            settling: StoredValue::new(0),
        }
    }

    /// Makes a change, selects what it says, and tells.
    pub(crate) fn apply(self, change: Change) -> Option<Applied> {
        if self.read_only {
            return None;
        }
        let mut outcome = None;
        self.editor
            .update(|editor| outcome = Some(editor.apply(change)));
        match outcome? {
            Ok(applied) => {
                if !applied.select.is_empty() {
                    self.selection.set(applied.select.clone());
                    self.chosen_edges.set(Vec::new());
                }
                self.drop_gone();
                self.said.set(applied.said.clone());
                if let Some(tell) = self.on_change.get_value() {
                    tell.run(applied.clone());
                }
                Some(applied)
            }
            Err(error) => {
                self.said.set(error.to_string());
                if let Some(tell) = self.on_error.get_value() {
                    tell.run(error.to_string());
                }
                None
            }
        }
    }

    /// Takes a change back, or makes it again.
    pub(crate) fn turn(self, back: bool) {
        if self.read_only {
            return;
        }
        let mut said = None;
        self.editor
            .update(|editor| said = if back { editor.undo() } else { editor.redo() });
        self.drop_gone();
        if let Some(said) = said {
            self.said.set(if back {
                format!("Undone: {said}")
            } else {
                format!("Done again: {said}")
            });
            if let Some(tell) = self.on_change.get_value() {
                tell.run(Applied {
                    revision: self.editor.with_untracked(Editor::revision),
                    said,
                    ..Applied::default()
                });
            }
        }
    }

    fn drop_gone(self) {
        let scene = self.scene_now();
        let gone = |state: &StateRef| scene.graph.node(state).is_none();
        if self
            .selection
            .with_untracked(|selection| selection.iter().any(gone))
        {
            self.selection
                .update(|selection| selection.retain(|state| !gone(state)));
        }
        let gone = |edge: &EdgeRef| scene.graph.edge(edge).is_none();
        if self
            .chosen_edges
            .with_untracked(|edges| edges.iter().any(gone))
        {
            self.chosen_edges
                .update(|edges| edges.retain(|edge| !gone(edge)));
        }
    }

    /// The scene, without listening to it.
    pub(crate) fn scene_now(self) -> Arc<Scene> {
        self.scene.get_untracked()
    }

    /// The selection, without listening to it.
    pub(crate) fn selection_now(self) -> Vec<StateRef> {
        self.selection.get_untracked()
    }

    pub(crate) fn select(self, states: Vec<StateRef>) {
        if !self.chosen_edges.with_untracked(Vec::is_empty) {
            self.chosen_edges.set(Vec::new());
        }
        if self.selection.with_untracked(|now| *now != states) {
            self.selection.set(states);
        }
    }

    pub(crate) fn choose_edge(self, edge: EdgeRef) {
        self.select(Vec::new());
        self.chosen_edges.set(vec![edge]);
    }

    pub(crate) fn view(self) -> View {
        self.view.get_value()
    }

    /// Width and height of the canvas on the screen.
    pub(crate) fn size(self) -> (f64, f64) {
        self.size.get_value()
    }

    /// Shows another part; drawn with the next frame.
    pub(crate) fn set_view(self, view: View) {
        self.view.set_value(view);
        self.schedule();
    }

    /// A place of the window, in pixels of the canvas.
    pub(crate) fn to_canvas(self, x: f64, y: f64) -> Point {
        let rect = self
            .root
            .get_untracked()
            .map(|root| root.get_bounding_client_rect());
        rect.map_or(Point { x, y }, |rect| Point {
            x: x - rect.left(),
            y: y - rect.top(),
        })
    }

    /// Brings a state onto the screen.
    pub(crate) fn bring(self, state: &str) {
        let scene = self.scene_now();
        let rect = scene
            .graph
            .node_index(state)
            .and_then(|index| scene.placement.rect(index));
        if let Some(rect) = rect {
            let (width, height) = self.size();
            let view = self.view();
            let near = View {
                zoom: view.zoom.max(0.5),
                ..view
            };
            self.set_view(near.bringing(&rect, width, height, 40.0));
        }
    }

    /// Shows everything.
    pub(crate) fn fit(self) {
        let (width, height) = self.size();
        if width > 0.0 {
            self.set_view(View::fitting(
                &self.scene_now().bounds,
                width,
                height,
                48.0,
                1.0,
            ));
        }
    }

    /// Zooms by a factor around a place of the canvas, or around its middle.
    pub(crate) fn zoom(self, factor: f64, at: Option<Point>) {
        let (width, height) = self.size();
        let at = at.unwrap_or(Point {
            x: width / 2.0,
            y: height / 2.0,
        });
        self.set_view(self.view().zoomed(factor, at));
    }

    /// The canvas has another size.
    pub(crate) fn resized(self, width: f64, height: f64) {
        let first = self.size().0 <= 0.0;
        self.size.set_value((width, height));
        self.far_drawn.set_value(None);
        self.cells.set_value(None);
        if first { self.fit() } else { self.schedule() }
    }

    /// Draws with the next frame, however often it is asked for.
    pub(crate) fn schedule(self) {
        if self.scheduled.try_get_value() == Some(false) {
            self.scheduled.set_value(true);
            request_animation_frame(move || {
                if self.scheduled.try_get_value().is_some() {
                    self.scheduled.set_value(false);
                    self.frame();
                }
            });
        }
    }

    /// The scene changed: look again at what is to be mounted.
    pub(crate) fn redraw(self) {
        self.far_drawn.set_value(None);
        self.cells.set_value(None);
        self.schedule();
    }

    fn frame(self) {
        crate::gesture::step(self);
        let view = self.view();
        let far = view.zoom < FAR;
        if self.far.get_untracked() != far {
            self.far.set(far);
            self.cells.set_value(None);
        }
        let percent = (view.zoom * 100.0).round() as u32;
        if self.percent.get_untracked() != percent {
            self.percent.set(percent);
        }
        self.write_transforms(&view);
        self.mount(&view, far);
        if far {
            crate::far::show(self);
        }
        crate::minimap::show(self);
    }

    fn write_transforms(self, view: &View) {
        if let Some(layer) = self.layer.get_untracked() {
            let transform = format!(
                "translate({:.2}px,{:.2}px) scale({:.4})",
                view.x, view.y, view.zoom
            );
            write_style(&layer, "transform", &transform);
        }
        if let Some(dots) = self.dots.get_untracked() {
            let tile = 16.0 * view.zoom * if view.zoom < 0.6 { 4.0 } else { 1.0 };
            let transform = format!(
                "translate({:.2}px,{:.2}px)",
                view.x.rem_euclid(tile),
                view.y.rem_euclid(tile)
            );
            write_style(&dots, "transform", &transform);
            write_style(
                &dots,
                "background-size",
                &format!("{tile:.2}px {tile:.2}px"),
            );
        }
    }

    /// Composited while it moves, plain when it is still: a large layer is cheap to move and dear to change.
    pub(crate) fn moving(self) {
        let Some(layer) = self.layer.get_untracked() else {
            return;
        };
        let turn = self.settling.get_value().wrapping_add(1);
        self.settling.set_value(turn);
        write_style(&layer, "will-change", "transform");
        let settle = move || {
            if self.settling.try_get_value() == Some(turn)
                && let Some(layer) = self.layer.get_untracked()
            {
                write_style(&layer, "will-change", "auto");
                crate::far::settle(self);
            }
        };
        set_timeout(settle, std::time::Duration::from_millis(180));
    }

    /// Mounts what the view may soon show; only when it crosses a cell.
    fn mount(self, view: &View, far: bool) {
        let (width, height) = self.size();
        if width <= 0.0 {
            return;
        }
        let shown = view.shows(width, height);
        let cells = Grid::cells_of(&shown);
        if self.cells.get_value() == Some(cells) {
            return;
        }
        self.cells.set_value(Some(cells));
        let scene = self.scene_now();
        if far {
            self.nodes.set(Vec::new());
            self.chunks.set(Vec::new());
            return;
        }
        // Half a screen more on each side, less when so much is shown already; a cell at least.
        let more = if view.zoom >= 0.6 {
            (shown.width.max(shown.height) / 2.0).max(512.0)
        } else {
            512.0
        };
        let area = shown.grown(more);
        let mut nodes = scene.nodes_within(&area);
        let kept = self.kept_mounted();
        let extra = kept.iter().filter_map(|id| scene.graph.node_index(id));
        let extra: Vec<usize> = extra
            .filter(|index| scene.placement.rect(*index).is_some())
            .collect();
        for index in extra {
            if !nodes.contains(&index) {
                nodes.push(index);
            }
        }
        nodes.sort_by_key(|node| scene.ranks.get(*node).copied());
        let ids: Vec<StateRef> = nodes
            .iter()
            .filter_map(|index| scene.graph.nodes.get(*index))
            .map(|node| node.id.clone())
            .collect();
        if self.nodes.with_untracked(|now| *now != ids) {
            self.nodes.set(ids);
        }
        let chunks = scene.chunks_within(&area);
        if self.chunks.with_untracked(|now| *now != chunks) {
            self.chunks.set(chunks);
        }
    }

    /// Nodes that stay mounted wherever the view is: renamed, dragged, focused, a few selected.
    fn kept_mounted(self) -> Vec<StateRef> {
        let mut kept: Vec<StateRef> = self.renaming.get_untracked().into_iter().collect();
        self.selection
            .with_untracked(|selection| kept.extend(selection.iter().take(50).cloned()));
        let focused = document()
            .active_element()
            .and_then(|element| element.closest("[data-node]").ok().flatten());
        kept.extend(focused.and_then(|element| element.get_attribute("data-node")));
        kept
    }

    /// What a rectangle of the canvas shows of the flow.
    pub(crate) fn flow_rect(self, a: Point, b: Point) -> Rect {
        let view = self.view();
        Rect::between(view.to_flow(a), view.to_flow(b))
    }
}

/// Writes a style past the reactive system, which would ask too much for each frame.
pub(crate) fn write_style(element: &web_sys::HtmlElement, name: &str, value: &str) {
    // A style that can't be written leaves the last picture, which is the best there is.
    let _ = web_sys::HtmlElement::style(element).set_property(name, value);
}
