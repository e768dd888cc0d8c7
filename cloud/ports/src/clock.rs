//! Time and ids come in as arguments.

use async_trait::async_trait;
use awm_api::Timestamp;

/// The time, and waiting for it. A test's clock moves when the test says so.
#[async_trait]
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now, milliseconds since the Unix epoch, UTC.
    fn now(&self) -> Timestamp;
    /// Microseconds since some moment that stays the same while the process lives, to measure how long something took.
    fn micros(&self) -> i64 {
        self.now().saturating_mul(1_000)
    }
    /// Returns when [`now`](Self::now) has reached `at`.
    async fn sleep_until(&self, at: Timestamp);
}

/// Where new ids and randomness come from.
pub trait Ids: Send + Sync + std::fmt::Debug {
    /// A new id: 26 characters of `[0-9a-z]`, later ones sort later.
    fn next(&self) -> String;
    /// A uniform random number in `0.0..1.0`, for jitter and sampling.
    fn random(&self) -> f64;
}
