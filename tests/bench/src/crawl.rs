//! Pages a second from a website on loopback into the store, without delays: fetching, extracting in a child process, cutting, storing.

use crate::{
    Failure,
    figure::Figures,
    wiring::{self, WallClock},
};
use awm_api::crawl::{CrawlCreate, CrawlSpec, CrawlState, SiteSpec};
use awm_crawler::{CrawlParts, Crawler};
use awm_http_local::{HttpOptions, LocalHttp};
use awm_memory::{MemoryCrawls, MemoryIds, MemorySecrets};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use axum::{Router, extract::Path, http::header, response::IntoResponse, routing::get};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const PAGES: u32 = 1_000;
/// Sections of the site: one with so many numbered pages would pass for a trap.
const SECTIONS: [&str; 4] = ["valves", "pumps", "pipes", "tanks"];

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
        .map(|link| number * 10 + link)
        .zip(SECTIONS.iter().cycle())
        .map(|(to, section)| format!("<li><a href='/{section}/{to}'>valve {to}</a></li>"))
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
                "/{section}/{number}",
                get(
                    move |Path((_, number)): Path<(String, u32)>,
                          headers: axum::http::HeaderMap| async move {
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
    let extractor = Arc::new(wiring::extractor()?);
    Ok(Crawler::new(
        TenantId::local(),
        CrawlParts {
            crawls: store.clone(),
            library: store.clone(),
            ingest: wiring::ingest(&store, extractor.clone(), folder, 1),
            http: Arc::new(LocalHttp::new(HttpOptions {
                sample_api: None,
                allow_local: true,
            })),
            extractor,
            secrets: Arc::new(MemorySecrets::default()),
            clock: Arc::new(WallClock),
            ids: Arc::new(MemoryIds::default()),
            scratch: || Arc::new(MemoryCrawls::default()),
        },
    ))
}
