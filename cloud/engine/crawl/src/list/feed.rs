//! Entries of feeds.

use super::{Entry, good, source, titled};
use crate::{
    CrawlError,
    fetch::{self, PAGE_BYTES},
    run::{Ended, Run},
    visit::Text,
};
use awm_api::crawl::{FeedSpec, PageReason};
use awm_crawl::{address, feed};
use std::collections::HashSet;
use url::Url;

/// Pages of one feed: feeds are for what is new.
const MAX_PARTS: u32 = 20;

/// Takes the entries of a feed as the feed itself holds them. Older ones that it no longer holds stay.
pub(crate) async fn feed(run: &Run, spec: &FeedSpec) -> Result<Ended, CrawlError> {
    let mut next =
        Some(address::absolute(&spec.url).map_err(|error| {
            CrawlError::Spec(format!("`{}` can't be called: {error}", spec.url))
        })?);
    let (mut taken, mut asked) = (0, HashSet::new());
    for _ in 0..MAX_PARTS {
        let Some(url) = next.take().filter(|url| asked.insert(url.clone())) else {
            break;
        };
        let Some(response) = run
            .part(fetch::get(&url, Vec::new(), PAGE_BYTES), spec.delay_ms)
            .await?
        else {
            return Ok(Ended::Stopped);
        };
        good(&response)?;
        let base = Url::parse(&response.url).unwrap_or(url);
        let read = feed::read(&base, &response.body).map_err(|error| source(error.to_string()))?;
        for entry in read.entries {
            if run.stop.is_said() {
                return Ok(Ended::Stopped);
            }
            if taken >= spec.max_items {
                return Ok(Ended::Done);
            }
            taken += 1;
            let address = match &entry.link {
                Some(link) => link.to_string(),
                None => format!("{base}#{}", entry.id),
            };
            let version = entry.updated.map(|at| at.to_string()).unwrap_or_default();
            let Some(mut row) = run
                .row(&Entry {
                    url: address.clone(),
                    version: &version,
                    title: &entry.title,
                })
                .await?
            else {
                continue;
            };
            row.page.bytes = entry.html.len() as u64;
            // A feed's own times are not to be trusted with corrections: the text tells.
            let html = format!("<!doctype html><html><body>{}</body></html>", entry.html);
            let text = match run.extract("entry.html", html.into_bytes()).await {
                Err(error) => Err((PageReason::Unsupported, error.message)),
                Ok((_, blocks)) => Ok(Text {
                    name: if entry.title.is_empty() {
                        address.clone()
                    } else {
                        entry.title.clone()
                    },
                    address,
                    media_type: "text/html".into(),
                    modified_at: entry.updated,
                    blocks: titled(&entry.title, blocks),
                }),
            };
            run.take(row, text).await?;
        }
        next = read.next;
    }
    Ok(Ended::Done)
}
