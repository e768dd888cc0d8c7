//! The conversations, newest first.

use super::Chat;
use crate::load::{Load, act_with, failed};
use awm_api::chat::{ChatSession, ChatSessionDelete};
use awm_kit::{
    Ago, Button, ButtonVariant, ControlSize, Dialog, Glyph, Icon, IconButton, Input, Skeleton,
    Toast, use_toasts,
};
use leptos::prelude::*;

#[component]
pub(super) fn Sessions(chat: Chat) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let deleting = RwSignal::new(None::<ChatSession>);
    let rows = move || {
        let wanted = search.get().trim().to_lowercase();
        let fits = |row: &ChatSession| {
            row.title.to_lowercase().contains(&wanted)
                || row.workflow_name.to_lowercase().contains(&wanted)
        };
        chat.sessions
            .value()
            .unwrap_or_default()
            .into_iter()
            .filter(fits)
            .collect::<Vec<_>>()
    };
    let many = Memo::new(move |_| {
        chat.sessions
            .with(|state| state.ready().is_some_and(|all| all.len() > 6))
    });
    view! {
        <aside class="hidden w-64 shrink-0 flex-col border-r border-line md:flex" aria-label="Conversations">
            <div class="flex h-14 shrink-0 items-center justify-between pr-3 pl-5">
                <h2 class="text-xs font-medium text-ink-faint">"Conversations"</h2>
                <IconButton
                    icon=Icon::Plus
                    label="New conversation"
                    size=ControlSize::Tiny
                    testid="chat-new"
                    on_click=move |_| chat.go.run(String::new())
                />
            </div>
            <Show when=move || many.get()>
                <div class="px-3 pb-2">
                    <Input value=search on_input=move |text| search.set(text) icon=Icon::Search kind="search" placeholder="Find" label="Find a conversation" />
                </div>
            </Show>
            <div class="min-h-0 flex-1 overflow-y-auto px-3 pb-3">
                {move || match chat.sessions.get() {
                    Load::Loading => view! { <Skeleton rows=5 /> }.into_any(),
                    Load::Failed(error) => failed(&error, move || chat.sessions.reload()),
                    Load::Ready(all) if all.is_empty() => {
                        view! { <p class="px-2 text-xs text-ink-faint">"None yet. What you ask is kept here."</p> }.into_any()
                    }
                    Load::Ready(_) => {
                        view! {
                            <ul class="flex flex-col gap-0.5">
                                <For each=rows key=|row| (row.id.clone(), row.title.clone(), row.changed_at) let(row)>
                                    {row_view(row, chat, deleting)}
                                </For>
                            </ul>
                        }
                            .into_any()
                    }
                }}
            </div>
            <DeleteDialog chat=chat deleting=deleting />
        </aside>
    }
}

fn row_view(row: ChatSession, chat: Chat, deleting: RwSignal<Option<ChatSession>>) -> AnyView {
    let (id, own, gone) = (row.id.clone(), row.id.clone(), row.clone());
    let title = if row.title.is_empty() {
        "New conversation".to_owned()
    } else {
        row.title
    };
    view! {
        <li class="group relative">
            <button
                type="button"
                class="flex w-full min-w-0 flex-col rounded-control py-1.5 pr-8 pl-2 text-left hover:bg-fill aria-[current=true]:bg-fill"
                aria-current=move || (chat.open.get() == own).to_string()
                data-testid="chat-session"
                on:click=move |_| chat.go.run(id.clone())
            >
                <span class="w-full truncate text-sm">{title}</span>
                <span class="flex w-full gap-1.5 text-xs text-ink-faint">
                    <span class="truncate">{row.workflow_name}</span>
                    <span aria-hidden="true">"·"</span>
                    <Ago at=row.changed_at />
                </span>
            </button>
            <span class="absolute top-2 right-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
                <IconButton icon=Icon::Trash label="Delete conversation" size=ControlSize::Tiny on_click=move |_| deleting.set(Some(gone.clone())) />
            </span>
        </li>
    }
    .into_any()
}

#[component]
fn DeleteDialog(chat: Chat, deleting: RwSignal<Option<ChatSession>>) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(deleting.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && deleting.with_untracked(Option::is_some) {
            deleting.set(None);
        }
    });
    let name = Signal::derive(move || {
        deleting.with(|row| {
            row.as_ref()
                .map(|row| row.title.clone())
                .unwrap_or_default()
        })
    });
    let delete = move |_| {
        let Some(row) = deleting.get_untracked() else {
            return;
        };
        open.set(false);
        act_with(toasts, ChatSessionDelete { id: row.id }, move |gone| {
            chat.sessions
                .update(|rows| rows.retain(|row| row.id != gone.id));
            if chat.open.get_untracked() == gone.id {
                chat.go.run(String::new());
            }
            toasts.show(Toast::done("Deleted the conversation"));
        });
    };
    view! {
        <Dialog open=open title="Delete this conversation?" width=440>
            <p class="text-sm">{move || format!("“{}” goes for good: its answers, the runs behind them and what was remembered of it. A receipt stays. This can't be undone.", name.get())}</p>
            <div class="mt-5 flex items-center justify-end gap-2">
                <Button size=ControlSize::Large on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button variant=ButtonVariant::Danger size=ControlSize::Large on_click=delete>
                    <Glyph icon=Icon::Trash size=14 />
                    "Delete"
                </Button>
            </div>
        </Dialog>
    }
}
