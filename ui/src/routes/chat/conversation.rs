//! The open conversation: its turns, the one that is being answered, the composer.

use super::{
    Chat,
    composer::Composer,
    turn::{Turn, TurnView},
};
use crate::{
    call,
    load::{act_with, failed},
};
use awm_api::{
    UserError,
    chat::{
        ChatFeedback, ChatSend, ChatSessionCreate, ChatSessionGet, ChatTurnChoose, ChatTurnRate,
        ChatUpdate,
    },
    questions::{FromTurn, QuestionAdd},
    runs::RunStop,
};
use awm_kit::{
    EmptyState, Glyph, Icon, Select, SelectOption, Skeleton, Toast, Toasts, recall, remember,
    use_toasts,
};
use futures::{StreamExt, future::AbortHandle};
use leptos::{html, prelude::*};
use leptos_router::components::A;

/// What is said, and the saying of more. It outlives the change from a new conversation to its stored one.
#[derive(Clone, Copy)]
pub(super) struct Talk {
    chat: Chat,
    toasts: Toasts,
    /// The conversation that `turns` belong to.
    of: RwSignal<String>,
    pub(super) turns: RwSignal<Vec<Turn>>,
    fault: RwSignal<Option<UserError>>,
    loading: RwSignal<bool>,
    /// The turn that is being answered.
    pub(super) answering: RwSignal<Option<Turn>>,
    work: StoredValue<Option<AbortHandle>>,
    /// Who owns the turns' signals: the talk, and not the button that was pressed, which may go away before the answer is there.
    owner: StoredValue<Owner>,
    /// Who answers a new conversation.
    pub(super) workflow: RwSignal<String>,
    /// What is in the composer.
    pub(super) draft: RwSignal<String>,
    /// The titles of the models to ask; the default one if empty.
    pub(super) models: RwSignal<Vec<String>>,
    /// The turn that the draft takes the place of.
    pub(super) replacing: RwSignal<Option<Turn>>,
}

impl Talk {
    pub(super) fn new(chat: Chat) -> Self {
        let talk = Self {
            chat,
            toasts: use_toasts(),
            of: RwSignal::new(String::new()),
            turns: RwSignal::new(Vec::new()),
            fault: RwSignal::new(None),
            loading: RwSignal::new(false),
            answering: RwSignal::new(None),
            work: StoredValue::new(None),
            // A child of the talk's own: the talk would otherwise hold itself, and never end.
            owner: StoredValue::new(Owner::new()),
            workflow: RwSignal::new(recall("chat-workflow").unwrap_or_default()),
            draft: RwSignal::new(String::new()),
            models: RwSignal::new(Vec::new()),
            replacing: RwSignal::new(None),
        };
        Effect::new(move |_| {
            let id = chat.open.get();
            if id != talk.of.get_untracked() {
                talk.open(id);
            }
        });
        Effect::new(move |_| {
            let answerers = chat.answerers();
            let known = talk
                .workflow
                .with_untracked(|chosen| answerers.iter().any(|row| row.id == *chosen));
            if let Some(first) = answerers.first().filter(|_| !known) {
                talk.workflow.set(first.id.clone());
            }
        });
        on_cleanup(move || talk.drop_work());
        talk
    }

    /// Makes signals that live as long as the talk.
    fn keep<T>(self, make: impl FnOnce() -> T) -> T {
        self.owner
            .try_with_value(|owner| owner.clone())
            .unwrap_or_default()
            .with(make)
    }

    fn drop_work(self) {
        if let Some(work) = self.work.try_update_value(Option::take).flatten() {
            work.abort();
        }
    }

    /// Shows another conversation.
    fn open(self, id: String) {
        self.drop_work();
        self.answering.set(None);
        self.replacing.set(None);
        self.of.set(id.clone());
        self.turns.set(Vec::new());
        self.fault.set(None);
        self.chat.cited.set(Vec::new());
        self.chat.reading.set(None);
        if id.is_empty() {
            return self.loading.set(false);
        }
        self.loading.set(true);
        leptos::task::spawn_local(async move {
            let answer = call::call(ChatSessionGet { id: id.clone() }).await;
            if self.of.try_get_untracked() != Some(id) {
                return;
            }
            self.loading.set(false);
            match answer {
                Ok(found) => {
                    let cited = found
                        .turns
                        .last()
                        .map(|turn| turn.citations.clone())
                        .unwrap_or_default();
                    self.chat.cited.set(cited);
                    let turns = self.keep(|| found.turns.into_iter().map(Turn::stored).collect());
                    self.turns.set(turns);
                }
                Err(error) => self.fault.set(Some(error)),
            }
        });
    }

    /// Asks a question, in a conversation that is made for it if none is open.
    pub(super) fn send(self, text: String) {
        let text = text.trim().to_owned();
        if text.is_empty() || self.answering.with_untracked(Option::is_some) {
            return;
        }
        self.draft.set(String::new());
        self.fault.set(None);
        let replaces = self.replacing.get_untracked();
        self.replacing.set(None);
        let replaces = replaces
            .filter(|old| untrack(|| self.is_last(*old)))
            .map(|old| {
                self.turns
                    .update(|turns| turns.retain(|turn| turn.key() != old.key()));
                old.stored.with_untracked(|stored| stored.id.clone())
            });
        let replaces = replaces.filter(|id| !id.is_empty());
        let turn = self.keep(|| Turn::asked(text.clone()));
        self.answering.set(Some(turn));
        self.turns.update(|turns| turns.push(turn));
        self.chat.cited.set(Vec::new());
        self.chat.reading.set(None);
        let (work, handle) = futures::future::abortable(async move {
            if let Err(error) = self.answer(turn, text, replaces).await {
                turn.fail(error);
            }
            self.answering.set(None);
            self.chat.sessions.reload();
        });
        self.work.set_value(Some(handle));
        leptos::task::spawn_local(async move {
            // It is cut off only when another conversation takes its place.
            let _: Result<(), _> = work.await;
        });
    }

    async fn answer(
        self,
        turn: Turn,
        text: String,
        replaces: Option<String>,
    ) -> Result<(), UserError> {
        let mut id = self.of.get_untracked();
        if id.is_empty() {
            let made = call::call(ChatSessionCreate {
                workflow_id: self.workflow.get_untracked(),
            })
            .await?;
            id = made.id;
            self.of.set(id.clone());
            self.chat.go.run(id.clone());
        }
        let mut updates = call::stream(ChatSend {
            session_id: id,
            text,
            models: self.models.get_untracked(),
            replaces,
        });
        while let Some(update) = updates.next().await {
            match update? {
                ChatUpdate::Started { turn: stored } => turn.begin(stored),
                ChatUpdate::Step { state } => turn.step.set(state),
                ChatUpdate::Text { text } => turn.text.update(|all| all.push_str(&text)),
                ChatUpdate::AnswerText { run_id, text } => turn.answer_text(&run_id, &text),
                ChatUpdate::Answered { answer } => turn.answered(answer),
                ChatUpdate::Done { turn: stored } => {
                    self.chat.cited.set(stored.citations.clone());
                    turn.end(stored);
                }
            }
        }
        Ok(())
    }

    /// Stops the run behind the answer.
    pub(super) fn stop(self) {
        let Some(turn) = self.answering.get_untracked() else {
            return;
        };
        let run_ids = turn.stored.with_untracked(|stored| {
            let others = stored
                .answers
                .iter()
                .filter(|answer| answer.total_ms.is_none());
            let mut ids: Vec<String> = others.map(|answer| answer.run_id.clone()).collect();
            if stored.answers.is_empty() {
                ids.push(stored.run_id.clone());
            }
            ids
        });
        for id in run_ids.into_iter().filter(|id| !id.is_empty()) {
            act_with(
                self.toasts,
                RunStop {
                    id,
                    ..RunStop::default()
                },
                |_| (),
            );
        }
    }

    /// Whether nothing was asked after the turn.
    pub(super) fn is_last(self, turn: Turn) -> bool {
        self.turns
            .with(|turns| turns.last().is_some_and(|last| last.key() == turn.key()))
    }

    /// Asks a question again: in the place of the turn if it is the last one.
    pub(super) fn again(self, turn: Turn) {
        if self.answering.with_untracked(Option::is_some) {
            return;
        }
        self.replacing
            .set(untrack(|| self.is_last(turn)).then_some(turn));
        self.send(turn.stored.with_untracked(|stored| stored.question.clone()));
    }

    /// Goes on with one of several answers.
    pub(super) fn choose(self, turn: Turn, run_id: String) {
        let request = ChatTurnChoose {
            session_id: self.of.get_untracked(),
            turn_id: turn.stored.with_untracked(|stored| stored.id.clone()),
            run_id,
        };
        act_with(self.toasts, request, move |stored| {
            self.chat.cited.set(stored.citations.clone());
            turn.changed(stored);
        });
    }

    /// Keeps the question, with what its answer cited, to measure by.
    pub(super) fn add_question(self, turn: Turn) {
        let toasts = self.toasts;
        let from_turn = FromTurn {
            session_id: self.of.get_untracked(),
            turn_id: turn.stored.with_untracked(|stored| stored.id.clone()),
        };
        let request = QuestionAdd {
            set_id: None,
            body: None,
            from_turn: Some(from_turn),
        };
        act_with(toasts, request, move |_| {
            toasts.show(Toast::done("Added to the question set"));
        });
    }

    /// Says what somebody thinks of an answer.
    pub(super) fn rate(self, turn: Turn, feedback: Option<ChatFeedback>) {
        let request = ChatTurnRate {
            session_id: self.of.get_untracked(),
            turn_id: turn.stored.with_untracked(|stored| stored.id.clone()),
            feedback,
        };
        act_with(self.toasts, request, move |stored| turn.changed(stored));
    }

    /// Puts the last question into the composer: what is sent then takes its place.
    pub(super) fn edit_last(self) -> bool {
        let last = self.turns.with_untracked(|turns| turns.last().copied());
        if let Some(turn) = last {
            self.draft
                .set(turn.stored.with_untracked(|stored| stored.question.clone()));
            self.replacing.set(Some(turn));
        }
        last.is_some()
    }
}

/// The middle column.
#[component]
pub(super) fn Conversation(chat: Chat, talk: Talk) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let near_end = RwSignal::new(true);
    // The end stays in sight while the answer grows, unless the reader went up.
    Effect::new(move |_| {
        talk.turns.with(Vec::len);
        if let Some(turn) = talk.answering.get() {
            turn.text.with(String::len);
            turn.step.track();
        }
        if near_end.get_untracked()
            && let Some(el) = node.get()
        {
            request_animation_frame(move || el.set_scroll_top(el.scroll_height()));
        }
    });
    view! {
        <section class="flex min-w-0 flex-1 flex-col" aria-label="Conversation">
            <div
                node_ref=node
                class="min-h-0 flex-1 overflow-y-auto"
                tabindex="0"
                on:scroll=move |_| {
                    if let Some(el) = node.get_untracked() {
                        near_end.set(el.scroll_height() - el.scroll_top() - el.client_height() < 80);
                    }
                }
            >
                <div class="mx-auto flex max-w-3xl flex-col gap-8 px-6 py-6">
                    {move || {
                        if let Some(error) = talk.fault.get() {
                            return failed(&error, move || talk.open(talk.of.get_untracked()));
                        }
                        if talk.loading.get() {
                            return view! { <Skeleton rows=8 text=true /> }.into_any();
                        }
                        if talk.turns.with(Vec::is_empty) {
                            return view! { <Opening chat=chat talk=talk /> }.into_any();
                        }
                        ().into_any()
                    }}
                    <For each=move || talk.turns.get() key=|turn| turn.key() let(turn)>
                        <TurnView turn=turn chat=chat talk=talk />
                    </For>
                </div>
            </div>
            <div class="shrink-0 px-6 pb-5">
                <div class="mx-auto max-w-3xl">
                    <Composer talk=talk chat=chat />
                </div>
            </div>
        </section>
    }
}

/// What is seen before the first question: who answers.
#[component]
fn Opening(chat: Chat, talk: Talk) -> impl IntoView {
    let options = Signal::derive(move || {
        let named = |row: awm_api::workflows::WorkflowSummary| {
            let (kind, _) = crate::routes::states::workflow_kind(row.kind);
            SelectOption::new(
                row.id,
                if kind == "Chat" {
                    row.name
                } else {
                    format!("{} ({kind})", row.name)
                },
            )
        };
        chat.answerers().into_iter().map(named).collect::<Vec<_>>()
    });
    let none = Memo::new(move |_| {
        chat.workflows
            .with(|state| state.ready().is_some_and(Vec::is_empty))
    });
    view! {
        <Show
            when=move || !none.get()
            fallback=|| {
                view! {
                    <EmptyState icon=Icon::Chat title="Chat talks to a workflow" text="There is none yet. Open the template Document question answering, then come back.">
                        <A href="/workflows" attr:class="inline-flex h-8 items-center gap-1.5 rounded-control bg-accent px-3 text-sm font-medium text-on-accent shadow-small hover:bg-accent-hover">
                            <Glyph icon=Icon::Workflow size=14 />
                            "Go to Workflows"
                        </A>
                    </EmptyState>
                }
            }
        >
            <div class="flex flex-col items-center gap-1 pt-16 text-center">
                <h1 class="text-xl">"Ask your documents"</h1>
                <p class="max-w-[52ch] text-sm text-ink-muted">"The answer comes from a workflow, with the passages it stands on. Everything stays on this machine unless a model elsewhere is configured."</p>
                <div class="mt-4 w-72">
                    <Select
                        value=talk.workflow
                        options=options
                        label="Workflow that answers"
                        testid="chat-workflow"
                        on_change=move |id: String| {
                            remember("chat-workflow", &id);
                            talk.workflow.set(id);
                        }
                    />
                </div>
            </div>
        </Show>
    }
}
