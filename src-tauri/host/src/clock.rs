//! The system's time.

use async_trait::async_trait;
use awm_api::Timestamp;
use awm_ports::Clock;
use std::{
    sync::LazyLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// The system's clock, waited for on the runtime's timer.
#[derive(Debug)]
pub(crate) struct SystemClock;

/// Where [`SystemClock::micros`] begins.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The timer stands still while the machine sleeps, the clock does not: long waits look again this often.
const LOOK_AGAIN_MS: u64 = 30_000;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
    }

    fn micros(&self) -> i64 {
        i64::try_from(START.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    async fn sleep_until(&self, at: Timestamp) {
        loop {
            let Some(left) = u64::try_from(at.saturating_sub(self.now()))
                .ok()
                .filter(|ms| *ms > 0)
            else {
                return;
            };
            tokio::time::sleep(Duration::from_millis(left.min(LOOK_AGAIN_MS))).await;
        }
    }
}
