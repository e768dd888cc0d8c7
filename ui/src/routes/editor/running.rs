//! Starting, watching and stopping runs.

use super::{model::run::RunModel, saving::Saving, session::Session};
use crate::{
    call::{call, stream},
    load::failure,
};
use awm_api::runs::{RunSource, RunStart, RunStatus, RunStop, RunSummary, RunWatch};
use awm_kit::{recall, remember};
use futures::StreamExt;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// Updates that are taken in at once: a fast run tells thousands in a second.
const AT_ONCE: usize = 500;
/// How often a stream that breaks off is opened again.
const TRIES: u32 = 5;

/// The runs of one open workflow.
#[derive(Clone, Copy)]
pub struct Runner {
    session: Session,
    saving: Option<Saving>,
    workflow: StoredValue<String>,
    /// Whether a start is under way.
    pub starting: RwSignal<bool>,
    /// Whether the dialog for the input is open.
    pub asking: RwSignal<bool>,
    /// Told once for each run that fails.
    pub failed: RwSignal<Option<String>>,
    /// The number of the watch: an older one stops when it sees a newer.
    watch: StoredValue<u32>,
}

impl Runner {
    /// For an open workflow; without `saving` only watching is possible.
    pub fn new(session: Session, saving: Option<Saving>, workflow: &str) -> Self {
        Self {
            session,
            saving,
            workflow: StoredValue::new(workflow.to_owned()),
            starting: RwSignal::new(false),
            asking: RwSignal::new(false),
            failed: RwSignal::new(None),
            watch: StoredValue::new(0),
        }
    }

    /// The input of the last run that was started here.
    pub fn last_input(self) -> Option<Value> {
        let key = self.workflow.with_value(|id| format!("input-{id}"));
        recall(&key).and_then(|text| serde_json::from_str(&text).ok())
    }

    /// Runs with the sample, else with the last input, else asks.
    pub fn run(self) {
        let sample = self
            .session
            .editor
            .with_untracked(|editor| editor.document().sample_input.clone());
        match sample.or_else(|| self.last_input()) {
            Some(input) => self.run_with(input),
            None => self.asking.set(true),
        }
    }

    /// Runs with an input.
    pub fn run_with(self, input: Value) {
        if self.starting.get_untracked() {
            return;
        }
        self.starting.set(true);
        let key = self.workflow.with_value(|id| format!("input-{id}"));
        remember(&key, &input.to_string());
        let workflow_id = self.workflow.get_value();
        spawn_local(async move {
            let saved = match self.saving {
                Some(saving) => saving.flush().await,
                None => Ok(()),
            };
            let started = match saved {
                Ok(()) => {
                    call(RunStart {
                        workflow_id,
                        input,
                        mocks: None,
                        source: RunSource::Editor,
                    })
                    .await
                }
                Err(error) => Err(error),
            };
            self.starting.try_set(false);
            match started {
                Ok(summary) => self.begin(summary),
                Err(error) => {
                    if let Some(toasts) = self.session.toasts() {
                        toasts.show(failure(&error));
                    }
                }
            }
        });
    }

    /// Stops the run that goes on.
    pub fn stop(self) {
        let Some(id) = self
            .session
            .run
            .with_untracked(|run| run.summary.as_ref().map(|summary| summary.id.clone()))
        else {
            return;
        };
        spawn_local(async move {
            if let Err(error) = call(RunStop {
                id,
                ..RunStop::default()
            })
            .await
                && let Some(toasts) = self.session.toasts()
            {
                toasts.show(failure(&error));
            }
        });
    }

    /// Shows a run from its beginning and follows it.
    pub fn begin(self, summary: RunSummary) {
        let id = summary.id.clone();
        self.session.visit.try_set(None);
        self.session.upto.try_set(None);
        self.session.run.try_update(|run| {
            *run = RunModel::begun(summary);
        });
        self.follow(id);
    }

    /// Follows a run from the last event that is known.
    pub fn follow(self, id: String) {
        let Some(mine) = self.watch.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        spawn_local(async move {
            let current = move || self.watch.try_get_value() == Some(mine);
            for attempt in 0..TRIES {
                let after = self
                    .session
                    .run
                    .try_with_untracked(RunModel::last_event)
                    .unwrap_or_default();
                let mut updates = stream(RunWatch {
                    id: id.clone(),
                    after,
                })
                .ready_chunks(AT_ONCE);
                let mut fault = None;
                while let Some(batch) = updates.next().await {
                    if !current() {
                        return;
                    }
                    self.session.run.try_update(|run| {
                        for update in batch {
                            match update {
                                Ok(update) => run.apply(update),
                                Err(error) => fault = Some(error),
                            }
                        }
                    });
                }
                if !current() {
                    return;
                }
                let status = self
                    .session
                    .run
                    .try_with_untracked(RunModel::status)
                    .flatten();
                match status {
                    Some(RunStatus::Running) => {}
                    Some(RunStatus::Failed | RunStatus::TimedOut) => {
                        self.failed.try_set(Some(id));
                        return;
                    }
                    _ => return,
                }
                if attempt + 1 == TRIES
                    && let (Some(error), Some(toasts)) = (fault, self.session.toasts())
                {
                    toasts.show(failure(&error));
                    return;
                }
                wait(300 << attempt).await;
            }
        });
    }
}

async fn wait(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Without a window there is nothing to wait with; the promise then stays open and the watch ends.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    // The promise can't be rejected.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
