//! Numbers as people read them.

/// A whole number with thousands set apart: `38,112`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: `1 file`, `1,204 files`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A size in bytes, in powers of 1,000: `4.1 MB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let mut value = n as f64;
    let mut unit = "B";
    for next in UNITS {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if value < 9.95 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}

/// A length of time in milliseconds: `840 ms`, `3.2 s`, `2 min 5 s`, `1 h 3 min`.
pub fn duration(ms: u64) -> String {
    let s = ms / 1000;
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..9_950 => format!("{:.1} s", ms as f64 / 1000.0),
        9_950..60_000 => format!("{:.0} s", (ms as f64 / 1000.0).min(59.0)),
        60_000..3_600_000 => match s % 60 {
            0 => format!("{} min", s / 60),
            rest => format!("{} min {rest} s", s / 60),
        },
        _ => match s / 60 % 60 {
            0 => format!("{} h", s / 3600),
            rest => format!("{} h {rest} min", s / 3600),
        },
    }
}

/// A part of a whole in percent; 100 only when it is whole.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".into();
    }
    format!(
        "{} %",
        u128::from(part.min(whole)) * 100 / u128::from(whole)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(got: &[String], expected: Expect) {
        expected.assert_eq(&got.join(" | "));
    }

    #[test]
    fn numbers() {
        check(
            &[0, 999, 1_000, 38_112, 1_234_567].map(count),
            expect!["0 | 999 | 1,000 | 38,112 | 1,234,567"],
        );
        check(
            &[plural(1, "file", "files"), plural(0, "file", "files")],
            expect!["1 file | 0 files"],
        );
    }

    #[test]
    fn sizes() {
        check(
            &[
                0,
                999,
                1_000,
                12_345,
                999_499,
                999_500,
                4_100_000,
                18_000_000_000,
            ]
            .map(bytes),
            expect!["0 B | 999 B | 1.0 kB | 12 kB | 999 kB | 1.0 MB | 4.1 MB | 18 GB"],
        );
    }

    #[test]
    fn lengths_of_time() {
        check(
            &[0, 840, 3_240, 9_990, 59_900, 60_000, 125_000, 3_780_000].map(duration),
            expect!["0 ms | 840 ms | 3.2 s | 10 s | 59 s | 1 min | 2 min 5 s | 1 h 3 min"],
        );
    }

    #[test]
    fn parts_are_whole_only_when_they_are() {
        check(
            &[
                percent(0, 0),
                percent(81, 100),
                percent(999, 1000),
                percent(7, 7),
                percent(9, 7),
            ],
            expect!["— | 81 % | 99 % | 100 % | 100 %"],
        );
    }
}
