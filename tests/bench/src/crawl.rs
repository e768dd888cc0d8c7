//! Pages a second from a website on loopback into the store, without delays: fetching, extracting in a child process, cutting, storing.

use crate::{Failure, figure::Figures};
use async_trait::async_trait;
use awm_api::crawl::{CrawlCreate, CrawlSpec, CrawlState, SiteSpec};
use awm_crawler::{CrawlParts, Crawler};
use awm_extract_local::{Extract, Limits, LocalFiles};
use awm_http_local::{HttpOptions, LocalHttp};
use awm_memory::{MemoryCrawls, MemoryIds, MemorySecrets};
use awm_pipeline::{Ingest, IngestParts};
use awm_ports::Clock;
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use axum::{Router, extract::Path, http::header, response::IntoResponse, routing::get};
use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// The argument that makes this program an extractor.
pub(crate) const WORKER: &str = "--extract-worker";

const ROUNDS: usize = 5;
const PAGES: u32 = 1_000;

#[derive(Debug)]
struct WallClock;

#[async_trait]
impl Clock for WallClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    async fn sleep_until(&self, at: i64) {
        let wait = u64::try_from(at - self.now()).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// A page of some 6 KB that leads to ten further ones, with an ETag that is its number.
async fn page(number: u32, known: &str) -> axum::response::Response {
    let etag = format!("\"{number}\"");
    if known == etag {
        return (axum::http::StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let sentence = format!(
        "The valve {number} on the return line is checked every six months, and the report goes to the plant manager. "
    );
    let links: String = (1..=10)
        .map(|link| {
            format!(
                "<li><a href='/p/{}'>valve {}</a></li>",
                number * 10 + link,
                number * 10 + link
            )
        })
        .collect();
    let body = format!(
        "<!doctype html><html><head><title>Valve {number}</title></head><body><nav><a href='/'>Home</a></nav><main><h1>Valve {number}</h1>{}<ul>{links}</ul></main></body></html>",
        format!("<p>{}</p>", sentence.repeat(5)).repeat(10)
    );
    (
        [
            (header::CONTENT_TYPE, "text/html".to_owned()),
            (header::ETAG, etag),
        ],
        body,
    )
        .into_response()
}

/// Crawls a site, then crawls it again with nothing changed.
pub(crate) async fn measure() -> Result<(), Failure> {
    let known = |headers: &axum::http::HeaderMap| {
        let value = headers
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let app =
        Router::new()
            .route(
                "/",
                get(move |headers: axum::http::HeaderMap| async move {
                    page(0, &known(&headers)).await
                }),
            )
            .route(
                "/p/{number}",
                get(
                    move |Path(number): Path<u32>, headers: axum::http::HeaderMap| async move {
                        page(number, &known(&headers)).await
                    },
                ),
            );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    let (mut first, mut again) = (Figures::default(), Figures::default());
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let crawler = crawler(folder.path())?;
        let work = tokio::spawn(crawler.clone().work(futures::future::pending::<()>()));
        let mut spec = SiteSpec::of(format!("http://{address}/"));
        (spec.max_depth, spec.max_pages, spec.delay_ms, spec.sitemaps) = (10, PAGES, 0, false);
        let request = CrawlCreate {
            name: String::new(),
            source_id: None,
            spec: CrawlSpec::Site(spec),
            every_hours: None,
        };
        let id = crawler.create(request).await?.id;
        for figures in [&mut first, &mut again] {
            let began = Instant::now();
            crawler.start(&id).await?;
            let crawl = loop {
                tokio::time::sleep(Duration::from_millis(2)).await;
                let crawl = crawler.get(&id).await?;
                if crawl.state == CrawlState::Idle {
                    break crawl;
                }
            };
            let pages = crawl.counts.taken + crawl.counts.unchanged;
            if pages != u64::from(PAGES) {
                return Err(
                    format!("{pages} pages in place of {PAGES}: {:?}", crawl.counts).into(),
                );
            }
            figures.push(pages as f64 / began.elapsed().as_secs_f64());
        }
        work.abort();
    }
    first.report(&format!("pages of 6 KB, {PAGES} of them"), "/s");
    again.report("the same again, nothing changed (304)", "/s");
    Ok(())
}

fn crawler(folder: &std::path::Path) -> Result<Arc<Crawler>, Failure> {
    let store = Store::open(folder.join("awm.db"))?;
    let tenant = TenantId::local();
    let (clock, ids) = (Arc::new(WallClock), Arc::new(MemoryIds::default()));
    let extractor = Arc::new(Extract::new(
        std::env::current_exe()?,
        vec![WORKER.into()],
        Limits::default(),
    ));
    let ingest = Ingest::new(
        tenant.clone(),
        IngestParts {
            library: store.clone(),
            extractor: extractor.clone(),
            embedder: None,
            vectors_off: None,
            files: Arc::new(LocalFiles::new(folder.join("files"))),
            clock: clock.clone(),
            ids: ids.clone(),
            workers: 1,
        },
    );
    Ok(Crawler::new(
        tenant,
        CrawlParts {
            crawls: store.clone(),
            library: store,
            ingest,
            http: Arc::new(LocalHttp::new(HttpOptions {
                sample_api: None,
                allow_local: true,
            })),
            extractor,
            secrets: Arc::new(MemorySecrets::default()),
            clock,
            ids,
            scratch: || Arc::new(MemoryCrawls::default()),
        },
    ))
}
