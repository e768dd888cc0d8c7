//! What is crawled, and how far: the frontier.

use crate::StoreError;
use async_trait::async_trait;
use awm_api::{
    Page,
    crawl::{Crawl, CrawlPage, CrawlPages, PageReason, PageState},
};
use awm_tenancy::TenantId;
use serde::{Deserialize, Serialize};

/// Keeps crawls and their frontiers. Every step that was acknowledged is there after a crash.
#[async_trait]
pub trait Crawls: Send + Sync {
    /// All crawls by name, each with the counts of its present sync.
    async fn crawls(&self, tenant: &TenantId) -> Result<Vec<Crawl>, StoreError>;
    /// One crawl, with the counts of its present sync.
    async fn crawl(&self, tenant: &TenantId, id: &str) -> Result<Crawl, StoreError>;
    /// Stores a crawl in place of an older one; its counts are not stored.
    async fn put_crawl(&self, tenant: &TenantId, crawl: &Crawl) -> Result<(), StoreError>;
    /// Deletes a crawl and its frontier.
    async fn delete_crawl(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError>;

    /// Adds addresses to a sync, by [`FrontierPage::found`]; answers with how many were not known in it.
    async fn add_pages(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        found: Vec<Found>,
    ) -> Result<u64, StoreError>;
    /// Stores what came of a page and adds what was found on it, in one transaction.
    async fn settle(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        page: FrontierPage,
        found: Vec<Found>,
    ) -> Result<(), StoreError>;
    /// Pages of a sync that wait, fewest links from the start first, then in order of finding.
    async fn waiting(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        limit: u32,
    ) -> Result<Vec<FrontierPage>, StoreError>;
    /// Ends the waiting of all pages of a sync for a reason; answers with how many.
    async fn skip_waiting(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        reason: PageReason,
    ) -> Result<u64, StoreError>;
    /// One address.
    async fn frontier_page(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        url: &str,
    ) -> Result<Option<FrontierPage>, StoreError>;
    /// The addresses of a sync in order of finding, with their depths and whether they were admitted when they were found.
    async fn known(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
    ) -> Result<Vec<(String, u32, bool)>, StoreError>;
    /// Another address than `url` whose document holds the text with this hash.
    async fn same_text(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        text_hash: &str,
        url: &str,
    ) -> Result<Option<String>, StoreError>;
    /// Pages with a document that were not found in this sync, at most `limit`.
    async fn unseen(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        limit: u32,
    ) -> Result<Vec<FrontierPage>, StoreError>;
    /// The log: pages of the present sync, in order of finding.
    async fn pages(
        &self,
        tenant: &TenantId,
        filter: &CrawlPages,
    ) -> Result<Page<CrawlPage>, StoreError>;
    /// The ids of all documents that came of a crawl.
    async fn crawled_documents(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
    ) -> Result<Vec<String>, StoreError>;
}

/// What an address is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// A page, or a file.
    #[default]
    Page,
    /// A sitemap, or a list of sitemaps.
    Sitemap,
    /// A feed.
    Feed,
    /// An item of a list, which has no address to fetch by itself.
    Item,
}

/// An address that was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The address, normalised.
    pub url: String,
    /// What it is.
    pub kind: PageKind,
    /// Links from the start.
    pub depth: u32,
    /// Where it was found.
    pub found_on: String,
    /// When it changed, as a sitemap tells; empty if none does.
    #[serde(default)]
    pub lastmod: String,
    /// Whether a sitemap or a feed lists it: the site itself says that it is worth a visit.
    #[serde(default)]
    pub listed: bool,
    /// Redirects that led to it.
    #[serde(default)]
    pub hops: u32,
    /// Why it is not to be visited, with a few more words.
    #[serde(default)]
    pub skipped: Option<(PageReason, String)>,
}

/// An address with all that the next visit needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrontierPage {
    /// What a person sees of it.
    pub page: CrawlPage,
    /// What it is.
    pub kind: PageKind,
    /// The last sync that found it.
    pub round: u32,
    /// When it changed, as a sitemap tells in this sync.
    pub lastmod: String,
    /// The same, when it was last fetched.
    pub taken_lastmod: String,
    /// The `ETag` of the last full answer.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last full answer.
    pub modified: Option<String>,
    /// BLAKE3 of the extracted text, hexadecimal.
    pub text_hash: Option<String>,
    /// Where its last full answer led.
    pub links: Vec<Found>,
    /// Failed attempts in this sync.
    pub attempts: u32,
    /// Redirects that led to it in this sync.
    pub hops: u32,
    /// What came of it in the sync before.
    pub before: Option<(PageState, Option<PageReason>, String)>,
}

impl FrontierPage {
    /// An address that was found: new, or after `known`, which then keeps what it knows of its content. `None` if nothing changes: it is
    /// known in this sync, and not by a shorter way.
    pub fn found(known: Option<Self>, found: &Found, round: u32) -> Option<Self> {
        let (state, reason, detail) = match &found.skipped {
            Some((reason, detail)) => (PageState::Skipped, Some(*reason), detail.clone()),
            None => (PageState::Waiting, None, String::new()),
        };
        let Some(mut known) = known else {
            return Some(Self {
                page: CrawlPage {
                    url: found.url.clone(),
                    depth: found.depth,
                    found_on: found.found_on.clone(),
                    state,
                    reason,
                    detail,
                    status: None,
                    title: String::new(),
                    document_id: None,
                    bytes: 0,
                    fetched_at: None,
                },
                kind: found.kind,
                round,
                lastmod: found.lastmod.clone(),
                taken_lastmod: String::new(),
                etag: None,
                modified: None,
                text_hash: None,
                links: Vec::new(),
                attempts: 0,
                hops: found.hops,
                before: None,
            });
        };
        if known.round == round {
            let open = known.page.state == PageState::Waiting
                || known.page.reason == Some(PageReason::TooDeep);
            if !open || found.depth >= known.page.depth {
                return None;
            }
        } else {
            known.before = Some((
                known.page.state,
                known.page.reason,
                std::mem::take(&mut known.page.detail),
            ));
            known.page.status = None;
            known.round = round;
            known.attempts = 0;
            known.lastmod.clear();
        }
        if !found.lastmod.is_empty() {
            known.lastmod.clone_from(&found.lastmod);
        }
        known.kind = found.kind;
        known.hops = found.hops;
        known.page.depth = found.depth;
        known.page.found_on.clone_from(&found.found_on);
        (known.page.state, known.page.reason, known.page.detail) = (state, reason, detail);
        Some(known)
    }
}
