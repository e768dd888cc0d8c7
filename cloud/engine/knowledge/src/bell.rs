//! Wakes loops that wait for work, on any runtime.

use std::{
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

/// Counts its strokes. Who looks at the count, then at the work, then waits for the next stroke, misses none.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    state: Mutex<(u64, Vec<Waker>)>,
}

impl Bell {
    pub(crate) fn count(&self) -> u64 {
        self.lock().0
    }

    pub(crate) fn ring(&self) {
        let wakers = {
            let mut state = self.lock();
            state.0 += 1;
            std::mem::take(&mut state.1)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Returns when the bell was rung since it stood at `seen`.
    pub(crate) async fn after(&self, seen: u64) {
        poll_fn(|context| {
            let mut state = self.lock();
            if state.0 != seen {
                return Poll::Ready(());
            }
            if !state.1.iter().any(|waker| waker.will_wake(context.waker())) {
                state.1.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }

    fn lock(&self) -> MutexGuard<'_, (u64, Vec<Waker>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
