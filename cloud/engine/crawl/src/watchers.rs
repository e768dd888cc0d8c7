//! Who watches crawls.

use awm_api::crawl::CrawlUpdate;
use futures::channel::mpsc;
use std::sync::{Mutex, PoisonError};

/// Tells every watcher; one that is gone is forgotten, one that doesn't keep up misses updates rather than holding up the work.
#[derive(Debug, Default)]
pub(crate) struct Watchers(Mutex<Vec<mpsc::Sender<CrawlUpdate>>>);

/// Updates that wait for a slow watcher.
const BACKLOG: usize = 1_024;

impl Watchers {
    pub(crate) fn add(&self) -> mpsc::Receiver<CrawlUpdate> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sender);
        receiver
    }

    pub(crate) fn tell(&self, update: &CrawlUpdate) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain_mut(|watcher| match watcher.try_send(update.clone()) {
                Ok(()) => true,
                Err(error) => error.is_full(),
            });
    }
}
