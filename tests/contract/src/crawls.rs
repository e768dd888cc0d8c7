//! What any [`Crawls`] keeps to.

use awm_api::{
    PageRequest,
    crawl::{Crawl, CrawlPages, CrawlSpec, CrawlState, PageReason, PageState, SiteSpec},
};
use awm_ports::{Crawls, Found, FrontierPage, PageKind, StoreError};
use awm_tenancy::TenantId;

/// Runs the suite on an empty store.
pub async fn crawls(store: &dyn Crawls) -> Result<(), StoreError> {
    let (own, other) = tenants();
    stored(store, &own).await?;
    frontier(store, &own).await?;
    again(store, &own).await?;
    apart(store, &own, &other).await?;
    missing(store, &own).await
}

fn tenants() -> (TenantId, TenantId) {
    let other = TenantId::of_profile("other000000000000000000000")
        .unwrap_or_else(|_| unreachable!("the id is a proper one"));
    (TenantId::local(), other)
}

fn crawl(id: &str, name: &str, round: u32) -> Crawl {
    Crawl {
        id: id.into(),
        name: name.into(),
        source_id: "s".into(),
        spec: CrawlSpec::Site(SiteSpec::of("https://a.example/")),
        every_hours: Some(24),
        state: CrawlState::Running,
        round,
        counts: Default::default(),
        created_at: 1,
        started_at: None,
        ended_at: None,
        next_at: Some(7),
        failure: None,
    }
}

fn found(url: &str, depth: u32) -> Found {
    Found {
        url: url.into(),
        depth,
        ..Found::default()
    }
}

fn done(mut page: FrontierPage, state: PageState, hash: Option<&str>) -> FrontierPage {
    page.page.state = state;
    page.text_hash = hash.map(str::to_owned);
    page.page.document_id = hash.map(|hash| format!("document of {hash}"));
    page
}

async fn stored(store: &dyn Crawls, tenant: &TenantId) -> Result<(), StoreError> {
    assert_eq!(store.crawls(tenant).await?, []);
    store.put_crawl(tenant, &crawl("b", "beta", 0)).await?;
    store.put_crawl(tenant, &crawl("a", "Alpha", 1)).await?;
    let names: Vec<String> = store
        .crawls(tenant)
        .await?
        .into_iter()
        .map(|crawl| crawl.name)
        .collect();
    assert_eq!(names, ["Alpha", "beta"], "by name, capitals aside");
    assert_eq!(store.crawl(tenant, "b").await?, crawl("b", "beta", 0));
    store.put_crawl(tenant, &crawl("b", "gamma", 3)).await?;
    assert_eq!(store.crawl(tenant, "b").await?, crawl("b", "gamma", 3));
    store.delete_crawl(tenant, "b").await
}

async fn frontier(store: &dyn Crawls, tenant: &TenantId) -> Result<(), StoreError> {
    let mut outside = found("https://b.example/", 1);
    outside.skipped = Some((PageReason::OutOfScope, "another host".into()));
    let first = vec![found("u/start", 0), found("u/deep", 2), outside];
    assert_eq!(store.add_pages(tenant, "a", 1, first.clone()).await?, 3);
    assert_eq!(store.add_pages(tenant, "a", 1, first).await?, 0, "known");
    let waiting = store.waiting(tenant, "a", 1, 10).await?;
    let urls = |pages: &[FrontierPage]| -> Vec<String> {
        pages.iter().map(|page| page.page.url.clone()).collect()
    };
    assert_eq!(urls(&waiting), ["u/start", "u/deep"]);
    // What came of a page and what was found on it are stored together; a shorter way to a waiting page counts.
    let Some(first) = waiting.first() else {
        return Err(StoreError::Damaged("nothing waits".into()));
    };
    let start = done(first.clone(), PageState::Taken, Some("h1"));
    store
        .settle(
            tenant,
            "a",
            start.clone(),
            vec![found("u/near", 1), found("u/deep", 1), found("u/start", 1)],
        )
        .await?;
    let waiting = store.waiting(tenant, "a", 1, 10).await?;
    assert_eq!(
        urls(&waiting),
        ["u/deep", "u/near"],
        "by depth, then in order of finding"
    );
    assert!(waiting.iter().all(|page| page.page.depth == 1));
    assert_eq!(urls(&store.waiting(tenant, "a", 1, 1).await?), ["u/deep"]);
    assert_eq!(
        store.frontier_page(tenant, "a", "u/start").await?,
        Some(start)
    );
    assert_eq!(store.frontier_page(tenant, "a", "u/none").await?, None);
    assert_eq!(
        store.known(tenant, "a", 1).await?,
        [
            ("u/start".into(), 0, true),
            ("u/deep".into(), 1, true),
            ("https://b.example/".into(), 1, false),
            ("u/near".into(), 1, true)
        ]
    );
    let counts = store.crawl(tenant, "a").await?.counts;
    assert_eq!((counts.waiting, counts.taken, counts.skipped), (2, 1, 1));
    assert_eq!(counts.reasons, [(PageReason::OutOfScope, 1)]);

    assert_eq!(
        store
            .same_text(tenant, "a", "h1", "u/near")
            .await?
            .as_deref(),
        Some("u/start")
    );
    assert_eq!(
        store.same_text(tenant, "a", "h1", "u/start").await?,
        None,
        "not itself"
    );
    assert_eq!(store.same_text(tenant, "a", "h2", "u/near").await?, None);
    assert_eq!(
        store.crawled_documents(tenant, "a").await?,
        ["document of h1"]
    );

    assert_eq!(
        store
            .skip_waiting(tenant, "a", 1, PageReason::PageLimit)
            .await?,
        2
    );
    assert_eq!(store.waiting(tenant, "a", 1, 10).await?, []);
    let log = CrawlPages {
        id: "a".into(),
        state: Some(PageState::Skipped),
        reason: Some(PageReason::PageLimit),
        text: "NEAR".into(),
        page: PageRequest::default(),
    };
    let page = store.pages(tenant, &log).await?;
    assert_eq!((page.total, page.next), (1, None));
    assert_eq!(
        page.items.first().map(|item| item.url.as_str()),
        Some("u/near")
    );
    let part = CrawlPages {
        state: None,
        reason: None,
        text: String::new(),
        page: PageRequest {
            offset: 1,
            limit: 2,
            sort: None,
        },
        ..log
    };
    let page = store.pages(tenant, &part).await?;
    assert_eq!((page.total, page.next, page.items.len()), (4, Some(3), 2));
    Ok(())
}

/// The next sync begins with what is known of the last one.
async fn again(store: &dyn Crawls, tenant: &TenantId) -> Result<(), StoreError> {
    store.put_crawl(tenant, &crawl("a", "Alpha", 2)).await?;
    assert_eq!(store.crawl(tenant, "a").await?.counts, Default::default());
    let unseen = store.unseen(tenant, "a", 2, 10).await?;
    assert_eq!(
        unseen.len(),
        1,
        "pages with a document that this sync has not found"
    );
    let mut start = found("u/start", 0);
    start.kind = PageKind::Sitemap;
    start.lastmod = "2026".into();
    assert_eq!(store.add_pages(tenant, "a", 2, vec![start]).await?, 1);
    assert_eq!(store.unseen(tenant, "a", 2, 10).await?, []);
    let page = store.frontier_page(tenant, "a", "u/start").await?;
    let Some(page) = page else {
        unreachable!("it was stored above")
    };
    assert_eq!(
        (page.page.state, page.round, page.kind),
        (PageState::Waiting, 2, PageKind::Sitemap)
    );
    assert_eq!(
        page.text_hash.as_deref(),
        Some("h1"),
        "what is known of its content stays"
    );
    assert_eq!(page.lastmod, "2026");
    assert_eq!(page.before, Some((PageState::Taken, None, String::new())));
    let mut gone = done(page, PageState::Gone, None);
    gone.page.status = Some(304);
    gone.page.reason = Some(PageReason::Gone);
    store.settle(tenant, "a", gone, Vec::new()).await?;
    let counts = store.crawl(tenant, "a").await?.counts;
    assert_eq!((counts.gone, counts.not_modified), (1, 1));
    assert_eq!(
        store.crawled_documents(tenant, "a").await?,
        [] as [String; 0]
    );
    Ok(())
}

/// Nothing of one tenant is answered to the other, though all their names are the same.
async fn apart(store: &dyn Crawls, own: &TenantId, other: &TenantId) -> Result<(), StoreError> {
    assert_eq!(store.crawls(other).await?, []);
    assert!(store.crawl(other, "a").await.is_err());
    assert!(store.waiting(other, "a", 2, 10).await.is_err());
    assert!(store.settle(other, "a", page(), Vec::new()).await.is_err());
    store.put_crawl(other, &crawl("a", "Theirs", 2)).await?;
    assert_eq!(store.known(other, "a", 2).await?, []);
    assert_eq!(store.frontier_page(other, "a", "u/start").await?, None);
    assert_eq!(store.same_text(other, "a", "h1", "x").await?, None);
    store
        .add_pages(other, "a", 2, vec![found("u/theirs", 0)])
        .await?;
    assert_eq!(store.known(other, "a", 2).await?.len(), 1);
    assert_eq!(store.known(own, "a", 2).await?.len(), 1);
    assert_eq!(
        store
            .skip_waiting(other, "a", 2, PageReason::Cancelled)
            .await?,
        1
    );
    store.delete_crawl(other, "a").await?;
    assert_eq!(
        store.crawl(own, "a").await?.name,
        "Alpha",
        "deleting theirs leaves ours"
    );
    assert_eq!(store.known(own, "a", 2).await?.len(), 1);
    Ok(())
}

fn page() -> FrontierPage {
    let Some(page) = FrontierPage::found(None, &found("u/x", 0), 1) else {
        unreachable!("a new address is always one")
    };
    page
}

async fn missing(store: &dyn Crawls, tenant: &TenantId) -> Result<(), StoreError> {
    store.delete_crawl(tenant, "a").await?;
    store.put_crawl(tenant, &crawl("a", "Alpha", 1)).await?;
    assert_eq!(
        store.known(tenant, "a", 1).await?,
        [],
        "the frontier went with its crawl"
    );
    store.delete_crawl(tenant, "a").await?;
    let log = CrawlPages {
        id: "a".into(),
        state: None,
        reason: None,
        text: String::new(),
        page: PageRequest::default(),
    };
    for answer in [
        store.crawl(tenant, "a").await.map(drop),
        store.delete_crawl(tenant, "a").await,
        store.add_pages(tenant, "a", 1, Vec::new()).await.map(drop),
        store.settle(tenant, "a", page(), Vec::new()).await,
        store.waiting(tenant, "a", 1, 1).await.map(drop),
        store
            .skip_waiting(tenant, "a", 1, PageReason::Cancelled)
            .await
            .map(drop),
        store.frontier_page(tenant, "a", "u").await.map(drop),
        store.known(tenant, "a", 1).await.map(drop),
        store.same_text(tenant, "a", "h", "u").await.map(drop),
        store.unseen(tenant, "a", 1, 1).await.map(drop),
        store.pages(tenant, &log).await.map(drop),
        store.crawled_documents(tenant, "a").await.map(drop),
    ] {
        assert!(matches!(
            answer,
            Err(StoreError::NotFound { what: "crawl", .. })
        ));
    }
    Ok(())
}
