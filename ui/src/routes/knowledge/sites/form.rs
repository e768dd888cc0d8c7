//! What the dialog asks for, and the request that it becomes.

use crate::call;
use awm_api::{
    UserError,
    crawl::{ApiSpec, BucketSpec, CrawlSpec, FeedSpec, Paging, SiteSpec},
    secrets::{SecretSet, SecretText},
};
use leptos::prelude::*;

/// The fields of all four kinds; each kind reads its own.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) kind: RwSignal<String>,
    pub(super) name: RwSignal<String>,
    pub(super) url: RwSignal<String>,
    pub(super) every: RwSignal<String>,
    pub(super) depth: RwSignal<String>,
    pub(super) pages: RwSignal<String>,
    pub(super) delay: RwSignal<String>,
    pub(super) prefix: RwSignal<String>,
    pub(super) hosts: RwSignal<String>,
    pub(super) include: RwSignal<String>,
    pub(super) exclude: RwSignal<String>,
    pub(super) sitemaps: RwSignal<bool>,
    pub(super) full_pages: RwSignal<bool>,
    pub(super) items: RwSignal<String>,
    pub(super) id: RwSignal<String>,
    pub(super) title: RwSignal<String>,
    pub(super) text: RwSignal<String>,
    pub(super) link: RwSignal<String>,
    pub(super) updated: RwSignal<String>,
    pub(super) paging: RwSignal<String>,
    pub(super) pointer: RwSignal<String>,
    pub(super) parameter: RwSignal<String>,
    pub(super) token: RwSignal<String>,
    pub(super) key_id: RwSignal<String>,
    pub(super) key_secret: RwSignal<String>,
    pub(super) endpoint: RwSignal<String>,
    pub(super) region: RwSignal<String>,
    pub(super) bucket: RwSignal<String>,
}

impl Form {
    pub(super) fn new() -> Self {
        let of = |text: &str| RwSignal::new(text.to_owned());
        Self {
            kind: of("site"),
            name: of(""),
            url: of(""),
            every: of(""),
            depth: of("3"),
            pages: of("500"),
            delay: of("1000"),
            prefix: of(""),
            hosts: of(""),
            include: of(""),
            exclude: of(""),
            sitemaps: RwSignal::new(true),
            full_pages: RwSignal::new(false),
            items: of("/items"),
            id: of("/id"),
            title: of("/title"),
            text: of(""),
            link: of(""),
            updated: of(""),
            paging: of("none"),
            pointer: of(""),
            parameter: of(""),
            token: of(""),
            key_id: of(""),
            key_secret: of(""),
            endpoint: of(""),
            region: of("eu-west-1"),
            bucket: of(""),
        }
    }

    /// What is missing before anything can be done, if something is.
    pub(super) fn missing(self) -> Option<&'static str> {
        let empty = |field: RwSignal<String>| field.with(|text| text.trim().is_empty());
        match self.kind.get().as_str() {
            "bucket" if empty(self.bucket) => Some("Write the bucket's name first"),
            "bucket" if empty(self.region) => Some("Write the region first"),
            "bucket" => None,
            _ if empty(self.url) => Some("Write an address first"),
            "api" if empty(self.id) => Some("Say which field tells items apart"),
            _ => None,
        }
    }

    /// The hours between two syncs.
    pub(super) fn hours(self) -> Option<u32> {
        self.every.with_untracked(|text| text.parse().ok())
    }

    /// The credential that was entered, with the name that it is kept under: by the bucket, or by the server.
    pub(super) fn credential(self) -> Option<(String, String)> {
        let word = |field: RwSignal<String>| field.with_untracked(|text| text.trim().to_owned());
        let (of, value) = match self.kind.get_untracked().as_str() {
            "api" => (word(self.url), word(self.token)),
            "bucket" => {
                let (id, secret) = (word(self.key_id), word(self.key_secret));
                let both = !id.is_empty() && !secret.is_empty();
                let value = serde_json::json!({"id": id, "secret": secret}).to_string();
                (word(self.bucket), if both { value } else { String::new() })
            }
            _ => return None,
        };
        let host = of.split("://").last().unwrap_or_default();
        let name: String = host
            .split(['/', '?'])
            .next()
            .unwrap_or_default()
            .chars()
            .map(|c| c.to_ascii_lowercase())
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(100)
            .collect();
        (!value.is_empty()).then(|| (format!("crawls/{name}"), value))
    }

    /// Keeps the credential, if one was entered, where secrets are kept; the request itself only names it.
    pub(super) async fn keep_credential(self) -> Result<(), UserError> {
        if let Some((name, value)) = self.credential() {
            call::call(SecretSet {
                name,
                value: SecretText(value),
            })
            .await?;
        }
        Ok(())
    }

    /// What is to be taken.
    pub(super) fn spec(self) -> CrawlSpec {
        let word = |field: RwSignal<String>| field.with_untracked(|text| text.trim().to_owned());
        let number = |field: RwSignal<String>, usual: u32| {
            field.with_untracked(|text| text.trim().parse().unwrap_or(usual))
        };
        let lines = |field: RwSignal<String>| {
            field.with_untracked(|text| {
                text.lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty())
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
        };
        let (pages, delay_ms) = (number(self.pages, 500), number(self.delay, 1_000));
        match self.kind.get_untracked().as_str() {
            "feed" => CrawlSpec::Feed(FeedSpec {
                url: with_scheme(&word(self.url)),
                full_pages: self.full_pages.get_untracked(),
                max_items: pages,
                delay_ms,
            }),
            "api" => CrawlSpec::Api(ApiSpec {
                url: with_scheme(&word(self.url)),
                method: "GET".to_owned(),
                headers: Vec::new(),
                body: None,
                items: word(self.items),
                id: word(self.id),
                title: word(self.title),
                text: word(self.text),
                link: word(self.link),
                updated: word(self.updated),
                paging: match self.paging.get_untracked().as_str() {
                    "next" => Paging::Next {
                        pointer: word(self.pointer),
                    },
                    "cursor" => Paging::Cursor {
                        pointer: word(self.pointer),
                        parameter: word(self.parameter),
                    },
                    "number" => Paging::Number {
                        parameter: word(self.parameter),
                        first: 1,
                        step: 1,
                    },
                    _ => Paging::None,
                },
                max_items: pages,
                delay_ms,
                credential: self.credential().map(|(name, _)| name),
            }),
            "bucket" => CrawlSpec::Bucket(BucketSpec {
                endpoint: word(self.endpoint),
                region: word(self.region),
                bucket: word(self.bucket),
                prefix: word(self.prefix),
                credential: self.credential().map(|(name, _)| name),
                max_items: number(self.pages, 10_000),
            }),
            _ => CrawlSpec::Site(SiteSpec {
                hosts: lines(self.hosts),
                path_prefix: word(self.prefix),
                include: lines(self.include),
                exclude: lines(self.exclude),
                max_depth: number(self.depth, 3),
                max_pages: pages,
                delay_ms,
                sitemaps: self.sitemaps.get_untracked(),
                ..SiteSpec::of(with_scheme(&word(self.url)))
            }),
        }
    }
}

/// `docs.example.com` means what a browser takes it for.
fn with_scheme(text: &str) -> String {
    match text.contains("://") || text.is_empty() {
        true => text.to_owned(),
        false => format!("https://{text}"),
    }
}
