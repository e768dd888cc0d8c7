//! The answers of several models, side by side, until one is chosen.

use super::{
    Chat,
    conversation::Talk,
    turn::{Turn, dollars},
};
use crate::{load::capital, markdown};
use awm_api::chat::ChatAnswer;
use awm_kit::{Button, ControlSize, Icon, Spinner, count, duration};
use leptos::prelude::*;

#[component]
pub(super) fn Columns(turn: Turn, chat: Chat, talk: Talk) -> impl IntoView {
    let answers = Memo::new(move |_| turn.stored.with(|stored| stored.answers.clone()));
    view! {
        <div class="grid gap-3 md:grid-flow-col md:auto-cols-fr" data-testid="chat-columns">
            {move || answers.get().into_iter().map(|answer| column(answer, turn, chat, talk)).collect_view()}
        </div>
    }
}

fn column(answer: ChatAnswer, turn: Turn, chat: Chat, talk: Talk) -> AnyView {
    let ended = answer.total_ms.is_some();
    let citations = answer.citations.clone();
    let cite = Callback::new(move |number: u32| {
        chat.cited.set(citations.clone());
        if let Some(found) = citations.iter().find(|citation| citation.number == number) {
            chat.reading.set(Some(found.clone()));
        }
    });
    let mut parts = Vec::new();
    parts.extend(
        answer
            .first_word_ms
            .map(|ms| format!("first word {}", duration(ms))),
    );
    parts.extend(answer.total_ms.map(|ms| format!("total {}", duration(ms))));
    if let (Some(read), Some(written)) = (answer.tokens_in, answer.tokens_out) {
        parts.push(format!("{} → {} tokens", count(read), count(written)));
    }
    parts.extend(answer.cost_usd.map(dollars));
    let run_id = answer.run_id.clone();
    let chooses = ended && answer.error.is_none();
    view! {
        <section class="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-surface p-3 shadow-small" aria-label=answer.model.clone() data-testid="chat-column">
            <header class="flex items-center gap-2 text-xs font-medium">
                <span class="min-w-0 flex-1 truncate">{answer.model.clone()}</span>
                {(!ended).then(|| view! { <Spinner size=12 /> })}
            </header>
            <div class="min-w-0 flex-1 text-sm leading-5">{markdown::view(&answer.answer, Some(cite))}</div>
            {answer
                .error
                .map(|error| {
                    view! {
                        <p class="rounded-control bg-crit-soft px-2 py-1 text-xs text-crit" role="alert">
                            {format!("{} ({}). {}", capital(&error.message), error.code, capital(&error.help))}
                        </p>
                    }
                })}
            <p class="text-xs text-ink-faint tabular-nums">{parts.join(" · ")}</p>
            {chooses
                .then(|| {
                    view! {
                        <Button size=ControlSize::Small icon=Icon::Check testid="chat-choose" on_click=move |_| talk.choose(turn, run_id.clone())>
                            "Go on with this"
                        </Button>
                    }
                })}
        </section>
    }
    .into_any()
}
