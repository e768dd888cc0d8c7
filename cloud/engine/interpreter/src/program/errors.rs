//! Retriers and catchers ready to run.

use super::{Assign, Selection};
use awm_asl::template::QueryTemplate;

/// When to try again.
#[derive(Debug)]
pub(crate) struct Retrier {
    pub(crate) errors: Vec<String>,
    pub(crate) interval: f64,
    pub(crate) attempts: u64,
    pub(crate) backoff: f64,
    pub(crate) max_delay: Option<u64>,
    pub(crate) full_jitter: bool,
}

/// Where to go when trying is over.
#[derive(Debug)]
pub(crate) struct Catcher {
    pub(crate) errors: Vec<String>,
    pub(crate) next: usize,
    pub(crate) result_path: Selection,
    pub(crate) assign: Option<Assign>,
    pub(crate) output: Option<QueryTemplate>,
}

impl Retrier {
    /// Seconds before the retry after `made` retries, jitter aside.
    pub(crate) fn delay(&self, made: u32) -> f64 {
        let delay = self.interval * self.backoff.powi(i32::try_from(made).unwrap_or(i32::MAX));
        match self.max_delay {
            Some(most) => delay.min(most as f64),
            None => delay,
        }
    }
}
