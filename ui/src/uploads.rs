//! Taking files in: chosen or dropped, by path on the desktop, by their bytes in a browser.

mod drop;
mod files;

use crate::{call, load::failure, watch::pause};
use awm_api::{
    UserError,
    knowledge::{IngestPaths, IngestUpload, SourceCreate, SourceList},
};
use awm_kit::{Toast, Toasts, plural};
pub(crate) use drop::DropLayer;
pub(crate) use files::{Chosen, choose_files};
use leptos::prelude::*;
use std::time::Duration;

/// The source that is made when there is none.
const FIRST_SOURCE: &str = "Documents";

/// How the sending of files stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sending {
    /// Files sent.
    pub(crate) done: usize,
    /// Files to send.
    pub(crate) total: usize,
    /// The one that is being sent.
    pub(crate) name: String,
}

/// Takes files in on behalf of every screen; a copy of it may be kept anywhere.
#[derive(Clone, Copy)]
pub(crate) struct Uploads {
    /// What is being sent, if anything.
    pub(crate) sending: RwSignal<Option<Sending>>,
    /// Grows when something was put in the queue.
    pub(crate) accepted: RwSignal<u32>,
    /// The source that files go to: the one in sight, or the first.
    pub(crate) source: RwSignal<Option<String>>,
    toasts: Toasts,
}

impl Uploads {
    /// Makes it, once for the page.
    pub(crate) fn provide(toasts: Toasts) -> Self {
        let uploads = Self {
            sending: RwSignal::new(None),
            accepted: RwSignal::new(0),
            source: RwSignal::new(None),
            toasts,
        };
        provide_context(uploads);
        uploads
    }

    /// Puts files and folders of the host's machine in the queue.
    pub(crate) fn take_paths(self, paths: Vec<String>) {
        if paths.is_empty() {
            return;
        }
        leptos::task::spawn_local(async move {
            let sent = async {
                call::call(IngestPaths {
                    source_id: self.target().await?,
                    paths,
                    // What is dropped stays in step; the switch is on the Knowledge screen.
                    watch: true,
                })
                .await
            };
            match sent.await {
                Ok(accepted) => self.say(accepted.queued, accepted.unchanged),
                Err(error) => self.toasts.show(failure(&error)),
            }
            self.accepted.update(|n| *n += 1);
        });
    }

    /// Sends files one after the other. One that can't be sent doesn't stop the others.
    pub(crate) fn take_files(self, files: Vec<Chosen>) {
        if files.is_empty() {
            return self.toasts.show(Toast::failed(
                "There was no file in what you gave",
                "Choose files, or a folder that holds some.",
            ));
        }
        leptos::task::spawn_local(async move {
            // Another batch that is on its way goes first.
            while self.sending.with_untracked(Option::is_some) {
                pause(Duration::from_millis(200)).await;
            }
            let source = match self.target().await {
                Ok(source) => source,
                Err(error) => return self.toasts.show(failure(&error)),
            };
            let (total, mut queued, mut unchanged) = (files.len(), 0, 0);
            let mut failed: Vec<(String, UserError)> = Vec::new();
            for (done, file) in files.into_iter().enumerate() {
                self.sending.set(Some(Sending {
                    done,
                    total,
                    name: file.name.clone(),
                }));
                match send(&file, &source).await {
                    Ok(accepted) => {
                        queued += accepted.queued;
                        unchanged += accepted.unchanged;
                    }
                    Err(error) => failed.push((file.name, error)),
                }
                if done % 20 == 0 {
                    self.accepted.update(|n| *n += 1);
                }
            }
            self.sending.set(None);
            self.accepted.update(|n| *n += 1);
            if let Some((name, error)) = failed.first() {
                let others = failed.len() - 1;
                let rest = if others > 0 {
                    format!(
                        " and {}",
                        plural(others as u64, "other file", "other files")
                    )
                } else {
                    String::new()
                };
                self.toasts.show(Toast::failed(
                    format!("Couldn't take in {name}{rest}: {}", error.message),
                    error.help.clone(),
                ));
            }
            if queued + unchanged > 0 {
                self.say(queued, unchanged);
            }
        });
    }

    /// Tells that files could not be chosen.
    pub(crate) fn say_failed(self, error: &UserError) {
        self.toasts.show(failure(error));
    }

    fn say(self, queued: u64, unchanged: u64) {
        let text = match (queued, unchanged) {
            (0, 0) => "There was no file in it".into(),
            (0, same) => format!("{} unchanged, nothing to do", plural(same, "file", "files")),
            (new, 0) => format!("Taking in {}", plural(new, "file", "files")),
            (new, same) => format!(
                "Taking in {}; {} unchanged",
                plural(new, "file", "files"),
                plural(same, "file is", "files are")
            ),
        };
        self.toasts.show(Toast::done(text));
    }

    async fn target(self) -> Result<String, UserError> {
        if let Some(source) = self.source.get_untracked() {
            return Ok(source);
        }
        let sources = call::call(SourceList {}).await?;
        if let Some(source) = sources.into_iter().next() {
            return Ok(source.id);
        }
        Ok(call::call(SourceCreate {
            name: FIRST_SOURCE.into(),
        })
        .await?
        .id)
    }
}

async fn send(
    file: &Chosen,
    source: &str,
) -> Result<awm_api::knowledge::IngestAccepted, UserError> {
    let base64 = files::base64(&file.file).await?;
    call::call(IngestUpload {
        source_id: source.to_owned(),
        name: file.name.clone(),
        base64,
    })
    .await
}

/// What takes files in for this page.
pub(crate) fn use_uploads() -> Uploads {
    use_context::<Uploads>().unwrap_or_else(|| Uploads::provide(awm_kit::use_toasts()))
}
