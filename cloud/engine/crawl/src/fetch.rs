//! Requests, and what answers mean before anybody reads them.

use crate::{gate::Host, run::Run};
use awm_crawl::{
    address,
    robots::{self, Robots},
    wait,
};
use awm_ports::{FetchRules, FrontierPage, HttpError, HttpRequest, HttpResponse, Redirects};
use futures::lock::MutexGuard as HostGuard;
use std::sync::{Arc, PoisonError};
use url::Url;

/// What robots.txt and meta tags call this crawler.
pub(crate) const PRODUCT: &str = "ai-workflow-manager";
/// Milliseconds for one answer.
const TIMEOUT_MS: u64 = 30_000;
/// Bytes of a page or a file.
pub(crate) const PAGE_BYTES: u64 = 32 << 20;
/// Attempts to have one page.
pub(crate) const ATTEMPTS: u32 = 4;
/// Failures of a host one after the other until it is left alone.
const HOST_FAILURES: u32 = 6;

pub(crate) fn get(url: &Url, headers: Vec<(String, String)>, max_bytes: u64) -> HttpRequest {
    HttpRequest {
        method: "GET".into(),
        url: url.to_string(),
        headers,
        body: Vec::new(),
        timeout_ms: TIMEOUT_MS,
        max_bytes,
        redirects: Redirects::Follow,
    }
}

/// A header's first value.
pub(crate) fn header<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
    response
        .headers
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// What tells a server which version is here.
pub(crate) fn validators(page: &FrontierPage) -> Vec<(String, String)> {
    let mut headers = vec![(
        "accept".to_owned(),
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8".to_owned(),
    )];
    if let Some(etag) = &page.etag {
        headers.push(("if-none-match".into(), etag.clone()));
    }
    if let Some(modified) = &page.modified {
        headers.push(("if-modified-since".into(), modified.clone()));
    }
    headers
}

/// An answer, or what kept it away.
pub(crate) enum Answer {
    /// The server's answer, whatever its status.
    Response(HttpResponse),
    /// The rules forbid the address.
    Forbidden(String),
    /// It is larger than allowed.
    TooLarge,
    /// A failure that may pass: the sentence, and whether time ran out.
    Trouble(String, bool),
    /// The sync was told to stop.
    Stopped,
}

/// Calls the host in turn, and notes when it may be called again.
pub(crate) async fn call(
    run: &Run,
    host: &mut HostGuard<'_, Host>,
    request: HttpRequest,
    rules: FetchRules,
    delay_ms: u32,
) -> Answer {
    if !run.turn(host).await {
        return Answer::Stopped;
    }
    let key = Url::parse(&request.url).map_or(String::new(), |url| crate::gate::key(&url));
    let answer = run.crawler.parts.http.fetch(request, rules).await;
    let now = run.now();
    host.ready_at = now.saturating_add(i64::from(delay_ms));
    let answer = match answer {
        Ok(response) => response,
        Err(HttpError::Forbidden(why)) => return Answer::Forbidden(why),
        Err(HttpError::TooLarge(_)) => return Answer::TooLarge,
        Err(error) => {
            away(run, host, key, None);
            return Answer::Trouble(error.to_string(), matches!(error, HttpError::Timeout(_)));
        }
    };
    if matches!(answer.status, 429 | 500 | 502 | 503 | 504) {
        let wish = header(&answer, "retry-after").and_then(|value| wait::retry_after(value, now));
        away(run, host, key, wish);
        return Answer::Trouble(
            format!("the server answered with status {}", answer.status),
            false,
        );
    }
    host.failures = 0;
    Answer::Response(answer)
}

/// Stays away from a host for as long as it wishes, or longer each time.
fn away(run: &Run, host: &mut HostGuard<'_, Host>, key: String, wish: Option<i64>) {
    host.failures += 1;
    let wait =
        wish.unwrap_or_else(|| wait::back_off(host.failures, run.crawler.parts.ids.random()));
    host.ready_at = host.ready_at.max(run.now().saturating_add(wait));
    if host.failures >= HOST_FAILURES {
        // The next sync begins with a clean slate.
        host.failures = 0;
        run.give_up(key);
    }
}

/// The rules of an origin, asked for once in a sync. None if the sync was told to stop.
pub(crate) async fn robots(
    run: &Run,
    host: &mut HostGuard<'_, Host>,
    url: &Url,
    delay_ms: u32,
) -> Option<Arc<Robots>> {
    let origin = address::origin(url);
    let known = run
        .robots
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&origin)
        .cloned();
    if known.is_some() {
        return known;
    }
    let robots = match Url::parse(&format!("{origin}/robots.txt")) {
        Err(_) => Robots::open(),
        Ok(file) => {
            // One byte more than counts tells that there is more. Redirects are followed, also to other hosts (RFC 9309, 2.3.1.2).
            let request = get(&file, Vec::new(), robots::MAX_BYTES as u64 + 1);
            let rules = FetchRules {
                cut_at_cap: true,
                ..FetchRules::default()
            };
            match call(run, host, request, rules, delay_ms).await {
                Answer::Stopped => return None,
                Answer::Response(answer) => Robots::by_status(answer.status)
                    .unwrap_or_else(|| Robots::parse(&answer.body, PRODUCT)),
                // Where the file may not be called, its pages may not either: these say why.
                Answer::Forbidden(_) => Robots::open(),
                Answer::TooLarge | Answer::Trouble(..) => Robots::closed(),
            }
        }
    };
    let robots = Arc::new(robots);
    run.robots
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(origin, robots.clone());
    Some(robots)
}
