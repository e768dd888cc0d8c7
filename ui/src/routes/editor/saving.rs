//! Keeping the stored workflow as new as the one on the screen.

use super::session::Session;
use crate::call::call;
use awm_api::{
    Code, UserError,
    workflows::{WorkflowGet, WorkflowSave},
};
use awm_flow::{Document, Editor};
use futures::lock::Mutex;
use leptos::{prelude::*, task::spawn_local};
use std::{sync::Arc, time::Duration};

/// A pause in editing after which the document is saved.
const PAUSE: Duration = Duration::from_millis(800);
/// The longest wait before a failed save is tried again.
const PATIENCE: u64 = 30;

/// How the stored workflow stands to the one on the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum SaveState {
    /// The same.
    Saved,
    /// Older.
    Unsaved,
    /// On its way.
    Saving,
    /// Older, because the last save failed; it is tried again.
    Failed(UserError),
    /// Someone else has saved another one meanwhile: nothing is written until it is decided which one stays.
    Conflict,
}

/// The saving of one open workflow.
#[derive(Clone, Copy)]
pub struct Saving {
    session: Session,
    workflow: StoredValue<String>,
    /// The stored revision that the text on the screen began from.
    pub base: RwSignal<u64>,
    /// How it stands.
    pub state: RwSignal<SaveState>,
    /// The editor's revision that is stored.
    stored: RwSignal<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
    turn: StoredValue<Arc<Mutex<()>>>,
    failures: StoredValue<u32>,
}

impl Saving {
    /// Begins to save what happens in a session.
    pub fn new(session: Session, workflow: &str, base: u64) -> Self {
        let saving = Self {
            session,
            workflow: StoredValue::new(workflow.to_owned()),
            base: RwSignal::new(base),
            state: RwSignal::new(SaveState::Saved),
            stored: RwSignal::new(session.editor.with_untracked(Editor::revision)),
            timer: StoredValue::new(None),
            turn: StoredValue::new(Arc::default()),
            failures: StoredValue::new(0),
        };
        if !session.read_only {
            saving.watch();
        }
        saving
    }

    /// Whether something on the screen isn't stored yet.
    pub fn is_dirty(self) -> bool {
        let now = self.session.editor.try_with_untracked(Editor::revision);
        now.is_some() && now != self.stored.try_get_untracked()
    }

    /// Saves now, and waits for it. Nothing happens if all is stored.
    pub async fn flush(self) -> Result<(), UserError> {
        self.stop_timer();
        let Some(turn) = self.turn.try_get_value() else {
            return Ok(());
        };
        let _turn = turn.lock().await;
        if !self.is_dirty() {
            return Ok(());
        }
        if self.state.try_get_untracked() == Some(SaveState::Conflict) {
            return Err(conflict());
        }
        let (Some((revision, document)), Some(workflow), Some(base)) = (
            self.session.editor.try_with_untracked(snapshot),
            self.workflow.try_get_value(),
            self.base.try_get_untracked(),
        ) else {
            return Ok(());
        };
        self.state.try_set(SaveState::Saving);
        match call(WorkflowSave {
            id: workflow,
            base_revision: base,
            document,
        })
        .await
        {
            Ok(saved) => {
                self.failures.try_update_value(|n| *n = 0);
                self.base.try_set(saved.summary.revision);
                self.stored.try_set(revision);
                let state = if self.is_dirty() {
                    SaveState::Unsaved
                } else {
                    SaveState::Saved
                };
                self.state.try_set(state);
                Ok(())
            }
            Err(error) if error.code == Code::Conflict => {
                self.state.try_set(SaveState::Conflict);
                Err(error)
            }
            Err(error) => {
                let failures = self.failures.try_update_value(|n| {
                    *n += 1;
                    *n
                });
                self.state.try_set(SaveState::Failed(error.clone()));
                let wait = 2_u64.saturating_pow(failures.unwrap_or(1)).min(PATIENCE);
                self.later(Duration::from_secs(wait));
                Err(error)
            }
        }
    }

    /// After a conflict: what is on the screen takes the place of what is stored.
    pub fn overwrite(self) {
        spawn_local(async move {
            let Some(id) = self.workflow.try_get_value() else {
                return;
            };
            match call(WorkflowGet { id }).await {
                Ok(workflow) => {
                    self.base.try_set(workflow.summary.revision);
                    self.state.try_set(SaveState::Unsaved);
                    if self.flush().await.is_ok() {
                        self.session.say("Saved over the other version");
                    }
                }
                Err(error) => {
                    self.state.try_set(SaveState::Failed(error));
                }
            }
        });
    }

    fn watch(self) {
        Effect::new(move |_| {
            let revision = self.session.editor.with(Editor::revision);
            if revision == self.stored.get_untracked()
                || self
                    .state
                    .with_untracked(|state| *state == SaveState::Conflict)
            {
                return;
            }
            if self
                .state
                .with_untracked(|state| *state == SaveState::Saved)
            {
                self.state.set(SaveState::Unsaved);
            }
            self.later(PAUSE);
        });
        let listener = window_event_listener(leptos::ev::beforeunload, move |ev| {
            if self.is_dirty() {
                ev.prevent_default();
                spawn_local(async move {
                    // A failure shows in the bar; the browser asks whether to stay.
                    let _ = self.flush().await;
                });
            }
        });
        on_cleanup(move || {
            listener.remove();
            self.stop_timer();
            self.save_on_the_way_out();
        });
    }

    /// The screen goes away: what isn't stored is sent with nobody left to hear of it.
    fn save_on_the_way_out(self) {
        if !self.is_dirty() || self.state.try_get_untracked() == Some(SaveState::Conflict) {
            return;
        }
        let toasts = self.session.toasts();
        if let (Some((_, document)), Some(id), Some(base_revision)) = (
            self.session.editor.try_with_untracked(snapshot),
            self.workflow.try_get_value(),
            self.base.try_get_untracked(),
        ) {
            spawn_local(async move {
                if let Err(error) = call(WorkflowSave {
                    id,
                    base_revision,
                    document,
                })
                .await
                    && let Some(toasts) = toasts
                {
                    toasts.show(crate::load::failure(&error));
                }
            });
        }
    }

    fn later(self, wait: Duration) {
        self.stop_timer();
        let handle = set_timeout_with_handle(
            move || {
                spawn_local(async move {
                    // A failure shows in the bar.
                    let _ = self.flush().await;
                });
            },
            wait,
        );
        self.timer.try_set_value(handle.ok());
    }

    fn stop_timer(self) {
        if let Some(Some(handle)) = self.timer.try_update_value(Option::take) {
            handle.clear();
        }
    }
}

fn conflict() -> UserError {
    UserError::new(
        Code::Conflict,
        "this workflow was saved elsewhere meanwhile",
    )
    .help("Choose which version stays, then go on")
}

/// The document as it is stored: without entries for states that are gone.
fn snapshot(editor: &Editor) -> (u64, serde_json::Value) {
    let mut document: Document = editor.document().clone();
    if editor.broken().is_none() {
        let graph = editor.graph().clone();
        document
            .positions
            .retain(|state, _| graph.node(state).is_some());
        document
            .mocks
            .retain(|state, _| graph.node(state).is_some());
        document
            .collapsed
            .retain(|state| graph.node(state).is_some());
    }
    (
        editor.revision(),
        serde_json::to_value(document).unwrap_or_default(),
    )
}
