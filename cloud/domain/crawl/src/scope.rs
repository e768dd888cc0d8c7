//! What a crawl is about.

use awm_api::crawl::{PageReason, SiteSpec};
use regex::{RegexSet, RegexSetBuilder};
use url::Url;

/// Bytes that the compiled patterns of a crawl may take.
const PATTERN_BYTES: usize = 1 << 20;
/// Patterns of one kind.
const PATTERNS: usize = 100;

/// Which addresses belong to a crawl.
#[derive(Clone, Debug)]
pub struct Scope {
    hosts: Vec<String>,
    path_prefix: String,
    include: Option<RegexSet>,
    exclude: Option<RegexSet>,
    max_depth: u32,
}

/// Why a scope makes no sense: a sentence that names the field's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadScope(pub String);

impl Scope {
    /// The scope of a site, checked.
    pub fn new(spec: &SiteSpec) -> Result<Self, BadScope> {
        let mut hosts = Vec::new();
        if spec.start.is_empty() {
            return Err(BadScope("there is no address to begin at".into()));
        }
        for start in &spec.start {
            let url = crate::address::absolute(start)
                .map_err(|error| BadScope(format!("`{start}` can't be visited: {error}")))?;
            if spec.hosts.is_empty() {
                // Most sites answer at both, and lead from one to the other.
                let host = authority(&url);
                hosts.push(match host.strip_prefix("www.") {
                    Some(bare) => bare.to_owned(),
                    None => format!("www.{host}"),
                });
                hosts.push(host);
            }
        }
        for host in &spec.hosts {
            hosts.push(host_pattern(host)?);
        }
        Ok(Self {
            hosts,
            path_prefix: match spec.path_prefix.trim() {
                "" => String::new(),
                prefix if prefix.starts_with('/') => crate::address::escapes(prefix),
                prefix => format!("/{}", crate::address::escapes(prefix)),
            },
            include: patterns(&spec.include)?,
            exclude: patterns(&spec.exclude)?,
            max_depth: spec.max_depth,
        })
    }

    /// Whether an address so many links from the start belongs to the crawl; the reason if not.
    pub fn admit(&self, url: &Url, depth: u32) -> Result<(), PageReason> {
        if !self.admits_host(url) || !url.path().starts_with(&self.path_prefix) && depth > 0 {
            return Err(PageReason::OutOfScope);
        }
        let excluded = self
            .exclude
            .as_ref()
            .is_some_and(|set| set.is_match(url.as_str()));
        // The start is where links are found: it needn't be wanted itself.
        let included = depth == 0
            || self
                .include
                .as_ref()
                .is_none_or(|set| set.is_match(url.as_str()));
        if excluded || !included {
            return Err(PageReason::Excluded);
        }
        match depth > self.max_depth {
            true => Err(PageReason::TooDeep),
            false => Ok(()),
        }
    }

    /// Whether the address's host belongs to the crawl.
    pub fn admits_host(&self, url: &Url) -> bool {
        let host = authority(url);
        self.hosts
            .iter()
            .any(|allowed| match allowed.strip_prefix("*.") {
                Some(parent) => {
                    host == parent
                        || host
                            .strip_suffix(parent)
                            .is_some_and(|rest| rest.ends_with('.'))
                }
                None => *allowed == host,
            })
    }
}

/// The host, with the port if it isn't the scheme's own.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn host_pattern(given: &str) -> Result<String, BadScope> {
    let text = given.trim().trim_end_matches('/');
    let bad = || BadScope(format!("`{given}` is no host, such as `docs.example.com`"));
    let (star, bare) = match text.strip_prefix("*.") {
        Some(bare) => ("*.", bare),
        None => ("", text),
    };
    // Written as a host of an address is: lower case, international names in ASCII.
    let url = Url::parse(&format!("http://{bare}/")).map_err(|_| bad())?;
    match bare.is_empty() || url.path() != "/" || !url.username().is_empty() {
        true => Err(bad()),
        false => Ok(format!("{star}{}", authority(&url))),
    }
}

/// Patterns of the crate `regex`, whose time is linear in the address, whatever the pattern.
fn patterns(given: &[String]) -> Result<Option<RegexSet>, BadScope> {
    let given: Vec<&String> = given
        .iter()
        .filter(|pattern| !pattern.trim().is_empty())
        .collect();
    if given.is_empty() {
        return Ok(None);
    }
    if given.len() > PATTERNS {
        return Err(BadScope(format!("more than {PATTERNS} patterns")));
    }
    // One by one first, so that the message names the one that is wrong.
    for pattern in &given {
        regex::RegexBuilder::new(pattern)
            .size_limit(PATTERN_BYTES)
            .build()
            .map_err(|error| BadScope(format!("`{pattern}` is no pattern: {}", short(&error))))?;
    }
    RegexSetBuilder::new(&given)
        .size_limit(PATTERN_BYTES)
        .build()
        .map(Some)
        .map_err(|error| BadScope(format!("the patterns are too large: {}", short(&error))))
}

fn short(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it is too large".into(),
        error => error
            .to_string()
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(change: impl FnOnce(&mut SiteSpec), cases: &[(&str, u32)], expected: Expect) {
        let mut spec = SiteSpec::of("https://docs.example.com/start");
        change(&mut spec);
        let told = match Scope::new(&spec) {
            Err(error) => error.to_string(),
            Ok(scope) => cases
                .iter()
                .map(|(text, depth)| {
                    let url = crate::address::absolute(text).unwrap();
                    let told = scope.admit(&url, *depth);
                    format!(
                        "{text} at {depth}: {}",
                        told.err().map_or("yes", PageReason::as_str)
                    )
                })
                .collect::<Vec<_>>()
                .join("\n"),
        };
        expected.assert_eq(&told);
    }

    #[test]
    fn admits() {
        check(
            |spec| spec.path_prefix = "/docs/".into(),
            &[
                ("https://docs.example.com/start", 0),
                ("https://docs.example.com/docs/a", 3),
                ("http://docs.example.com/docs/a", 3),
                ("https://docs.example.com/docs/a", 4),
                ("https://docs.example.com/other", 1),
                ("https://www.example.com/docs/", 1),
                ("https://docs.example.com:8443/docs/", 1),
            ],
            expect![[r#"
                https://docs.example.com/start at 0: yes
                https://docs.example.com/docs/a at 3: yes
                http://docs.example.com/docs/a at 3: yes
                https://docs.example.com/docs/a at 4: too_deep
                https://docs.example.com/other at 1: out_of_scope
                https://www.example.com/docs/ at 1: out_of_scope
                https://docs.example.com:8443/docs/ at 1: out_of_scope"#]],
        );
        check(
            |spec| spec.hosts = vec!["*.Example.com".into(), "bücher.example:81/".into()],
            &[
                ("https://example.com/", 1),
                ("https://a.b.example.com/", 1),
                ("https://notexample.com/", 1),
                ("http://xn--bcher-kva.example:81/", 1),
                ("http://xn--bcher-kva.example/", 1),
            ],
            expect![[r#"
                https://example.com/ at 1: yes
                https://a.b.example.com/ at 1: yes
                https://notexample.com/ at 1: out_of_scope
                http://xn--bcher-kva.example:81/ at 1: yes
                http://xn--bcher-kva.example/ at 1: out_of_scope"#]],
        );
        check(
            |spec| {
                spec.include = vec!["/a/".into(), r"\.pdf$".into()];
                spec.exclude = vec!["draft".into(), " ".into()];
            },
            &[
                ("https://docs.example.com/start", 0),
                ("https://docs.example.com/a/x", 1),
                ("https://docs.example.com/b.pdf", 1),
                ("https://docs.example.com/b.html", 1),
                ("https://docs.example.com/a/draft", 1),
            ],
            expect![[r#"
                https://docs.example.com/start at 0: yes
                https://docs.example.com/a/x at 1: yes
                https://docs.example.com/b.pdf at 1: yes
                https://docs.example.com/b.html at 1: excluded
                https://docs.example.com/a/draft at 1: excluded"#]],
        );
    }

    #[test]
    fn names_what_is_wrong() {
        check(
            |spec| spec.start.clear(),
            &[],
            expect!["there is no address to begin at"],
        );
        check(
            |spec| spec.start = vec!["ftp://a.example".into()],
            &[],
            expect!["`ftp://a.example` can't be visited: it is neither http nor https"],
        );
        check(
            |spec| spec.hosts = vec!["a b".into()],
            &[],
            expect!["`a b` is no host, such as `docs.example.com`"],
        );
        check(
            |spec| spec.include = vec!["a(".into()],
            &[],
            expect!["`a(` is no pattern: unclosed group"],
        );
        check(
            |spec| spec.exclude = vec![r"(\w{30}){10}".into()],
            &[],
            expect![[r"`(\w{30}){10}` is no pattern: it is too large"]],
        );
    }

    /// Patterns that take other engines exponential time.
    #[test]
    fn no_pattern_takes_long() {
        let mut spec = SiteSpec::of("https://a.example/");
        spec.include = vec![
            r"^(https?://)?(([a-z]+)*)*(/(a+)+)+$".into(),
            r"(a|aa)+!".into(),
        ];
        let scope = Scope::new(&spec).unwrap();
        let url = crate::address::absolute(&format!("https://a.example/{}!!", "a".repeat(1_900)))
            .unwrap();
        // The answer doesn't matter, that there is one does.
        assert!(scope.admit(&url, 1).is_ok());
    }
}
