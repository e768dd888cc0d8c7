//! The other tasks, over ports in memory.

use crate::world::{World, response};
use awm_ports::{HttpError, NewDocument};
use awm_tenancy::TenantId;
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
    expect![[r#""policy" ["Returns"] 11 47 "You have 60 days to return a jacket.""#]].assert_eq(
        &format!(
            "{} {} {} {} {}",
            passage["documentName"],
            passage["headings"],
            passage["start"],
            passage["end"],
            passage["text"]
        ),
    );
    // A text in place of the older one, by its name.
    let (changed, _) = world
        .run(
            "AwmIndex",
            json!({"source": "Shop", "name": "policy", "text": "Tents are sold out."}),
        )
        .await;
    assert_eq!(changed.unwrap()["documentId"], first["documentId"]);
    let (gone, _) = world
        .run(
            "AwmRetrieve",
            json!({"question": "jacket", "sources": ["Shop"]}),
        )
        .await;
    assert!(!gone.unwrap()["passages"].to_string().contains("jacket"));
    check(
        &world,
        "AwmRetrieve",
        json!({"question": "tents", "sources": ["Elsewhere"]}),
        expect![[r#"{"passages":[],"found":false,"searchedFor":"tents"}"#]],
    )
    .await;
    check(
        &world,
        "AwmRetrieve",
        json!({"question": "x", "topK": 51}),
        expect![
            "Awm.BadRequest: `topK` of AwmRetrieve must be a whole number from 1 to 50, not 51"
        ],
    )
    .await;
    check(
        &world,
        "AwmIndex",
        json!({"source": " ", "name": "a", "text": ""}),
        expect!["Awm.BadRequest: `source` of AwmIndex is empty"],
    )
    .await;
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
    assert!(
        world
            .line("AwmRecall", session.clone())
            .await
            .contains("How?")
    );
    world.clock.advance(1);
    check(&world, "AwmRecall", session, expect![[r#"{"turns":[]}"#]]).await;
}

#[tokio::test]
async fn calls_and_pages() {
    for (answer, api, page) in [
        (
            response(200, "application/json; charset=utf-8", r#"{"a":[1]}"#),
            expect![[
                r#"{"status":200,"headers":{"content-type":"application/json; charset=utf-8"},"body":{"a":[1]}}"#
            ]],
            expect![[
                r#"{"url":"https://a.example/guide","title":"guide.txt","markdown":"{\"a\":[1]}"}"#
            ]],
        ),
        (
            response(200, "text/html", "# Guide\n\nWash at 30."),
            expect![[
                r##"{"status":200,"headers":{"content-type":"text/html"},"body":"# Guide\n\nWash at 30."}"##
            ]],
            expect![[
                r##"{"url":"https://a.example/guide","title":"guide.html","markdown":"# Guide\n\nWash at 30."}"##
            ]],
        ),
        (
            response(404, "text/plain", "gone"),
            expect![[r#"{"status":404,"headers":{"content-type":"text/plain"},"body":"gone"}"#]],
            expect!["Awm.NotFound: there is no page at `https://a.example/guide`: status 404"],
        ),
        (
            response(503, "text/plain", "busy"),
            expect!["Awm.ServiceFailed: `https://a.example/guide` answered with status 503: busy"],
            expect!["Awm.ServiceFailed: `https://a.example/guide` answered with status 503"],
        ),
        (
            Err(HttpError::Forbidden("`10.0.0.1` may not be called".into())),
            expect!["Awm.AddressForbidden: `10.0.0.1` may not be called"],
            expect!["Awm.AddressForbidden: `10.0.0.1` may not be called"],
        ),
        (
            Err(HttpError::Timeout("`https://a.example`".into())),
            expect!["Awm.ServiceFailed: no answer from `https://a.example` in time"],
            expect!["Awm.ServiceFailed: no answer from `https://a.example` in time"],
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
    world.files.write("/docs/sub/b.md", "Below", 0);
    world.files.write("/home/secret.md", "Secret", 0);
    world.files.write("/docs-of-others/c.md", "Secret", 0);
    for (name, path) in [
        ("docs/a.md", "/docs/a.md"),
        ("single.md", "/home/single.md"),
    ] {
        take_in(&world, name, path).await;
    }
    check(
        &world,
        "AwmExtract",
        json!({"path": "/docs/a.md"}),
        expect![[r##"{"mediaType":"text/markdown","title":null,"pages":null,"text":"# Title\n\nSome words."}"##]],
    )
    .await;
    check(
        &world,
        "AwmExtract",
        json!({"path": "/docs/sub/b.md"}),
        expect![[r##"{"mediaType":"text/markdown","title":null,"pages":null,"text":"Below"}"##]],
    )
    .await;
    for path in [
        "/home/secret.md",
        "/docs-of-others/c.md",
        "/docs/../home/secret.md",
        "docs/a.md",
        "/docs/./a.md/../../home/secret.md",
        "awm://s/docs/a.md",
        "",
    ] {
        let refused = world.line("AwmExtract", json!({"path": path})).await;
        assert!(
            refused.starts_with("Awm.PathForbidden") || refused.starts_with("Awm.BadRequest"),
            "{path}: {refused}"
        );
        assert!(!refused.contains("Secret"), "{path}: {refused}");
    }
    check(
        &world,
        "AwmExtract",
        json!({"path": "/docs/none.md"}),
        expect!["Awm.NotFound: `/docs/none.md` is not there [AWM-4002]"],
    )
    .await;
    check(
        &world,
        "AwmExtract",
        json!({"path": "sample:none"}),
        expect!["Awm.NotFound: there is no sample document `none`"],
    )
    .await;
    let sample = world
        .line(
            "AwmExtract",
            json!({"path": "sample:supplier-agreement.md"}),
        )
        .await;
    assert!(sample.contains("Nordvev"), "{sample}");
    check(
        &world,
        "AwmChunk",
        json!({"text": "# One\n\nFirst.\n\n# Two\n\nSecond."}),
        expect![[r#"{"chunks":[{"text":"First.","headings":["One"],"start":7,"end":13},{"text":"Second.","headings":["Two"],"start":22,"end":29}]}"#]],
    )
    .await;
    check(
        &world,
        "AwmChunk",
        json!({"text": ""}),
        expect![[r#"{"chunks":[]}"#]],
    )
    .await;
    let (vectors, _) = world.run("AwmEmbed", json!({"texts": "one"})).await;
    let vectors = vectors.unwrap();
    assert_eq!(vectors["vectors"].as_array().unwrap().len(), 1);
    let many = vec!["x"; 65];
    check(
        &world,
        "AwmEmbed",
        json!({"texts": many}),
        expect![
            "Awm.BadRequest: `texts` holds 65 texts; AwmEmbed takes 64 at most, so use a Map state"
        ],
    )
    .await;
    let mut without = World::new();
    without.deps.embedder = None;
    check(
        &without,
        "AwmEmbed",
        json!({"texts": ["x"]}),
        expect!["Awm.ComponentMissing: the embedding model is not installed"],
    )
    .await;
}

/// Puts a file of the world into the ledger.
async fn take_in(world: &World, name: &str, path: &str) {
    let (library, tenant) = (&world.deps.library, TenantId::local());
    library
        .create_source(&tenant, "files", "Files", 0)
        .await
        .unwrap();
    let document = NewDocument {
        id: format!("of {path}"),
        source_id: "files".into(),
        name: name.into(),
        path: path.into(),
        bytes: 1,
        hash: format!("hash of {path}"),
        modified_at: None,
        at: 0,
    };
    assert!(library.enqueue(&tenant, document).await.unwrap());
}
