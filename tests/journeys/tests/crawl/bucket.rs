//! Objects of a bucket: listed in parts, taken by their ETags.

use crate::world::{World, tenant};
use awm_api::crawl::{BucketSpec, Crawl, CrawlSpec};
use awm_ports::{Secret, SecretName, Secrets};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::Response,
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

fn spec(endpoint: SocketAddr) -> CrawlSpec {
    CrawlSpec::Bucket(BucketSpec {
        endpoint: format!("http://{endpoint}"),
        region: "us-east-1".into(),
        bucket: "handbook".into(),
        prefix: "docs/".into(),
        credential: Some("crawls/handbook".into()),
        max_items: 100,
    })
}

async fn keep_key(world: &World, id: &str, secret: &str) {
    let name = SecretName::new("crawls/handbook").unwrap();
    let value = Secret::new(json!({"id": id, "secret": secret}).to_string());
    world.secrets.put(&tenant(), &name, &value).await.unwrap();
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

async fn paths(world: &World) -> Vec<String> {
    let mut paths: Vec<String> = world
        .documents()
        .await
        .into_iter()
        .map(|document| document.path)
        .collect();
    paths.sort();
    paths
}

type Objects = Arc<Mutex<BTreeMap<String, String>>>;

/// Lists one object a part, so that listings go on.
async fn serve(objects: Objects, asked: Arc<Mutex<Vec<String>>>) -> SocketAddr {
    let app = Router::new().fallback(move |request: Request| {
        let (objects, asked) = (objects.clone(), asked.clone());
        async move { answer(&objects.lock().unwrap(), &asked, &request) }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

fn answer(
    objects: &BTreeMap<String, String>,
    asked: &Mutex<Vec<String>>,
    request: &Request,
) -> Response {
    let refuse = |status, code: &str| {
        Response::builder()
            .status(status)
            .body(Body::from(format!("<Error><Code>{code}</Code></Error>")))
            .unwrap()
    };
    let of = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let signed = of("authorization");
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=AKID/") || of("x-amz-date").is_empty() {
        return refuse(StatusCode::FORBIDDEN, "AccessDenied");
    }
    let uri = request.uri();
    let query: BTreeMap<String, String> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|part| part.split_once('='))
        .map(|(name, value)| {
            (
                name.to_owned(),
                value.replace("%2F", "/").replace("%20", " "),
            )
        })
        .collect();
    asked.lock().unwrap().push(uri.to_string());
    if uri.path() == "/handbook/" {
        let after = query.get("continuation-token").cloned().unwrap_or_default();
        let mut rest = objects
            .iter()
            .filter(|(key, _)| key.starts_with(&query["prefix"]) && **key > after);
        let entry = rest.next().map(|(key, text)| {
            let next = if rest.next().is_some() {
                format!("<NextContinuationToken>{key}</NextContinuationToken>")
            } else {
                String::new()
            };
            format!(
                "{next}<Contents><Key>{key}</Key><ETag>\"{}\"</ETag><Size>{}</Size></Contents>",
                blake3::hash(text.as_bytes()).to_hex(),
                text.len()
            )
        });
        return Response::builder()
            .header(header::CONTENT_TYPE, "application/xml")
            .body(Body::from(format!(
                "<ListBucketResult>{}</ListBucketResult>",
                entry.unwrap_or_default()
            )))
            .unwrap();
    }
    let key = uri
        .path()
        .trim_start_matches("/handbook/")
        .replace("%20", " ");
    match objects.get(&key) {
        Some(text) => Response::new(Body::from(text.clone())),
        None => refuse(StatusCode::NOT_FOUND, "NoSuchKey"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_are_taken_by_their_etags() {
    let objects = Objects::default();
    for (key, text) in [
        ("docs/a.md", "# A\n\nThe first."),
        ("docs/in a folder/b.txt", "The second."),
        ("other/c.txt", "Not this."),
        ("docs/d/", ""),
    ] {
        objects.lock().unwrap().insert(key.into(), text.into());
    }
    let asked = Arc::new(Mutex::new(Vec::new()));
    let address = serve(objects.clone(), asked.clone()).await;
    let world = World::new().await;
    world.others.lock().unwrap().push(address);
    let process = world.start();
    let id = world.add_spec(&process, spec(address), None).await;
    keep_key(&world, "AKID", "secret").await;
    let crawl = world.sync(&process, &id).await;
    assert_eq!(
        (crawl.failure.clone(), told(&crawl)),
        (None, (2, 0, 0, 0, 0))
    );
    assert_eq!(
        paths(&world).await,
        [
            "s3://handbook/docs/a.md",
            "s3://handbook/docs/in a folder/b.txt"
        ]
    );

    objects
        .lock()
        .unwrap()
        .insert("docs/a.md".into(), "# A\n\nChanged.".into());
    objects.lock().unwrap().remove("docs/in a folder/b.txt");
    objects
        .lock()
        .unwrap()
        .insert("docs/z.txt".into(), "New.".into());
    asked.lock().unwrap().clear();
    assert_eq!(told(&world.sync(&process, &id).await), (2, 0, 0, 0, 1));
    asked.lock().unwrap().clear();
    assert_eq!(told(&world.sync(&process, &id).await), (0, 2, 0, 0, 0));
    assert!(
        asked
            .lock()
            .unwrap()
            .iter()
            .all(|uri| uri.contains("list-type=2")),
        "no object is fetched that has the ETag it had"
    );
    keep_key(&world, "OTHER", "secret").await;
    let refused = world.sync(&process, &id).await;
    assert_eq!(
        refused.failure.unwrap().message,
        "the bucket `handbook` can't be listed: AccessDenied (status 403)"
    );
    assert_eq!(paths(&world).await.len(), 2, "a refusal takes nothing away");
}
