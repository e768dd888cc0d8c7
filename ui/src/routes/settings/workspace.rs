//! The tenant's name, local addresses, the folder.

use super::{card, row};
use crate::session::use_session;
use awm_kit::{CopyId, Input, Switch};
use leptos::prelude::*;

#[component]
pub(super) fn Workspace() -> impl IntoView {
    let session = use_session();
    let rows = view! {
        {row(
            "Tenant name",
            "Shown at the top of the sidebar.",
            view! {
                <div class="w-60">
                    <Input
                        value=Signal::derive(move || session.settings.with(|settings| settings.tenant_name.clone()))
                        on_commit=move |text: String| session.change(|settings| settings.tenant_name = text.trim().to_owned())
                        label="Tenant name"
                        testid="tenant-input"
                    />
                </div>
            },
        )}
        {row(
            "Local addresses",
            "Whether workflows may call this machine and the network around it (loopback and private addresses).",
            view! {
                <Switch
                    checked=Signal::derive(move || session.settings.with(|settings| settings.allow_local_addresses))
                    on_change=move |on| session.change(|settings| settings.allow_local_addresses = on)
                    label="Allow local addresses"
                    testid="local-addresses"
                />
            },
        )}
        {row(
            "Workspace folder",
            "Everything is kept in this folder.",
            view! {
                <div class="max-w-80 min-w-0">
                    {move || session.app.with(|app| app.as_ref().map(|app| view! { <CopyId id=app.home.clone() /> }))}
                </div>
            },
        )}
    };
    card(rows)
}
