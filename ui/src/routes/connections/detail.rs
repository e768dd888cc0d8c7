//! One connection: what is known of it, and a place to try it.

use super::{auth::AuthTab, operations::Operations, settings::SettingsTab, try_it::TryIt};
use crate::{
    call,
    load::{Loader, act_with, draw, failure, load},
    routes::query::query_value,
    session::{Crumb, use_session},
};
use awm_api::connections::{Connection, ConnectionDelete, ConnectionGet, ConnectionSave};
use awm_kit::{
    Button, ButtonVariant, Dialog, Icon, IconButton, Skeleton, TabItem, Tabs, Toast, use_toasts,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};

/// The connection as it is edited. A copy of it may be kept anywhere.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// With the changes that aren't stored yet.
    pub(super) now: RwSignal<Connection>,
    /// As it is stored.
    pub(super) stored: RwSignal<Connection>,
    saving: RwSignal<bool>,
    toasts: awm_kit::Toasts,
}

impl Draft {
    /// Whether there is something to store.
    fn changed(self) -> bool {
        self.now
            .with(|now| self.stored.with(|stored| now != stored))
    }

    /// Takes what the host says in place of both.
    pub(super) fn take(self, connection: Connection) {
        self.stored.set(connection.clone());
        self.now.set(connection);
    }

    /// Asks anew whether the secrets are there; changes that aren't stored stay.
    pub(super) fn look_again(self) {
        let id = self.stored.with_untracked(|stored| stored.id.clone());
        act_with(self.toasts, ConnectionGet { id }, move |fresh| {
            self.now.update(|now| now.secrets = fresh.secrets.clone());
            self.stored.update(|stored| stored.secrets = fresh.secrets);
        });
    }

    /// Stores it.
    pub(super) fn save(self) {
        self.saving.set(true);
        let request = ConnectionSave {
            connection: self.now.get_untracked(),
        };
        leptos::task::spawn_local(async move {
            let answer = call::call(request).await;
            self.saving.try_set(false);
            match answer {
                Ok(saved) => self.take(saved),
                Err(error) => self.toasts.show(failure(&error)),
            }
        });
    }
}

/// The screen.
#[component]
pub(crate) fn ConnectionScreen() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let loader = load(move || ConnectionGet { id: id.get() });
    let skeleton =
        || view! { <div class="px-8 py-6"><Skeleton rows=8 text=true /></div> }.into_any();
    draw(loader, skeleton, move |connection| {
        view! { <Opened connection=connection loader=loader /> }.into_any()
    })
}

#[component]
fn Opened(connection: Connection, loader: Loader<Connection>) -> impl IntoView {
    let toasts = use_toasts();
    let draft = Draft {
        now: RwSignal::new(connection.clone()),
        stored: RwSignal::new(connection),
        saving: RwSignal::new(false),
        toasts,
    };
    let session = use_session();
    Effect::new(move |_| {
        session.at(vec![
            Crumb::link("Connections", "/connections"),
            Crumb::here(draft.stored.with(|stored| stored.name.clone())),
        ]);
    });
    let tab = query_value("tab");
    let shown = Memo::new(move |_| match tab.get().as_str() {
        "" => "operations".to_owned(),
        other => other.to_owned(),
    });
    let deleting = RwSignal::new(false);
    let navigate = use_navigate();
    let delete = move |_: leptos::ev::MouseEvent| {
        let navigate = navigate.clone();
        let id = draft.stored.with_untracked(|stored| stored.id.clone());
        act_with(toasts, ConnectionDelete { id }, move |gone| {
            toasts.show(Toast::done(match gone.secrets {
                0 => "The connection was deleted",
                _ => "The connection was deleted, and its secret with it",
            }));
            navigate("/connections", NavigateOptions::default());
        });
    };
    let clean = Signal::derive(move || !draft.changed());
    let tabs = vec![
        TabItem::new("operations", "Operations"),
        TabItem::new("try", "Try it"),
        TabItem::new("auth", "Authentication"),
        TabItem::new("settings", "Settings"),
    ];
    view! {
        <div class="flex h-full min-h-0 flex-col" data-testid="connection">
            <div class="flex shrink-0 items-center gap-3 border-b border-line px-6 py-3">
                <div class="min-w-0">
                    <h1 class="truncate text-lg font-semibold">{move || draft.now.with(|now| now.name.clone())}</h1>
                    <p class="truncate font-mono text-xs text-ink-faint">{move || draft.now.with(|now| now.base_url.clone())}</p>
                </div>
                <div class="ml-auto flex items-center gap-2">
                    <IconButton icon=Icon::Trash label="Delete the connection" testid="connection-delete" on_click=move |_| deleting.set(true) />
                    <Button
                        disabled=clean
                        reason="Nothing was changed"
                        on_click=move |_| {
                            draft.now.set(draft.stored.get_untracked());
                            loader.reload();
                        }
                    >
                        "Discard"
                    </Button>
                    <Button
                        variant=ButtonVariant::Primary
                        disabled=clean
                        reason="Nothing was changed"
                        busy=draft.saving
                        testid="connection-save"
                        on_click=move |_| draft.save()
                    >
                        "Save"
                    </Button>
                </div>
            </div>
            <div class="shrink-0 border-b border-line px-6">
                <Tabs items=tabs value=shown on_change=move |to: String| tab.set(to) label="Parts of the connection" />
            </div>
            <div class="min-h-0 flex-1 overflow-y-auto" role="tabpanel">
                {move || match shown.get().as_str() {
                    "try" => view! { <TryIt draft=draft /> }.into_any(),
                    "auth" => view! { <AuthTab draft=draft /> }.into_any(),
                    "settings" => view! { <SettingsTab draft=draft /> }.into_any(),
                    _ => view! { <Operations draft=draft tab=tab /> }.into_any(),
                }}
            </div>
            <Dialog open=deleting title="Delete the connection?" testid="connection-delete-dialog">
                <p class="text-sm text-ink-muted">
                    "Its secret is deleted with it. Workflows that call it fail until they are given another one."
                </p>
                <div class="mt-4 flex justify-end gap-2">
                    <Button on_click=move |_| deleting.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Danger testid="connection-delete-go" on_click=delete.clone()>
                        "Delete"
                    </Button>
                </div>
            </Dialog>
        </div>
    }
}
