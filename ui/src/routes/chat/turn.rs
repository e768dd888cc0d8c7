//! A question and its answer.

use super::{Chat, columns::Columns, conversation::Talk, rating::Rating};
use crate::{load::capital, markdown};
use awm_api::{
    UserError,
    chat::{ChatAnswer, ChatTurn},
};
use awm_kit::{Button, Callout, ControlSize, Glyph, Icon, Spinner, Tone, count, duration, now_ms};
use leptos::prelude::*;
use leptos_router::components::A;
use std::sync::atomic::{AtomicU64, Ordering};

/// A turn: what is stored of it, and what has come of the answer so far.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    pub(super) stored: RwSignal<ChatTurn>,
    pub(super) text: RwSignal<String>,
    /// The state that is being worked on.
    pub(super) step: RwSignal<String>,
    goes_on: RwSignal<bool>,
    key: u64,
}

/// Numbers the turns that the page has shown.
static SHOWN: AtomicU64 = AtomicU64::new(0);

impl Turn {
    /// A turn of the transcript.
    pub(super) fn stored(turn: ChatTurn) -> Self {
        Self {
            text: RwSignal::new(turn.answer.clone()),
            stored: RwSignal::new(turn),
            step: RwSignal::new(String::new()),
            goes_on: RwSignal::new(false),
            key: SHOWN.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// A question that was sent just now.
    pub(super) fn asked(question: String) -> Self {
        let turn = Self::stored(ChatTurn {
            question,
            asked_at: now_ms(),
            ..ChatTurn::default()
        });
        turn.goes_on.set(true);
        turn
    }

    /// Tells it from the others for as long as the page shows it.
    pub(super) fn key(self) -> u64 {
        self.key
    }

    /// The question is stored.
    pub(super) fn begin(self, stored: ChatTurn) {
        self.stored.set(stored);
    }

    /// One of several answers goes on.
    pub(super) fn answer_text(self, run_id: &str, text: &str) {
        self.change_answer(run_id, |answer| answer.answer.push_str(text));
    }

    /// One of several answers is whole.
    pub(super) fn answered(self, whole: ChatAnswer) {
        let run_id = whole.run_id.clone();
        self.change_answer(&run_id, move |answer| *answer = whole);
    }

    fn change_answer(self, run_id: &str, change: impl FnOnce(&mut ChatAnswer)) {
        self.stored.update(|stored| {
            if let Some(answer) = stored
                .answers
                .iter_mut()
                .find(|answer| answer.run_id == run_id)
            {
                change(answer);
            }
        });
    }

    /// The turn as it is stored now, after its end.
    pub(super) fn changed(self, stored: ChatTurn) {
        self.text.set(stored.answer.clone());
        self.stored.set(stored);
    }

    /// The answer is whole.
    pub(super) fn end(self, stored: ChatTurn) {
        self.text.set(stored.answer.clone());
        self.stored.set(stored);
        self.goes_on.set(false);
    }

    /// The answer failed.
    pub(super) fn fail(self, error: UserError) {
        self.stored.update(|stored| {
            // What was said stays.
            stored.answer = self.text.get_untracked();
            stored.error = Some(error);
        });
        self.goes_on.set(false);
    }
}

#[component]
pub(super) fn TurnView(turn: Turn, chat: Chat, talk: Talk) -> impl IntoView {
    let Turn {
        stored,
        text,
        step,
        goes_on,
        ..
    } = turn;
    let cite = Callback::new(move |number: u32| {
        let citations = stored.with_untracked(|stored| stored.citations.clone());
        let found = citations
            .iter()
            .find(|citation| citation.number == number)
            .cloned();
        chat.cited.set(citations);
        if found.is_some() {
            chat.reading.set(found);
        }
    });
    let refused = Memo::new(move |_| stored.with(|stored| stored.refused));
    let error = Memo::new(move |_| stored.with(|stored| stored.error.clone()));
    let again = move |_| talk.again(turn);
    let several =
        Memo::new(move |_| stored.with(|stored| !stored.answers.is_empty() && !stored.chosen));
    let searched = Memo::new(move |_| stored.with(|stored| stored.searched_for.clone()));
    view! {
        <article class="flex flex-col gap-3" data-testid="chat-turn">
            <div class="flex justify-end">
                <p class="max-w-[85%] rounded-card bg-fill px-3.5 py-2 text-base break-words whitespace-pre-wrap" data-testid="chat-question">
                    {move || stored.with(|stored| stored.question.clone())}
                </p>
            </div>
            <div class="text-base leading-6" data-testid="chat-answer" aria-live="polite" aria-busy=move || goes_on.get().to_string()>
                {move || {
                    searched
                        .get()
                        .map(|text| {
                            view! {
                                <p class="mb-2 flex items-start gap-1.5 text-xs text-ink-faint" data-testid="chat-searched">
                                    <Glyph icon=Icon::Search size=12 class="mt-0.5" />
                                    <span class="min-w-0 break-words">{format!("searched for: {text}")}</span>
                                </p>
                            }
                        })
                }}
                <Show when=move || several.get()>
                    <Columns turn=turn chat=chat talk=talk />
                </Show>
                <Show when=move || refused.get() && !several.get()>
                    <div class="mb-2">
                        <Callout tone=Tone::Warn icon=Icon::Search>"The documents hold no answer to this, so none was made up."</Callout>
                    </div>
                </Show>
                {move || (!several.get()).then(|| markdown::view(&text.get(), Some(cite)))}
                <Show when=move || goes_on.get() && !several.get()>
                    <p class="mt-1 flex items-center gap-2 text-sm text-ink-muted">
                        {move || {
                            if text.with(String::is_empty) {
                                let words = step.get();
                                view! {
                                    <Spinner size=14 />
                                    <span>{if words.is_empty() { "Starting".to_owned() } else { words }}</span>
                                }
                                    .into_any()
                            } else {
                                view! { <span class="inline-block h-4 w-0.5 animate-caret bg-accent" aria-hidden="true"></span> }.into_any()
                            }
                        }}
                    </p>
                </Show>
                {move || {
                    error
                        .get()
                        .filter(|_| !several.get())
                        .map(|error| {
                            view! {
                                <div class="mt-2 rounded-control bg-crit-soft px-3 py-2 text-sm" role="alert" data-testid="chat-error">
                                    <p class="flex items-start gap-2 text-crit">
                                        <Glyph icon=Icon::CrossCircle class="mt-0.5" />
                                        <span class="min-w-0 break-words">{format!("{} ({})", capital(&error.message), error.code)}</span>
                                    </p>
                                    <p class="mt-1 pl-6 text-ink-muted">{error.help}</p>
                                    <div class="mt-2 pl-6">
                                        <Button size=ControlSize::Small icon=Icon::Retry on_click=again>"Ask again"</Button>
                                    </div>
                                </div>
                            }
                        })
                }}
            </div>
            <Show when=move || !goes_on.get() && !several.get()>
                {move || facts(&stored.get(), cite, chat)}
                <Rating turn=turn talk=talk />
            </Show>
        </article>
    }
}

/// The small line under an answer.
fn facts(turn: &ChatTurn, cite: Callback<u32>, chat: Chat) -> AnyView {
    let mut parts: Vec<(String, &'static str)> = Vec::new();
    if let Some(ms) = turn.first_word_ms {
        parts.push((
            format!("first word {}", duration(ms)),
            "From the question to the first word of the answer",
        ));
    }
    if let Some(ms) = turn.total_ms {
        parts.push((
            format!("total {}", duration(ms)),
            "From the question to the end of the answer",
        ));
    }
    if let (Some(read), Some(written)) = (turn.tokens_in, turn.tokens_out) {
        parts.push((
            format!("{} → {} tokens", count(read), count(written)),
            "Tokens that the model read and wrote",
        ));
    }
    if let Some(cost) = turn.cost_usd {
        parts.push((dollars(cost), "By the model's price in the settings"));
    }
    if let Some(model) = turn.model.clone() {
        parts.insert(0, (model, "The model that answered"));
    }
    if turn.extractive {
        parts.push((
            "quotations".into(),
            "No model is configured: the answer quotes the documents",
        ));
    }
    let sources = turn.citations.len();
    let (citations, first) = (
        turn.citations.clone(),
        turn.citations.first().map(|citation| citation.number),
    );
    let run = (!turn.run_id.is_empty()).then(|| format!("/runs/{}", turn.run_id));
    view! {
        <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-faint tabular-nums" data-testid="chat-facts">
            {first
                .map(|first| {
                    view! {
                        <button
                            type="button"
                            class="inline-flex items-center gap-1 rounded-badge text-accent-ink hover:underline"
                            on:click=move |_| {
                                chat.cited.set(citations.clone());
                                chat.reading.set(None);
                                if window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < 1024.0) {
                                    cite.run(first);
                                }
                            }
                        >
                            <Glyph icon=Icon::Quote size=12 />
                            {if sources == 1 { "1 source".to_owned() } else { format!("{sources} sources") }}
                        </button>
                    }
                })}
            {parts.into_iter().map(|(text, tip)| view! { <span data-tip=tip>{text}</span> }).collect_view()}
            {run
                .map(|href| {
                    view! {
                        <A href=href attr:class="rounded-badge hover:text-ink hover:underline" attr:data-testid="chat-run">
                            "Open run"
                        </A>
                    }
                })}
        </p>
    }
    .into_any()
}

/// An amount of US dollars, with as many digits as it needs to be seen.
pub(super) fn dollars(amount: f64) -> String {
    match amount {
        0.0 => "$0".into(),
        amount if amount < 0.01 => format!("${amount:.5}"),
        amount => format!("${amount:.3}"),
    }
}
