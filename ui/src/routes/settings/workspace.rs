//! The tenant's name, memory, local addresses.

use super::{card, row};
use crate::session::use_session;
use awm_kit::{CopyId, Input, Switch};
use leptos::prelude::*;

#[component]
pub(super) fn Workspace() -> impl IntoView {
    let session = use_session();
    let minutes = RwSignal::new(
        session
            .settings
            .with_untracked(|settings| settings.memory_minutes.to_string()),
    );
    let wrong = Memo::new(move |_| {
        minutes.with(|text| !matches!(text.trim().parse::<u32>(), Ok(1..=525_600)))
    });
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
            "Conversation memory",
            "How long a conversation is remembered. A workflow's Recall task gives the turns of that time.",
            view! {
                <div class="flex w-60 items-center gap-2">
                    <Input
                        value=minutes
                        on_input=move |text| minutes.set(text)
                        on_commit=move |_| {
                            if let (false, Ok(n)) = (wrong.get_untracked(), minutes.get_untracked().trim().parse()) {
                                session.change(|settings| settings.memory_minutes = n);
                            }
                        }
                        invalid=wrong
                        label="Minutes"
                        testid="memory-input"
                    />
                    <span class="text-xs text-ink-muted">"minutes"</span>
                </div>
                <p class="w-full text-xs text-crit" role="alert" class:hidden=move || !wrong.get()>
                    "A whole number from 1 to 525,600"
                </p>
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
