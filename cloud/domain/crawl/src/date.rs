//! Dates as headers, feeds and sitemaps write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Milliseconds since the Unix epoch of a date after RFC 3339, RFC 2822 or the W3C's short forms; none if it is no date.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp_millis());
    }
    if let Ok(at) = DateTime::parse_from_rfc2822(text) {
        return Some(at.timestamp_millis());
    }
    if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f") {
        return Some(at.and_utc().timestamp_millis());
    }
    // `2026-11-22T10:20+01:00`
    if let Ok(at) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z") {
        return Some(at.timestamp_millis());
    }
    let day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let day = NaiveDate::parse_from_str(&day, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

/// `20130524T000000Z`, as signatures want it.
pub(crate) fn basic(at: i64) -> String {
    DateTime::from_timestamp_millis(at)
        .unwrap_or_default()
        .format("%Y%m%dT%H%M%SZ")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_written() {
        for (text, expected) in [
            ("1970-01-01T00:00:01Z", Some(1_000)),
            ("1970-01-01T01:00:00+01:00", Some(0)),
            ("Thu, 01 Jan 1970 00:00:02 GMT", Some(2_000)),
            ("Thu, 01 Jan 1970 00:00:02 +0000", Some(2_000)),
            ("1970-01-02", Some(86_400_000)),
            ("1970-02", Some(31 * 86_400_000)),
            ("1971", Some(365 * 86_400_000)),
            ("1970-01-01T00:00+00:00", Some(0)),
            ("1970-01-01T00:00:01.500", Some(1_500)),
            ("yesterday", None),
            ("", None),
            ("2026-13-01", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(basic(1_369_353_600_000), "20130524T000000Z");
    }
}
