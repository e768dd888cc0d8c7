//! How fast files are finished.

use awm_api::Timestamp;
use std::collections::VecDeque;

/// Milliseconds that the rate looks back.
const WINDOW_MS: i64 = 10_000;

/// When things were finished, and how many, over the last ten seconds.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    finished: VecDeque<(Timestamp, u64)>,
    begun: Option<Timestamp>,
}

impl Pace {
    /// Work began or goes on after a pause.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.finished.clear();
        self.begun = Some(now);
    }

    pub(crate) fn finish(&mut self, now: Timestamp, many: u64) {
        self.begun.get_or_insert(now);
        self.finished.push_back((now, many));
    }

    /// Things a second.
    pub(crate) fn rate(&mut self, now: Timestamp) -> f64 {
        while self
            .finished
            .front()
            .is_some_and(|(at, _)| *at < now - WINDOW_MS)
        {
            self.finished.pop_front();
        }
        let since = self
            .begun
            .map_or(WINDOW_MS, |begun| (now - begun).clamp(1, WINDOW_MS));
        self.finished.iter().map(|(_, many)| *many).sum::<u64>() as f64 * 1_000.0 / since as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_back_ten_seconds() {
        let mut pace = Pace::default();
        assert_eq!(pace.rate(0), 0.0);
        pace.begin(0);
        for at in [500, 1_000, 1_500, 2_000] {
            pace.finish(at, 1);
        }
        assert_eq!(pace.rate(2_000), 2.0);
        assert_eq!(pace.rate(20_000), 0.0);
    }
}
