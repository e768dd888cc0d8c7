//! A table that draws only the rows in sight.

use crate::{Glyph, Icon, place};
use leptos::{ev, html, prelude::*};
use std::sync::Arc;
use wasm_bindgen::{JsCast, closure::Closure};

/// Which side a column keeps to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// An order by one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The column's id.
    pub by: &'static str,
    /// Largest first.
    pub descending: bool,
}

type Cell<T> = Arc<dyn Fn(&T) -> AnyView + Send + Sync>;

/// A column: its words, its width, and how a row fills it.
#[derive(Clone)]
pub struct Column<T> {
    id: &'static str,
    title: &'static str,
    width: &'static str,
    align: Align,
    sortable: bool,
    cell: Cell<T>,
}

impl<T> Column<T> {
    /// A column. `width` is a CSS grid track such as `minmax(200px,1fr)` or `96px`.
    pub fn new(
        id: &'static str,
        title: &'static str,
        width: &'static str,
        cell: impl Fn(&T) -> AnyView + Send + Sync + 'static,
    ) -> Self {
        Self {
            id,
            title,
            width,
            align: Align::Left,
            sortable: false,
            cell: Arc::new(cell),
        }
    }

    /// Kept to the right, for numbers.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    /// Its head orders the table.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    fn cell_class(&self) -> &'static str {
        match self.align {
            Align::Left => "flex min-w-0 items-center overflow-hidden px-3",
            Align::Right => {
                "flex min-w-0 items-center justify-end overflow-hidden px-3 text-right tabular-nums"
            }
        }
    }
}

const SPARE: usize = 4;

/// The table. It fills its parent, which must have a height. Arrows move the row, Enter opens it.
#[component]
pub fn Table<T>(
    /// The rows, in order.
    #[prop(into)]
    rows: Signal<Vec<T>>,
    /// The columns.
    columns: Vec<Column<T>>,
    /// A row's name, by which the current row is kept over changes.
    key: fn(&T) -> String,
    /// What the table holds.
    #[prop(into)]
    label: String,
    /// The present order.
    #[prop(optional, into)]
    order: Signal<Option<Order>>,
    /// Told the order that a head asks for.
    #[prop(optional, into)]
    on_order: Option<Callback<Order>>,
    /// Opens a row: a click on it, or Enter.
    #[prop(optional, into)]
    on_open: Option<Callback<T>>,
    /// Told when the last rows come into sight, to fetch more.
    #[prop(optional, into)]
    on_end: Option<Callback<()>>,
    /// Told which rows are in sight: the first, and one past the last.
    #[prop(optional, into)]
    on_range: Option<Callback<(usize, usize)>>,
    /// The hook for tests, on every row.
    #[prop(default = "row")]
    row_testid: &'static str,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let node = NodeRef::<html::Div>::new();
    let top = RwSignal::new(0.0);
    let height = RwSignal::new(600.0);
    let row_height = RwSignal::new(40.0);
    let active = RwSignal::new(None::<String>);
    let tracks: String = columns
        .iter()
        .map(|column| column.width)
        .collect::<Vec<_>>()
        .join(" ");
    let tracks = StoredValue::new(format!("grid-template-columns:{tracks}"));
    let columns = StoredValue::new(Arc::new(columns));

    watch_size(node, height, row_height);

    let first = Memo::new(move |_| ((top.get() / row_height.get()) as usize).saturating_sub(SPARE));
    let slots =
        Memo::new(move |_| (height.get() / row_height.get()).ceil() as usize + 2 * SPARE + 1);
    let total = Memo::new(move |_| rows.with(Vec::len));
    Effect::new(move |_| {
        if let Some(tell) =
            on_end.filter(|_| total.get() > 0 && first.get() + slots.get() >= total.get())
        {
            untrack(|| tell.run(()));
        }
    });

    Effect::new(move |_| {
        let end = (first.get() + slots.get()).min(total.get());
        if let Some(tell) = on_range.filter(|_| end > first.get()) {
            let range = (first.get(), end);
            untrack(|| tell.run(range));
        }
    });

    let name = StoredValue::new(label.clone());
    let restored = StoredValue::new(false);
    Effect::new(move |_| {
        if let (Some(el), true, false) = (node.get(), total.get() > 0, restored.get_value()) {
            restored.set_value(true);
            // The rows' full height is in the page only after this turn.
            request_animation_frame(move || {
                if let Some(top) = name.try_with_value(|name| place::kept(name)).flatten() {
                    el.set_scroll_top(top as i32);
                }
            });
        }
    });
    let position = move || {
        let current = active.get_untracked()?;
        rows.with_untracked(|rows| rows.iter().position(|row| key(row) == current))
    };
    let reveal = move |at: usize| {
        let Some(el) = node.get_untracked() else {
            return;
        };
        let (start, size) = (
            at as f64 * row_height.get_untracked(),
            row_height.get_untracked(),
        );
        let (seen, tall) = (f64::from(el.scroll_top()), height.get_untracked());
        if start < seen {
            el.set_scroll_top(start as i32);
        } else if start + size > seen + tall {
            el.set_scroll_top((start + size - tall).ceil() as i32);
        }
    };
    let on_key = move |ev: ev::KeyboardEvent| {
        // Keys of a control inside a row are that control's.
        let own = ev
            .target()
            .zip(ev.current_target())
            .is_some_and(|(target, current)| target == current);
        let last = rows.with_untracked(Vec::len).checked_sub(1);
        let (true, Some(last)) = (own, last) else {
            return;
        };
        let page = (height.get_untracked() / row_height.get_untracked()) as usize;
        let next = match (ev.key().as_str(), position()) {
            ("ArrowDown", at) => at.map_or(0, |at| (at + 1).min(last)),
            ("ArrowUp", at) => at.map_or(last, |at| at.saturating_sub(1)),
            ("PageDown", at) => (at.unwrap_or_default() + page).min(last),
            ("PageUp", at) => at.unwrap_or_default().saturating_sub(page),
            ("Home", _) => 0,
            ("End", _) => last,
            ("Enter", Some(at)) => {
                ev.prevent_default();
                if let Some((open, row)) =
                    on_open.zip(rows.with_untracked(|rows| rows.get(at).cloned()))
                {
                    open.run(row);
                }
                return;
            }
            _ => return,
        };
        ev.prevent_default();
        active.set(rows.with_untracked(|rows| rows.get(next).map(key)));
        reveal(next);
    };

    // A row keeps its slot while it scrolls by, so that one step draws one row and not all.
    let slot_row = move |slot: usize| {
        let (first, slots) = (first.get(), slots.get());
        let at = first + (slot + slots - first % slots) % slots;
        rows.with(|rows| rows.get(at).cloned()).map(|row| (at, row))
    };
    let heads = columns.with_value(|columns| {
        columns
            .iter()
            .map(|column| {
                head(
                    column.id,
                    column.title,
                    column.align,
                    column.sortable,
                    order,
                    on_order,
                )
            })
            .collect_view()
    });
    view! {
        <div class="flex size-full min-h-0 flex-col" role="grid" aria-label=label aria-rowcount=move || total.get() + 1>
            <div class="grid h-8 shrink-0 overflow-hidden border-b border-line [scrollbar-gutter:stable]" style=tracks.get_value() role="row" aria-rowindex="1">
                {heads}
            </div>
            <div
                node_ref=node
                class="relative min-h-0 flex-1 overflow-y-auto overscroll-contain [scrollbar-gutter:stable] focus-visible:-outline-offset-2"
                tabindex="0"
                role="rowgroup"
                aria-activedescendant=move || active.get().map(|key| format!("row-{key}"))
                on:scroll=move |_| {
                    if let Some(el) = node.get_untracked() {
                        top.set(f64::from(el.scroll_top()));
                        name.with_value(|name| place::keep(name, f64::from(el.scroll_top())));
                    }
                }
                on:keydown=on_key
            >
                <div class="relative" style=move || format!("height:{}px", total.get() as f64 * row_height.get())>
                    <For each=move || 0..slots.get() key=|slot| *slot let(slot)>
                        {
                            let item = Memo::new(move |_| slot_row(slot));
                            move || {
                                item.get().map(|(at, row)| {
                                    let id = key(&row);
                                    let (own, opened) = (id.clone(), row.clone());
                                    let clicked = id.clone();
                                    view! {
                                        <div
                                            id=format!("row-{id}")
                                            role="row"
                                            aria-rowindex=at + 2
                                            aria-selected=move || (active.get().as_ref() == Some(&own)).to_string()
                                            data-testid=row_testid
                                            data-key=id
                                            class="group/row absolute inset-x-0 grid h-row border-b border-line hover:bg-sunken aria-selected:bg-accent-soft"
                                            style=move || {
                                                format!("{};transform:translateY({}px)", tracks.get_value(), at as f64 * row_height.get())
                                            }
                                            on:click=move |_| {
                                                active.set(Some(clicked.clone()));
                                                if let Some(open) = on_open {
                                                    open.run(opened.clone());
                                                }
                                            }
                                        >
                                            {columns
                                                .get_value()
                                                .iter()
                                                .map(|column| {
                                                    view! {
                                                        <div role="gridcell" class=column.cell_class()>
                                                            {(column.cell)(&row)}
                                                        </div>
                                                    }
                                                })
                                                .collect_view()}
                                        </div>
                                    }
                                })
                            }
                        }
                    </For>
                </div>
            </div>
        </div>
    }
}

fn head(
    id: &'static str,
    title: &'static str,
    align: Align,
    sortable: bool,
    order: Signal<Option<Order>>,
    on_order: Option<Callback<Order>>,
) -> AnyView {
    let side = if align == Align::Right {
        "justify-end"
    } else {
        ""
    };
    let class = format!("flex min-w-0 items-center px-3 text-xs font-medium text-ink-muted {side}");
    let mine = move || order.get().filter(|order| order.by == id);
    let Some(tell) = on_order.filter(|_| sortable) else {
        return view! { <div role="columnheader" class=class>{title}</div> }.into_any();
    };
    view! {
        <div
            role="columnheader"
            class=class
            aria-sort=move || mine().map_or("none", |order| if order.descending { "descending" } else { "ascending" })
        >
            <button
                type="button"
                class=if align == Align::Right {
                    "group/head -mx-1 inline-flex h-6 flex-row-reverse items-center gap-1 rounded-badge px-1 hover:text-ink"
                } else {
                    "group/head -mx-1 inline-flex h-6 items-center gap-1 rounded-badge px-1 hover:text-ink"
                }
                on:click=move |_| {
                    let descending = order.get_untracked().is_some_and(|order| order.by == id && !order.descending);
                    tell.run(Order { by: id, descending });
                }
            >
                {title}
                <span class=move || if mine().is_some() { "inline-flex" } else { "inline-flex opacity-0 group-hover/head:opacity-50" }>
                    <Glyph
                        icon=Signal::derive(move || if mine().is_some_and(|order| order.descending) { Icon::ArrowDown } else { Icon::ArrowUp })
                        size=12
                    />
                </span>
            </button>
        </div>
    }
    .into_any()
}

/// Keeps the height of the scrolling part and of a row; the latter follows the density, which the frame sets on the root element.
fn watch_size(node: NodeRef<html::Div>, height: RwSignal<f64>, row_height: RwSignal<f64>) {
    let measure = move || {
        let Some(el) = node.try_get_untracked().flatten() else {
            return;
        };
        height.set(f64::from(el.client_height()).max(1.0));
        let density = document()
            .document_element()
            .and_then(|root| root.get_attribute("data-density"));
        row_height.set(if density.as_deref() == Some("compact") {
            32.0
        } else {
            40.0
        });
    };
    let observer = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(el) = node.get() else { return };
        measure();
        let closure = Closure::<dyn FnMut()>::new(measure);
        if let Ok(watcher) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) {
            watcher.observe(&el);
            observer.set_value(Some((watcher, closure)));
        }
    });
    let density = window_event_listener_untyped("awm-look", move |_| measure());
    let density = StoredValue::new(Some(density));
    on_cleanup(move || {
        if let Some(listener) = density.try_update_value(Option::take).flatten() {
            listener.remove();
        }
        if let Some((watcher, _)) = observer.try_update_value(Option::take).flatten() {
            watcher.disconnect();
        }
    });
}
