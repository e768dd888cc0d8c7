//! Who watches the queue.

use crate::bell::Bell;
use awm_api::{
    folders::Folder,
    knowledge::{Document, IngestStatus, IngestUpdate},
};
use awm_ports::Clock;
use futures::{Stream, stream};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

/// Milliseconds between two rounds of updates: what changes more often is told as it is then.
const EVERY_MS: i64 = 250;
/// Rows told one by one in a round; with more, that others changed.
const MOST: usize = 200;

/// Tells every watcher what changed, each row once in a round and as it is by then. Nothing is lost by a watcher that is slow: its
/// rounds only hold more.
#[derive(Debug, Default)]
pub(crate) struct Watchers(Mutex<Vec<Weak<Watcher>>>);

#[derive(Debug, Default)]
struct Watcher {
    bell: Bell,
    news: Mutex<News>,
}

#[derive(Debug, Default)]
struct News {
    documents: Vec<Document>,
    /// Where in `documents` a row is.
    places: HashMap<String, usize>,
    others: bool,
    folders: Vec<Folder>,
    status: Option<IngestStatus>,
}

impl Watchers {
    /// The updates from now on, the first round at once.
    pub(crate) fn add(&self, clock: Arc<dyn Clock>) -> impl Stream<Item = IngestUpdate> + use<> {
        let watcher = Arc::new(Watcher::default());
        lock(&self.0).push(Arc::downgrade(&watcher));
        let told: Option<i64> = None;
        stream::unfold(
            (watcher, VecDeque::new(), told),
            move |(watcher, mut round, mut told)| {
                let clock = Arc::clone(&clock);
                async move {
                    loop {
                        if let Some(update) = round.pop_front() {
                            return Some((update, (watcher, round, told)));
                        }
                        let seen = watcher.bell.count();
                        if lock(&watcher.news).is_empty() {
                            watcher.bell.after(seen).await;
                            continue;
                        }
                        if let Some(told) = told {
                            clock.sleep_until(told + EVERY_MS).await;
                        }
                        told = Some(clock.now());
                        round = std::mem::take(&mut *lock(&watcher.news)).into_updates();
                    }
                }
            },
        )
    }

    pub(crate) fn document(&self, document: &Document) {
        self.each(|news| news.document(document));
    }

    /// Rows came, went or changed that are not told one by one.
    pub(crate) fn others(&self) {
        self.each(|news| news.others = true);
    }

    pub(crate) fn folder(&self, folder: &Folder) {
        self.each(|news| {
            news.folders.retain(|known| known.id != folder.id);
            news.folders.push(folder.clone());
        });
    }

    pub(crate) fn status(&self, status: &IngestStatus) {
        self.each(|news| news.status = Some(status.clone()));
    }

    fn each(&self, tell: impl Fn(&mut News)) {
        lock(&self.0).retain(|watcher| {
            let Some(watcher) = watcher.upgrade() else {
                return false;
            };
            tell(&mut lock(&watcher.news));
            watcher.bell.ring();
            true
        });
    }
}

impl News {
    fn is_empty(&self) -> bool {
        self.documents.is_empty()
            && !self.others
            && self.folders.is_empty()
            && self.status.is_none()
    }

    fn document(&mut self, document: &Document) {
        let place = self.places.get(&document.id).copied();
        if let Some(row) = place.and_then(|place| self.documents.get_mut(place)) {
            row.clone_from(document);
        } else if self.documents.len() < MOST {
            self.places
                .insert(document.id.clone(), self.documents.len());
            self.documents.push(document.clone());
        } else {
            self.others = true;
        }
    }

    fn into_updates(self) -> VecDeque<IngestUpdate> {
        let mut updates = VecDeque::new();
        if !self.documents.is_empty() || self.others {
            updates.push_back(IngestUpdate::Documents {
                documents: self.documents,
                others: self.others,
            });
        }
        let folders = self.folders.into_iter();
        updates.extend(folders.map(|folder| IngestUpdate::Folder { folder }));
        updates.extend(self.status.map(|status| IngestUpdate::Status { status }));
        updates
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
