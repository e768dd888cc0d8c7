//! One visit: from a waiting row to an answer, and to what it means.

use crate::{
    fetch::{self, ATTEMPTS, Answer, PAGE_BYTES},
    gate, read,
    run::Run,
};
use awm_api::crawl::{PageReason, PageState};
use awm_crawl::{address, robots::Robots, scope::Scope, sitemap};
use awm_knowledge::Block;
use awm_ports::{FetchRules, Found, FrontierPage, HttpResponse, PageKind};
use url::Url;

/// How a site is visited.
#[derive(Clone, Copy)]
pub(crate) struct Manners<'a> {
    pub(crate) delay_ms: u32,
    /// Whether links of pages are followed.
    pub(crate) follows: bool,
    pub(crate) scope: Option<&'a Scope>,
}

/// What came of a visit.
pub(crate) enum Seen {
    /// The row as it is to be stored, and where the page leads.
    Done(FrontierPage, Vec<Found>),
    /// Likewise, and a text that is to be kept if it is new.
    Text(FrontierPage, Vec<Found>, Text),
    /// The sync was told to stop; the row waits as before.
    Stopped,
}

/// What is to be kept of a page.
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) media_type: String,
    pub(crate) modified_at: Option<i64>,
    pub(crate) blocks: Vec<Block>,
}

/// Redirects that lead to one page.
const MAX_HOPS: u32 = 5;

/// Ends a row.
pub(crate) fn end(
    mut page: FrontierPage,
    state: PageState,
    reason: Option<PageReason>,
    detail: impl Into<String>,
) -> FrontierPage {
    page.page.state = state;
    page.page.reason = reason;
    page.page.detail = detail.into();
    page
}

pub(crate) async fn visit(run: &Run, manners: Manners<'_>, mut page: FrontierPage) -> Seen {
    let Ok(url) = Url::parse(&page.page.url) else {
        return skip(page, PageReason::OutOfScope, "it is no address");
    };
    if let Some(links) = spared(&page) {
        return Seen::Done(
            end(
                page,
                PageState::Unchanged,
                Some(PageReason::NotModified),
                "the sitemap tells no change",
            ),
            links,
        );
    }
    let key = gate::key(&url);
    if run.is_given_up(&key) {
        return failed(
            page,
            PageReason::Unreachable,
            "the host stays away; the next sync asks again",
        );
    }
    let gate = run.gates.of(&url);
    let mut host = gate.lock().await;
    let Some(robots) = fetch::robots(run, &mut host, &url, manners.delay_ms).await else {
        return Seen::Stopped;
    };
    if let Some(rule) = forbids(&robots, &url) {
        drop(host);
        return match robots.is_closed() {
            // It may be open again next time: what is there stays.
            true => skip(page, PageReason::RobotsUnreachable, ""),
            false => skip(page, PageReason::Robots, rule),
        };
    }
    let delay = manners.delay_ms.max(robots.crawl_delay_ms.unwrap_or(0));
    let asked = fetch::validators(&unless_changed(&page));
    let most = match page.kind {
        PageKind::Sitemap => sitemap::MAX_BYTES,
        _ => PAGE_BYTES,
    };
    let rules = FetchRules {
        redirects_are_answers: true,
        ..FetchRules::default()
    };
    let answer = fetch::call(run, &mut host, fetch::get(&url, asked, most), rules, delay).await;
    drop(host);
    if !matches!(answer, Answer::Stopped) {
        page.page.fetched_at = Some(run.now());
    }
    match answer {
        Answer::Stopped => Seen::Stopped,
        Answer::Forbidden(why) => skip(page, PageReason::Forbidden, why),
        Answer::TooLarge => skip(
            page,
            PageReason::TooLarge,
            format!("more than {most} bytes"),
        ),
        Answer::Trouble(what, late) => {
            page.attempts += 1;
            if page.attempts < ATTEMPTS && !run.is_given_up(&key) {
                return Seen::Done(end(page, PageState::Waiting, None, what), Vec::new());
            }
            let reason = if late {
                PageReason::Timeout
            } else {
                PageReason::Unreachable
            };
            failed(page, reason, what)
        }
        Answer::Response(response) => answered(run, manners, &url, page, response).await,
    }
}

async fn answered(
    run: &Run,
    manners: Manners<'_>,
    url: &Url,
    mut page: FrontierPage,
    response: HttpResponse,
) -> Seen {
    page.page.status = Some(response.status);
    page.page.bytes = response.body.len() as u64;
    match response.status {
        304 => not_modified(page),
        301 | 302 | 303 | 307 | 308 => redirected(manners, url, page, &response),
        404 | 410 if page.kind == PageKind::Page => Seen::Done(
            end(page, PageState::Gone, Some(PageReason::Gone), ""),
            Vec::new(),
        ),
        404 | 410 => skip(page, PageReason::List, "there is none"),
        200..=299 => {
            page.etag = fetch::header(&response, "etag").map(str::to_owned);
            page.modified = fetch::header(&response, "last-modified").map(str::to_owned);
            page.taken_lastmod.clone_from(&page.lastmod);
            read::content(run, manners, url, page, response).await
        }
        status => failed(
            page,
            PageReason::Status,
            format!("the server answered with status {status}"),
        ),
    }
}

/// The links of a page that the sitemap says is as it was when it was taken.
fn spared(page: &FrontierPage) -> Option<Vec<Found>> {
    let told = !page.lastmod.is_empty() && page.lastmod == page.taken_lastmod;
    let kept = page.page.document_id.is_some()
        && matches!(
            page.before,
            Some((PageState::Taken | PageState::Unchanged, ..))
        );
    (told && kept && page.kind == PageKind::Page).then(|| deeper(page))
}

/// The page without its validators where "as it was" would not tell enough: there is no document, and no reason that stands by itself.
fn unless_changed(page: &FrontierPage) -> FrontierPage {
    let stands = match &page.before {
        Some((PageState::Taken | PageState::Unchanged, ..)) => page.page.document_id.is_some(),
        Some((PageState::Skipped, Some(reason), _)) => matches!(
            reason,
            PageReason::Noindex
                | PageReason::Canonical
                | PageReason::List
                | PageReason::NoText
                | PageReason::Unsupported
        ),
        _ => false,
    };
    let mut page = page.clone();
    if !stands {
        page.etag = None;
        page.modified = None;
    }
    page
}

fn not_modified(page: FrontierPage) -> Seen {
    let links = deeper(&page);
    let page = match page.before.clone() {
        Some((PageState::Skipped, reason, detail)) => end(page, PageState::Skipped, reason, detail),
        _ => end(
            page,
            PageState::Unchanged,
            Some(PageReason::NotModified),
            "",
        ),
    };
    Seen::Done(page, links)
}

/// The links of the last full answer, from where the page stands now.
fn deeper(page: &FrontierPage) -> Vec<Found> {
    page.links
        .iter()
        .map(|link| Found {
            depth: page.page.depth + link.depth,
            found_on: page.page.url.clone(),
            ..link.clone()
        })
        .collect()
}

fn redirected(
    manners: Manners<'_>,
    url: &Url,
    page: FrontierPage,
    response: &HttpResponse,
) -> Seen {
    let target = fetch::header(response, "location").unwrap_or_default();
    let target = match address::normalise(url, target) {
        Ok(target) => target,
        Err(why) => {
            return skip(
                page,
                PageReason::Redirected,
                format!("to `{target}`: {why}"),
            );
        }
    };
    // Where cookies are wanted first, or only the spelling differs, a page leads to itself.
    if target == *url {
        return failed(page, PageReason::Redirected, "to itself");
    }
    if page.hops >= MAX_HOPS {
        return failed(
            page,
            PageReason::Redirected,
            format!("more than {MAX_HOPS} times"),
        );
    }
    let inside = manners.scope.is_none_or(|scope| scope.admits_host(&target));
    let found = Found {
        url: target.to_string(),
        kind: page.kind,
        depth: page.page.depth,
        found_on: page.page.url.clone(),
        lastmod: page.lastmod.clone(),
        hops: page.hops + 1,
        ..Found::default()
    };
    // Lists may lie elsewhere, what they lead to may not.
    let found = match inside || page.kind == PageKind::Page {
        true => vec![found],
        false => Vec::new(),
    };
    Seen::Done(
        end(
            page,
            PageState::Skipped,
            Some(PageReason::Redirected),
            target.to_string(),
        ),
        found,
    )
}

fn forbids(robots: &Robots, url: &Url) -> Option<String> {
    robots.rule_for(&path_of(url))
}

fn path_of(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

pub(crate) fn skip(page: FrontierPage, reason: PageReason, detail: impl Into<String>) -> Seen {
    Seen::Done(
        end(page, PageState::Skipped, Some(reason), detail),
        Vec::new(),
    )
}

pub(crate) fn failed(page: FrontierPage, reason: PageReason, detail: impl Into<String>) -> Seen {
    Seen::Done(
        end(page, PageState::Failed, Some(reason), detail),
        Vec::new(),
    )
}
