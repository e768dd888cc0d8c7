//! An application around the site: the real store, connector and extractor, and a clock that goes on when nobody works.

use crate::site::Site;
use async_trait::async_trait;
use awm_api::{
    PageRequest,
    crawl::{
        Crawl, CrawlCreate, CrawlPage, CrawlPages, CrawlSpec, CrawlState, PageState, SiteSpec,
    },
    knowledge::{Document, DocumentList},
};
use awm_crawler::{CrawlParts, Crawler};
use awm_extract_local::{Extract, Limits, LocalFiles};
use awm_http_local::{Admission, HttpOptions, LocalHttp, Resolve};
use awm_memory::{MemoryClock, MemoryCrawls, MemoryIds, MemorySecrets};
use awm_pipeline::{Ingest, IngestParts};
use awm_ports::{Clock, Library};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use futures::FutureExt;
use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::task::JoinHandle;

/// Names as they are answered, each with the next of its answers; the last one stays.
#[derive(Default)]
pub(crate) struct Names(Mutex<HashMap<&'static str, Vec<Vec<IpAddr>>>>);

impl Names {
    fn of_the_site() -> Self {
        let answer = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse().unwrap())
                .collect::<Vec<IpAddr>>()
        };
        Self(Mutex::new(HashMap::from([
            ("site.test", vec![answer(&["127.0.0.1"])]),
            // The robots.txt is had, then the name leads to a forbidden listener, then to the metadata service.
            (
                "rebind.test",
                vec![
                    answer(&["127.0.0.1"]),
                    answer(&["127.0.0.2"]),
                    answer(&["169.254.169.254"]),
                ],
            ),
            ("mixed.test", vec![answer(&["127.0.0.1", "127.0.0.2"])]),
            ("metadata.test", vec![answer(&["169.254.169.254"])]),
        ])))
    }
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let mut names = self.0.lock().unwrap();
        let answers = names
            .get_mut(host)
            .ok_or_else(|| io::Error::other("no such name"))?;
        Ok(if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        })
    }
}

pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) clock: Arc<MemoryClock>,
    pub(crate) store: Arc<Store>,
    pub(crate) log: Arc<Mutex<Vec<Admission>>>,
    /// Servers beside the site that may be called too.
    pub(crate) others: Mutex<Vec<SocketAddr>>,
    pub(crate) secrets: Arc<MemorySecrets>,
    names: Arc<Names>,
    ids: Arc<MemoryIds>,
    folder: tempfile::TempDir,
    ticking: JoinHandle<()>,
}

/// A process of the application: dropped, it is as if it were killed.
pub(crate) struct Process {
    pub(crate) crawler: Arc<Crawler>,
    work: JoinHandle<()>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.work.abort();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.ticking.abort();
    }
}

pub(crate) fn tenant() -> TenantId {
    TenantId::local()
}

impl World {
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(MemoryClock::standing(1_700_000_000_000));
        let site = Site::start(clock.clone()).await;
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("awm.db")).unwrap();
        let (ticking_site, ticking_clock) = (site.clone(), clock.clone());
        // Time goes on only while no request is under way, and only to the next moment that somebody waits for.
        let ticking = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
                if let Some(next) = ticking_clock.next_wake().filter(|_| ticking_site.is_idle()) {
                    let ahead = next - ticking_clock.now();
                    // Looks of the loop come once a minute; whoever waits for the site waits less.
                    ticking_clock.advance(ahead.clamp(0, 1_000));
                }
            }
        });
        Self {
            site,
            clock,
            store,
            log: Arc::default(),
            others: Mutex::default(),
            secrets: Arc::default(),
            names: Arc::new(Names::of_the_site()),
            ids: Arc::default(),
            folder,
            ticking,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the application.
    pub(crate) fn start(&self) -> Process {
        let http = LocalHttp::with_resolver(HttpOptions::default(), self.names.clone());
        // The exceptions are the site's own address and port, and what a test adds to it.
        let mut exceptions = self.others.lock().unwrap().clone();
        exceptions.push(self.site.address);
        http.set_exceptions(exceptions);
        let log = self.log.clone();
        http.observe(move |admission| log.lock().unwrap().push(admission.clone()));
        let worker = env!("CARGO_BIN_EXE_journeys-extract-worker");
        let extractor = Arc::new(Extract::new(worker.into(), Vec::new(), Limits::default()));
        let ingest = Ingest::new(
            tenant(),
            IngestParts {
                library: self.store.clone(),
                extractor: extractor.clone(),
                embedder: None,
                vectors_off: Some("no model in this test".into()),
                files: Arc::new(LocalFiles::new(self.folder().join("files"))),
                clock: self.clock.clone(),
                ids: self.ids.clone(),
                workers: 1,
            },
        );
        let crawler = Crawler::new(
            tenant(),
            CrawlParts {
                crawls: self.store.clone(),
                library: self.store.clone(),
                ingest,
                http: Arc::new(http),
                extractor,
                secrets: self.secrets.clone(),
                clock: self.clock.clone(),
                ids: self.ids.clone(),
                scratch: || Arc::new(MemoryCrawls::default()),
            },
        );
        let work = tokio::spawn(
            crawler
                .clone()
                .work(futures::future::pending::<()>().boxed()),
        );
        Process { crawler, work }
    }

    /// The site with every trap in its scope, so that nothing but the rules keeps the crawler out.
    pub(crate) fn spec(&self) -> SiteSpec {
        let port = self.site.address.port();
        let mut spec = SiteSpec::of(self.site.url("/"));
        spec.hosts = vec![
            format!("site.test:{port}"),
            format!("rebind.test:{port}"),
            format!("mixed.test:{port}"),
            "metadata.test".into(),
            "169.254.169.254".into(),
            format!("127.0.0.2:{port}"),
            "127.0.0.2:1".into(),
            format!("[::1]:{port}"),
        ];
        spec.exclude = vec!["^http://other\\.".into()];
        spec.max_depth = 100;
        spec.delay_ms = 1_000;
        spec
    }

    /// Adds something else than the site.
    pub(crate) async fn add_spec(
        &self,
        process: &Process,
        spec: CrawlSpec,
        every_hours: Option<u32>,
    ) -> String {
        let request = CrawlCreate {
            name: String::new(),
            source_id: None,
            spec,
            every_hours,
        };
        process.crawler.create(request).await.unwrap().id
    }

    pub(crate) async fn add(&self, process: &Process) -> String {
        let request = CrawlCreate {
            name: "Site".into(),
            source_id: None,
            spec: CrawlSpec::Site(self.spec()),
            every_hours: None,
        };
        process.crawler.create(request).await.unwrap().id
    }

    /// Syncs to the end.
    pub(crate) async fn sync(&self, process: &Process, id: &str) -> Crawl {
        process.crawler.start(id).await.unwrap();
        self.idle(process, id).await
    }

    pub(crate) async fn idle(&self, process: &Process, id: &str) -> Crawl {
        let waiting = async {
            loop {
                let crawl = process.crawler.get(id).await.unwrap();
                if crawl.state == CrawlState::Idle {
                    return crawl;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(300), waiting)
            .await
            .unwrap()
    }

    pub(crate) async fn pages(
        &self,
        process: &Process,
        id: &str,
        state: Option<PageState>,
    ) -> Vec<CrawlPage> {
        let request = CrawlPages {
            id: id.into(),
            state,
            reason: None,
            text: String::new(),
            page: PageRequest {
                limit: 1_000,
                ..PageRequest::default()
            },
        };
        process.crawler.pages(&request).await.unwrap().items
    }

    pub(crate) async fn documents(&self) -> Vec<Document> {
        let request = DocumentList {
            page: PageRequest {
                limit: 1_000,
                ..PageRequest::default()
            },
            ..DocumentList::default()
        };
        self.store
            .documents(&tenant(), &request)
            .await
            .unwrap()
            .items
    }

    /// The text without the port, which differs from run to run.
    pub(crate) fn shown(&self, text: &str) -> String {
        text.replace(&format!(":{}", self.site.address.port()), "")
    }
}
