//! `awm crawl` on a site of this machine: it waits for its end, tells what came of it, and syncs when it is asked again.
#![cfg(test)]

use axum::{Router, http::StatusCode, response::Html, routing::get};
use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output},
    time::Duration,
};

fn awm(home: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_awm"))
        .arg("--home")
        .arg(home)
        .args(words)
        .output()
        .unwrap()
}

fn answer(output: &Output) -> Value {
    let told = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&told).unwrap_or_else(|error| {
        panic!("{error}: {told}{}", String::from_utf8_lossy(&output.stderr))
    })
}

/// Three pages, each of which takes its time.
async fn site() -> String {
    let page = |text: &'static str| async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Html(format!(
            "<html><head><title>{text}</title></head><body><main><h1>{text}</h1><p>What is said about {text}.</p>\
             <a href='/valves'>valves</a> <a href='/pumps'>pumps</a></main></body></html>"
        ))
    };
    let router = Router::new()
        .route("/", get(move || page("everything")))
        .route("/valves", get(move || page("valves")))
        .route("/pumps", get(move || page("pumps")))
        .fallback(|| async { StatusCode::NOT_FOUND });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_for_the_end() {
    let home = tempfile::tempdir().unwrap();
    let url = site().await;
    let crawl = ["crawl", &url, "--delay", "0", "--json"];

    let closed = awm(home.path(), &crawl);
    assert_eq!(closed.status.code(), Some(1), "{closed:?}");
    assert_eq!(answer(&closed)["error"]["code"], "AWM-5003");

    let set = awm(
        home.path(),
        &["settings", "set", "allow_local_addresses", "true"],
    );
    assert!(set.status.success(), "{set:?}");
    for (taken, unchanged) in [(3, 0), (0, 3)] {
        let synced = awm(home.path(), &crawl);
        assert!(synced.status.success(), "{synced:?}");
        let crawl = &answer(&synced)["crawl"];
        assert_eq!(crawl["state"], "idle", "{crawl}");
        assert_eq!(crawl["counts"]["taken"], taken, "{crawl}");
        assert_eq!(crawl["counts"]["unchanged"], unchanged, "{crawl}");
    }
    let found = awm(home.path(), &["search", "pumps", "--json"]);
    assert!(
        String::from_utf8_lossy(&found.stdout).contains("What is said about pumps"),
        "{found:?}"
    );
}
