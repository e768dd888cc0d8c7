//! When a call may be made, and when it is made again.

use awm_api::{
    Timestamp,
    connections::{Rate, Retries},
};

/// A token bucket: full at first, it fills evenly.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Timestamp,
}

impl Bucket {
    /// A full one.
    pub fn new(rate: Rate, now: Timestamp) -> Self {
        Self {
            rate,
            tokens: f64::from(rate.calls),
            at: now,
        }
    }

    /// Takes a token, also one that will only be there later: answers how many milliseconds that is away. With `patience`
    /// exceeded nothing is taken, and the time is the error. A changed rate counts from now on.
    pub fn take(&mut self, rate: Rate, now: Timestamp, patience: u64) -> Result<u64, u64> {
        if rate != self.rate {
            *self = Self::new(rate, now);
        }
        let per_ms = f64::from(rate.calls) / (f64::from(rate.seconds.max(1)) * 1000.0);
        // A clock that was set back gives no tokens, and takes none.
        let passed = now.saturating_sub(self.at).max(0);
        self.at = now;
        self.tokens = (self.tokens + passed as f64 * per_ms).min(f64::from(rate.calls));
        let wait = match self.tokens >= 1.0 {
            true => 0,
            false => ((1.0 - self.tokens) / per_ms).ceil() as u64,
        };
        if wait > patience {
            return Err(wait);
        }
        self.tokens -= 1.0;
        Ok(wait)
    }
}

/// Whether a status may be another one the next time.
pub fn worth_a_retry(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// Milliseconds before attempt `made + 1`, `None` if there is none. A server's own words count more than the back-off, but nobody is
/// waited for longer than a minute. `chance` is in `0.0..1.0`, so that many callers don't come back together.
pub fn retry_wait(
    retries: &Retries,
    made: u32,
    asked_for: Option<u64>,
    chance: f64,
) -> Option<u64> {
    const LONGEST: u64 = 60_000;
    if made > retries.max {
        return None;
    }
    let doubled = retries
        .wait_ms
        .saturating_mul(1 << made.saturating_sub(1).min(16));
    let own = (doubled as f64 * (0.75 + chance / 2.0)) as u64;
    match asked_for {
        Some(asked) if asked > LONGEST => None,
        Some(asked) => Some(asked.max(own.min(LONGEST))),
        None => Some(own.min(LONGEST)),
    }
}

/// The milliseconds of a `Retry-After` header: seconds, or a date (RFC 9110, 10.2.3).
pub fn retry_after(value: &str, now: Timestamp) -> Option<u64> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds.saturating_mul(1000));
    }
    let at = imf_date(value)?;
    u64::try_from(at.saturating_sub(now).max(0)).ok()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` to milliseconds since the epoch.
fn imf_date(text: &str) -> Option<Timestamp> {
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut clock = parts
        .next()?
        .splitn(3, ':')
        .map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = 1 + i64::try_from(MONTHS.iter().position(|month| *month == name)?).ok()?;
    if !(1..=31).contains(&day) || !(1970..=9999).contains(&year) || hour > 23 || minute > 59 {
        return None;
    }
    // Days from 1970-01-01, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_full_and_fills_evenly() {
        let rate = Rate {
            calls: 2,
            seconds: 1,
        };
        let mut bucket = Bucket::new(rate, 0);
        let mut at = |now, patience| bucket.take(rate, now, patience);
        assert_eq!(at(0, 0), Ok(0));
        assert_eq!(at(0, 0), Ok(0));
        assert_eq!(at(0, 0), Err(500), "nobody wanted to wait");
        assert_eq!(at(0, 5_000), Ok(500));
        assert_eq!(at(0, 5_000), Ok(1_000), "in line behind the one before");
        assert_eq!(at(-1_000, 5_000), Ok(1_500), "a clock that was set back");
        assert_eq!(at(60_000, 0), Ok(0), "full again");
        let other = Rate {
            calls: 1,
            seconds: 10,
        };
        assert_eq!(bucket.take(other, 60_000, 0), Ok(0), "a new rate");
        assert_eq!(bucket.take(other, 60_000, 0), Err(10_000));
    }

    #[test]
    fn waits_longer_each_time_and_as_the_server_says() {
        let retries = Retries {
            max: 3,
            wait_ms: 100,
            also_unsafe: false,
        };
        let waits: Vec<_> = (1..=4)
            .map(|made| retry_wait(&retries, made, None, 0.5))
            .collect();
        assert_eq!(waits, [Some(100), Some(200), Some(400), None]);
        assert_eq!(retry_wait(&retries, 1, None, 0.0), Some(75));
        assert_eq!(retry_wait(&retries, 1, Some(3_000), 0.5), Some(3_000));
        assert_eq!(retry_wait(&retries, 1, Some(0), 0.5), Some(100));
        assert_eq!(retry_wait(&retries, 1, Some(61_000), 0.5), None);
    }

    #[test]
    fn reads_retry_after() {
        for (value, expected) in [
            ("3", Some(3_000)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37_000)),
            ("Sun, 06 Nov 1994 08:48:00 GMT", Some(0)),
            ("soon", None),
            ("Sun, 99 Nov 1994 08:49:37 GMT", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, 784_111_740_000), expected, "{value}");
        }
    }
}
