//! Times and memory.

use std::time::Instant;

pub(crate) fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// Middle, 95th of 100, and most.
pub(crate) fn print(what: &str, taken: &mut [f64]) {
    taken.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let place = (taken.len() as f64 * part) as usize;
        taken
            .get(place.min(taken.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    };
    println!(
        "  {what:24} p50 {:6.1} ms   p95 {:6.1} ms   most {:6.1} ms   ({} searches)",
        at(0.5),
        at(0.95),
        at(1.0),
        taken.len()
    );
}

/// Resident megabytes of this process (Linux, proc(5)).
pub(crate) fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
        .map_or(f64::NAN, |kilobytes| kilobytes / 1_024.0)
}
