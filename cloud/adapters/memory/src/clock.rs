//! A clock that moves when it is told to.

use crate::lock;
use async_trait::async_trait;
use awm_api::Timestamp;
use awm_ports::Clock;
use futures::channel::oneshot;
use std::sync::Mutex;

/// A clock for tests: it stands still until [`advance`](Self::advance), or jumps by itself over each sleep.
#[derive(Debug)]
pub struct MemoryClock {
    jumps: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    sleepers: Vec<(Timestamp, oneshot::Sender<()>)>,
}

impl MemoryClock {
    /// A clock that stands at `now` until it is moved.
    pub fn standing(now: Timestamp) -> Self {
        Self {
            jumps: false,
            state: Mutex::new(State {
                now,
                sleepers: Vec::new(),
            }),
        }
    }

    /// A clock that stands at `now` and jumps to the end of each sleep, so that nothing waits.
    pub fn jumping(now: Timestamp) -> Self {
        Self {
            jumps: true,
            ..Self::standing(now)
        }
    }

    /// Moves the clock by milliseconds and wakes who slept until then.
    pub fn advance(&self, ms: i64) {
        let mut state = lock(&self.state);
        state.now += ms;
        let now = state.now;
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut state.sleepers)
            .into_iter()
            .partition(|(at, _)| *at <= now);
        state.sleepers = later;
        drop(state);
        for (_, sleeper) in due {
            // Whoever stopped waiting needs no waking.
            let _ = sleeper.send(());
        }
    }

    /// The earliest moment that somebody sleeps until.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let mut state = lock(&self.state);
        state.sleepers.retain(|(_, sleeper)| !sleeper.is_canceled());
        state.sleepers.iter().map(|(at, _)| *at).min()
    }
}

#[async_trait]
impl Clock for MemoryClock {
    fn now(&self) -> Timestamp {
        lock(&self.state).now
    }

    async fn sleep_until(&self, at: Timestamp) {
        let woken = {
            let mut state = lock(&self.state);
            if self.jumps {
                state.now = state.now.max(at);
            }
            if state.now >= at {
                return;
            }
            let (sender, receiver) = oneshot::channel();
            state.sleepers.push((at, sender));
            receiver
        };
        // The sender lives as long as the clock, which this method borrows.
        let _ = woken.await;
    }
}
