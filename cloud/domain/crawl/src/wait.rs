//! How long to stay away from a host.

/// Milliseconds that a host can ask to be left alone; more is taken as this.
const MAX_MS: i64 = 60 * 60 * 1_000;
/// The first wait after a failure without a wish of the host.
const FIRST_MS: i64 = 2_000;

/// Milliseconds that the header `Retry-After` asks for: seconds or a date.
pub fn retry_after(value: &str, now: i64) -> Option<i64> {
    let value = value.trim();
    let wait = match value.parse::<u32>() {
        Ok(seconds) => i64::from(seconds) * 1_000,
        Err(_) => crate::date::parse(value)?.saturating_sub(now),
    };
    Some(wait.clamp(0, MAX_MS))
}

/// Milliseconds after so many failures one after the other (1 or more): 2 s, doubled each time, at most 5 minutes, and some
/// jitter. `random` is in `0.0..1.0`.
pub fn back_off(failures: u32, random: f64) -> i64 {
    let doubled = FIRST_MS.saturating_mul(1 << failures.saturating_sub(1).min(10));
    let most = doubled.min(5 * 60 * 1_000);
    (most as f64 * (0.75 + random.clamp(0.0, 1.0) / 2.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits() {
        assert_eq!(retry_after("120", 0), Some(120_000));
        assert_eq!(retry_after(" 0 ", 0), Some(0));
        assert_eq!(retry_after("999999999", 0), Some(MAX_MS));
        assert_eq!(
            retry_after("Thu, 01 Jan 1970 00:00:10 GMT", 4_000),
            Some(6_000)
        );
        assert_eq!(
            retry_after("Thu, 01 Jan 1970 00:00:10 GMT", 60_000),
            Some(0)
        );
        assert_eq!(retry_after("later", 0), None);
        assert_eq!(retry_after("-5", 0), None);
        let waits: Vec<i64> = (1..=10).map(|n| back_off(n, 0.5)).collect();
        assert_eq!(
            waits,
            [
                2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000
            ]
        );
        assert_eq!(back_off(u32::MAX, 1.0), 375_000);
        assert_eq!((back_off(1, 0.0), back_off(0, 1.0)), (1_500, 2_500));
    }
}
