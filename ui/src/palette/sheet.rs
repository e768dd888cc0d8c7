//! The sheet of shortcuts.

use super::{Action, registry};
use awm_kit::{Dialog, Kbd};
use leptos::prelude::*;

/// Every action that has a shortcut, by group.
#[component]
pub(crate) fn ShortcutSheet() -> impl IntoView {
    let open = registry().map_or_else(|| RwSignal::new(false), |registry| registry.sheet);
    view! {
        <Dialog open=open title="Keyboard shortcuts" width=560 testid="shortcuts">
            <ShortcutList />
        </Dialog>
    }
}

/// The shortcuts, as the sheet and the settings show them.
#[component]
pub(crate) fn ShortcutList() -> impl IntoView {
    let groups = Memo::new(move |_| {
        let actions = registry()
            .map(|registry| registry.actions())
            .unwrap_or_default();
        let mut groups: Vec<(&'static str, Vec<(String, &'static str)>)> = Vec::new();
        for Action {
            title,
            group,
            shortcut,
            ..
        } in actions
            .into_iter()
            .filter(|action| !action.shortcut.is_empty())
        {
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, rows)) => rows.push((title, shortcut)),
                None => groups.push((group, vec![(title, shortcut)])),
            }
        }
        groups
    });
    view! {
        <div class="flex flex-col gap-5">
            {move || {
                groups
                    .get()
                    .into_iter()
                    .map(|(name, rows)| {
                        view! {
                            <section>
                                <h3 class="mb-1 text-xs font-medium text-ink-faint">{name}</h3>
                                <dl>
                                    {rows
                                        .into_iter()
                                        .map(|(title, keys)| {
                                            view! {
                                                <div class="flex h-8 items-center justify-between gap-4 border-b border-line text-sm last:border-0">
                                                    <dt class="truncate">{title}</dt>
                                                    <dd>
                                                        <Kbd keys=keys />
                                                    </dd>
                                                </div>
                                            }
                                        })
                                        .collect_view()}
                                </dl>
                            </section>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}
