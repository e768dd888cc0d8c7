//! Bounds for rooms without an end: calendars, facets, paths that repeat themselves.

use std::collections::HashMap;
use url::Url;

/// How many addresses of one kind are visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Parts of a path.
    pub segments: usize,
    /// Times that a path may hold the same part, or the same parts one after the other.
    pub repeats: usize,
    /// Parameters of a query.
    pub parameters: usize,
    /// Addresses that differ in numbers or hashes only.
    pub alike: u32,
    /// Addresses that differ in a date only: a calendar has no end in either direction.
    pub dates: u32,
    /// Queries of one path.
    pub queries: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            segments: 16,
            repeats: 3,
            parameters: 8,
            alike: 500,
            dates: 24,
            queries: 50,
        }
    }
}

/// Counts the addresses of a crawl by their kind.
#[derive(Clone, Debug, Default)]
pub struct Traps {
    bounds: Bounds,
    seen: HashMap<String, u32>,
}

impl Traps {
    /// Counts within other bounds than the usual ones.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            seen: HashMap::new(),
        }
    }

    /// Counts an address that hasn't been seen; or tells in a few words why it is one too many, and doesn't count it.
    pub fn admit(&mut self, url: &Url) -> Result<(), String> {
        let segments: Vec<&str> = url
            .path_segments()
            .map(|parts| parts.filter(|part| !part.is_empty()).collect())
            .unwrap_or_default();
        if segments.len() > self.bounds.segments {
            return Err(format!(
                "the path has more than {} parts",
                self.bounds.segments
            ));
        }
        if repeats(&segments, self.bounds.repeats) {
            return Err("the path repeats itself".into());
        }
        let names: Vec<String> = parameters(url);
        if names.len() > self.bounds.parameters {
            return Err(format!(
                "the query has more than {} parameters",
                self.bounds.parameters
            ));
        }
        let kinds = self.kinds(url, &segments, &names);
        for (kind, most) in &kinds {
            if self.seen.get(kind).is_some_and(|seen| seen >= most) {
                return Err(format!("more than {most} like `{kind}`"));
            }
        }
        for (kind, _) in kinds {
            *self.seen.entry(kind).or_default() += 1;
        }
        Ok(())
    }

    fn kinds(&self, url: &Url, segments: &[&str], names: &[String]) -> Vec<(String, u32)> {
        let path: Vec<String> = segments.iter().map(|part| shape(part)).collect();
        let path = format!("/{}", path.join("/"));
        let host = url.host_str().unwrap_or_default();
        let mut kinds = Vec::new();
        let dated = ends_with_date(segments) || has_date(url);
        let mut like = format!("{host}{path}");
        if !names.is_empty() {
            like.push_str(&format!("?{}", names.join("&")));
            kinds.push((format!("{host}{}?", url.path()), self.bounds.queries));
        }
        if dated {
            kinds.push((like, self.bounds.dates));
        } else if path.contains('#') || !names.is_empty() {
            kinds.push((like, self.bounds.alike));
        }
        kinds
    }
}

/// The names of the query's parameters, in order of the alphabet: facets come in any order.
fn parameters(url: &Url) -> Vec<String> {
    let mut names: Vec<String> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    names.sort();
    names
}

/// A part with its numbers and hashes left out: `item-4711` and `item-4712` are alike.
fn shape(part: &str) -> String {
    let hex = part.chars().filter(|c| c.is_ascii_hexdigit()).count();
    let digits = part.chars().filter(|c| c.is_ascii_digit()).count();
    let other = part
        .chars()
        .filter(|c| !c.is_ascii_hexdigit() && *c != '-')
        .count();
    if other == 0 && hex >= 16 && digits > 0 {
        return "#".into();
    }
    let mut out = String::with_capacity(part.len());
    for c in part.chars() {
        match c.is_ascii_digit() {
            true if out.ends_with('#') => {}
            true => out.push('#'),
            false => out.push(c),
        }
    }
    out
}

/// Whether one part stands in the path too often, or a row of parts follows on itself too often.
fn repeats(segments: &[&str], most: usize) -> bool {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for part in segments {
        let count = counts.entry(part).or_default();
        *count += 1;
        if *count > most {
            return true;
        }
    }
    (2..=segments.len() / most.max(1)).any(|length| {
        let rows: Vec<&[&str]> = segments.chunks_exact(length).collect();
        rows.windows(most)
            .any(|window| window.iter().all(|row| Some(row) == window.first()))
    })
}

/// `/2026`, `/2026/11`, `/2026/11/22`, `/2026-11`, `/2026-w47`: a page of a calendar or of an archive, not an article below it.
fn ends_with_date(segments: &[&str]) -> bool {
    let tail: Vec<&str> = segments.iter().rev().take(3).copied().collect();
    match tail.as_slice() {
        [last, ..] if is_date(last) => true,
        [month, year, ..] if is_year(year) && is_part(month) => true,
        [day, month, year] if is_year(year) && is_part(month) && is_part(day) => true,
        _ => false,
    }
}

/// A parameter that is a date, or is called like a part of one and holds a number.
fn has_date(url: &Url) -> bool {
    url.query_pairs().any(|(name, value)| {
        let name = name.to_ascii_lowercase();
        is_date(&value)
            || value
                .bytes()
                .next()
                .is_some_and(|first| first.is_ascii_digit())
                && [
                    "year", "month", "week", "day", "date", "cal", "yr", "mo", "start", "end",
                    "from", "to",
                ]
                .iter()
                .any(|word| {
                    name == *word
                        || name.ends_with(&format!("_{word}"))
                        || name.starts_with(&format!("{word}_"))
                })
    })
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '_', '.']).collect();
    match parts.as_slice() {
        [one] if one.len() == 8 && one.bytes().all(|byte| byte.is_ascii_digit()) => {
            one.get(..4).is_some_and(is_year)
        }
        [year, rest @ ..] if is_year(year) && !rest.is_empty() && rest.len() <= 2 => {
            rest.iter().all(|part| is_part(part))
        }
        _ => false,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse::<u32>()
            .is_ok_and(|year| (1_800..2_300).contains(&year))
}

/// A month, a week or a day.
fn is_part(text: &str) -> bool {
    let number = text.trim_start_matches(['w', 'W']);
    (1..=2).contains(&number.len())
        && number
            .parse::<u32>()
            .is_ok_and(|number| (1..=53).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(bounds: Bounds, urls: impl IntoIterator<Item = String>) -> usize {
        let mut traps = Traps::new(bounds);
        urls.into_iter()
            .filter(|url| traps.admit(&Url::parse(url).unwrap()).is_ok())
            .count()
    }

    #[test]
    fn endless_rooms_end() {
        let base = "https://a.example";
        let usual = Bounds::default();
        let cases: Vec<(&str, Vec<String>, usize)> = vec![
            (
                "months in the path",
                (0..300)
                    .map(|n| format!("{base}/calendar/{}/{:02}", 2_000 + n / 12, n % 12 + 1))
                    .collect(),
                24,
            ),
            (
                "months in the query",
                (0..300)
                    .map(|n| format!("{base}/calendar?month={}-{:02}", 2_000 + n / 12, n % 12 + 1))
                    .collect(),
                24,
            ),
            (
                "days",
                (1..=28)
                    .flat_map(|day| (1..=12).map(move |m| format!("{base}/2026/{m}/{day}/")))
                    .collect(),
                24,
            ),
            (
                "facets in any order",
                (0..200)
                    .map(|n| format!("{base}/shop?size={n}&colour={}", n * 7))
                    .collect(),
                50,
            ),
            (
                "hashes",
                (0..900)
                    .map(|n| format!("{base}/v/{:032x}", n * 0x1234_5678_9abc_u64))
                    .collect(),
                500,
            ),
            (
                "a link that is relative by mistake",
                (1..30)
                    .map(|n| format!("{base}/{}", "about/".repeat(n)))
                    .collect(),
                3,
            ),
            (
                "two that follow on each other",
                (1..8)
                    .map(|n| format!("{base}/{}", "a/b/".repeat(n)))
                    .collect(),
                2,
            ),
            (
                "deep",
                (1..40)
                    .map(|n| {
                        let parts: Vec<String> = (0..n)
                            .map(|i| {
                                format!(
                                    "p{}",
                                    char::from(b'a' + i as u8 % 26)
                                        .to_string()
                                        .repeat(i / 26 + 1)
                                )
                            })
                            .collect();
                        format!("{base}/{}", parts.join("/"))
                    })
                    .collect(),
                16,
            ),
            (
                "articles of many months are no calendar",
                (0..300)
                    .map(|n| {
                        format!(
                            "{base}/2026/{:02}/an-article-called-{}",
                            n % 12 + 1,
                            words(n)
                        )
                    })
                    .collect(),
                300,
            ),
            (
                "numbered articles are many, and bounded",
                (0..1_000).map(|n| format!("{base}/article/{n}")).collect(),
                500,
            ),
        ];
        for (what, urls, expected) in cases {
            assert_eq!(admitted(usual, urls), expected, "{what}");
        }
    }

    fn words(n: usize) -> String {
        n.to_string()
            .bytes()
            .map(|digit| char::from(b'a' + digit - b'0'))
            .collect()
    }

    #[test]
    fn says_why() {
        let mut traps = Traps::new(Bounds {
            dates: 1,
            ..Bounds::default()
        });
        let mut told = |text: &str| {
            traps
                .admit(&Url::parse(text).unwrap())
                .err()
                .unwrap_or_default()
        };
        assert_eq!(told("https://a.example/cal/2026/01"), "");
        assert_eq!(
            told("https://a.example/cal/2026/02"),
            "more than 1 like `a.example/cal/#/#`"
        );
        assert_eq!(
            told("https://a.example/?a&b&c&d&e&f&g&h&i"),
            "the query has more than 8 parameters"
        );
    }
}
