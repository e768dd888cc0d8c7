//! Lists that come in parts: the first at once, the next as they come into sight.

use crate::{call, load::Load};
use awm_api::{Command, Page};
use leptos::prelude::*;
use std::sync::Arc;

/// Rows wanted at a time.
pub(crate) const PART: u32 = 200;

/// A list that grows.
pub(crate) struct Pages<T: Send + Sync + 'static> {
    /// The rows so far.
    pub(crate) rows: RwSignal<Vec<T>>,
    /// How the first part stands.
    pub(crate) state: RwSignal<Load<()>>,
    /// How many rows there are in all.
    pub(crate) total: RwSignal<u64>,
    again: RwSignal<u32>,
    more: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Pages<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Pages<T> {}

impl<T: Send + Sync + 'static> Pages<T> {
    /// Fetches the first part again; the old rows stay until it is there.
    pub(crate) fn reload(self) {
        self.again.try_update(|n| *n = n.wrapping_add(1));
    }

    /// Fetches the next part, if there is one and it isn't on its way.
    pub(crate) fn more(self) {
        self.more.run(());
    }
}

/// Fetches what `request` asks for from the offset given to it; from the start again whenever the signals in it change.
pub(crate) fn load_pages<C, T>(request: impl Fn(u64) -> C + Send + Sync + 'static) -> Pages<T>
where
    C: Command<Response = Page<T>>,
    T: Clone + Send + Sync + 'static,
{
    let rows = RwSignal::new(Vec::new());
    let state = RwSignal::new(Load::Loading);
    let total = RwSignal::new(0);
    let again = RwSignal::new(0);
    let next = StoredValue::new(None::<u64>);
    let newest = StoredValue::new(0_u32);
    let request = Arc::new(request);
    let fetch = move |request: C, begins: bool| {
        newest.update_value(|n| *n += 1);
        let mine = newest.get_value();
        next.set_value(None);
        leptos::task::spawn_local(async move {
            let answer = call::call(request).await;
            if newest.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(page) => {
                    next.set_value(page.next);
                    total.set(page.total);
                    rows.update(|rows: &mut Vec<T>| {
                        if begins {
                            rows.clear();
                        }
                        rows.extend(page.items);
                    });
                    state.set(Load::Ready(()));
                }
                Err(error) => state.set(Load::Failed(error)),
            }
        });
    };
    let first = request.clone();
    Effect::new(move |_| {
        again.track();
        fetch(first(0), true);
    });
    let more = Callback::new(move |()| {
        if let Some(offset) = next.get_value() {
            fetch(untrack(|| request(offset)), false);
        }
    });
    Pages {
        rows,
        state,
        total,
        again,
        more,
    }
}
