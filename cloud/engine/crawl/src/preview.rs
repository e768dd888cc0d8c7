//! What would be taken: the same walk, over a frontier that nothing keeps.

use crate::{CrawlError, Crawler, control::check, due, run::Run, stop::Stop};
use awm_api::crawl::{Crawl, CrawlSpec, CrawlState, CrawlUpdate};
use futures::{FutureExt, StreamExt, channel::mpsc, stream, stream::BoxStream};
use std::sync::Arc;

/// Pages that are shown if no number is wished.
const PAGES: u32 = 20;
/// Milliseconds between two requests to a host, unless its robots.txt asks for more: a person waits for it.
const DELAY_MS: u32 = 200;

impl Crawler {
    /// Walks as a sync would and tells page by page what would come of it; nothing is kept. Ends by itself, and when it is dropped.
    /// A source that can't be had is the last item, as an error.
    pub fn preview(
        self: &Arc<Self>,
        mut spec: CrawlSpec,
        limit: Option<u32>,
    ) -> Result<BoxStream<'static, Result<CrawlUpdate, CrawlError>>, CrawlError> {
        let name = check(&spec)?;
        let limit = limit.unwrap_or(PAGES).clamp(1, 500);
        match &mut spec {
            CrawlSpec::Site(site) => {
                site.max_pages = site.max_pages.min(limit);
                site.delay_ms = site.delay_ms.min(DELAY_MS);
            }
            CrawlSpec::Feed(feed) => {
                feed.max_items = feed.max_items.min(limit);
                feed.delay_ms = feed.delay_ms.min(DELAY_MS);
            }
            CrawlSpec::Api(api) => {
                api.max_items = api.max_items.min(limit);
                api.delay_ms = api.delay_ms.min(DELAY_MS);
            }
            CrawlSpec::Bucket(bucket) => bucket.max_items = bucket.max_items.min(limit),
        }
        let crawls = (self.parts.scratch)();
        let crawl = Crawl {
            id: "preview".into(),
            name,
            source_id: String::new(),
            spec,
            every_hours: None,
            state: CrawlState::Running,
            round: 1,
            counts: Default::default(),
            created_at: self.parts.clock.now(),
            started_at: None,
            ended_at: None,
            next_at: None,
            failure: None,
        };
        let (sender, told) = mpsc::unbounded();
        let run = Run {
            crawler: Arc::clone(self),
            crawls,
            crawl,
            keeps: false,
            stop: Stop::new(),
            gates: Arc::default(),
            tell: Box::new(move |update| {
                // Nobody hears once the stream is dropped, and then this is dropped too.
                let _ = sender.unbounded_send(update);
            }),
            robots: Default::default(),
            given_up: Default::default(),
        };
        let walk = async move {
            let walked = async {
                run.crawls.put_crawl(run.tenant(), &run.crawl).await?;
                due::go(&run).await
            };
            walked.await.err()
        };
        let errors = walk
            .into_stream()
            .filter_map(|error| async move { error.map(Err) });
        Ok(stream::select(told.map(Ok), errors).boxed())
    }
}
