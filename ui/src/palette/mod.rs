//! The one registry of actions, which feeds the command palette, the shortcuts and the `?` sheet.

mod find;
mod keys;
mod rank;
mod sheet;
mod view;

use awm_kit::Icon;
use leptos::prelude::*;

pub(crate) use sheet::{ShortcutList, ShortcutSheet};
pub(crate) use view::PaletteLayer;

/// Something that can be done here and now.
#[derive(Clone)]
pub(crate) struct Action {
    id: String,
    title: String,
    icon: Icon,
    group: &'static str,
    keywords: String,
    shortcut: &'static str,
    unavailable: Option<String>,
    run: Callback<()>,
}

impl Action {
    /// An action; `id` stays the same over sessions, so that it can be listed under Recent.
    pub(crate) fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        icon: Icon,
        run: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            icon,
            group: "Here",
            keywords: String::new(),
            shortcut: "",
            unavailable: None,
            run: Callback::new(move |()| run()),
        }
    }

    /// Further words by which it is found.
    pub(crate) fn keywords(mut self, words: impl Into<String>) -> Self {
        self.keywords = words.into();
        self
    }

    /// The keys that do it: `mod+k`, `?`, or a sequence such as `g w`.
    pub(crate) fn shortcut(mut self, keys: &'static str) -> Self {
        self.shortcut = keys;
        self
    }

    /// The heading it stands under; `Here` if none is given.
    pub(crate) fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }

    /// Not available for a reason, if there is one.
    #[expect(dead_code, reason = "the editor says so of Run and Undo")]
    pub(crate) fn unavailable(mut self, reason: Option<impl Into<String>>) -> Self {
        self.unavailable = reason.map(Into::into);
        self
    }
}

/// Who offers which actions, and what is open.
#[derive(Clone, Copy)]
struct Registry {
    offers: RwSignal<Vec<(u64, Signal<Vec<Action>>)>>,
    next: StoredValue<u64>,
    open: RwSignal<bool>,
    sheet: RwSignal<bool>,
}

impl Registry {
    /// All actions, those of the innermost screen first.
    fn actions(self) -> Vec<Action> {
        self.offers.with(|offers| {
            offers
                .iter()
                .rev()
                .flat_map(|(_, actions)| actions.get())
                .collect()
        })
    }
}

thread_local! {
    // The palette is opened from callbacks that run outside of any component; the page has one registry.
    static REGISTRY: std::cell::Cell<Option<Registry>> = const { std::cell::Cell::new(None) };
}

fn registry() -> Option<Registry> {
    REGISTRY.with(std::cell::Cell::get)
}

/// Makes the registry and starts listening to the keyboard; once, at the top of the page.
pub(crate) fn provide() {
    let registry = Registry {
        offers: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
        open: RwSignal::new(false),
        sheet: RwSignal::new(false),
    };
    REGISTRY.with(|cell| cell.set(Some(registry)));
    keys::listen(registry);
    offer(move || {
        vec![
            Action::new("palette", "Search or do", Icon::Command, open)
                .shortcut("mod+k")
                .group("Help"),
            Action::new(
                "shortcuts",
                "Keyboard shortcuts",
                Icon::Keyboard,
                move || registry.sheet.set(true),
            )
            .keywords("keys help")
            .shortcut("?")
            .group("Help"),
        ]
    });
}

/// Does what the action with this id does; false if nobody offers it here.
pub(crate) fn act(id: &str) -> bool {
    let found = registry()
        .map(Registry::actions)
        .unwrap_or_default()
        .into_iter()
        .find(|action| action.id == id && action.unavailable.is_none());
    match found {
        Some(action) => {
            action.run.run(());
            true
        }
        None => false,
    }
}

/// Offers actions for as long as the calling component lives. Signals read in `actions` keep them true.
pub(crate) fn offer(actions: impl Fn() -> Vec<Action> + Send + Sync + 'static) {
    let Some(registry) = registry() else { return };
    let id = registry.next.get_value();
    registry.next.set_value(id + 1);
    let actions = Signal::derive(actions);
    registry.offers.update(|offers| offers.push((id, actions)));
    on_cleanup(move || {
        registry
            .offers
            .try_update(|offers| offers.retain(|(other, _)| *other != id));
    });
}

/// Opens the palette.
pub(crate) fn open() {
    if let Some(registry) = registry() {
        registry.open.set(true);
    }
}
