//! A sync on its way: what all its parts share.

use crate::{
    CrawlError, Crawler,
    gate::{Gates, Host},
    stop::Stop,
};
use awm_api::{
    Timestamp,
    crawl::{Crawl, CrawlUpdate, PageState},
};
use awm_crawl::robots::Robots;
use awm_ports::{Crawls, Found, FrontierPage};
use awm_tenancy::TenantId;
use futures::{FutureExt, lock::MutexGuard as HostGuard};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// One sync, or a preview.
pub(crate) struct Run {
    pub(crate) crawler: Arc<Crawler>,
    /// The store's frontier, or a scratch one.
    pub(crate) crawls: Arc<dyn Crawls>,
    pub(crate) crawl: Crawl,
    /// Whether documents are kept: not in a preview.
    pub(crate) keeps: bool,
    pub(crate) stop: Stop,
    /// Shared with all syncs; a preview has its own, as whoever looks at it may stop to listen while it has a host in hand.
    pub(crate) gates: Arc<Gates>,
    pub(crate) tell: Box<dyn Fn(CrawlUpdate) + Send + Sync>,
    /// By origin, for this sync.
    pub(crate) robots: Mutex<HashMap<String, Arc<Robots>>>,
    /// Hosts that stay away, by [`key`](crate::gate::key).
    pub(crate) given_up: Mutex<HashSet<String>>,
}

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Nothing is left to do.
    Done,
    /// It was told to stop.
    Stopped,
}

impl Run {
    pub(crate) fn tenant(&self) -> &TenantId {
        &self.crawler.tenant
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.crawler.parts.clock.now()
    }

    pub(crate) fn round(&self) -> u32 {
        self.crawl.round
    }

    /// Waits until the host may be called; false if the sync was told to stop meanwhile.
    pub(crate) async fn turn(&self, host: &HostGuard<'_, Host>) -> bool {
        if self.stop.is_said() {
            return false;
        }
        if self.now() >= host.ready_at {
            return true;
        }
        let wait = self.crawler.parts.clock.sleep_until(host.ready_at);
        let stopped = self.stop.said();
        futures::pin_mut!(stopped);
        futures::select_biased! {
            () = stopped.fuse() => false,
            () = wait.fuse() => true,
        }
    }

    /// Whether a host stays away.
    pub(crate) fn is_given_up(&self, key: &str) -> bool {
        self.given_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(key)
    }

    pub(crate) fn give_up(&self, key: String) {
        self.given_up
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key);
    }

    /// Stores what came of a page, and tells it.
    pub(crate) async fn settle(
        &self,
        page: FrontierPage,
        found: Vec<Found>,
    ) -> Result<(), CrawlError> {
        let told = page.page.clone();
        self.crawls
            .settle(self.tenant(), &self.crawl.id, page, found)
            .await?;
        if told.state != PageState::Waiting {
            (self.tell)(CrawlUpdate::Page {
                crawl_id: if self.keeps {
                    self.crawl.id.clone()
                } else {
                    String::new()
                },
                page: told,
            });
        }
        if self.keeps {
            self.crawler.tell_now_and_then(&self.crawl.id).await;
        }
        Ok(())
    }
}
