//! A website on loopback with everything on it that a crawler can fall for, and the sockets that nobody may open.

use awm_memory::MemoryClock;
use awm_ports::Clock;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A request that reached the site.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    /// By the virtual clock.
    pub(crate) came_at: i64,
    pub(crate) left_at: i64,
    /// Requests of the same host that were under way when it came.
    pub(crate) beside: usize,
}

#[derive(Default)]
struct Inner {
    pages: Mutex<BTreeMap<String, String>>,
    heard: Mutex<Vec<Heard>>,
    busy: Mutex<HashMap<String, usize>>,
    on_the_way: AtomicUsize,
    flaky: AtomicUsize,
}

#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    inner: Arc<Inner>,
    /// Connections to addresses that are forbidden.
    pub(crate) forbidden: Arc<AtomicUsize>,
}

impl Site {
    pub(crate) async fn start(clock: Arc<MemoryClock>) -> Self {
        let inner = Arc::new(Inner::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let forbidden = Arc::new(AtomicUsize::new(0));
        // The same port on another loopback address and on the IPv6 one: whoever connects there has passed the gate.
        for other in ["127.0.0.2", "[::1]"] {
            let Ok(trap) =
                tokio::net::TcpListener::bind(format!("{other}:{}", address.port())).await
            else {
                continue;
            };
            let count = forbidden.clone();
            tokio::spawn(async move {
                while trap.accept().await.is_ok() {
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        *inner.pages.lock().unwrap() = pages(address.port());
        let shared = inner.clone();
        let app = Router::new().fallback(move |request: Request| {
            let (inner, clock) = (shared.clone(), clock.clone());
            async move { inner.answer(&request, &clock) }
        });
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            address,
            inner,
            forbidden,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://site.test:{}{path}", self.address.port())
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.inner.heard.lock().unwrap().clone()
    }

    pub(crate) fn forget(&self) {
        self.inner.heard.lock().unwrap().clear();
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.inner.on_the_way.load(Ordering::SeqCst) == 0
    }

    /// Writes a page anew, or takes it away.
    pub(crate) fn write(&self, path: &str, page: Option<&str>) {
        let mut pages = self.inner.pages.lock().unwrap();
        match page {
            Some(page) => pages.insert(path.into(), page.into()),
            None => pages.remove(path),
        };
    }
}

impl Inner {
    fn answer(&self, request: &Request, clock: &MemoryClock) -> Response {
        self.on_the_way.fetch_add(1, Ordering::SeqCst);
        let of = |name: header::HeaderName| {
            let value = request
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (host, known) = (of(header::HOST), of(header::IF_NONE_MATCH));
        let path = request.uri().to_string();
        let came_at = clock.now();
        let beside = {
            let mut busy = self.busy.lock().unwrap();
            let busy = busy.entry(host.clone()).or_default();
            *busy += 1;
            *busy - 1
        };
        let response = self.page(&path, &known);
        self.heard.lock().unwrap().push(Heard {
            host: host.clone(),
            path,
            status: response.status().as_u16(),
            came_at,
            left_at: clock.now(),
            beside,
        });
        *self.busy.lock().unwrap().entry(host).or_default() -= 1;
        self.on_the_way.fetch_sub(1, Ordering::SeqCst);
        response
    }

    fn page(&self, path: &str, known: &str) -> Response {
        let to = |status: StatusCode, to: &str| {
            Response::builder()
                .status(status)
                .header(header::LOCATION, to)
                .body(Body::empty())
                .unwrap()
        };
        match path {
            "/moved" => return to(StatusCode::MOVED_PERMANENTLY, "/new-place.html"),
            "/loop1" => return to(StatusCode::FOUND, "/loop2"),
            "/loop2" => return to(StatusCode::FOUND, "/loop1"),
            "/to-metadata" => {
                return to(
                    StatusCode::FOUND,
                    "http://169.254.169.254/latest/meta-data/",
                );
            }
            "/to-other-loopback" => return to(StatusCode::FOUND, "http://127.0.0.2:1/secret"),
            "/flaky.html" if self.flaky.fetch_add(1, Ordering::SeqCst) == 0 => {
                return Response::builder()
                    .status(StatusCode::SERVICE_UNAVAILABLE)
                    .header(header::RETRY_AFTER, "30")
                    .body(Body::empty())
                    .unwrap();
            }
            _ => {}
        }
        let page = match calendar(path) {
            Some(page) => page,
            None => match self.pages.lock().unwrap().get(path) {
                Some(page) => page.clone(),
                None => {
                    return Response::builder()
                        .status(StatusCode::NOT_FOUND)
                        .body(Body::from("gone"))
                        .unwrap();
                }
            },
        };
        let etag = format!("\"{}\"", blake3::hash(page.as_bytes()).to_hex());
        if known == etag {
            return Response::builder()
                .status(StatusCode::NOT_MODIFIED)
                .header(header::ETAG, etag)
                .body(Body::empty())
                .unwrap();
        }
        let kind = match path.rsplit('.').next() {
            Some("txt") => "text/plain",
            Some("xml") => "application/xml",
            Some("gz") => "application/gzip",
            Some("png") => "image/png",
            Some("pdf") => "application/pdf",
            _ => "text/html; charset=utf-8",
        };
        let body = match kind {
            "application/gzip" => packed(&page),
            _ => page.into_bytes(),
        };
        let mut answer = Response::builder()
            .header(header::CONTENT_TYPE, kind)
            .header(header::ETAG, etag);
        if path == "/header-noindex.html" {
            answer = answer.header("x-robots-tag", "noindex");
        }
        answer.body(Body::from(body)).unwrap()
    }
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Months without end, in both directions.
fn calendar(path: &str) -> Option<String> {
    let (year, month) = path
        .strip_prefix("/calendar/")?
        .trim_end_matches('/')
        .split_once('/')?;
    let at = year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1;
    let link = |at: i32| {
        format!(
            "<a href='/calendar/{}/{:02}/'>other</a>",
            at / 12,
            at % 12 + 1
        )
    };
    Some(article(
        &format!("Month {year}-{month}"),
        &format!(
            "What happens in month {month} of the year {year}. {} {}",
            link(at - 1),
            link(at + 1)
        ),
    ))
}

pub(crate) fn article(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{body}</p></main></body></html>"
    )
}

fn pages(port: u16) -> BTreeMap<String, String> {
    let site = format!("http://site.test:{port}");
    let mut pages = BTreeMap::new();
    let mut put = |path: &str, page: String| pages.insert(path.to_owned(), page);
    put(
        "/robots.txt",
        format!(
            "User-agent: *\nDisallow: /private/\nAllow: /private/open.html\nCrawl-delay: 2\nSitemap: {site}/sitemap.xml\n\
             Sitemap: http://169.254.169.254/sitemap.xml\n\nUser-agent: otherbot\nDisallow: /\n"
        ),
    );
    put(
        "/sitemap.xml",
        format!(
            "<sitemapindex><sitemap><loc>{site}/sitemap-a.xml</loc></sitemap><sitemap><loc>{site}/sitemap-b.xml.gz</loc></sitemap></sitemapindex>"
        ),
    );
    put(
        "/sitemap-a.xml",
        format!(
            "<urlset><url><loc>{site}/from-sitemap.html</loc><lastmod>2026-01-01</lastmod></url><url><loc>{site}/private/listed.html</loc></url>\
             <url><loc>http://169.254.169.254/latest/user-data</loc></url></urlset>"
        ),
    );
    put(
        "/sitemap-b.xml.gz",
        format!("{site}/packed.html?utm_source=map\n"),
    );
    let links = [
        "about.html",
        "about.html?utm_campaign=x#team",
        "guide/./",
        "private/secret.html",
        "private/open.html",
        "moved",
        "loop1",
        "calendar/2026/01/",
        "canonical-variant.html",
        "noindex.html",
        "header-noindex.html",
        "nofollow.html",
        "base.html",
        "to-metadata",
        "to-other-loopback",
        "image.png",
        "notes.txt",
        "gone.html",
        "flaky.html",
        "same-text.html",
        "empty.html",
    ];
    let links: String = links
        .iter()
        .map(|link| format!("<a href='{link}'>{link}</a> "))
        .collect();
    put(
        "/",
        article(
            "Home",
            &format!(
                "Welcome to the site. {links} <a rel=nofollow href='/rel-nofollow.html'>not this</a> <a href='mailto:a@b.example'>mail</a> \
                 <a href='http://rebind.test:{port}/one.html'>r</a> <a href='http://mixed.test:{port}/'>m</a> <a href='http://metadata.test/'>d</a> \
                 <a href='http://127.0.0.2:{port}/'>l</a> <a href='http://2130706434:{port}/decimal'>n</a> <a href='http://[::1]:{port}/'>6</a> \
                 <a href='http://user@site.test:{port}/login'>u</a> <a href='http://elsewhere.example/'>e</a> <a href='file:///etc/passwd'>f</a>"
            ),
        ),
    );
    put(
        "/about.html",
        article("About", "Who we are, and where the office is."),
    );
    put(
        "/guide/",
        article(
            "Guide",
            "How to begin. <a href='deeper/'>deeper</a> <a href='../about.html'>about</a>",
        ),
    );
    put(
        "/guide/deeper/",
        article("Deeper", "How to go on, with more of it."),
    );
    put(
        "/private/open.html",
        article("Open", "The one open page of the private part."),
    );
    put(
        "/private/secret.html",
        article("Secret", "Nobody may read this."),
    );
    put(
        "/private/listed.html",
        article("Listed", "Listed, and still private."),
    );
    put(
        "/new-place.html",
        article("New place", "What has moved is here now."),
    );
    put(
        "/canonical-variant.html",
        "<!doctype html><html><head><title>Variant</title><link rel=canonical href='/about.html'></head><body><p>A variant of the page about us.</p></body></html>".into(),
    );
    put(
        "/noindex.html",
        "<!doctype html><html><head><meta name=robots content=noindex></head><body><p>Not for an index.</p><a href='/only-from-noindex.html'>x</a></body></html>".into(),
    );
    put(
        "/only-from-noindex.html",
        article("Followed", "Found by way of a page that is in no index."),
    );
    put(
        "/header-noindex.html",
        article("Header", "Its header keeps it out."),
    );
    put(
        "/nofollow.html",
        "<!doctype html><html><head><title>Nofollow</title><meta name=robots content=nofollow></head><body><p>Read me, but go no further.</p><a href='/behind-nofollow.html'>x</a></body></html>".into(),
    );
    put(
        "/behind-nofollow.html",
        article("Behind", "Nobody comes here."),
    );
    put(
        "/rel-nofollow.html",
        article("Rel", "Nobody comes here either."),
    );
    put(
        "/base.html",
        format!(
            "<!doctype html><html><head><title>Base</title><base href='http://127.0.0.2:{port}/'></head><body><p>Its links lead elsewhere.</p><a href='from-base.html'>x</a></body></html>"
        ),
    );
    put("/image.png", "not really".into());
    put("/notes.txt", "Plain notes.\n\nIn two paragraphs.".into());
    put(
        "/flaky.html",
        article("Flaky", "There at the second attempt."),
    );
    put(
        "/from-sitemap.html",
        article("From the map", "No link leads here, the sitemap does."),
    );
    put(
        "/packed.html",
        article("Packed", "Named by a sitemap that is packed."),
    );
    put(
        "/same-text.html",
        article("New place", "What has moved is here now."),
    );
    put(
        "/empty.html",
        "<!doctype html><html><body></body></html>".into(),
    );
    put(
        "/one.html",
        article("One", "Behind a name that changes its mind."),
    );
    pages
}
