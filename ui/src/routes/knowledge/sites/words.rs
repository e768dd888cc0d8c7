//! How crawls and their pages are told: always the same drawing, word and colour.

use awm_api::crawl::{Crawl, CrawlPage, CrawlSpec, CrawlState, PageReason, PageState};
use awm_kit::{Icon, Status, Tone, count};
use leptos::prelude::*;

/// What kind of place it is.
pub(super) fn kind(spec: &CrawlSpec) -> (&'static str, Icon) {
    match spec {
        CrawlSpec::Site(_) => ("Website", Icon::Globe),
        CrawlSpec::Feed(_) => ("Feed", Icon::Activity),
        CrawlSpec::Api(_) => ("API", Icon::Code),
        CrawlSpec::Bucket(_) => ("Bucket", Icon::Database),
    }
}

/// Where it is.
pub(super) fn address(spec: &CrawlSpec) -> String {
    match spec {
        CrawlSpec::Site(site) => site.start.first().cloned().unwrap_or_default(),
        CrawlSpec::Feed(feed) => feed.url.clone(),
        CrawlSpec::Api(api) => api.url.clone(),
        CrawlSpec::Bucket(bucket) => format!("s3://{}/{}", bucket.bucket, bucket.prefix),
    }
}

/// What a crawl is at.
pub(super) fn crawl_state(crawl: &Crawl) -> AnyView {
    let waiting = crawl.counts.waiting;
    let (tone, icon, text) = match (crawl.state, &crawl.failure) {
        (CrawlState::Running, _) if waiting > 0 => (
            Tone::Accent,
            None,
            format!("Syncing, {} waiting", count(waiting)),
        ),
        (CrawlState::Running, _) => (Tone::Accent, None, "Syncing".to_owned()),
        (CrawlState::Paused, _) => (
            Tone::Warn,
            Some(Icon::Pause),
            format!("Paused, {} waiting", count(waiting)),
        ),
        (CrawlState::Idle, Some(failure)) => (
            Tone::Crit,
            Some(Icon::CrossCircle),
            crate::load::capital(&failure.message),
        ),
        (CrawlState::Idle, None) if crawl.round == 0 => {
            (Tone::Neutral, Some(Icon::Clock), "Never synced".to_owned())
        }
        (CrawlState::Idle, None) => (Tone::Ok, Some(Icon::CheckCircle), "In sync".to_owned()),
    };
    view! { <Status tone=tone icon=icon text=text /> }.into_any()
}

/// What came of a page.
pub(super) fn page_state(page: &CrawlPage) -> AnyView {
    let (tone, icon, text) = match page.state {
        PageState::Waiting => (Tone::Neutral, Some(Icon::Clock), "Waiting"),
        PageState::Taken => (Tone::Ok, Some(Icon::CheckCircle), "Taken"),
        PageState::Unchanged => (Tone::Neutral, Some(Icon::Check), "Unchanged"),
        PageState::Skipped => (Tone::Neutral, Some(Icon::Skip), "Left out"),
        PageState::Failed => (Tone::Crit, Some(Icon::CrossCircle), "Failed"),
        PageState::Gone => (Tone::Warn, Some(Icon::Minus), "Gone"),
    };
    view! { <Status tone=tone icon=icon text=text.to_owned() /> }.into_any()
}

/// Why a page was not taken, in full.
pub(super) fn reason(page: &CrawlPage) -> String {
    let words = page.reason.map_or("", PageReason::words);
    match (words.is_empty(), page.detail.is_empty()) {
        (_, true) => crate::load::capital(words),
        (true, false) => crate::load::capital(&page.detail),
        (false, false) => format!("{}: {}", crate::load::capital(words), page.detail),
    }
}
