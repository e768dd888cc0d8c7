//! Crawls and frontiers.

use crate::lock;
use async_trait::async_trait;
use awm_api::{
    Page,
    crawl::{Crawl, CrawlCounts, CrawlPage, CrawlPages, PageReason, PageState},
};
use awm_ports::{Crawls, Found, FrontierPage, StoreError};
use awm_tenancy::TenantId;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// Keeps crawls in a map.
#[derive(Debug, Default)]
pub struct MemoryCrawls {
    crawls: Mutex<Map>,
}

type Map = HashMap<(TenantId, String), Kept>;

#[derive(Debug)]
struct Kept {
    crawl: Crawl,
    pages: Vec<FrontierPage>,
    by_url: HashMap<String, usize>,
}

impl Kept {
    fn add(&mut self, round: u32, found: &[Found]) -> u64 {
        let mut new = 0;
        for found in found {
            let at = self.by_url.get(&found.url).copied();
            let known = at.and_then(|at| self.pages.get(at)).cloned();
            let known_now = known.as_ref().is_some_and(|known| known.round == round);
            if let Some(page) = FrontierPage::found(known, found, round) {
                new += u64::from(!known_now);
                self.put(page);
            }
        }
        new
    }

    fn put(&mut self, page: FrontierPage) {
        let at = self.by_url.get(&page.page.url).copied();
        match at.and_then(|at| self.pages.get_mut(at)) {
            Some(place) => *place = page,
            None => {
                self.by_url.insert(page.page.url.clone(), self.pages.len());
                self.pages.push(page);
            }
        }
    }

    fn of_round(&self, round: u32) -> impl Iterator<Item = &FrontierPage> {
        self.pages.iter().filter(move |page| page.round == round)
    }

    fn told(&self) -> Crawl {
        let mut counts = CrawlCounts::default();
        let mut reasons: HashMap<PageReason, u64> = HashMap::new();
        for page in self.of_round(self.crawl.round) {
            match page.page.state {
                PageState::Waiting => counts.waiting += 1,
                PageState::Taken => counts.taken += 1,
                PageState::Unchanged => counts.unchanged += 1,
                PageState::Skipped => counts.skipped += 1,
                PageState::Failed => counts.failed += 1,
                PageState::Gone => counts.gone += 1,
            }
            counts.not_modified += u64::from(page.page.status == Some(304));
            if let Some(reason) = page.page.reason {
                *reasons.entry(reason).or_default() += 1;
            }
        }
        counts.reasons = reasons.into_iter().collect();
        counts
            .reasons
            .sort_by(|a, b| (b.1, a.0.as_str()).cmp(&(a.1, b.0.as_str())));
        Crawl {
            counts,
            ..self.crawl.clone()
        }
    }
}

impl MemoryCrawls {
    fn map(&self) -> MutexGuard<'_, Map> {
        lock(&self.crawls)
    }

    fn with<T>(
        &self,
        tenant: &TenantId,
        id: &str,
        work: impl FnOnce(&mut Kept) -> T,
    ) -> Result<T, StoreError> {
        match self.map().get_mut(&(tenant.clone(), id.to_owned())) {
            Some(kept) => Ok(work(kept)),
            None => Err(not_found(id)),
        }
    }
}

fn not_found(id: &str) -> StoreError {
    StoreError::NotFound {
        what: "crawl",
        id: id.to_owned(),
    }
}

#[async_trait]
impl Crawls for MemoryCrawls {
    async fn crawls(&self, tenant: &TenantId) -> Result<Vec<Crawl>, StoreError> {
        let mut found: Vec<Crawl> = self
            .map()
            .iter()
            .filter(|((owner, _), _)| owner == tenant)
            .map(|(_, kept)| kept.told())
            .collect();
        found.sort_by_key(|crawl| (crawl.name.to_lowercase(), crawl.id.clone()));
        Ok(found)
    }

    async fn crawl(&self, tenant: &TenantId, id: &str) -> Result<Crawl, StoreError> {
        self.with(tenant, id, |kept| kept.told())
    }

    async fn put_crawl(&self, tenant: &TenantId, crawl: &Crawl) -> Result<(), StoreError> {
        let crawl = Crawl {
            counts: CrawlCounts::default(),
            ..crawl.clone()
        };
        self.map()
            .entry((tenant.clone(), crawl.id.clone()))
            .and_modify(|kept| kept.crawl = crawl.clone())
            .or_insert_with(|| Kept {
                crawl,
                pages: Vec::new(),
                by_url: HashMap::new(),
            });
        Ok(())
    }

    async fn delete_crawl(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        match self.map().remove(&(tenant.clone(), id.to_owned())) {
            Some(_) => Ok(()),
            None => Err(not_found(id)),
        }
    }

    async fn add_pages(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        found: Vec<Found>,
    ) -> Result<u64, StoreError> {
        self.with(tenant, crawl_id, |kept| kept.add(round, &found))
    }

    async fn settle(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        page: FrontierPage,
        found: Vec<Found>,
    ) -> Result<(), StoreError> {
        self.with(tenant, crawl_id, |kept| {
            let round = page.round;
            kept.put(page);
            kept.add(round, &found);
        })
    }

    async fn waiting(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        limit: u32,
    ) -> Result<Vec<FrontierPage>, StoreError> {
        self.with(tenant, crawl_id, |kept| {
            let mut waiting: Vec<FrontierPage> = kept
                .of_round(round)
                .filter(|page| page.page.state == PageState::Waiting)
                .cloned()
                .collect();
            waiting.sort_by_key(|page| page.page.depth);
            waiting.truncate(limit as usize);
            waiting
        })
    }

    async fn skip_waiting(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        reason: PageReason,
    ) -> Result<u64, StoreError> {
        self.with(tenant, crawl_id, |kept| {
            let mut skipped = 0;
            for page in &mut kept.pages {
                if page.round == round && page.page.state == PageState::Waiting {
                    page.page.state = PageState::Skipped;
                    page.page.reason = Some(reason);
                    skipped += 1;
                }
            }
            skipped
        })
    }

    async fn frontier_page(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        url: &str,
    ) -> Result<Option<FrontierPage>, StoreError> {
        self.with(tenant, crawl_id, |kept| {
            let at = kept.by_url.get(url).copied()?;
            kept.pages.get(at).cloned()
        })
    }

    async fn known(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
    ) -> Result<Vec<(String, u32, bool)>, StoreError> {
        self.with(tenant, crawl_id, |kept| {
            kept.of_round(round)
                .map(|page| {
                    (
                        page.page.url.clone(),
                        page.page.depth,
                        admitted(page.page.reason),
                    )
                })
                .collect()
        })
    }

    async fn same_text(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        text_hash: &str,
        url: &str,
    ) -> Result<Option<String>, StoreError> {
        self.with(tenant, crawl_id, |kept| {
            kept.pages
                .iter()
                .find(|page| {
                    page.page.url != url
                        && page.page.document_id.is_some()
                        && page.text_hash.as_deref() == Some(text_hash)
                })
                .map(|page| page.page.url.clone())
        })
    }

    async fn unseen(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        limit: u32,
    ) -> Result<Vec<FrontierPage>, StoreError> {
        self.with(tenant, crawl_id, |kept| {
            kept.pages
                .iter()
                .filter(|page| page.round < round && page.page.document_id.is_some())
                .take(limit as usize)
                .cloned()
                .collect()
        })
    }

    async fn pages(
        &self,
        tenant: &TenantId,
        filter: &CrawlPages,
    ) -> Result<Page<CrawlPage>, StoreError> {
        self.with(tenant, &filter.id, |kept| {
            let text = filter.text.to_lowercase();
            let fitting: Vec<CrawlPage> = kept
                .of_round(kept.crawl.round)
                .map(|page| &page.page)
                .filter(|page| filter.state.is_none_or(|state| page.state == state))
                .filter(|page| {
                    filter
                        .reason
                        .is_none_or(|reason| page.reason == Some(reason))
                })
                .filter(|page| page.url.to_lowercase().contains(&text))
                .cloned()
                .collect();
            let total = fitting.len() as u64;
            let items: Vec<CrawlPage> = fitting
                .into_iter()
                .skip(filter.page.offset as usize)
                .take(filter.page.limit.min(1_000) as usize)
                .collect();
            let next = filter.page.offset + items.len() as u64;
            Page {
                next: (next < total && !items.is_empty()).then_some(next),
                items,
                total,
            }
        })
    }

    async fn crawled_documents(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
    ) -> Result<Vec<String>, StoreError> {
        self.with(tenant, crawl_id, |kept| {
            kept.pages
                .iter()
                .filter_map(|page| page.page.document_id.clone())
                .collect()
        })
    }
}

/// Whether an address was to be visited when it was found.
fn admitted(reason: Option<PageReason>) -> bool {
    !matches!(
        reason,
        Some(
            PageReason::OutOfScope | PageReason::Excluded | PageReason::TooDeep | PageReason::Trap
        )
    )
}
