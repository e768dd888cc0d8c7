//! Sources, documents and search, through the pipeline.

use crate::host::TestHost;
use awm_commands::Host;
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{FutureExt, StreamExt};
use serde_json::{Value, json};

#[tokio::test]
async fn a_dropped_folder_is_found_by_its_words() {
    let host = TestHost::new();
    host.files.write(
        "/docs/leave.md",
        "# Leave\n\nEveryone has 30 days of leave.",
        5,
    );
    let ingest = host.ports().ingest.clone();
    host.spawn(Box::pin(async move {
        ingest.work(futures::future::pending()).await
    }));
    let source = host.ask("source_create", json!({"name": "Handbook"})).await;
    let mut updates = awm_commands::dispatch_stream(&host, "ingest_watch", Value::Null)
        .await
        .unwrap();
    let paths = json!({"source_id": source["id"], "paths": ["/docs"]});
    assert_eq!(
        host.ask("ingest_paths", paths.clone()).await,
        json!({"queued": 1, "unchanged": 0})
    );
    let text = STANDARD.encode("# Parking\n\nThe garage opens at seven.");
    let upload = json!({"source_id": source["id"], "name": "parking.md", "base64": text});
    assert_eq!(host.ask("ingest_upload", upload).await["queued"], 1);
    loop {
        // Updates come a few times a second by the host's clock.
        host.clock.advance(300);
        tokio::task::yield_now().await;
        if let Some(update) = updates.next().now_or_never()
            && update.unwrap().unwrap()["status"]["done"] == 2
        {
            break;
        }
    }
    assert_eq!(
        host.ask("ingest_paths", paths).await,
        json!({"queued": 0, "unchanged": 1})
    );
    for (query, document) in [("days of leave", "docs/leave.md"), ("garage", "parking.md")] {
        let found = host
            .ask("knowledge_search", json!({"query": query, "top_k": 3}))
            .await;
        assert_eq!(
            found["hits"][0]["passage"]["document_name"], document,
            "{query}: {found}"
        );
    }
    let list = host.ask("document_list", Value::Null).await;
    assert_eq!(list["total"], 2);
    let id = json!({"id": list["items"][0]["id"]});
    let text = host.ask("document_get", id.clone()).await;
    assert!(!text["text"].as_str().unwrap().is_empty());
    host.ask("document_remove", id.clone()).await;
    assert_eq!(host.ask("document_get", id).await["code"], "AWM-1003");
    let diagnostics = host.ask("app_diagnostics", Value::Null).await;
    assert!(
        !diagnostics.to_string().contains("garage"),
        "no document text"
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let host = TestHost::new();
    let source = host.ask("source_create", json!({"name": "Handbook"})).await;
    let again = host.ask("source_create", json!({"name": "Handbook"})).await;
    assert_eq!(again["id"], source["id"]);
    let id = &source["id"];
    for (name, request, code) in [
        (
            "ingest_paths",
            json!({"source_id": "none", "paths": ["/docs"]}),
            "AWM-1003",
        ),
        (
            "ingest_paths",
            json!({"source_id": id, "paths": ["docs"]}),
            "AWM-1001",
        ),
        (
            "ingest_upload",
            json!({"source_id": id, "name": "a.md", "base64": "%%"}),
            "AWM-1001",
        ),
        ("ingest_control", json!({"action": "explode"}), "AWM-1001"),
        ("document_retry", json!({"id": "none"}), "AWM-1003"),
        (
            "source_rename",
            json!({"id": "none", "name": "x"}),
            "AWM-1003",
        ),
        ("source_delete", json!({"id": "none"}), "AWM-1003"),
    ] {
        let answer = host.ask(name, request).await;
        assert_eq!(answer["code"], code, "{name}: {answer}");
    }
    let empty = host
        .ask("knowledge_search", json!({"query": "  ", "top_k": 3}))
        .await;
    assert_eq!(empty["hits"], json!([]));
}
