//! One sync from its beginning to its end.

use crate::{
    CrawlError, Crawler, list,
    run::{Ended, Run},
    site,
    stop::Stop,
};
use awm_api::{
    Code,
    crawl::{Crawl, CrawlPages, CrawlSpec, CrawlState, PageReason, PageState},
    knowledge::Failure,
};
use awm_ports::StoreError;
use std::sync::Arc;

/// Milliseconds of an hour.
pub(crate) const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Goes the way that the spec tells.
pub(crate) async fn go(run: &Run) -> Result<Ended, CrawlError> {
    match &run.crawl.spec {
        CrawlSpec::Site(spec) => site::site(run, spec).await,
        CrawlSpec::Feed(spec) if spec.full_pages => site::feed_pages(run, spec).await,
        CrawlSpec::Feed(spec) => list::feed(run, spec).await,
        CrawlSpec::Api(spec) => list::api(run, spec).await,
        CrawlSpec::Bucket(spec) => list::bucket(run, spec).await,
    }
}

impl Crawler {
    /// Does what is left of a crawl's sync, and writes down how it ended.
    pub(crate) async fn sync(self: &Arc<Self>, crawl: Crawl, stop: Stop) {
        let id = crawl.id.clone();
        let teller = Arc::clone(self);
        let run = Run {
            crawler: Arc::clone(self),
            crawls: self.parts.crawls.clone(),
            crawl,
            keeps: true,
            stop,
            gates: self.gates.clone(),
            tell: Box::new(move |update| teller.watchers.tell(&update)),
            robots: Default::default(),
            given_up: Default::default(),
        };
        let ended = go(&run).await;
        if let Err(error) = self.end(&run, ended).await {
            // The row stays as it is: the next start goes on with it.
            self.note(&id, &error);
        }
        self.stops().remove(&id);
    }

    async fn end(&self, run: &Run, ended: Result<Ended, CrawlError>) -> Result<(), StoreError> {
        let _one = self.editing.lock().await;
        let mut crawl = match self.parts.crawls.crawl(&self.tenant, &run.crawl.id).await {
            // It was deleted meanwhile.
            Err(StoreError::NotFound { .. }) => return Ok(()),
            crawl => crawl?,
        };
        // Whoever paused or cancelled it has written that down.
        let ours = crawl.state == CrawlState::Running && crawl.round == run.round();
        if !ours || matches!(ended, Ok(Ended::Stopped)) {
            self.tell_crawl(&crawl);
            return Ok(());
        }
        crawl.failure = match ended {
            Ok(_) => self.nothing_taken(&crawl).await?,
            Err(error) => Some(failure_of(&error)),
        };
        let now = self.parts.clock.now();
        crawl.state = CrawlState::Idle;
        crawl.ended_at = Some(now);
        crawl.next_at = crawl
            .every_hours
            .map(|hours| now.saturating_add(i64::from(hours) * HOUR_MS));
        self.parts.crawls.put_crawl(&self.tenant, &crawl).await?;
        self.tell_crawl(&crawl);
        Ok(())
    }

    /// A sync that came home with nothing, as the start itself couldn't be had, has failed.
    async fn nothing_taken(&self, crawl: &Crawl) -> Result<Option<Failure>, StoreError> {
        let counts = &crawl.counts;
        if counts.taken + counts.unchanged > 0 || !matches!(crawl.spec, CrawlSpec::Site(_)) {
            return Ok(None);
        }
        let log = CrawlPages {
            id: crawl.id.clone(),
            state: None,
            reason: None,
            text: String::new(),
            page: awm_api::PageRequest {
                limit: 1,
                ..Default::default()
            },
        };
        let first = self.parts.crawls.pages(&self.tenant, &log).await?;
        Ok(first
            .items
            .first()
            .filter(|page| {
                page.state == PageState::Failed
                    || page.state == PageState::Gone
                    || page.reason == Some(PageReason::Forbidden)
                    || page.reason == Some(PageReason::Robots)
                    || page.reason == Some(PageReason::RobotsUnreachable)
            })
            .map(|page| {
                let why = page.reason.map_or("it can't be had", PageReason::words);
                failure_of(&CrawlError::Source {
                    forbidden: page.reason == Some(PageReason::Forbidden),
                    message: match page.detail.is_empty() {
                        true => format!("`{}`: {why}", page.url),
                        false => format!("`{}`: {why}: {}", page.url, page.detail),
                    },
                })
            }))
    }
}

fn failure_of(error: &CrawlError) -> Failure {
    let (code, help) = match error {
        CrawlError::Store(StoreError::Full) => {
            (Code::DiskFull, "free some space and start it again")
        }
        CrawlError::Store(_) | CrawlError::Pipeline(_) => {
            (Code::Internal, "start it again; the log tells more")
        }
        CrawlError::Spec(_) => (
            Code::BadRequest,
            "delete it and add it again with other settings",
        ),
        CrawlError::Source {
            forbidden: true, ..
        } => (
            Code::AddressForbidden,
            "addresses of this machine and its network can be allowed in the settings",
        ),
        CrawlError::Source { .. } => (
            Code::ServiceFailed,
            "check the address in a browser, then start it again",
        ),
    };
    Failure {
        code,
        message: error.to_string(),
        help: help.to_owned(),
    }
}
