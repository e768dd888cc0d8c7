//! Connections by the rows of the table.

use crate::host::TestHost;
use serde_json::{Value, json};

async fn import(host: &TestHost) -> Value {
    let text = awm_connections::SAMPLE_API;
    let made = host.ask("connection_import", json!({ "text": text })).await;
    assert_eq!(made["notes"], json!([]), "{made}");
    made["connection"].clone()
}

#[tokio::test]
async fn an_import_can_be_tested_learned_from_and_deleted() {
    let host = TestHost::new();
    let connection = import(&host).await;
    let id = connection["id"].clone();
    assert_eq!(connection["name"], "Harbour Outfitters");
    assert_eq!(connection["operations"].as_array().unwrap().len(), 7);
    assert_eq!(
        import(&host).await["name"],
        "Harbour Outfitters 2",
        "a name of its own"
    );

    let call = json!({"operation": "getOrder", "parameters": {"id": "1001"}});
    let told = host
        .ask("connection_test", json!({"id": id, "call": call}))
        .await;
    assert_eq!(told["sent"]["url"], "http://sample-api.invalid/orders/1001");
    assert_eq!(told["answer"]["status"], 200);
    let body = told["answer"]["body"].clone();

    let learn = json!({"id": id, "operation": "getOrder", "samples": [body, {"url": null}]});
    let learned = host.ask("connection_learn", learn).await;
    let response = &learned["operations"][1]["response"];
    assert_eq!(response["learned_from"], 2, "{response}");
    assert_eq!(
        response["schema"]["properties"]["url"]["type"],
        json!(["string", "null"])
    );
    assert_eq!(response["sample"], json!({"url": null}));
    let again = json!({"text": awm_connections::SAMPLE_API, "into": id});
    let again = host.ask("connection_import", again).await;
    assert_eq!(
        again["connection"]["operations"][1]["response"], *response,
        "what was learned stays"
    );

    let gone = host.ask("connection_delete", json!({ "id": id })).await;
    assert_eq!(gone, json!({"secrets": 0}));
    let list = host.ask("connection_list", json!({})).await;
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_secret_goes_in_and_never_comes_out() {
    let host = TestHost::new();
    let mut connection = import(&host).await;
    connection["auth"] = json!({"kind": "api_key", "place": "header", "name": "X-Api-Key"});
    // The clock of this host stands, so that nobody may wait.
    connection["retries"]["max"] = json!(0);
    let saved = host
        .ask("connection_save", json!({ "connection": connection }))
        .await;
    let secret = saved["secrets"][0].clone();
    assert_eq!(
        (&secret["field"], &secret["present"]),
        (&json!("key"), &json!(false)),
        "{saved}"
    );
    let id = saved["id"].clone();
    let call = json!({"id": id, "call": {"path": "/health"}});
    let refused = host.ask("connection_test", call.clone()).await;
    assert_eq!(refused["code"], "AWM-5032", "{refused}");
    let listed = host.ask("connection_list", json!({})).await;
    assert_eq!(listed[0]["secret_missing"], true);

    let kept = host
        .ask(
            "secret_set",
            json!({"name": secret["name"], "value": "very-s3cret"}),
        )
        .await;
    assert_eq!(kept, json!({"existed": false}));
    let told = host.ask("connection_test", call).await;
    assert!(
        told.to_string().contains("••••••"),
        "the echo is masked: {told}"
    );
    assert!(!told.to_string().contains("s3cret"), "{told}");
    let gone = json!({"id": id, "call": {"path": "/gone"}});
    let told = host.ask("connection_test", gone).await;
    assert_eq!(told["error"]["code"], "AWM-5004", "{told}");
    for (row, request) in [
        ("connection_get", json!({ "id": id })),
        ("connection_list", json!({})),
        ("secret_list", json!({})),
    ] {
        let answer = host.ask(row, request).await.to_string();
        assert!(!answer.contains("s3cret"), "{row}: {answer}");
    }
    let mut elsewhere = host.ask("connection_get", json!({ "id": id })).await;
    elsewhere["base_url"] = json!("https://other.example");
    let moved = host
        .ask("connection_save", json!({ "connection": elsewhere }))
        .await;
    assert_eq!(
        moved["secrets"][0]["present"], false,
        "another server: {moved}"
    );
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let host = TestHost::new();
    let connection = import(&host).await;
    let id = &connection["id"];
    let with = |change: fn(&mut Value)| {
        let mut connection = connection.clone();
        change(&mut connection);
        json!({ "connection": connection })
    };
    for (row, request, code, words) in [
        (
            "connection_create",
            json!({"name": "A", "base_url": "ftp://a"}),
            "AWM-1001",
            "`ftp:` is not http or https",
        ),
        (
            "connection_create",
            json!({"name": " ", "base_url": "https://a.example"}),
            "AWM-1001",
            "the name is empty",
        ),
        (
            "connection_create",
            json!({"name": "Harbour Outfitters", "base_url": "https://a.example"}),
            "AWM-1004",
            "there is a connection `Harbour Outfitters` already",
        ),
        (
            "connection_import",
            json!({"text": "swagger: '2.0'"}),
            "AWM-5033",
            "this is a Swagger 2.0 document",
        ),
        (
            "connection_import",
            json!({"text": "openapi: 3.0.0"}),
            "AWM-1001",
            "the document names no whole server address",
        ),
        (
            "connection_save",
            with(|c| c["revision"] = json!(9)),
            "AWM-1004",
            "revision 9",
        ),
        (
            "connection_save",
            with(|c| c["revision"] = json!(0)),
            "AWM-1001",
            "never stored",
        ),
        (
            "connection_save",
            with(|c| c["headers"] = json!({"Cookie": "a"})),
            "AWM-1001",
            "holds a secret",
        ),
        (
            "connection_save",
            with(|c| c["timeout_ms"] = json!(0)),
            "AWM-1001",
            "0 is not within 100 and 300000",
        ),
        (
            "connection_get",
            json!({"id": "none"}),
            "AWM-1003",
            "connection `none` is not there",
        ),
        (
            "connection_test",
            json!({"id": id, "call": {"path": "//evil.example"}}),
            "AWM-1001",
            "another server",
        ),
        (
            "connection_learn",
            json!({"id": id, "operation": "x", "samples": [1]}),
            "AWM-1001",
            "no operation `x`",
        ),
        (
            "secret_set",
            json!({"name": "../a", "value": "x"}),
            "AWM-1001",
            "is not the name of a secret",
        ),
        (
            "secret_set",
            json!({"name": "a", "value": 1234}),
            "AWM-1001",
            "a secret's value must be a string",
        ),
        (
            "secret_set",
            json!({"name": "a", "value": ""}),
            "AWM-1001",
            "the value is empty",
        ),
    ] {
        let error = host.ask(row, request).await;
        assert_eq!(error["code"], code, "{row}: {error}");
        assert!(
            error["message"].as_str().unwrap().contains(words),
            "{row}: {error}"
        );
    }
}
