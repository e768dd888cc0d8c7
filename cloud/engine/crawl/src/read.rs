//! What a full answer holds: a page, a file, a sitemap, a feed.

use crate::{
    fetch::{self, PRODUCT},
    media,
    run::Run,
    visit::{Manners, Seen, Text, end, failed, skip},
};
use awm_api::{
    Code,
    crawl::{PageReason, PageState},
};
use awm_crawl::{address, date, feed, html, sitemap};
use awm_knowledge::Block;
use awm_ports::{Found, FrontierPage, HttpResponse, PageKind};
use url::Url;

/// Lists within lists.
const MAX_NESTING: u32 = 2;

pub(crate) async fn content(
    run: &Run,
    manners: Manners<'_>,
    url: &Url,
    page: FrontierPage,
    response: HttpResponse,
) -> Seen {
    match page.kind {
        PageKind::Sitemap => list(page, sitemap(url, &response.body)),
        PageKind::Feed => list(page, feed(url, &response.body)),
        PageKind::Page | PageKind::Item => whole_page(run, manners, url, page, response).await,
    }
}

/// A list's row; where it leads is stored with it, as steps from the list.
fn list(mut page: FrontierPage, found: Result<Vec<Found>, String>) -> Seen {
    let found = match found {
        Err(why) => return failed(page, PageReason::Unsupported, why),
        Ok(found) => found,
    };
    page.links = found;
    let links = page
        .links
        .iter()
        .filter(|link| link.kind == PageKind::Page || page.page.depth + link.depth <= MAX_NESTING)
        .map(|link| Found {
            depth: page.page.depth + link.depth,
            found_on: page.page.url.clone(),
            ..link.clone()
        })
        .collect();
    let detail = format!("{} addresses", page.links.len());
    Seen::Done(
        end(page, PageState::Skipped, Some(PageReason::List), detail),
        links,
    )
}

fn sitemap(url: &Url, body: &[u8]) -> Result<Vec<Found>, String> {
    let read = sitemap::read(body).map_err(|error| error.to_string())?;
    let link = |entry: &sitemap::Entry, kind| {
        let target = address::normalise(url, &entry.url).ok()?;
        Some(Found {
            url: target.to_string(),
            kind,
            depth: 1,
            lastmod: entry.lastmod.clone(),
            listed: true,
            ..Found::default()
        })
    };
    let pages = read
        .pages
        .iter()
        .filter_map(|entry| link(entry, PageKind::Page));
    let lists = read
        .sitemaps
        .iter()
        .filter_map(|entry| link(entry, PageKind::Sitemap));
    Ok(lists.chain(pages).collect())
}

fn feed(url: &Url, body: &[u8]) -> Result<Vec<Found>, String> {
    let read = feed::read(url, body).map_err(|error| error.to_string())?;
    Ok(read
        .entries
        .into_iter()
        .filter_map(|entry| {
            Some(Found {
                url: entry.link?.to_string(),
                depth: 1,
                lastmod: entry.updated.map(|at| at.to_string()).unwrap_or_default(),
                listed: true,
                ..Found::default()
            })
        })
        .collect())
}

async fn whole_page(
    run: &Run,
    manners: Manners<'_>,
    url: &Url,
    mut page: FrontierPage,
    response: HttpResponse,
) -> Seen {
    let kind = media::kind(fetch::header(&response, "content-type"));
    if media::is_foreign(&kind) {
        page.links.clear();
        return skip(page, PageReason::Unsupported, kind);
    }
    let is_html = media::is_html(&kind, &response.body);
    let mut directives = html::Directives::default();
    for (_, value) in response
        .headers
        .iter()
        .filter(|(name, _)| name == "x-robots-tag")
    {
        directives.add_header(value, PRODUCT);
    }
    let mut canonical = fetch::header(&response, "link")
        .and_then(|link| html::link_header(link, "canonical"))
        .and_then(|link| address::normalise(url, link).ok());
    let mut links = Vec::new();
    if is_html {
        let read = html::read(url, &String::from_utf8_lossy(&response.body), PRODUCT);
        directives.noindex |= read.directives.noindex;
        directives.nofollow |= read.directives.nofollow;
        canonical = read.canonical.or(canonical);
        page.page.title = read.title;
        links = read.links;
    }
    let step = |target: &Url, depth| Found {
        url: target.to_string(),
        depth,
        ..Found::default()
    };
    page.links = match manners.follows && !directives.nofollow {
        true => links.iter().map(|link| step(link, 1)).collect(),
        false => Vec::new(),
    };
    let other = canonical.filter(|canonical| {
        canonical != url
            && manners
                .scope
                .is_some_and(|scope| scope.admit(canonical, page.page.depth).is_ok())
    });
    if let Some(other) = &other {
        page.links.push(step(other, 0));
    }
    let found: Vec<Found> = page
        .links
        .iter()
        .map(|link| Found {
            depth: page.page.depth + link.depth,
            found_on: page.page.url.clone(),
            ..link.clone()
        })
        .collect();
    if directives.noindex {
        return Seen::Done(
            end(page, PageState::Skipped, Some(PageReason::Noindex), ""),
            found,
        );
    }
    if let Some(other) = other
        && !is_mutual(run, &page, &other).await
    {
        return Seen::Done(
            end(
                page,
                PageState::Skipped,
                Some(PageReason::Canonical),
                other.to_string(),
            ),
            found,
        );
    }
    text(run, url, page, found, response, &kind, is_html).await
}

/// Two pages that call each other the right one: the second of them is taken.
async fn is_mutual(run: &Run, page: &FrontierPage, other: &Url) -> bool {
    let row = run
        .crawls
        .frontier_page(run.tenant(), &run.crawl.id, other.as_str())
        .await;
    matches!(row, Ok(Some(row)) if row.round == page.round
        && row.page.reason == Some(PageReason::Canonical)
        && row.page.detail == page.page.url)
}

async fn text(
    run: &Run,
    url: &Url,
    mut page: FrontierPage,
    found: Vec<Found>,
    response: HttpResponse,
    kind: &str,
    is_html: bool,
) -> Seen {
    let modified_at = fetch::header(&response, "last-modified").and_then(date::parse);
    let name = media::file_name(url, kind, is_html);
    let extracted = run
        .crawler
        .parts
        .extractor
        .extract_bytes(&name, response.body)
        .await;
    let extracted = match extracted {
        Ok(extracted) => extracted,
        Err(error) => {
            let reason = match error.code {
                Code::FileNoText => PageReason::NoText,
                Code::FileTooLarge | Code::FileBomb => PageReason::TooLarge,
                Code::ExtractionTimeout => PageReason::Timeout,
                _ => PageReason::Unsupported,
            };
            return Seen::Done(
                end(page, PageState::Skipped, Some(reason), error.message),
                found,
            );
        }
    };
    if page.page.title.is_empty() {
        page.page.title = extracted.title.unwrap_or_default();
    }
    let blocks: Vec<Block> = extracted
        .blocks
        .into_iter()
        .map(|block| Block {
            markdown: block.markdown,
            heading: block.heading,
            page: block.page,
        })
        .collect();
    if blocks.iter().all(|block| block.markdown.trim().is_empty()) {
        return Seen::Done(
            end(page, PageState::Skipped, Some(PageReason::NoText), ""),
            found,
        );
    }
    let text = Text {
        name: address::shown(url),
        address: url.to_string(),
        media_type: extracted.media_type,
        modified_at,
        blocks,
    };
    Seen::Text(page, found, text)
}
