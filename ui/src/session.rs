//! What every screen may know: the settings, and where the reader is.

use crate::{call, load::failure, look};
use awm_api::{UserError, app, settings};
use leptos::prelude::*;

/// One part of the path in the header.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Crumb {
    /// What it says.
    pub(crate) text: String,
    /// Where it leads; the last part leads nowhere.
    pub(crate) href: Option<String>,
}

impl Crumb {
    /// A part that leads somewhere.
    pub(crate) fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: Some(href.into()),
        }
    }

    /// The place itself.
    pub(crate) fn here(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: None,
        }
    }
}

/// What the whole page shares; a copy of it may be kept anywhere.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    /// The settings as they are stored; the default until they are read.
    pub(crate) settings: RwSignal<settings::Settings>,
    /// Whether the settings were read.
    pub(crate) known: RwSignal<bool>,
    /// What runs, once it is known.
    pub(crate) app: RwSignal<Option<app::AppFacts>>,
    /// Why the host can't be used at all, if so.
    pub(crate) refused: RwSignal<Option<UserError>>,
    /// The path in the header.
    pub(crate) place: RwSignal<Vec<Crumb>>,
    toasts: awm_kit::Toasts,
}

impl Session {
    /// Makes it and begins to read the settings.
    pub(crate) fn provide(toasts: awm_kit::Toasts) -> Self {
        let session = Self {
            settings: RwSignal::new(settings::Settings::default()),
            known: RwSignal::new(false),
            app: RwSignal::new(None),
            refused: RwSignal::new(None),
            place: RwSignal::new(Vec::new()),
            toasts,
        };
        provide_context(session);
        session.read();
        look::on_system_change(move || session.settings.with_untracked(look::apply));
        session
    }

    /// Reads the settings and what runs.
    pub(crate) fn read(self) {
        leptos::task::spawn_local(async move {
            match call::call(settings::SettingsGet {}).await {
                Ok(settings) => {
                    look::apply(&settings);
                    self.settings.set(settings);
                    self.known.set(true);
                    self.refused.set(None);
                }
                Err(error) => self.refused.set(Some(error)),
            }
            if let Ok(facts) = call::call(app::AppInfo {}).await {
                self.app.set(Some(facts));
            }
        });
    }

    /// Changes the settings: seen at once, stored after, put back if that fails.
    pub(crate) fn change(self, change: impl FnOnce(&mut settings::Settings)) {
        let before = self.settings.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        look::apply(&after);
        self.settings.set(after.clone());
        leptos::task::spawn_local(async move {
            match call::call(settings::SettingsSave { settings: after }).await {
                Ok(stored) => self.settings.set(stored),
                Err(error) => {
                    look::apply(&before);
                    self.settings.set(before);
                    self.toasts.show(failure(&error));
                }
            }
        });
    }

    /// Says where the reader is.
    pub(crate) fn at(self, place: Vec<Crumb>) {
        let title = place
            .iter()
            .rev()
            .map(|crumb| crumb.text.as_str())
            .chain(["AI Workflow Manager"])
            .collect::<Vec<_>>()
            .join(" · ");
        document().set_title(&title);
        self.place.set(place);
    }
}

/// What the whole page shares.
pub(crate) fn use_session() -> Session {
    use_context::<Session>().unwrap_or_else(|| Session::provide(awm_kit::use_toasts()))
}
