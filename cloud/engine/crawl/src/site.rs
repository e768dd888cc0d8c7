//! A walk from page to page.

use crate::{
    CrawlError,
    book::Book,
    fetch, gate,
    keep::{forget, keep, leaves},
    run::{Ended, Run},
    visit::{Manners, Seen, visit},
};
use awm_api::crawl::{FeedSpec, PageReason, PageState, SiteSpec};
use awm_crawl::{address, scope::Scope};
use awm_ports::{Found, FrontierPage, PageKind};
use futures::{StreamExt, stream::FuturesUnordered};
use std::collections::{HashMap, HashSet, VecDeque};
use url::Url;

/// Visits at the same time: to one host one is on its way while another is read.
const LANES: usize = 8;
const LANES_OF_A_HOST: usize = 2;
/// Rows that are taken from the store at once.
const PART: u32 = 256;
/// Pages that no link leads to any more and are asked once more, in one sync.
const MAX_RECHECKED: u32 = 5_000;

/// Walks a website.
pub(crate) async fn site(run: &Run, spec: &SiteSpec) -> Result<Ended, CrawlError> {
    let scope = Scope::new(spec).map_err(|error| CrawlError::Spec(error.0))?;
    let mut walk = Walk::open(run, Some(scope), spec.max_pages, spec.delay_ms, true).await?;
    let mut seeds = Vec::new();
    for start in &spec.start {
        if let Ok(url) = address::absolute(start) {
            seeds.push(Found {
                url: url.to_string(),
                ..Found::default()
            });
        }
    }
    if spec.sitemaps {
        seeds.extend(walk.sitemaps(spec).await);
    }
    walk.add(seeds).await?;
    walk.go().await
}

/// Visits the pages that a feed names.
pub(crate) async fn feed_pages(run: &Run, spec: &FeedSpec) -> Result<Ended, CrawlError> {
    let url = address::absolute(&spec.url)
        .map_err(|error| CrawlError::Spec(format!("`{}` can't be visited: {error}", spec.url)))?;
    let mut walk = Walk::open(run, None, spec.max_items, spec.delay_ms, false).await?;
    walk.add(vec![Found {
        url: url.to_string(),
        kind: PageKind::Feed,
        ..Found::default()
    }])
    .await?;
    walk.go().await
}

struct Walk<'a> {
    run: &'a Run,
    book: Book,
    delay_ms: u32,
    follows: bool,
    /// Pages that are wanted.
    most: u64,
    /// Pages that are there after this sync so far.
    kept: u64,
    queue: VecDeque<FrontierPage>,
    in_hand: HashSet<String>,
    by_host: HashMap<String, usize>,
}

impl<'a> Walk<'a> {
    async fn open(
        run: &'a Run,
        scope: Option<Scope>,
        most: u32,
        delay_ms: u32,
        follows: bool,
    ) -> Result<Self, CrawlError> {
        let counts = run.crawls.crawl(run.tenant(), &run.crawl.id).await?.counts;
        Ok(Self {
            run,
            book: Book::open(run, scope).await?,
            delay_ms,
            follows,
            most: u64::from(most),
            kept: counts.taken + counts.unchanged,
            queue: VecDeque::new(),
            in_hand: HashSet::new(),
            by_host: HashMap::new(),
        })
    }

    /// The sitemaps that robots.txt names, or the one at the usual place.
    async fn sitemaps(&self, spec: &SiteSpec) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for start in &spec.start {
            let Ok(url) = address::absolute(start) else {
                continue;
            };
            let gate = self.run.gates.of(&url);
            let mut host = gate.lock().await;
            let Some(robots) = fetch::robots(self.run, &mut host, &url, self.delay_ms).await else {
                return found;
            };
            let mut named: Vec<Url> = robots
                .sitemaps
                .iter()
                .take(100)
                .filter_map(|link| address::normalise(&url, link).ok())
                .collect();
            if named.is_empty() {
                named.extend(address::normalise(&url, "/sitemap.xml").ok());
            }
            found.extend(named.into_iter().map(|url| Found {
                url: url.to_string(),
                kind: PageKind::Sitemap,
                ..Found::default()
            }));
        }
        found.dedup_by(|a, b| a.url == b.url);
        found
    }

    async fn add(&mut self, found: Vec<Found>) -> Result<(), CrawlError> {
        let found = self.book.admit(found);
        Book::tell_left_out(self.run, &found);
        let run = self.run;
        run.crawls
            .add_pages(run.tenant(), &run.crawl.id, run.round(), found)
            .await?;
        Ok(())
    }

    async fn go(mut self) -> Result<Ended, CrawlError> {
        let run = self.run;
        let scope = self.book.scope().cloned();
        let manners = Manners {
            delay_ms: self.delay_ms,
            follows: self.follows,
            scope: scope.as_ref(),
        };
        let mut visits = FuturesUnordered::new();
        let mut rechecked = false;
        loop {
            while let Some(page) = self.next(visits.len()).await? {
                let (url, host) = (page.page.url.clone(), host_of(&page));
                visits.push(async move { (url, host, visit(run, manners, page).await) });
            }
            let Some((url, host, seen)) = visits.next().await else {
                if run.stop.is_said() {
                    return Ok(Ended::Stopped);
                }
                if self.kept >= self.most {
                    run.crawls
                        .skip_waiting(
                            run.tenant(),
                            &run.crawl.id,
                            run.round(),
                            PageReason::PageLimit,
                        )
                        .await?;
                    return Ok(Ended::Done);
                }
                if rechecked || self.recheck().await? == 0 {
                    return Ok(Ended::Done);
                }
                rechecked = true;
                continue;
            };
            self.settle(seen).await?;
            self.in_hand.remove(&url);
            if let Some(busy) = self.by_host.get_mut(&host) {
                *busy = busy.saturating_sub(1);
            }
        }
    }

    /// The next page to visit, if one may be begun now.
    async fn next(&mut self, on_the_way: usize) -> Result<Option<FrontierPage>, CrawlError> {
        let run = self.run;
        if run.stop.is_said() || on_the_way >= LANES || self.kept + on_the_way as u64 >= self.most {
            return Ok(None);
        }
        if self.queue.is_empty() {
            let limit = PART + on_the_way as u32;
            let waiting = run
                .crawls
                .waiting(run.tenant(), &run.crawl.id, run.round(), limit)
                .await?;
            self.queue = waiting
                .into_iter()
                .filter(|page| !self.in_hand.contains(&page.page.url))
                .collect();
        }
        let free = self.queue.iter().position(|page| {
            self.by_host.get(&host_of(page)).copied().unwrap_or(0) < LANES_OF_A_HOST
        });
        let page = free.and_then(|at| self.queue.remove(at));
        if let Some(page) = &page {
            self.in_hand.insert(page.page.url.clone());
            *self.by_host.entry(host_of(page)).or_default() += 1;
        }
        Ok(page)
    }

    async fn settle(&mut self, seen: Seen) -> Result<(), CrawlError> {
        let run = self.run;
        let (page, found) = match seen {
            Seen::Stopped => return Ok(()),
            Seen::Done(page, found) if leaves(&page) => (forget(run, page).await?, found),
            Seen::Done(page, found) => (page, found),
            Seen::Text(page, found, text) => (keep(run, page, text).await?, found),
        };
        if matches!(page.page.state, PageState::Taken | PageState::Unchanged) {
            self.kept += 1;
        }
        let found = self.book.admit(found);
        Book::tell_left_out(run, &found);
        // Found ones that are nearer than those in the queue come first: it is read from the store again.
        let last = self.queue.back().map_or(0, |page| page.page.depth);
        if found.iter().any(|found| found.depth < last) {
            self.queue.clear();
        }
        run.settle(page, found).await
    }

    /// Lets pages that no link leads to any more be asked once more; answers with how many.
    async fn recheck(&mut self) -> Result<u64, CrawlError> {
        let run = self.run;
        let unseen = run
            .crawls
            .unseen(run.tenant(), &run.crawl.id, run.round(), MAX_RECHECKED)
            .await?;
        let found = unseen
            .into_iter()
            .map(|row| Found {
                url: row.page.url,
                kind: row.kind,
                depth: row.page.depth,
                found_on: row.page.found_on,
                ..Found::default()
            })
            .collect();
        Ok(run
            .crawls
            .add_pages(run.tenant(), &run.crawl.id, run.round(), found)
            .await?)
    }
}

fn host_of(page: &FrontierPage) -> String {
    Url::parse(&page.page.url).map_or(String::new(), |url| gate::key(&url))
}
