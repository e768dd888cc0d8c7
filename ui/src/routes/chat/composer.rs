//! Where a question is written: Enter sends, Shift+Enter breaks the line, ↑ brings the last one back.

use super::{Chat, conversation::Talk, remembers::Remembers};
use crate::session::use_session;
use awm_kit::{ButtonVariant, ControlSize, Icon, IconButton, Menu, MenuEntry, MenuItem};
use leptos::{html, prelude::*};
use leptos_router::components::A;

#[component]
pub(super) fn Composer(talk: Talk, chat: Chat) -> impl IntoView {
    let session = use_session();
    let node = NodeRef::<html::Textarea>::new();
    let busy = Memo::new(move |_| talk.answering.with(Option::is_some));
    let nobody =
        Memo::new(move |_| chat.open.get().is_empty() && talk.workflow.with(String::is_empty));
    let empty =
        Memo::new(move |_| talk.draft.with(|draft| draft.trim().is_empty()) || nobody.get());
    // The box grows with what is written, to eight lines.
    Effect::new(move |_| {
        talk.draft.track();
        let Some(area) = node.get() else { return };
        request_animation_frame(move || {
            let style = web_sys::HtmlElement::style(&area);
            let _ = style.set_property("height", "auto");
            let _ = style.set_property("height", &format!("{}px", area.scroll_height().min(176)));
        });
    });
    Effect::new(move |_| {
        chat.open.track();
        if let Some(area) = node.get() {
            let _ = area.focus();
        }
    });
    let send = move || {
        if !nobody.get_untracked() {
            talk.send(talk.draft.get_untracked());
        }
    };
    let titles = Memo::new(move |_| {
        session.settings.with(|settings| {
            let titles = settings.models.iter().map(|model| model.title().to_owned());
            titles.collect::<Vec<_>>()
        })
    });
    // A model that left the settings is asked no more.
    Effect::new(move |_| {
        let known = titles.get();
        if session.known.get()
            && talk
                .models
                .with_untracked(|chosen| chosen.iter().any(|title| !known.contains(title)))
        {
            talk.models
                .update(|chosen| chosen.retain(|title| known.contains(title)));
        }
    });
    let choices = Signal::derive(move || {
        let chosen = talk.models.get();
        let mut entries = vec![MenuEntry::Heading("Ask up to three side by side".into())];
        for title in titles.get() {
            let on = chosen.contains(&title);
            let full = (!on && chosen.len() >= 3).then_some("Three are chosen already");
            let own = title.clone();
            let item = MenuItem::new(title, move || {
                talk.models.update(
                    |chosen| match chosen.iter().position(|title| *title == own) {
                        Some(at) => drop(chosen.remove(at)),
                        None => chosen.push(own.clone()),
                    },
                );
            })
            .icon(if on { Icon::CheckCircle } else { Icon::Circle })
            .unavailable(full);
            entries.push(MenuEntry::Item(item));
        }
        entries
    });
    let quotes = Memo::new(move |_| {
        session.known.get() && session.settings.with(|settings| settings.models.is_empty())
    });
    view! {
        <form
            class="flex items-end gap-2 rounded-card border border-control/55 bg-surface p-2 shadow-small focus-within:border-accent"
            on:submit=move |ev| {
                ev.prevent_default();
                send();
            }
        >
            <textarea
                node_ref=node
                class="min-h-7 flex-1 resize-none bg-transparent px-1.5 py-1 text-base leading-5 focus-visible:outline-none"
                rows="1"
                placeholder="Ask a question"
                aria-label="Question"
                data-testid="chat-input"
                prop:value=move || talk.draft.get()
                on:input=move |ev| talk.draft.set(event_target_value(&ev))
                on:keydown=move |ev| {
                    if ev.is_composing() {
                        return;
                    }
                    if ev.key() == "Enter" && !ev.shift_key() {
                        ev.prevent_default();
                        send();
                    } else if ev.key() == "Escape" && talk.replacing.with_untracked(Option::is_some) {
                        talk.replacing.set(None);
                        talk.draft.set(String::new());
                    } else if ev.key() == "ArrowUp" && talk.draft.with_untracked(String::is_empty) && talk.edit_last() {
                        ev.prevent_default();
                    }
                }
            ></textarea>
            {move || {
                if busy.get() {
                    view! {
                        <IconButton
                            icon=Icon::Stop
                            label="Stop"
                            variant=ButtonVariant::Secondary
                            size=ControlSize::Small
                            testid="chat-stop"
                            on_click=move |_| talk.stop()
                        />
                    }
                        .into_any()
                } else {
                    view! {
                        <IconButton
                            icon=Icon::Send
                            label=Signal::derive(move || if nobody.get() { "No workflow can answer yet" } else { "Send" })
                            variant=ButtonVariant::Primary
                            size=ControlSize::Small
                            disabled=empty
                            testid="chat-send"
                            on_click=move |_| send()
                        />
                    }
                        .into_any()
                }
            }}
        </form>
        <div class="mt-1.5 flex min-h-5 items-center justify-between gap-4 px-1 text-xs text-ink-faint">
            <span class="flex min-w-0 flex-wrap items-center gap-x-3">
                <Remembers chat=chat talk=talk />
                {move || {
                    talk.replacing
                        .get()
                        .map(|_| {
                            view! {
                                <span class="flex items-center gap-1.5" data-testid="chat-replacing">
                                    "Takes the place of the last question."
                                    <button
                                        type="button"
                                        class="text-accent-ink hover:underline"
                                        on:click=move |_| {
                                            talk.replacing.set(None);
                                            talk.draft.set(String::new());
                                        }
                                    >
                                        "Cancel"
                                    </button>
                                </span>
                            }
                        })
                }}
                <Show when=move || titles.with(|titles| titles.len() > 1)>
                    <Menu
                        label="Models to ask"
                        entries=choices
                        class="rounded-badge px-1 text-xs text-ink-faint hover:text-ink"
                        testid="chat-models"
                    >
                        {move || match talk.models.get() {
                            chosen if chosen.is_empty() => titles.with(|titles| titles.first().cloned()).unwrap_or_default(),
                            chosen => chosen.join(" + "),
                        }}
                    </Menu>
                </Show>
                {move || {
                    quotes
                        .get()
                        .then(|| {
                            view! {
                                <span data-testid="chat-extractive">
                                    "No model is configured: answers are quotations. "
                                    <A href="/settings?section=model" attr:class="text-accent-ink hover:underline">
                                        "Choose a model"
                                    </A>
                                </span>
                            }
                        })
                }}
            </span>
            <span class="hidden whitespace-nowrap 2xl:inline">"Enter sends · Shift+Enter breaks the line · ↑ edits the last"</span>
        </div>
    }
}
