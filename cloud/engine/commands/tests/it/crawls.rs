//! Websites as a source, through the table.

use crate::host::TestHost;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn check(answer: &Value, expected: Expect) {
    expected.assert_eq(&format!(
        "{} {} | {}",
        answer["code"].as_str().unwrap_or_default(),
        answer["message"].as_str().unwrap_or_default(),
        answer["help"].as_str().unwrap_or_default()
    ));
}

#[tokio::test]
async fn a_crawl_is_made_started_paused_and_deleted() {
    let host = TestHost::new();
    let site = json!({"kind": "site", "start": ["https://docs.example.com/"]});
    let made = host
        .ask("crawl_create", json!({"spec": site, "every_hours": 24}))
        .await;
    assert_eq!(
        (&made["name"], &made["state"], &made["round"]),
        (&json!("docs.example.com"), &json!("idle"), &json!(0))
    );
    assert_eq!(made["spec"]["max_pages"], 500);
    let id = made["id"].clone();
    let sources = host.ask("source_list", json!({})).await;
    assert_eq!(sources[0]["name"], "docs.example.com");
    assert_eq!(sources[0]["id"], made["source_id"]);

    let started = host.ask("crawl_start", json!({"id": id})).await;
    assert_eq!(
        (&started["state"], &started["round"]),
        (&json!("running"), &json!(1))
    );
    assert_eq!(
        host.ask("crawl_pause", json!({"id": id})).await["state"],
        "paused"
    );
    let again = host.ask("crawl_start", json!({"id": id})).await;
    assert_eq!(
        (&again["state"], &again["round"]),
        (&json!("running"), &json!(1)),
        "the same sync"
    );
    let ended = host.ask("crawl_cancel", json!({"id": id})).await;
    assert_eq!(ended["state"], "idle");
    assert_eq!(ended["next_at"], 1_000_000 + 24 * 3_600_000);
    assert_eq!(
        host.ask("crawl_list", json!({}))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(host.ask("crawl_pages", json!({"id": id})).await["total"], 0);
    assert_eq!(
        host.ask("crawl_delete", json!({"id": id})).await,
        json!({"documents": 0})
    );
    check(
        &host.ask("crawl_get", json!({"id": id})).await,
        expect![
            "AWM-1003 crawl `00000000000000000000000002` is not there | it may have been deleted meanwhile: go back to the list"
        ],
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_reason() {
    let host = TestHost::new();
    for (spec, expected) in [
        (
            json!({"kind": "site", "start": []}),
            expect!["AWM-1001 there is no address to begin at | correct it and try again"],
        ),
        (
            json!({"kind": "site", "start": ["file:///etc/passwd"]}),
            expect![
                "AWM-1001 `file:///etc/passwd` can't be visited: it is neither http nor https | correct it and try again"
            ],
        ),
        (
            json!({"kind": "site", "start": ["https://a.example/"], "include": ["("]}),
            expect!["AWM-1001 `(` is no pattern: unclosed group | correct it and try again"],
        ),
        (
            json!({"kind": "feed", "url": "feed"}),
            expect!["AWM-1001 `feed` can't be called: it is no address | correct it and try again"],
        ),
        (
            json!({"kind": "api", "url": "https://a.example/", "id": "id"}),
            expect![
                "AWM-1001 `id` is neither a JSON Pointer such as `/items` nor JSONata in `{% … %}` | correct it and try again"
            ],
        ),
        (
            json!({"kind": "bucket", "region": "eu-west-1", "bucket": "../x"}),
            expect!["AWM-1001 `../x` is no name of a bucket | correct it and try again"],
        ),
    ] {
        check(
            &host.ask("crawl_create", json!({"spec": spec})).await,
            expected,
        );
    }
    let spec = json!({"kind": "site", "start": ["https://a.example/"]});
    check(
        &host
            .ask("crawl_create", json!({"spec": spec, "every_hours": 0}))
            .await,
        expect![
            "AWM-1001 the hours between two syncs are from 1 to 8,760 | correct it and try again"
        ],
    );
    check(
        &host
            .ask("crawl_create", json!({"spec": spec, "source_id": "none"}))
            .await,
        expect![
            "AWM-1003 source `none` is not there | it may have been deleted meanwhile: go back to the list"
        ],
    );
}
