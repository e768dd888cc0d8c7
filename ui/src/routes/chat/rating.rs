//! What somebody thinks of an answer, and asking it again.

use super::{conversation::Talk, turn::Turn};
use awm_api::chat::ChatFeedback;
use awm_kit::{ControlSize, Icon, IconButton, Input};
use leptos::prelude::*;

#[component]
pub(super) fn Rating(turn: Turn, talk: Talk) -> impl IntoView {
    let stored = turn.stored;
    let given = Memo::new(move |_| stored.with(|stored| stored.feedback.clone()));
    let is = move |good: bool| {
        Signal::derive(move || {
            given.with(|given| given.as_ref().is_some_and(|given| given.good == good))
        })
    };
    let press = move |good: bool| {
        let before = given.get_untracked();
        let feedback = match before {
            Some(before) if before.good == good => None,
            before => Some(ChatFeedback {
                good,
                note: before.map(|before| before.note).unwrap_or_default(),
            }),
        };
        talk.rate(turn, feedback);
    };
    let note = Signal::derive(move || {
        given.with(|given| {
            given
                .as_ref()
                .map(|given| given.note.clone())
                .unwrap_or_default()
        })
    });
    let last = Memo::new(move |_| talk.is_last(turn));
    view! {
        <div class="flex items-center gap-1" data-testid="chat-rating">
            <IconButton icon=Icon::ThumbsUp label="Good answer" size=ControlSize::Tiny pressed=is(true) testid="chat-good" on_click=move |_| press(true) />
            <IconButton icon=Icon::ThumbsDown label="Bad answer" size=ControlSize::Tiny pressed=is(false) testid="chat-bad" on_click=move |_| press(false) />
            <IconButton icon=Icon::Bookmark label="Add to question set" size=ControlSize::Tiny testid="chat-question" on_click=move |_| talk.add_question(turn) />
            <Show when=move || last.get()>
                <IconButton icon=Icon::Retry label="Ask again" size=ControlSize::Tiny testid="chat-again" on_click=move |_| talk.again(turn) />
            </Show>
            <Show when=move || given.with(Option::is_some)>
                <div class="ml-2 w-72 max-w-full">
                    <Input
                        value=note
                        on_commit=move |note: String| {
                            if let Some(given) = given.get_untracked().filter(|given| given.note != note) {
                                talk.rate(turn, Some(ChatFeedback { note, ..given }));
                            }
                        }
                        label="Why"
                        placeholder="Why? (optional)"
                        testid="chat-note"
                    />
                </div>
            </Show>
        </div>
    }
}
