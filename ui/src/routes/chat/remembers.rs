//! What the conversation remembers, in one quiet line, with a way to look and to make it forget.

use super::{Chat, conversation::Talk};
use crate::{
    load::{act_with, load},
    routes::settings::memory::told,
};
use awm_api::memory::{MemoryForget, MemoryGet, Remembered};
use awm_kit::{Dialog, Icon, Menu, MenuEntry, MenuItem, Toast, local_time, plural, use_toasts};
use leptos::prelude::*;

#[component]
pub(super) fn Remembers(chat: Chat, talk: Talk) -> impl IntoView {
    let toasts = use_toasts();
    let memory = load(move || {
        // Looked up again when a turn has ended.
        talk.answering.track();
        MemoryGet {
            session_id: chat.open.get(),
        }
    });
    let looking = RwSignal::new(false);
    let known = Memo::new(move |_| memory.value().filter(|known| !known.lines.is_empty()));
    let entries = Signal::derive(move || {
        vec![
            MenuEntry::Item(MenuItem::new("Look at it", move || looking.set(true)).icon(Icon::Eye)),
            MenuEntry::Item(
                MenuItem::new("Forget it", move || {
                    let session_id = chat.open.get_untracked();
                    act_with(toasts, MemoryForget { session_id }, move |receipt| {
                        toasts.show(Toast::done(told(&receipt)));
                        memory.reload();
                    });
                })
                .icon(Icon::Trash)
                .danger(),
            ),
        ]
    });
    view! {
        <Show when=move || !chat.open.get().is_empty() && known.with(Option::is_some)>
            <Menu
                label="What this conversation remembers"
                entries=entries
                class="rounded-badge px-1 text-xs whitespace-nowrap text-ink-faint hover:text-ink"
                testid="chat-remembers"
            >
                {move || known.get().map(|known| line(&known))}
            </Menu>
        </Show>
        <Dialog open=looking title="What this conversation remembers" width=560>
            <ul class="flex max-h-[60vh] flex-col gap-3 overflow-y-auto text-sm" tabindex="0">
                {move || {
                    known
                        .get()
                        .unwrap_or_default()
                        .lines
                        .into_iter()
                        .map(|line| {
                            let who = match line.role.as_str() {
                                "user" => "You",
                                "assistant" => "Answer",
                                _ => "Earlier, in short",
                            };
                            view! {
                                <li>
                                    <p class="text-xs text-ink-faint">{format!("{who} · until {}", local_time(line.expires_at))}</p>
                                    <p class="break-words whitespace-pre-wrap">{line.text}</p>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </Dialog>
    }
}

fn line(known: &Remembered) -> String {
    let what = match known.turns {
        0 => "remembers a summary".to_owned(),
        n => format!("remembers {}", plural(u64::from(n), "turn", "turns")),
    };
    match known.until {
        Some(until) => format!("{what}, until {}", clock(until)),
        None => what,
    }
}

/// Hours and minutes; with the day if that is another one.
fn clock(at: i64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64));
    let now = js_sys::Date::new_0();
    let same = date.get_date() == now.get_date()
        && date.get_month() == now.get_month()
        && date.get_full_year() == now.get_full_year();
    match same {
        true => format!("{:02}:{:02}", date.get_hours(), date.get_minutes()),
        false => local_time(at),
    }
}
