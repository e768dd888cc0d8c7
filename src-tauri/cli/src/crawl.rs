//! `awm crawl` and `awm crawls`.

use crate::{
    args::{Crawl as Given, Crawls},
    exit::Ended,
    input,
    output::{Output, Tone},
    taking_in,
};
use awm_api::{
    Code, PageRequest, UserError,
    crawl::{
        Crawl, CrawlCreate, CrawlDelete, CrawlGet, CrawlList, CrawlPage, CrawlPages, CrawlPreview,
        CrawlSpec, CrawlStart, CrawlState, CrawlUpdate, CrawlWatch, FeedSpec, PageState, SiteSpec,
    },
    knowledge::SourceCreate,
};
use awm_host::DesktopHost;
use futures::StreamExt;
use serde_json::json;
use std::time::Duration;

/// Without an update for as long, the standing is asked for.
const QUIET: Duration = Duration::from_secs(1);

pub(crate) async fn crawl(
    host: &DesktopHost,
    output: &Output,
    given: Given,
) -> Result<Ended, UserError> {
    let spec = spec(&given)?;
    if given.dry_run {
        return preview(host, output, spec, given.limit).await;
    }
    let source_id = match given.source {
        Some(name) => Some(host.ask(SourceCreate { name }).await?.id),
        None => None,
    };
    let wanted = CrawlCreate {
        name: given.name.unwrap_or_default(),
        source_id,
        spec,
        every_hours: given.every,
    };
    // The same again is a new sync of what is there, not a second crawl of it.
    let known = host.ask(CrawlList {}).await?;
    let crawl = match known.into_iter().find(|crawl| {
        crawl.spec == wanted.spec
            && wanted
                .source_id
                .as_ref()
                .is_none_or(|id| *id == crawl.source_id)
    }) {
        Some(crawl) => crawl,
        None => host.ask(wanted).await?,
    };
    sync(host, output, &crawl.id).await
}

pub(crate) async fn crawls(
    host: &DesktopHost,
    output: &Output,
    command: Crawls,
) -> Result<Ended, UserError> {
    match command {
        Crawls::List => {
            let all = host.ask(CrawlList {}).await?;
            if output.is_json() {
                output.json(&all);
            } else {
                for crawl in &all {
                    output.text(&row(output, crawl));
                }
            }
            Ok(Ended::Well)
        }
        Crawls::Sync { crawl } => {
            let id = find(host, &crawl).await?.id;
            sync(host, output, &id).await
        }
        Crawls::Log { crawl, limit } => {
            let id = find(host, &crawl).await?.id;
            let page = PageRequest {
                limit,
                ..PageRequest::default()
            };
            let log = host
                .ask(CrawlPages {
                    id,
                    state: None,
                    reason: None,
                    text: String::new(),
                    page,
                })
                .await?;
            if output.is_json() {
                output.json(&log);
            } else {
                for page in &log.items {
                    output.text(&line(output, page));
                }
            }
            Ok(Ended::Well)
        }
        Crawls::Delete {
            crawl,
            keep_documents,
        } => {
            let crawl = find(host, &crawl).await?;
            let gone = host
                .ask(CrawlDelete {
                    id: crawl.id,
                    keep_documents,
                })
                .await?;
            output.line(
                &format!("deleted {} with {} documents", crawl.name, gone.documents),
                &gone,
            );
            Ok(Ended::Well)
        }
    }
}

fn spec(given: &Given) -> Result<CrawlSpec, UserError> {
    if let Some(text) = &given.spec {
        let value = input::json(text)?;
        return serde_json::from_value(value).map_err(|error| {
            UserError::new(Code::BadRequest, format!("the spec can't be read: {error}"))
                .help("a spec has a `kind`: site, feed, api or bucket")
        });
    }
    // `docs.example.com` means what a browser takes it for.
    let url = given.url.as_ref().map(|url| match url.contains("://") {
        true => url.clone(),
        false => format!("https://{url}"),
    });
    let Some(url) = url else {
        return Err(UserError::new(
            Code::BadRequest,
            "there is no address to begin at",
        ));
    };
    if given.feed {
        return Ok(CrawlSpec::Feed(FeedSpec {
            url,
            full_pages: given.full_pages,
            max_items: given.pages,
            delay_ms: given.delay,
        }));
    }
    Ok(CrawlSpec::Site(SiteSpec {
        hosts: given.host.clone(),
        path_prefix: given.prefix.clone().unwrap_or_default(),
        include: given.include.clone(),
        exclude: given.exclude.clone(),
        max_depth: given.depth,
        max_pages: given.pages,
        delay_ms: given.delay,
        sitemaps: !given.no_sitemaps,
        ..SiteSpec::of(url)
    }))
}

async fn preview(
    host: &DesktopHost,
    output: &Output,
    spec: CrawlSpec,
    limit: u32,
) -> Result<Ended, UserError> {
    let limit = Some(limit);
    let mut updates = host.follow(CrawlPreview { spec, limit }).await?;
    let (mut taken, mut out) = (0_u64, 0_u64);
    while let Some(update) = updates.next().await {
        let CrawlUpdate::Page { page, .. } = update? else {
            continue;
        };
        match page.state {
            PageState::Taken => taken += 1,
            _ => out += 1,
        }
        output.line(&line(output, &page), &page);
    }
    output.note(&format!("{taken} pages would be taken, {out} would not"));
    Ok(Ended::Well)
}

/// Syncs to the end, then waits until what came is searchable.
async fn sync(host: &DesktopHost, output: &Output, id: &str) -> Result<Ended, UserError> {
    let ask = || CrawlGet { id: id.to_owned() };
    let mut updates = host.follow(CrawlWatch {}).await?;
    let mut crawl = host.ask(CrawlStart { id: id.to_owned() }).await?;
    while crawl.state == CrawlState::Running {
        // A watcher that is too slow misses updates, so the standing is asked for when it is quiet.
        let Ok(update) = tokio::time::timeout(QUIET, updates.next()).await else {
            crawl = host.ask(ask()).await?;
            continue;
        };
        match update {
            None => break,
            Some(update) => match update? {
                CrawlUpdate::Crawl { crawl: now } if now.id == id => {
                    let counts = &now.counts;
                    output.progress(&format!(
                        "{} taken, {} unchanged, {} left out, {} failed, {} wait",
                        counts.taken,
                        counts.unchanged,
                        counts.skipped,
                        counts.failed,
                        counts.waiting
                    ));
                    // The first updates tell how things stood before this sync began: that one is over is asked for.
                    if now.state != CrawlState::Running {
                        crawl = host.ask(ask()).await?;
                    }
                }
                CrawlUpdate::Page { crawl_id, page }
                    if crawl_id == id && page.state == PageState::Failed =>
                {
                    output.progress_over();
                    output.note(&line(output, &page));
                }
                _ => {}
            },
        }
    }
    output.progress_over();
    let crawl = host.ask(ask()).await?;
    if let Some(failure) = &crawl.failure {
        return Err(
            UserError::new(failure.code, failure.message.clone()).help(failure.help.clone())
        );
    }
    taking_in::wait(host, output).await?;
    output.line(&row(output, &crawl), &json!({ "crawl": crawl }));
    Ok(Ended::Well)
}

/// A crawl by its id or name.
async fn find(host: &DesktopHost, wanted: &str) -> Result<Crawl, UserError> {
    let all = host.ask(CrawlList {}).await?;
    all.into_iter()
        .find(|crawl| crawl.id == wanted || crawl.name == wanted)
        .ok_or_else(|| {
            UserError::new(Code::NotFound, format!("there is no crawl `{wanted}`"))
                .help("`awm crawls list` tells their names")
        })
}

fn row(output: &Output, crawl: &Crawl) -> String {
    let counts = &crawl.counts;
    let state = match (crawl.state, &crawl.failure) {
        (CrawlState::Running, _) => "running".to_owned(),
        (CrawlState::Paused, _) => "paused".to_owned(),
        (CrawlState::Idle, Some(failure)) => output.tone(Tone::Bad, &failure.message),
        (CrawlState::Idle, None) if crawl.round == 0 => "never synced".to_owned(),
        (CrawlState::Idle, None) => output.tone(Tone::Good, "done"),
    };
    format!(
        "{}  {}  {state}  {} taken, {} unchanged, {} left out, {} failed, {} gone",
        crawl.id,
        crawl.name,
        counts.taken,
        counts.unchanged,
        counts.skipped,
        counts.failed,
        counts.gone
    )
}

fn line(output: &Output, page: &CrawlPage) -> String {
    let word = match page.state {
        PageState::Waiting => "waits".to_owned(),
        PageState::Taken => output.tone(Tone::Good, "taken"),
        PageState::Unchanged => "unchanged".to_owned(),
        PageState::Skipped => output.tone(Tone::Dim, "left out"),
        PageState::Failed => output.tone(Tone::Bad, "failed"),
        PageState::Gone => output.tone(Tone::Dim, "gone"),
    };
    let mut text = format!("{word}  {}", page.url);
    if let Some(reason) = page.reason {
        text.push_str(&format!("  {}", reason.words()));
    }
    if !page.detail.is_empty() {
        text.push_str(&format!(": {}", page.detail));
    }
    text
}
