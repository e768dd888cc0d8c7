//! Menus: from a button, or at a place (a context menu).

use crate::{Glyph, Icon, Kbd};
use leptos::{ev, html, portal::Portal, prelude::*};
use wasm_bindgen::JsCast;

/// One line of a menu.
#[derive(Clone, Debug)]
pub enum MenuEntry {
    /// Something to do.
    Item(MenuItem),
    /// A line between groups.
    Divider,
    /// Words above a group.
    Heading(String),
}

/// Something to do from a menu.
#[derive(Clone, Debug)]
pub struct MenuItem {
    label: String,
    icon: Option<Icon>,
    shortcut: &'static str,
    danger: bool,
    unavailable: Option<String>,
    run: Callback<()>,
}

impl MenuItem {
    /// An action by its words.
    pub fn new(label: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            label: label.into(),
            icon: None,
            shortcut: "",
            danger: false,
            unavailable: None,
            run: Callback::new(move |()| run()),
        }
    }

    /// With a drawing.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With the shortcut that does the same, such as `mod+d`.
    #[must_use]
    pub fn shortcut(mut self, keys: &'static str) -> Self {
        self.shortcut = keys;
        self
    }

    /// Marked as taking something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Unavailable for a reason, if there is one.
    #[must_use]
    pub fn unavailable(mut self, reason: Option<impl Into<String>>) -> Self {
        self.unavailable = reason.map(Into::into);
        self
    }
}

impl From<MenuItem> for MenuEntry {
    fn from(item: MenuItem) -> Self {
        Self::Item(item)
    }
}

/// A menu at a place of the window: open while `at` holds one.
#[component]
pub fn MenuPopup(
    /// The corner (x, y) in the window, pixels; the menu keeps inside the window.
    at: RwSignal<Option<(f64, f64)>>,
    /// What it offers, asked at each opening.
    #[prop(into)]
    entries: Signal<Vec<MenuEntry>>,
    /// Whether the corner is the menu's right one.
    #[prop(optional)]
    align_right: bool,
) -> impl IntoView {
    view! {
        <Show when=move || at.get().is_some()>
            <Portal>
                <MenuSheet at=at entries=entries align_right=align_right />
            </Portal>
        </Show>
    }
}

fn focusable(menu: &web_sys::HtmlElement) -> Vec<web_sys::HtmlElement> {
    let Ok(found) = menu.query_selector_all("[role=menuitem]") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect()
}

#[component]
fn MenuSheet(
    at: RwSignal<Option<(f64, f64)>>,
    entries: Signal<Vec<MenuEntry>>,
    align_right: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let place = RwSignal::new((0.0, 0.0, false));
    let before = StoredValue::new_local(
        document()
            .active_element()
            .and_then(|el| el.dyn_into::<web_sys::HtmlElement>().ok()),
    );
    Effect::new(move |_| {
        let (Some(menu), Some((x, y))) = (node.get(), at.get()) else {
            return;
        };
        let rect = menu.get_bounding_client_rect();
        let size = |value: Result<wasm_bindgen::JsValue, _>| {
            value.ok().and_then(|v| v.as_f64()).unwrap_or_default()
        };
        let (w, h) = (size(window().inner_width()), size(window().inner_height()));
        let left = if align_right { x - rect.width() } else { x };
        place.set((
            left.min(w - rect.width() - 8.0).max(8.0),
            y.min(h - rect.height() - 8.0).max(8.0),
            true,
        ));
        let _ = menu.focus();
    });
    let close = move || {
        at.set(None);
        before.with_value(|before| {
            if let Some(before) = before {
                let _ = before.focus();
            }
        });
    };
    let step = move |ev: ev::KeyboardEvent| {
        let Some(menu) = node.get_untracked() else {
            return;
        };
        let items = focusable(&menu);
        let active = document().active_element();
        let here = items
            .iter()
            .position(|item| active.as_ref().is_some_and(|el| *el == **item));
        let last = items.len().saturating_sub(1);
        let next = match ev.key().as_str() {
            "ArrowDown" => here.map_or(0, |at| if at == last { 0 } else { at + 1 }),
            "ArrowUp" => here.map_or(last, |at| if at == 0 { last } else { at - 1 }),
            "Home" => 0,
            "End" => last,
            "Escape" | "Tab" => {
                ev.prevent_default();
                ev.stop_propagation();
                return close();
            }
            letter if letter.chars().count() == 1 && !ev.ctrl_key() && !ev.meta_key() => {
                let wanted = letter.to_lowercase();
                let starts = |item: &web_sys::HtmlElement| {
                    item.text_content()
                        .unwrap_or_default()
                        .trim()
                        .to_lowercase()
                        .starts_with(&wanted)
                };
                let from = here.map_or(0, |at| at + 1);
                match items
                    .iter()
                    .enumerate()
                    .cycle()
                    .skip(from)
                    .take(items.len())
                    .find(|(_, item)| starts(item))
                {
                    Some((at, _)) => at,
                    None => return,
                }
            }
            _ => return,
        };
        ev.prevent_default();
        ev.stop_propagation();
        if let Some(item) = items.get(next) {
            let _ = item.focus();
        }
    };
    view! {
        <div class="fixed inset-0 z-40" on:pointerdown=move |_| close() on:contextmenu=move |ev| { ev.prevent_default(); close(); }></div>
        <div
            node_ref=node
            role="menu"
            tabindex="-1"
            class="fixed z-50 max-h-[70vh] min-w-44 max-w-80 overflow-y-auto rounded-card bg-surface p-1 shadow-soft outline-none focus-visible:outline-none"
            style=move || {
                let (x, y, shown) = place.get();
                format!("left:{x}px;top:{y}px;visibility:{}", if shown { "visible" } else { "hidden" })
            }
            on:keydown=step
        >
            {move || entries.get().into_iter().map(|entry| line(entry, close)).collect_view()}
        </div>
    }
}

fn line(entry: MenuEntry, close: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let item = match entry {
        MenuEntry::Divider => {
            return view! { <div role="separator" class="-mx-1 my-1 h-px bg-line"></div> }
                .into_any();
        }
        MenuEntry::Heading(text) => {
            return view! { <div class="px-2 pt-1.5 pb-1 text-2xs font-medium text-ink-faint">{text}</div> }.into_any();
        }
        MenuEntry::Item(item) => item,
    };
    let off = item.unavailable.is_some();
    let tone = if item.danger { "text-crit" } else { "text-ink" };
    view! {
        <button
            type="button"
            role="menuitem"
            tabindex="-1"
            class=format!(
                "flex h-7 w-full items-center gap-2 rounded-badge px-2 text-left text-sm hover:bg-fill focus:bg-fill focus-visible:outline-none aria-disabled:opacity-50 {tone}",
            )
            aria-disabled=off.then_some("true")
            data-tip=item.unavailable
            on:click=move |ev| {
                ev.stop_propagation();
                if !off {
                    close();
                    item.run.run(());
                }
            }
        >
            {item.icon.map(|icon| view! { <Glyph icon=icon size=14 class="text-ink-muted" /> })}
            <span class="min-w-0 flex-1 truncate">{item.label}</span>
            {(!item.shortcut.is_empty()).then(|| view! { <Kbd keys=item.shortcut /> })}
        </button>
    }
    .into_any()
}

/// A button that opens a menu below itself.
#[component]
pub fn Menu(
    /// The accessible name of the button.
    #[prop(into)]
    label: Signal<String>,
    /// What it offers.
    #[prop(into)]
    entries: Signal<Vec<MenuEntry>>,
    /// Whether the menu's right edge lies under the button's.
    #[prop(optional)]
    align_right: bool,
    /// Classes of the button.
    #[prop(
        default = "inline-flex size-7 items-center justify-center rounded-control text-ink-muted hover:bg-fill hover:text-ink aria-expanded:bg-fill"
    )]
    class: &'static str,
    /// The hook for tests.
    #[prop(optional)]
    testid: &'static str,
    /// What the button shows.
    children: Children,
) -> impl IntoView {
    let at = RwSignal::new(None);
    let node = NodeRef::<html::Button>::new();
    let open = move || {
        if let Some(button) = node.get_untracked() {
            let rect = button.get_bounding_client_rect();
            at.set(Some((
                if align_right {
                    rect.right()
                } else {
                    rect.left()
                },
                rect.bottom() + 4.0,
            )));
        }
    };
    view! {
        <button
            node_ref=node
            type="button"
            class=class
            aria-haspopup="menu"
            aria-expanded=move || at.get().is_some().to_string()
            aria-label=move || label.get()
            data-testid=(!testid.is_empty()).then_some(testid)
            on:click=move |ev| {
                ev.stop_propagation();
                open();
            }
            on:keydown=move |ev| {
                if ev.key() == "ArrowDown" {
                    ev.prevent_default();
                    ev.stop_propagation();
                    open();
                }
            }
        >
            {children()}
        </button>
        <MenuPopup at=at entries=entries align_right=align_right />
    }
}
