//! The ledger's rows: as many places as there are documents, and of them the pages that were in sight.

use crate::{call, load::Load};
use awm_api::knowledge::{Document, DocumentList};
use leptos::prelude::*;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

/// Rows fetched at a time.
pub(super) const PAGE: usize = 100;
/// Milliseconds between two looks at the host for rows that came, went or changed places.
const REFRESH: Duration = Duration::from_millis(1_500);

/// A row's place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Slot {
    /// Not fetched yet.
    Unknown(usize),
    /// The row; the same one is the same pointer.
    Row(Arc<Document>),
}

impl Slot {
    /// The document, if it was fetched.
    pub(super) fn row(&self) -> Option<&Document> {
        match self {
            Self::Unknown(_) => None,
            Self::Row(document) => Some(document),
        }
    }

    pub(super) fn key(&self) -> String {
        match self {
            Self::Unknown(place) => format!("at-{place}"),
            Self::Row(document) => document.id.clone(),
        }
    }
}

/// The rows that fit the address's filters. A copy is the same rows.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// A place for each row.
    pub(super) slots: RwSignal<Vec<Slot>>,
    /// How the first page stands.
    pub(super) state: RwSignal<Load<()>>,
    range: StoredValue<(usize, usize)>,
    /// Counts the filters' changes: an answer to an older one is dropped.
    turn: StoredValue<u32>,
    /// Pages on their way.
    coming: StoredValue<BTreeSet<usize>>,
    refreshing: StoredValue<bool>,
    /// Set until the first answer to the newest filters is there.
    anew: StoredValue<bool>,
    fetch: Callback<usize>,
}

impl Rows {
    /// Rows of the request that `filter` makes, from the start again whenever the signals in it change.
    pub(super) fn new(filter: impl Fn() -> DocumentList + Send + Sync + 'static) -> Self {
        let slots = RwSignal::new(Vec::new());
        let state = RwSignal::new(Load::Loading);
        let turn = StoredValue::new(0_u32);
        let coming = StoredValue::new(BTreeSet::<usize>::new());
        let anew = StoredValue::new(true);
        let filter = Memo::new(move |_| filter());
        let fetch = Callback::new(move |page: usize| {
            let mut request = filter.get_untracked();
            request.page.offset = (page * PAGE) as u64;
            request.page.limit = PAGE as u32;
            let mine = turn.get_value();
            coming.update_value(|coming| {
                coming.insert(page);
            });
            leptos::task::spawn_local(async move {
                let answer = call::call(request).await;
                if turn.try_get_value() != Some(mine) {
                    return;
                }
                coming.update_value(|coming| {
                    coming.remove(&page);
                });
                match answer {
                    Ok(found) => {
                        let total = found.total as usize;
                        let begins = anew.get_value();
                        anew.set_value(false);
                        slots.update(|slots: &mut Vec<Slot>| {
                            if begins {
                                slots.clear();
                            }
                            fill(slots, total, page * PAGE, found.items);
                        });
                        state.set(Load::Ready(()));
                    }
                    Err(error) => state.set(Load::Failed(error)),
                }
            });
        });
        let rows = Self {
            slots,
            state,
            range: StoredValue::new((0, PAGE)),
            turn,
            coming,
            refreshing: StoredValue::new(false),
            anew,
            fetch,
        };
        Effect::new(move |_| {
            filter.track();
            rows.begin();
        });
        rows
    }

    /// Fetches what is in sight anew, and the first page; the old rows stay until something is there.
    pub(super) fn begin(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.coming.update_value(BTreeSet::clear);
        self.anew.set_value(true);
        let mut wanted = pages(self.range.get_value());
        if wanted.first() != Some(&0) {
            wanted.insert(0, 0);
        }
        for page in wanted {
            self.fetch.run(page);
        }
    }

    /// Told which rows are in sight: fetches what of them isn't there.
    pub(super) fn seen(self, range: (usize, usize)) {
        self.range.set_value(range);
        for page in pages(range) {
            let missing = self.slots.with_untracked(|slots| {
                let mut rows = slots.iter().skip(page * PAGE).take(PAGE);
                rows.any(|slot| slot.row().is_none())
            });
            let coming = self.coming.with_value(|coming| coming.contains(&page));
            if missing && !coming {
                self.fetch.run(page);
            }
        }
    }

    /// Puts rows in their places; those that are not fetched are left to be.
    pub(super) fn patch(self, documents: Vec<Document>) {
        let mut changed: HashMap<String, Document> = documents
            .into_iter()
            .map(|document| (document.id.clone(), document))
            .collect();
        let any = self.slots.with_untracked(|slots| {
            let mut rows = slots.iter().filter_map(Slot::row);
            rows.any(|row| changed.contains_key(&row.id))
        });
        if any {
            self.slots.update(|slots| {
                for slot in slots {
                    if let Some(new) = slot.row().and_then(|row| changed.remove(&row.id)) {
                        *slot = Slot::Row(Arc::new(new));
                    }
                }
            });
        }
    }

    /// Takes a row out.
    pub(super) fn remove(self, id: &str) {
        self.slots.update(|slots| {
            slots.retain(|slot| slot.row().is_none_or(|row| row.id != id));
        });
    }

    /// Fetches what is in sight again in a moment: rows came, went or changed places. The rest is fetched when it comes into sight.
    pub(super) fn refresh(self) {
        if self.refreshing.get_value() {
            return;
        }
        self.refreshing.set_value(true);
        set_timeout(
            move || {
                // The screen may be gone.
                if self.refreshing.try_set_value(false).is_some() {
                    return;
                }
                let Some(range) = self.range.try_get_value() else {
                    return;
                };
                let shown = pages(range);
                let (first, last) = (
                    shown.first().copied().unwrap_or(0),
                    shown.last().copied().unwrap_or(0),
                );
                self.slots.update_untracked(|slots| {
                    forget(slots, &(first * PAGE..(last + 1) * PAGE));
                });
                for page in shown {
                    self.fetch.run(page);
                }
            },
            REFRESH,
        );
    }
}

/// The pages that hold the rows of a range.
fn pages((first, end): (usize, usize)) -> Vec<usize> {
    (first / PAGE..=end.saturating_sub(1).max(first) / PAGE).collect()
}

/// Forgets what was fetched outside of a range.
fn forget(slots: &mut [Slot], but: &std::ops::Range<usize>) {
    for (place, slot) in slots.iter_mut().enumerate() {
        if !but.contains(&place) {
            *slot = Slot::Unknown(place);
        }
    }
}

fn fill(slots: &mut Vec<Slot>, total: usize, from: usize, items: Vec<Document>) {
    slots.truncate(total);
    let known = slots.len();
    slots.extend((known..total).map(Slot::Unknown));
    for (slot, document) in slots.iter_mut().skip(from).zip(items) {
        if slot.row() != Some(&document) {
            *slot = Slot::Row(Arc::new(document));
        }
    }
}
