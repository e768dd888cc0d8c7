//! The loop: goes on with what was cut off, begins what is due.

use crate::{Crawler, stop::Stop};
use awm_api::crawl::{Crawl, CrawlState, CrawlUpdate};
use awm_ports::StoreError;
use futures::{FutureExt, StreamExt, stream::FuturesUnordered};
use std::{
    future::Future,
    sync::{Arc, atomic::Ordering},
};

/// Milliseconds between two looks at the crawls if nothing calls for one.
const LOOK_MS: i64 = 60_000;
/// Milliseconds between two updates of a crawl while its pages go through.
const TOLD_MS: i64 = 250;
/// Syncs at the same time.
const SYNCS: usize = 8;

impl Crawler {
    /// Works until `shutdown` is ready. What is in hand then is dropped: its rows wait, and the next start goes on with them.
    pub async fn work(self: Arc<Self>, shutdown: impl Future<Output = ()> + Send) {
        let shutdown = shutdown.fuse();
        futures::pin_mut!(shutdown);
        let mut woken = self.woken.lock().await;
        let mut syncs = FuturesUnordered::new();
        loop {
            // Syncs go on meanwhile: one of them may hold what the look waits for.
            let look = self.look().fuse();
            futures::pin_mut!(look);
            let looked = loop {
                futures::select_biased! {
                    () = shutdown => return,
                    looked = look => break looked,
                    () = syncs.select_next_some() => {}
                }
            };
            let wake_at = match looked {
                Ok((begun, wake_at)) => {
                    for (crawl, stop) in begun {
                        let crawler = Arc::clone(&self);
                        syncs.push(async move { crawler.sync(crawl, stop).await }.boxed());
                    }
                    wake_at
                }
                // A store that is busy or full may be better later.
                Err(_) => self.parts.clock.now().saturating_add(LOOK_MS),
            };
            let sleep = self.parts.clock.sleep_until(wake_at).fuse();
            futures::pin_mut!(sleep);
            futures::select_biased! {
                () = shutdown => return,
                () = syncs.select_next_some() => {}
                _ = woken.next() => {}
                () = sleep => {}
            }
        }
    }

    /// What is to be gone on with now, and when to look again.
    async fn look(&self) -> Result<(Vec<(Crawl, Stop)>, i64), StoreError> {
        let now = self.parts.clock.now();
        let mut wake_at = now.saturating_add(LOOK_MS);
        let mut begun = Vec::new();
        let _one = self.editing.lock().await;
        for mut crawl in self.parts.crawls.crawls(&self.tenant).await? {
            if let (CrawlState::Idle, Some(due)) = (crawl.state, crawl.next_at) {
                if due > now {
                    wake_at = wake_at.min(due);
                    continue;
                }
                self.begin(&mut crawl, now).await?;
            }
            let full = self.stops().len() >= SYNCS;
            if crawl.state != CrawlState::Running || full || self.stops().contains_key(&crawl.id) {
                continue;
            }
            let stop = Stop::new();
            self.stops().insert(crawl.id.clone(), stop.clone());
            begun.push((crawl, stop));
        }
        Ok((begun, wake_at))
    }

    /// Writes down that a new sync has begun.
    pub(crate) async fn begin(&self, crawl: &mut Crawl, now: i64) -> Result<(), StoreError> {
        crawl.state = CrawlState::Running;
        crawl.round += 1;
        crawl.started_at = Some(now);
        crawl.ended_at = None;
        crawl.next_at = None;
        crawl.failure = None;
        crawl.counts = Default::default();
        self.parts.crawls.put_crawl(&self.tenant, crawl).await?;
        self.tell_crawl(crawl);
        Ok(())
    }

    pub(crate) fn tell_crawl(&self, crawl: &Crawl) {
        self.watchers.tell(&CrawlUpdate::Crawl {
            crawl: crawl.clone(),
        });
    }

    /// Tells how a crawl stands, unless something was told a moment ago and more is to come.
    pub(crate) async fn tell_now_and_then(&self, id: &str) {
        let now = self.parts.clock.now();
        let told = self.told_at.load(Ordering::SeqCst);
        if now < told.saturating_add(TOLD_MS) && now >= told {
            return;
        }
        self.told_at.store(now, Ordering::SeqCst);
        if let Ok(crawl) = self.parts.crawls.crawl(&self.tenant, id).await {
            self.tell_crawl(&crawl);
        }
    }

    /// A sync that could not even write down how it ended tells whoever watches.
    pub(crate) fn note(&self, id: &str, _: &StoreError) {
        self.stops().remove(id);
    }
}
