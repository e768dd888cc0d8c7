//! robots.txt after RFC 9309, with the two lines that are common beside it: `Crawl-delay` and `Sitemap`.

use crate::address::escapes;

/// Bytes of a robots.txt that are read; the rest is as if it weren't there (RFC 9309, 2.5).
pub const MAX_BYTES: usize = 500 * 1024;
/// Seconds between two requests that a site can ask for; more is taken as this.
const MAX_DELAY_S: f64 = 60.0;

/// What a host's robots.txt says to one crawler.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// Milliseconds between two requests that the site asks for.
    pub crawl_delay_ms: Option<u32>,
    /// Addresses of sitemaps, as written.
    pub sitemaps: Vec<String>,
    closed: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    allow: bool,
    pattern: String,
}

impl Robots {
    /// Reads a file for a crawler with this product token, such as `ai-workflow-manager`.
    pub fn parse(bytes: &[u8], product: &str) -> Self {
        let whole = bytes.len() <= MAX_BYTES;
        let text = String::from_utf8_lossy(bytes.get(..MAX_BYTES).unwrap_or(bytes));
        let text = text.trim_start_matches('\u{feff}');
        let text = match whole {
            true => text,
            // The last line may be cut in two: half a rule is another rule.
            false => text.rsplit_once(['\n', '\r']).map_or("", |(head, _)| head),
        };
        let mut own = Group::default();
        let mut everyone = Group::default();
        let (mut for_own, mut for_everyone, mut naming) = (false, false, false);
        let mut sitemaps = Vec::new();
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            let key = key.trim().to_ascii_lowercase();
            match key.as_str() {
                "user-agent" | "useragent" | "user agent" => {
                    if !naming {
                        (for_own, for_everyone) = (false, false);
                    }
                    naming = true;
                    for_everyone |= value == "*" || value.starts_with("* ");
                    let named = token(value).eq_ignore_ascii_case(product);
                    for_own |= named;
                    own.named |= named;
                }
                "allow" | "disallow" | "crawl-delay" => {
                    naming = false;
                    if for_own {
                        own.take(&key, value);
                    }
                    if for_everyone {
                        everyone.take(&key, value);
                    }
                }
                // It belongs to no group and ends none.
                "sitemap" | "site-map" if !value.is_empty() => sitemaps.push(value.to_owned()),
                _ => {}
            }
        }
        // The rules for everyone hold only for crawlers that no group names.
        let group = match own.named {
            true => own,
            false => everyone,
        };
        Self {
            rules: group.rules,
            crawl_delay_ms: group.delay_ms,
            sitemaps,
            closed: false,
        }
    }

    /// There is no such file: all is allowed.
    pub fn open() -> Self {
        Self::default()
    }

    /// The file can't be had: nothing is allowed until it can (RFC 9309, section 2.3.1.4).
    pub fn closed() -> Self {
        Self {
            closed: true,
            ..Self::default()
        }
    }

    /// What the status of the answer means, where there is no text to read: `None` if there is.
    pub fn by_status(status: u16) -> Option<Self> {
        match status {
            200..=299 => None,
            // Too many requests is trouble of the host, not the lack of a file.
            429 => Some(Self::closed()),
            300..=499 => Some(Self::open()),
            _ => Some(Self::closed()),
        }
    }

    /// Whether the file couldn't be had.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether a path with its query may be visited.
    pub fn allows(&self, path: &str) -> bool {
        self.rule_for(path).is_none()
    }

    /// The rule that forbids a path with its query, as written in the file; none if it is allowed.
    pub fn rule_for(&self, path: &str) -> Option<String> {
        if path == "/robots.txt" {
            return None;
        }
        if self.closed {
            return Some("robots.txt can't be read".into());
        }
        let path = escapes(path);
        let best = self
            .rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            // Of two equally long ones the permission counts.
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))?;
        (!best.allow).then(|| format!("Disallow: {}", best.pattern))
    }
}

#[derive(Default)]
struct Group {
    named: bool,
    rules: Vec<Rule>,
    delay_ms: Option<u32>,
}

impl Group {
    fn take(&mut self, key: &str, value: &str) {
        if key == "crawl-delay" {
            let seconds = value
                .parse::<f64>()
                .ok()
                .filter(|s| s.is_finite() && *s >= 0.0);
            if let Some(seconds) = seconds {
                self.delay_ms = Some((seconds.min(MAX_DELAY_S) * 1000.0) as u32);
            }
        } else if value.starts_with(['/', '*']) {
            self.rules.push(Rule {
                allow: key == "allow",
                pattern: escapes(value),
            });
        }
    }
}

/// The product token of a user-agent line: `Bot/2.1 (x)` names `Bot`.
fn token(value: &str) -> &str {
    let end = value
        .find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_'))
        .unwrap_or(value.len());
    value.get(..end).unwrap_or_default()
}

/// Whether the path begins as the pattern says: `*` is anything, `$` at the end is the path's end.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return !anchored || rest.is_empty();
    };
    // The first place is good enough for what has something behind it.
    for part in middle {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    match anchored {
        true => rest.ends_with(last),
        false => rest.contains(last),
    }
}
