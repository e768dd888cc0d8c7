//! The other tasks, over ports in memory.

mod common;

use awm_ports::HttpError;
use common::{World, response};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

async fn check(world: &World, task: &str, request: Value, expected: Expect) {
    expected.assert_eq(&world.line(task, request).await);
}

#[tokio::test]
async fn what_is_indexed_is_found() {
    let world = World::new();
    let text = "# Returns\n\nYou have 60 days to return a jacket.\n\n# Repairs\n\nZips are mended for 25 euros.";
    let request = json!({"source": "Shop", "name": "policy", "text": text});
    let (first, _) = world.run("AwmIndex", request.clone()).await;
    let first = first.unwrap();
    assert_eq!(first["passages"], 2);
    // The same again is the same document.
    let (again, _) = world.run("AwmIndex", request).await;
    assert_eq!(again.unwrap(), first);
    let (found, _) = world
        .run(
            "AwmRetrieve",
            json!({"question": "jacket return days", "sources": "Shop", "topK": 1.0}),
        )
        .await;
    let found = found.unwrap();
    assert_eq!(found["found"], true);
    assert_eq!(found["passages"][0]["documentId"], first["documentId"]);
    let passage = &found["passages"][0];
    expect![""].assert_eq(&format!(
        "{} {} {} {} {}",
        passage["documentName"], passage["headings"], passage["start"], passage["end"], passage["text"]
    ));
    // A text in place of the older one, by its name.
    let (changed, _) = world
        .run(
            "AwmIndex",
            json!({"source": "Shop", "name": "policy", "text": "Tents are sold out."}),
        )
        .await;
    assert_eq!(changed.unwrap()["documentId"], first["documentId"]);
    let (gone, _) = world
        .run("AwmRetrieve", json!({"question": "jacket", "sources": ["Shop"]}))
        .await;
    assert!(!gone.unwrap().to_string().contains("jacket"));
    check(
        &world,
        "AwmRetrieve",
        json!({"question": "tents", "sources": ["Elsewhere"]}),
        expect![""],
    )
    .await;
    check(&world, "AwmRetrieve", json!({"question": "x", "topK": 51}), expect![""]).await;
    check(&world, "AwmIndex", json!({"source": " ", "name": "a", "text": ""}), expect![""]).await;
}

#[tokio::test]
async fn memory_ends_when_the_settings_say() {
    let world = World::new();
    let session = json!({"sessionId": "s"});
    check(
        &world,
        "AwmRemember",
        json!({"sessionId": "s", "question": "How?", "answer": "So."}),
        expect![[r#"{"stored":2}"#]],
    )
    .await;
    check(
        &world,
        "AwmRecall",
        session.clone(),
        expect![[r#"{"turns":[{"role":"user","text":"How?"},{"role":"assistant","text":"So."}]}"#]],
    )
    .await;
    check(
        &world,
        "AwmRecall",
        json!({"sessionId": "s", "limit": 1}),
        expect![[r#"{"turns":[{"role":"assistant","text":"So."}]}"#]],
    )
    .await;
    check(
        &world,
        "AwmRecall",
        json!({"sessionId": "other"}),
        expect![[r#"{"turns":[]}"#]],
    )
    .await;
    world.clock.advance(60 * 60_000 - 1);
    assert!(world.line("AwmRecall", session.clone()).await.contains("How?"));
    world.clock.advance(1);
    check(&world, "AwmRecall", session, expect![[r#"{"turns":[]}"#]]).await;
}

#[tokio::test]
async fn calls_and_pages() {
    for (answer, api, page) in [
        (
            response(200, "application/json; charset=utf-8", r#"{"a":[1]}"#),
            expect![""],
            expect![""],
        ),
        (
            response(200, "text/html", "# Guide\n\nWash at 30."),
            expect![""],
            expect![""],
        ),
        (response(404, "text/plain", "gone"), expect![""], expect![""]),
        (response(503, "text/plain", "busy"), expect![""], expect![""]),
        (
            Err(HttpError::Forbidden("`10.0.0.1` may not be called".into())),
            expect![""],
            expect![""],
        ),
        (
            Err(HttpError::Timeout("`https://a.example`".into())),
            expect![""],
            expect![""],
        ),
    ] {
        let world = World::answering(answer);
        let request = json!({"url": "https://a.example/guide"});
        check(&world, "AwmCallApi", request.clone(), api).await;
        check(&world, "AwmFetchPage", request, page).await;
    }
}

#[tokio::test]
async fn texts() {
    let world = World::new();
    world.files.write("/docs/a.md", "# Title\n\nSome words.", 0);
    check(&world, "AwmExtract", json!({"path": "/docs/a.md"}), expect![""]).await;
    check(&world, "AwmExtract", json!({"path": "/docs/none.md"}), expect![""]).await;
    check(&world, "AwmExtract", json!({"path": "sample:none"}), expect![""]).await;
    let sample = world
        .line("AwmExtract", json!({"path": "sample:supplier-agreement.md"}))
        .await;
    assert!(sample.contains("Nordvev"), "{sample}");
    check(
        &world,
        "AwmChunk",
        json!({"text": "# One\n\nFirst.\n\n# Two\n\nSecond."}),
        expect![""],
    )
    .await;
    check(&world, "AwmChunk", json!({"text": ""}), expect![""]).await;
    let (vectors, _) = world.run("AwmEmbed", json!({"texts": "one"})).await;
    let vectors = vectors.unwrap();
    assert_eq!(vectors["vectors"].as_array().unwrap().len(), 1);
    let many = vec!["x"; 65];
    check(&world, "AwmEmbed", json!({"texts": many}), expect![""]).await;
    let mut without = World::new();
    without.deps.embedder = None;
    check(&without, "AwmEmbed", json!({"texts": ["x"]}), expect![""]).await;
}
