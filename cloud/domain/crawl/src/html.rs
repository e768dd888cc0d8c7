//! What a page says about itself and where it leads.

use crate::address::normalise;
use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{
        Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};
use std::cell::RefCell;
use url::Url;

/// Links of one page that are followed.
const MAX_LINKS: usize = 5_000;

/// What a page asks of crawlers: `noindex`, `nofollow`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// It is not to be indexed.
    pub noindex: bool,
    /// Its links are not to be followed.
    pub nofollow: bool,
}

impl Directives {
    /// Adds what a list such as `noindex, follow` says; unknown words are passed over.
    pub fn add(&mut self, list: &str) {
        for word in list.split(',') {
            match word.trim().to_ascii_lowercase().as_str() {
                "none" => (self.noindex, self.nofollow) = (true, true),
                "noindex" => self.noindex = true,
                "nofollow" => self.nofollow = true,
                _ => {}
            }
        }
    }

    /// Adds the header `X-Robots-Tag`, which may begin with the name of the crawler that it is for.
    pub fn add_header(&mut self, value: &str, product: &str) {
        let mut for_us = true;
        for word in value.split(',') {
            let mut word = word;
            if let Some((name, rest)) = word.split_once(':') {
                // `unavailable_after: …` and `max-snippet: …` have a colon too.
                let name = name.trim();
                if !matches!(
                    name.to_ascii_lowercase().as_str(),
                    "unavailable_after" | "max-snippet" | "max-image-preview" | "max-video-preview"
                ) {
                    for_us = name.eq_ignore_ascii_case(product);
                    word = rest;
                }
            }
            if for_us {
                self.add(word);
            }
        }
    }
}

/// A page as a crawler sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The title.
    pub title: String,
    /// What its meta tags ask for.
    pub directives: Directives,
    /// The address that it calls its own, normalised.
    pub canonical: Option<Url>,
    /// Where it leads, normalised, each once, in order; without links that are marked `nofollow`.
    pub links: Vec<Url>,
    /// Feeds that it names.
    pub feeds: Vec<Url>,
}

/// Reads a page. `base` is its address, `product` the crawler's name, which a meta tag may speak to.
pub fn read(base: &Url, page: &str, product: &str) -> Page {
    let sink = Sink {
        found: RefCell::new(Found::default()),
        product: product.to_owned(),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    // There is nothing to wait for: scripts are never run.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let found = tokenizer.sink.found.take();
    // A base that is foreign or no address at all counts for nothing.
    let base = found
        .base
        .and_then(|given| base.join(&given).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .unwrap_or_else(|| base.clone());
    let resolve = |links: Vec<String>| {
        let mut seen = std::collections::HashSet::new();
        links
            .iter()
            .filter_map(|link| normalise(&base, link).ok())
            .filter(|url| seen.insert(url.clone()))
            .collect::<Vec<Url>>()
    };
    Page {
        title: found.title.split_whitespace().collect::<Vec<_>>().join(" "),
        directives: found.directives,
        canonical: found
            .canonical
            .and_then(|link| normalise(&base, &link).ok()),
        links: resolve(found.links),
        feeds: resolve(found.feeds),
    }
}

/// The links with `rel="canonical"` and `rel="next"` of the header `Link` (RFC 8288), as written.
pub fn link_header<'a>(value: &'a str, relation: &str) -> Option<&'a str> {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, parameters) = after.split_once('>')?;
        let own = parameters.split('<').next().unwrap_or_default();
        let named = own.split(';').any(|parameter| {
            parameter.split_once('=').is_some_and(|(key, value)| {
                key.trim().eq_ignore_ascii_case("rel")
                    && value
                        .trim()
                        .trim_end_matches(',')
                        .trim()
                        .trim_matches('"')
                        .split_whitespace()
                        .any(|word| word.eq_ignore_ascii_case(relation))
            })
        });
        if named {
            return Some(target.trim());
        }
        rest = parameters;
    }
    None
}

#[derive(Default)]
struct Found {
    base: Option<String>,
    title: String,
    in_title: bool,
    directives: Directives,
    canonical: Option<String>,
    links: Vec<String>,
    feeds: Vec<String>,
}

struct Sink {
    found: RefCell<Found>,
    product: String,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut found = self.found.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                found.start(&tag, &self.product);
                return raw(&tag);
            }
            Token::TagToken(tag) if &*tag.name == "title" => found.in_title = false,
            Token::CharacterTokens(text) if found.in_title && found.title.len() < 1_000 => {
                found.title.push_str(&text);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What is within these is text, whatever it looks like.
fn raw(tag: &Tag) -> TokenSinkResult<()> {
    TokenSinkResult::RawData(match &*tag.name {
        "script" => RawKind::ScriptData,
        "style" | "xmp" | "noembed" | "noframes" => RawKind::Rawtext,
        "title" | "textarea" => RawKind::Rcdata,
        "plaintext" => return TokenSinkResult::Plaintext,
        _ => return TokenSinkResult::Continue,
    })
}

impl Found {
    fn start(&mut self, tag: &Tag, product: &str) {
        let attribute = |name: &str| {
            tag.attrs
                .iter()
                .find(|attribute| &*attribute.name.local == name)
                .map(|attribute| attribute.value.to_string())
        };
        match &*tag.name {
            // Only the first one counts; a second title is one of a drawing.
            "title" => self.in_title = self.title.is_empty(),
            "base" if self.base.is_none() => self.base = attribute("href"),
            "meta" => {
                let name = attribute("name").unwrap_or_default();
                let content = attribute("content").unwrap_or_default();
                if name.eq_ignore_ascii_case("robots") || name.eq_ignore_ascii_case(product) {
                    self.directives.add(&content);
                }
                if attribute("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("refresh"))
                {
                    self.links.extend(refresh(&content));
                }
            }
            "link" => {
                let relations = attribute("rel").unwrap_or_default().to_ascii_lowercase();
                let is = |name: &str| relations.split_whitespace().any(|word| word == name);
                let Some(href) = attribute("href").filter(|href| !href.trim().is_empty()) else {
                    return;
                };
                if is("canonical") && self.canonical.is_none() {
                    self.canonical = Some(href);
                } else if is("alternate")
                    && attribute("type").is_some_and(|kind| {
                        ["rss+xml", "atom+xml", "feed+json"]
                            .iter()
                            .any(|feed| kind.to_ascii_lowercase().contains(feed))
                    })
                {
                    self.feeds.push(href);
                } else if is("next") || is("prev") {
                    self.link(href);
                }
            }
            "a" | "area" => {
                let nofollow = attribute("rel").is_some_and(|relations| {
                    relations
                        .split_whitespace()
                        .any(|word| word.eq_ignore_ascii_case("nofollow"))
                });
                if let Some(href) = attribute("href").filter(|_| !nofollow) {
                    self.link(href);
                }
            }
            "frame" | "iframe" => {
                if let Some(source) = attribute("src") {
                    self.link(source);
                }
            }
            _ => {}
        }
    }

    fn link(&mut self, href: String) {
        if self.links.len() < MAX_LINKS {
            self.links.push(href);
        }
    }
}

/// `5; url=/there`
fn refresh(content: &str) -> Option<String> {
    let (_, rest) = content.split_once([';', ','])?;
    let (key, value) = rest.split_once('=')?;
    let value = value.trim().trim_matches(['\'', '"']).trim();
    (key.trim().eq_ignore_ascii_case("url") && !value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(page: &str, expected: Expect) {
        let base = Url::parse("https://a.example/docs/page.html").unwrap();
        let page = read(&base, page, "ai-workflow-manager");
        let list = |urls: &[Url]| {
            let texts: Vec<&str> = urls.iter().map(Url::as_str).collect();
            texts.join(" ")
        };
        expected.assert_eq(&format!(
            "{:?} noindex {} nofollow {} canonical {} links {} feeds {}",
            page.title,
            page.directives.noindex,
            page.directives.nofollow,
            page.canonical.as_ref().map_or("-", Url::as_str),
            list(&page.links),
            list(&page.feeds),
        ));
    }

    #[test]
    fn reads_pages() {
        check(
            "<!doctype html><title> A &amp;\n B </title><link rel=canonical href='/docs/'><meta name=ROBOTS content='NOINDEX, follow'>\
             <a href=b.html>b</a><a href='b.html#x'>again</a><a rel='external nofollow' href=no>no</a><area href='/map'>\
             <a>none</a><a href='javascript:x'>js</a><a href='mailto:x@y'>m</a><svg><title>icon</title></svg>",
            expect![[
                r#""A & B" noindex true nofollow false canonical https://a.example/docs/ links https://a.example/docs/b.html https://a.example/map feeds "#
            ]],
        );
        check(
            "<base href='/other/'><base href='/second/'><a href=x>x</a><link rel='alternate' type='application/rss+xml' href=feed>\
             <meta name=ai-workflow-manager content=none><iframe src=frame></iframe><meta http-equiv=refresh content=\"0; URL='next'\">",
            expect![[
                r#""" noindex true nofollow true canonical - links https://a.example/other/x https://a.example/other/frame https://a.example/other/next feeds https://a.example/other/feed"#
            ]],
        );
        check(
            "<script>document.write('<a href=/script>')</script><style><a href=/style></style><textarea><a href=/text></textarea>\
             <!-- <a href=/comment> --><a href=/real>",
            expect![[
                r#""" noindex false nofollow false canonical - links https://a.example/real feeds "#
            ]],
        );
        check(
            "<base href='javascript:alert(1)'><base href='//169.254.169.254/'><a href=x>",
            expect![[
                r#""" noindex false nofollow false canonical - links https://a.example/docs/x feeds "#
            ]],
        );
        for junk in [
            "",
            "<",
            "<a",
            "<a href",
            "<title>",
            "<a href='",
            "\0<a href=\0>",
            "<![CDATA[",
            "<plaintext><a href=x>",
        ] {
            let base = Url::parse("https://a.example/").unwrap();
            read(&base, junk, "x");
        }
    }

    #[test]
    fn headers() {
        for (value, noindex, nofollow) in [
            ("noindex", true, false),
            ("none", true, true),
            ("NoFollow, noarchive", false, true),
            ("otherbot: noindex", false, false),
            ("otherbot: noindex, nofollow", false, false),
            ("AI-Workflow-Manager: noindex", true, false),
            (
                "unavailable_after: 25 Jun 2030 15:00:00 PST, nofollow",
                false,
                true,
            ),
            ("all", false, false),
            ("", false, false),
        ] {
            let mut directives = Directives::default();
            directives.add_header(value, "ai-workflow-manager");
            assert_eq!(
                (directives.noindex, directives.nofollow),
                (noindex, nofollow),
                "{value}"
            );
        }
        let link = "<https://a.example/1>; rel=\"prev\", </2>; title=x; rel=\"next last\", <c>; rel=canonical";
        assert_eq!(link_header(link, "next"), Some("/2"));
        assert_eq!(link_header(link, "canonical"), Some("c"));
        assert_eq!(link_header(link, "first"), None);
        assert_eq!(link_header("<", "next"), None);
        assert_eq!(link_header("<a>; rel=next, ", "next"), Some("a"));
    }
}
