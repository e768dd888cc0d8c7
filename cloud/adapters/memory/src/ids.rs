//! Ids that are the same in each test run.

use awm_ports::Ids;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts: ids are numbers padded to 26 characters, random numbers come from a fixed sequence.
#[derive(Debug, Default)]
pub struct MemoryIds {
    next: AtomicU64,
    random: AtomicU64,
}

impl Ids for MemoryIds {
    fn next(&self) -> String {
        format!("{:026}", self.next.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn random(&self) -> f64 {
        // SplitMix64 over a counter: well spread, and the same each time.
        let mut z = self
            .random
            .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
            .wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 53) as f64
    }
}
