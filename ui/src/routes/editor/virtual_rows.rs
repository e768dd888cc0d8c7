//! A list of rows of one height, of which only those on the screen are in the page.

use super::model::code_lines::window;
use leptos::{html, prelude::*};

/// The list. `draw` gives the row with a number; it is asked again when `version` changes.
#[component]
pub fn VirtualRows(
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    /// The height of a row in pixels.
    height: f64,
    /// Changes when rows that are drawn already have to be drawn anew.
    #[prop(into)]
    version: Signal<u64>,
    /// A row that should be in view.
    #[prop(optional, into)]
    show: Signal<Option<usize>>,
    /// Draws a row.
    draw: Callback<usize, AnyView>,
    /// What the list is.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let scroll = RwSignal::new(0.0);
    let tall = RwSignal::new(600.0);
    let measure = move || {
        if let Some(list) = node.get_untracked() {
            scroll.set(f64::from(list.scroll_top()));
            tall.set(f64::from(list.client_height()));
        }
    };
    Effect::new(move |_| {
        if node.get().is_some() {
            request_animation_frame(measure);
        }
    });
    Effect::new(move |_| {
        let (Some(row), Some(list)) = (show.get(), node.get()) else {
            return;
        };
        let (top, tall) = (row as f64 * height, f64::from(list.client_height()));
        let at = f64::from(list.scroll_top());
        if top < at || top + height > at + tall {
            list.set_scroll_top((top - tall / 2.0).max(0.0) as i32);
        }
    });
    let shown =
        Memo::new(move |_| window(scroll.get(), tall.get().max(200.0), height, count.get()));
    view! {
        <div
            node_ref=node
            class="relative h-full min-h-0 overflow-auto"
            role="list"
            aria-label=label
            tabindex="0"
            on:scroll=move |_| measure()
            on:pointerenter=move |_| measure()
        >
            <div class="relative min-w-full" style=move || format!("height:{}px", count.get() as f64 * height)>
                {move || {
                    version.get();
                    shown
                        .get()
                        .map(|n| {
                            view! {
                                <div role="listitem" class="absolute inset-x-0" style=format!("top:{}px;height:{height}px", n as f64 * height)>
                                    {draw.run(n)}
                                </div>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </div>
    }
}
