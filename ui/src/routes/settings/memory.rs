//! What is remembered: for how long, what is known of the person, and receipts of what was deleted.

use super::{card, row};
use crate::{
    load::{act_with, draw, load},
    session::use_session,
};
use awm_api::memory::{Fact, FactDelete, FactList, FactSave, Receipt, ReceiptList, ReceiptReason};
use awm_kit::{
    Ago, Button, ButtonVariant, ControlSize, Dialog, Glyph, Icon, IconButton, Input, Select,
    SelectOption, Skeleton, Switch, Toast, plural, use_toasts,
};
use leptos::prelude::*;

#[component]
pub(super) fn MemorySection() -> impl IntoView {
    view! {
        <Durations />
        <Facts />
        <Receipts />
    }
}

#[component]
fn Durations() -> impl IntoView {
    let session = use_session();
    let minutes = RwSignal::new(
        session
            .settings
            .with_untracked(|settings| settings.memory_minutes.to_string()),
    );
    let wrong = Memo::new(move |_| {
        minutes.with(|text| !matches!(text.trim().parse::<u32>(), Ok(1..=525_600)))
    });
    let kept = Signal::derive(move || {
        session.settings.with(|settings| {
            settings
                .chat_retention_days
                .map_or_else(String::new, |days| days.to_string())
        })
    });
    let options = Signal::derive(move || {
        let mut options = vec![
            SelectOption::new("", "until deleted"),
            SelectOption::new("1", "1 day"),
            SelectOption::new("7", "7 days"),
            SelectOption::new("30", "30 days"),
            SelectOption::new("90", "90 days"),
            SelectOption::new("365", "1 year"),
        ];
        let now = kept.get();
        if !options.iter().any(|option| option.value == now) {
            options.push(SelectOption::new(now.clone(), format!("{now} days")));
        }
        options
    });
    let rows = view! {
        {row(
            "Conversations remember",
            "For so long an answer may use what was said before. A workflow's Remember task may name another time.",
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
            "Conversations are kept",
            "After that, questions, answers and the runs behind them are deleted for good. Deleting a conversation does so at once.",
            view! {
                <div class="w-60">
                    <Select
                        value=kept
                        options=options
                        label="How long conversations are kept"
                        testid="retention-input"
                        on_change=move |days: String| session.change(|settings| settings.chat_retention_days = days.parse().ok())
                    />
                </div>
            },
        )}
        {row(
            "Remember facts about me",
            "What you ask to be remembered, or say of yourself, is used in later conversations until you delete it below. Documents and answers never become facts.",
            view! {
                <Switch
                    checked=Signal::derive(move || session.settings.with(|settings| settings.remember_facts))
                    on_change=move |on| session.change(|settings| settings.remember_facts = on)
                    label="Remember facts about me"
                    testid="remember-facts"
                />
            },
        )}
    };
    card(rows)
}

#[component]
fn Facts() -> impl IntoView {
    let toasts = use_toasts();
    let facts = load(|| FactList {});
    let draft = RwSignal::new(String::new());
    let asking = RwSignal::new(false);
    let add = move || {
        let text = draft.get_untracked();
        if !text.trim().is_empty() {
            draft.set(String::new());
            act_with(toasts, FactSave { id: None, text }, move |_| facts.reload());
        }
    };
    let delete_all = move |_| {
        asking.set(false);
        act_with(toasts, FactDelete { id: None }, move |receipt| {
            facts.reload();
            toasts.show(Toast::done(told(&receipt)));
        });
    };
    view! {
        <section class="flex flex-col gap-3" aria-label="Facts">
            <div class="flex items-center justify-between">
                <h2 class="text-sm font-medium">"What is known of you"</h2>
                <Button
                    size=ControlSize::Small
                    icon=Icon::Trash
                    disabled=Signal::derive(move || facts.value().is_none_or(|facts| facts.is_empty()))
                    reason="Nothing is known"
                    on_click=move |_| asking.set(true)
                >
                    "Delete all"
                </Button>
            </div>
            {draw(
                facts,
                || view! { <Skeleton rows=3 /> }.into_any(),
                move |all| {
                    if all.is_empty() {
                        return view! {
                            <p class="text-sm text-ink-muted">"Nothing. Say “remember that …” in a conversation, or write it here."</p>
                        }
                            .into_any();
                    }
                    view! {
                        <ul class="divide-y divide-line rounded-card border border-line bg-surface shadow-small" data-testid="facts">
                            {all.into_iter().map(|fact| fact_row(fact, move || facts.reload())).collect_view()}
                        </ul>
                    }
                        .into_any()
                },
            )}
            <form
                class="flex items-center gap-2"
                on:submit=move |ev| {
                    ev.prevent_default();
                    add();
                }
            >
                <div class="min-w-0 flex-1">
                    <Input value=draft on_input=move |text| draft.set(text) label="A fact" placeholder="I work in Oslo" testid="fact-input" />
                </div>
                <Button submit=true icon=Icon::Plus testid="fact-add">"Add"</Button>
            </form>
            <Dialog open=asking title="Delete all facts?" width=440>
                <p class="text-sm">"Later conversations will know nothing of you. This can't be undone."</p>
                <div class="mt-5 flex items-center justify-end gap-2">
                    <Button size=ControlSize::Large on_click=move |_| asking.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Danger size=ControlSize::Large on_click=delete_all>
                        <Glyph icon=Icon::Trash size=14 />
                        "Delete all"
                    </Button>
                </div>
            </Dialog>
        </section>
    }
}

fn fact_row(fact: Fact, changed: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let toasts = use_toasts();
    let text = RwSignal::new(fact.text.clone());
    let (id, gone) = (fact.id.clone(), fact.id.clone());
    let from = if fact.session_id.is_empty() {
        "written here"
    } else {
        "from a conversation"
    };
    view! {
        <li class="flex items-center gap-3 px-4 py-2" data-testid="fact">
            <div class="min-w-0 flex-1">
                <Input
                    value=text
                    on_input=move |now| text.set(now)
                    on_commit=move |now: String| {
                        if now != fact.text && !now.trim().is_empty() {
                            act_with(toasts, FactSave { id: Some(id.clone()), text: now }, move |_| changed());
                        }
                    }
                    label="Fact"
                />
            </div>
            <span class="hidden shrink-0 gap-1 text-xs text-ink-faint sm:flex">
                {from}
                <Ago at=fact.changed_at />
            </span>
            <IconButton
                icon=Icon::Trash
                label="Delete fact"
                size=ControlSize::Tiny
                testid="fact-delete"
                on_click=move |_| {
                    act_with(
                        toasts,
                        FactDelete { id: Some(gone.clone()) },
                        move |receipt| {
                            toasts.show(Toast::done(told(&receipt)));
                            changed();
                        },
                    )
                }
            />
        </li>
    }
    .into_any()
}

#[component]
fn Receipts() -> impl IntoView {
    let receipts = load(|| ReceiptList {});
    view! {
        <section class="flex flex-col gap-3" aria-label="Receipts">
            <div>
                <h2 class="text-sm font-medium">"Receipts of deletions"</h2>
                <p class="mt-0.5 text-xs text-ink-muted">"What was deleted, when and from where. They hold nothing of the text."</p>
            </div>
            {draw(
                receipts,
                || view! { <Skeleton rows=4 /> }.into_any(),
                |all| {
                    if all.is_empty() {
                        return view! { <p class="text-sm text-ink-muted">"Nothing was deleted yet."</p> }.into_any();
                    }
                    view! {
                        <div class="max-h-96 overflow-y-auto rounded-card border border-line bg-surface shadow-small" tabindex="0">
                            <table class="w-full text-left text-sm" data-testid="receipts">
                                <thead class="sticky top-0 bg-surface">
                                    <tr class="border-b border-line text-xs text-ink-muted">
                                        <th class="px-4 py-2 font-medium">"When"</th>
                                        <th class="px-4 py-2 font-medium">"Why"</th>
                                        <th class="px-4 py-2 font-medium">"Deleted"</th>
                                    </tr>
                                </thead>
                                <tbody>
                                    {all
                                        .into_iter()
                                        .map(|receipt| {
                                            view! {
                                                <tr class="border-b border-line last:border-0">
                                                    <td class="px-4 py-2 whitespace-nowrap text-ink-muted tabular-nums">
                                                        <Ago at=receipt.at />
                                                    </td>
                                                    <td class="px-4 py-2">{why(receipt.reason)}</td>
                                                    <td class="px-4 py-2 tabular-nums">{places(&receipt)}</td>
                                                </tr>
                                            }
                                        })
                                        .collect_view()}
                                </tbody>
                            </table>
                        </div>
                    }
                        .into_any()
                },
            )}
        </section>
    }
}

fn why(reason: ReceiptReason) -> &'static str {
    match reason {
        ReceiptReason::ConversationDeleted => "Conversation deleted",
        ReceiptReason::TurnReplaced => "Question asked anew",
        ReceiptReason::MemoryForgotten => "Conversation made to forget",
        ReceiptReason::FactsDeleted => "Facts deleted",
        ReceiptReason::MemoryExpired => "Memory expired",
        ReceiptReason::RetentionOver => "Kept long enough",
    }
}

fn places(receipt: &Receipt) -> String {
    let parts: Vec<String> = receipt
        .places
        .iter()
        .map(|place| format!("{} {}", place.count, place.place))
        .collect();
    match parts.is_empty() {
        true => "nothing was there".into(),
        false => parts.join(" · "),
    }
}

/// A receipt in a sentence.
pub(crate) fn told(receipt: &Receipt) -> String {
    let rows: u64 = receipt.places.iter().map(|place| place.count).sum();
    format!("Deleted {}", plural(rows, "entry", "entries"))
}
