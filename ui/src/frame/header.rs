//! Where am I, and what can I do here: the row above a screen.

use crate::{look, palette, session::use_session};
use awm_api::settings::Theme;
use awm_kit::{Glyph, Icon, IconButton, Kbd, Menu, MenuEntry, MenuItem};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};

#[component]
pub(super) fn Header() -> impl IntoView {
    let session = use_session();
    let dark = move || look::is_dark(session.settings.with(|settings| settings.theme));
    view! {
        <header class="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-bg pr-3 pl-6">
            <nav aria-label="Path" class="min-w-0 flex-1">
                <ol class="flex min-w-0 items-center gap-1.5 text-sm">
                    {move || {
                        session
                            .place
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(at, crumb)| {
                                view! {
                                    <li class="flex min-w-0 items-center gap-1.5">
                                        {(at > 0).then(|| view! { <span class="text-ink-faint" aria-hidden="true">"/"</span> })}
                                        {match crumb.href {
                                            Some(href) => {
                                                view! {
                                                    <A href=href attr:class="truncate rounded-badge text-ink-muted hover:text-ink">
                                                        {crumb.text}
                                                    </A>
                                                }
                                                    .into_any()
                                            }
                                            None => {
                                                view! {
                                                    <span class="truncate font-medium" aria-current="page" data-testid="place">
                                                        {crumb.text}
                                                    </span>
                                                }
                                                    .into_any()
                                            }
                                        }}
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ol>
            </nav>
            <button
                type="button"
                class="flex h-7 items-center gap-2 rounded-control border border-line bg-surface pr-1.5 pl-2 text-xs text-ink-faint shadow-small hover:border-line-strong hover:text-ink-muted"
                data-testid="palette-open"
                on:click=move |_| palette::open()
            >
                <Glyph icon=Icon::Search size=14 />
                <span class="hidden pr-6 md:inline">"Search or do"</span>
                <Kbd keys="mod+k" />
            </button>
            <WorkspaceBadge />
            <IconButton
                icon=Signal::derive(move || if dark() { Icon::Sun } else { Icon::Moon })
                label=Signal::derive(move || if dark() { "Light theme" } else { "Dark theme" })
                testid="theme-toggle"
                on_click=move |_| {
                    let to = if look::is_dark(session.settings.with_untracked(|settings| settings.theme)) { Theme::Light } else { Theme::Dark };
                    session.change(|settings| settings.theme = to);
                }
            />
        </header>
    }
}

/// How the workspace stands: a state with a menu, never an error.
#[component]
fn WorkspaceBadge() -> impl IntoView {
    let session = use_session();
    let navigate = use_navigate();
    let entries = Signal::derive(move || {
        let (privacy, about) = (navigate.clone(), navigate.clone());
        let home = session
            .app
            .with(|app| app.as_ref().map(|app| app.home.clone()));
        let mut entries = vec![
            MenuEntry::Heading("Everything is kept on this machine.".into()),
            MenuItem::new("What leaves this machine", move || {
                privacy("/settings?section=privacy", NavigateOptions::default())
            })
            .icon(Icon::Shield)
            .into(),
            MenuItem::new("About this workspace", move || {
                about("/settings?section=about", NavigateOptions::default())
            })
            .icon(Icon::Info)
            .into(),
        ];
        if let Some(home) = home {
            let copied = home.clone();
            entries.push(MenuEntry::Divider);
            entries.push(MenuEntry::Heading(home));
            entries.push(
                MenuItem::new("Copy the folder's path", move || {
                    let _ = window().navigator().clipboard().write_text(&copied);
                })
                .icon(Icon::Copy)
                .into(),
            );
        }
        entries
    });
    view! {
        <Menu
            label="Workspace: offline"
            entries=entries
            align_right=true
            testid="workspace-badge"
            class="flex h-7 items-center gap-1.5 rounded-control px-2 text-xs font-medium text-ink-muted hover:bg-fill hover:text-ink aria-expanded:bg-fill"
        >
            <span class="size-1.5 rounded-full bg-ok" aria-hidden="true"></span>
            "Offline"
        </Menu>
    }
}
