//! Crawls and their frontiers.

mod frontier;

use crate::{Fault, Store, words::or_missing};
use async_trait::async_trait;
use awm_api::{
    Page,
    crawl::{Crawl, CrawlCounts, CrawlPage, CrawlPages, PageReason},
};
use awm_ports::{Crawls, Found, FrontierPage, StoreError};
use awm_tenancy::TenantId;
use rusqlite::{Connection, params};

#[async_trait]
impl Crawls for Store {
    async fn crawls(&self, tenant: &TenantId) -> Result<Vec<Crawl>, StoreError> {
        let tenant = tenant.to_string();
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT crawl FROM crawls WHERE tenant = ?1 ORDER BY lower(name), id",
            )?;
            let texts: Vec<String> = query
                .query_map([&tenant], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            texts.iter().map(|text| told(db, &tenant, text)).collect()
        })
        .await
    }

    async fn crawl(&self, tenant: &TenantId, id: &str) -> Result<Crawl, StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.read(move |db| {
            let text = find(db, &tenant, &id)?;
            told(db, &tenant, &text)
        })
        .await
    }

    async fn put_crawl(&self, tenant: &TenantId, crawl: &Crawl) -> Result<(), StoreError> {
        let tenant = tenant.to_string();
        let crawl = Crawl {
            counts: CrawlCounts::default(),
            ..crawl.clone()
        };
        self.write(move |db| {
            // An upsert and not a replacement, which would delete the frontier with the old row.
            db.prepare_cached(
                "INSERT INTO crawls (tenant, id, name, round, crawl) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (tenant, id) DO UPDATE SET name = ?3, round = ?4, crawl = ?5",
            )?
            .execute(params![
                tenant,
                crawl.id,
                crawl.name,
                crawl.round,
                serde_json::to_string(&crawl)?
            ])?;
            Ok(())
        })
        .await
    }

    async fn delete_crawl(&self, tenant: &TenantId, id: &str) -> Result<(), StoreError> {
        let (tenant, id) = (tenant.to_string(), id.to_owned());
        self.write(move |db| {
            let deleted = db.execute(
                "DELETE FROM crawls WHERE tenant = ?1 AND id = ?2",
                params![tenant, id],
            )?;
            Ok(or_missing((deleted > 0).then_some(()), "crawl", &id)?)
        })
        .await
    }

    async fn add_pages(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        found: Vec<Found>,
    ) -> Result<u64, StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        self.write(move |db| {
            find(db, &tenant, &id)?;
            frontier::add(db, &tenant, &id, round, &found)
        })
        .await
    }

    async fn settle(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        page: FrontierPage,
        found: Vec<Found>,
    ) -> Result<(), StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        self.write(move |db| {
            find(db, &tenant, &id)?;
            frontier::put(db, &tenant, &id, &page)?;
            frontier::add(db, &tenant, &id, page.round, &found).map(drop)
        })
        .await
    }

    async fn waiting(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        limit: u32,
    ) -> Result<Vec<FrontierPage>, StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        self.read(move |db| {
            find(db, &tenant, &id)?;
            frontier::waiting(db, &tenant, &id, round, limit)
        })
        .await
    }

    async fn skip_waiting(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        reason: PageReason,
    ) -> Result<u64, StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        self.write(move |db| {
            find(db, &tenant, &id)?;
            frontier::skip_waiting(db, &tenant, &id, round, reason)
        })
        .await
    }

    async fn frontier_page(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        url: &str,
    ) -> Result<Option<FrontierPage>, StoreError> {
        let (tenant, id, url) = (tenant.to_string(), crawl_id.to_owned(), url.to_owned());
        self.read(move |db| {
            find(db, &tenant, &id)?;
            frontier::one(db, &tenant, &id, &url)
        })
        .await
    }

    async fn known(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
    ) -> Result<Vec<(String, u32, bool)>, StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        self.read(move |db| {
            find(db, &tenant, &id)?;
            frontier::known(db, &tenant, &id, round)
        })
        .await
    }

    async fn same_text(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        text_hash: &str,
        url: &str,
    ) -> Result<Option<String>, StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        let (hash, url) = (text_hash.to_owned(), url.to_owned());
        self.read(move |db| {
            find(db, &tenant, &id)?;
            frontier::same_text(db, &tenant, &id, &hash, &url)
        })
        .await
    }

    async fn unseen(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
        round: u32,
        limit: u32,
    ) -> Result<Vec<FrontierPage>, StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        self.read(move |db| {
            find(db, &tenant, &id)?;
            frontier::unseen(db, &tenant, &id, round, limit)
        })
        .await
    }

    async fn pages(
        &self,
        tenant: &TenantId,
        filter: &CrawlPages,
    ) -> Result<Page<CrawlPage>, StoreError> {
        let (tenant, filter) = (tenant.to_string(), filter.clone());
        self.read(move |db| {
            find(db, &tenant, &filter.id)?;
            frontier::log(db, &tenant, &filter)
        })
        .await
    }

    async fn crawled_documents(
        &self,
        tenant: &TenantId,
        crawl_id: &str,
    ) -> Result<Vec<String>, StoreError> {
        let (tenant, id) = (tenant.to_string(), crawl_id.to_owned());
        self.read(move |db| {
            find(db, &tenant, &id)?;
            frontier::documents(db, &tenant, &id)
        })
        .await
    }
}

/// The stored crawl, as text.
fn find(db: &Connection, tenant: &str, id: &str) -> Result<String, Fault> {
    let mut query = db.prepare_cached("SELECT crawl FROM crawls WHERE tenant = ?1 AND id = ?2")?;
    let mut rows = query.query([tenant, id])?;
    Ok(or_missing(rows.next()?, "crawl", id)?.get(0)?)
}

fn told(db: &Connection, tenant: &str, text: &str) -> Result<Crawl, Fault> {
    let mut crawl: Crawl = serde_json::from_str(text)?;
    crawl.counts = frontier::counts(db, tenant, &crawl.id, crawl.round)?;
    Ok(crawl)
}
