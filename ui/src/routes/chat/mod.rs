//! Chat: conversations, the one that is open, and its sources.

mod columns;
mod composer;
mod conversation;
mod rating;
mod remembers;
mod sessions;
mod sources;
mod turn;

use super::query::query_value;
use crate::{
    load::{Loader, load},
    palette::{Action, offer},
    session::{Crumb, use_session},
};
use awm_api::{
    chat::{ChatSession, ChatSessionList, Citation},
    workflows::{WorkflowKind, WorkflowList, WorkflowSummary},
};
use awm_kit::Icon;
use conversation::{Conversation, Talk};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use sessions::Sessions;
use sources::SourcePanel;

/// What the three columns share.
#[derive(Clone, Copy)]
struct Chat {
    sessions: Loader<Vec<ChatSession>>,
    workflows: Loader<Vec<WorkflowSummary>>,
    /// The open conversation's id; empty for a new one.
    open: Memo<String>,
    go: Callback<String>,
    /// The citations that the third column lists.
    cited: RwSignal<Vec<Citation>>,
    /// The one whose document is open.
    reading: RwSignal<Option<Citation>>,
}

impl Chat {
    /// Those who can answer: chat workflows first.
    fn answerers(self) -> Vec<WorkflowSummary> {
        let mut all = self.workflows.value().unwrap_or_default();
        all.sort_by_key(|row| row.kind != WorkflowKind::Chat);
        all
    }
}

/// The screen.
#[component]
pub(super) fn ChatScreen() -> impl IntoView {
    let session = use_session();
    let open = query_value("session");
    let navigate = use_navigate();
    let go = Callback::new(move |id: String| {
        let to = if id.is_empty() {
            "/chat".to_owned()
        } else {
            format!("/chat?session={id}")
        };
        navigate(
            &to,
            NavigateOptions {
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    });
    let chat = Chat {
        sessions: load(|| ChatSessionList {}),
        workflows: load(|| WorkflowList {}),
        open: Memo::new(move |_| open.get()),
        go,
        cited: RwSignal::new(Vec::new()),
        reading: RwSignal::new(None),
    };
    let talk = Talk::new(chat);
    Effect::new(move |_| {
        let id = chat.open.get();
        let title = chat
            .sessions
            .value()
            .and_then(|all| all.into_iter().find(|row| row.id == id))
            .map(|row| row.title);
        session.at(match title.filter(|title| !title.is_empty()) {
            Some(title) => vec![Crumb::link("Chat", "/chat"), Crumb::here(title)],
            None => vec![Crumb::here("Chat")],
        });
    });
    offer(move || {
        vec![
            Action::new("chat-new", "New conversation", Icon::Plus, move || {
                go.run(String::new())
            })
            .keywords("ask chat question")
            .group("Chat"),
        ]
    });
    view! {
        <div class="relative flex h-full min-h-0" data-testid="chat">
            <Sessions chat=chat />
            <Conversation chat=chat talk=talk />
            <SourcePanel chat=chat />
        </div>
    }
}
