//! Feeds and lists of APIs, from a real server into the store, and again.

use crate::world::World;
use awm_api::crawl::{ApiSpec, Crawl, CrawlSpec, CrawlState, FeedSpec, PageReason, PageState};
use awm_ports::{Secret, SecretName, Secrets};
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

type Shared = Arc<Mutex<Lists>>;

#[derive(Default)]
struct Lists {
    feed: String,
    items: Vec<Value>,
    calls: Vec<String>,
}

async fn serve(lists: Shared) -> SocketAddr {
    let app = Router::new()
        .route(
            "/feed.xml",
            get(|State(lists): State<Shared>| async move { lists.lock().unwrap().feed.clone() }),
        )
        .route("/items", get(items))
        .with_state(lists);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// Two items a page, for whoever has the key.
async fn items(
    State(lists): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> (StatusCode, String) {
    let mut lists = lists.lock().unwrap();
    if headers
        .get("authorization")
        .is_none_or(|key| key != "Bearer s3cret")
    {
        return (StatusCode::UNAUTHORIZED, "no".into());
    }
    let from: usize = query.get("after").map_or(0, |after| after.parse().unwrap());
    lists.calls.push(format!("after {from}"));
    let page: Vec<&Value> = lists.items.iter().skip(from).take(2).collect();
    let next = (from + 2 < lists.items.len()).then_some(from + 2);
    (
        StatusCode::OK,
        json!({"data": {"things": page}, "cursor": next}).to_string(),
    )
}

fn told(crawl: &Crawl) -> (u64, u64, u64, u64, u64) {
    let counts = &crawl.counts;
    (
        counts.taken,
        counts.unchanged,
        counts.skipped,
        counts.failed,
        counts.gone,
    )
}

async fn names(world: &World) -> BTreeMap<String, String> {
    let documents = world.documents().await;
    documents
        .into_iter()
        .map(|document| (document.name, document.path))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entries_of_a_feed_become_documents_and_stay() {
    let lists = Shared::default();
    let address = serve(lists.clone()).await;
    let entry = |id: u32, text: &str| {
        format!(
            "<item><title>Entry {id}</title><link>http://{address}/e/{id}</link><guid>{id}</guid><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
        )
    };
    let write = |entries: &[String]| {
        lists.lock().unwrap().feed = format!(
            "<rss><channel><title>News</title>{}</channel></rss>",
            entries.concat()
        );
    };
    write(&[entry(1, "The first news."), entry(2, "The second news.")]);
    let world = World::new().await;
    world.others.lock().unwrap().push(address);
    let process = world.start();
    let spec: FeedSpec =
        serde_json::from_value(json!({"url": format!("http://{address}/feed.xml")})).unwrap();
    let id = world.add_spec(&process, CrawlSpec::Feed(spec), None).await;
    assert_eq!(told(&world.sync(&process, &id).await), (2, 0, 0, 0, 0));
    assert_eq!(
        names(&world).await["Entry 1"],
        format!("http://{address}/e/1")
    );
    // One is new, one has changed, one has left the feed.
    write(&[
        entry(2, "The second news, corrected."),
        entry(3, "The third news."),
    ]);
    assert_eq!(told(&world.sync(&process, &id).await), (2, 0, 0, 0, 0));
    assert_eq!(
        names(&world).await.keys().collect::<Vec<_>>(),
        ["Entry 1", "Entry 2", "Entry 3"]
    );
    assert_eq!(told(&world.sync(&process, &id).await), (0, 2, 0, 0, 0));
    // What is no feed any more is told, and takes nothing away.
    lists.lock().unwrap().feed = "<html>moved</html>".into();
    let failed = world.sync(&process, &id).await;
    assert_eq!(
        failed.failure.unwrap().message,
        "it is neither RSS nor Atom nor JSON Feed"
    );
    assert_eq!(names(&world).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn items_of_an_api_become_documents_by_the_clock() {
    let lists = Shared::default();
    let address = serve(lists.clone()).await;
    let item = |id: u32, at: &str| json!({"id": id, "name": format!("Thing {id}"), "body": format!("What thing {id} is, as of {at}."), "at": at});
    lists.lock().unwrap().items = vec![
        item(1, "a"),
        item(2, "a"),
        json!({"name": "nameless"}),
        item(4, "a"),
        item(5, "a"),
    ];
    let world = World::new().await;
    world.others.lock().unwrap().push(address);
    let process = world.start();
    let spec: ApiSpec = serde_json::from_value(json!({
        "url": format!("http://{address}/items"), "items": "/data/things", "id": "/id", "title": "{% 'The ' & $states.input.name %}",
        "text": "/body", "updated": "/at", "paging": {"by": "cursor", "pointer": "/cursor", "parameter": "after"}, "credential": "crawls/things",
    }))
    .unwrap();
    let id = world
        .add_spec(&process, CrawlSpec::Api(spec), Some(6))
        .await;
    // Without its credential the sync fails, and says so.
    let failed = world.sync(&process, &id).await;
    assert_eq!(
        failed.failure.unwrap().message,
        "there is no credential `crawls/things`"
    );
    let name = SecretName::new("crawls/things").unwrap();
    world
        .secrets
        .put(&crate::world::tenant(), &name, &Secret::new("s3cret"))
        .await
        .unwrap();
    let crawl = world.sync(&process, &id).await;
    assert_eq!(
        (crawl.failure.clone(), told(&crawl)),
        (None, (4, 0, 1, 0, 0))
    );
    assert_eq!(
        lists.lock().unwrap().calls,
        ["after 0", "after 2", "after 4"]
    );
    let log = world.pages(&process, &id, Some(PageState::Skipped)).await;
    assert_eq!(log[0].reason, Some(PageReason::NoItem));
    assert_eq!(
        names(&world).await["The Thing 4"],
        format!("http://{address}/items#4")
    );

    // Six hours later it syncs by itself: one changed, one left.
    lists.lock().unwrap().items = vec![item(1, "a"), item(2, "b"), item(4, "a")];
    let due = crawl.next_at.unwrap();
    assert_eq!(due - crawl.ended_at.unwrap(), 6 * 3_600_000);
    let round = crawl.round;
    let later = async {
        loop {
            let crawl = process.crawler.get(&id).await.unwrap();
            if crawl.round > round && crawl.state == CrawlState::Idle {
                return crawl;
            }
            // The clock of the world goes on by itself while somebody waits; six hours take some seconds of it.
            world.clock.advance(60_000);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let crawl = tokio::time::timeout(Duration::from_secs(60), later)
        .await
        .unwrap();
    assert!(crawl.started_at.unwrap() >= due);
    assert_eq!(told(&crawl), (1, 2, 0, 0, 1));
    assert_eq!(
        crawl.counts.reasons,
        [(PageReason::NotModified, 2), (PageReason::Gone, 1)]
    );
    assert_eq!(names(&world).await.len(), 3);
    // The key is in none of the files of the workspace.
    for file in std::fs::read_dir(world.folder()).unwrap().flatten() {
        if let Ok(bytes) = std::fs::read(file.path()) {
            assert!(
                !bytes.windows(6).any(|window| window == b"s3cret"),
                "{:?}",
                file.path()
            );
        }
    }
}

/// A list may lead on to another server; the key of the first one doesn't go along.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_next_page_elsewhere_gets_no_key() {
    let keys: Arc<Mutex<Vec<(u16, bool)>>> = Arc::default();
    let mut addresses = Vec::new();
    for _ in 0..2 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        addresses.push((listener.local_addr().unwrap(), listener));
    }
    let other = addresses[1].0;
    let servers: Vec<SocketAddr> = addresses.iter().map(|(address, _)| *address).collect();
    for (address, listener) in addresses {
        let keys = keys.clone();
        let app = Router::new().fallback(move |headers: HeaderMap| async move {
            let port = address.port();
            keys.lock().unwrap().push((port, headers.contains_key("authorization")));
            let next = (address != other).then(|| format!("http://{other}/more"));
            json!({"items": [{"id": port, "text": format!("An item of port {port}.")}], "next": next}).to_string()
        });
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    }
    let world = World::new().await;
    world.others.lock().unwrap().extend(&servers);
    let process = world.start();
    let spec: ApiSpec = serde_json::from_value(json!({
        "url": format!("http://{}/", servers[0]), "items": "/items", "id": "/id", "text": "/text",
        "paging": {"by": "next", "pointer": "/next"}, "credential": "crawls/key",
    }))
    .unwrap();
    let name = SecretName::new("crawls/key").unwrap();
    world
        .secrets
        .put(&crate::world::tenant(), &name, &Secret::new("s3cret"))
        .await
        .unwrap();
    let id = world.add_spec(&process, CrawlSpec::Api(spec), None).await;
    assert_eq!(told(&world.sync(&process, &id).await).0, 2);
    assert_eq!(
        *keys.lock().unwrap(),
        [(servers[0].port(), true), (other.port(), false)]
    );
}
