//! Workflows: import, names, saves.

use crate::host::TestHost;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const SUCCEED: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;

fn document(text: &str) -> Value {
    json!({"version": 1, "format": "json", "text": text})
}

async fn import(host: &TestHost, file_name: &str, text: &str) -> Value {
    let request = json!({"file_name": file_name, "text": text});
    host.ask("workflow_import", request).await
}

#[tokio::test]
async fn an_import_keeps_the_text_and_finds_a_free_name() {
    let host = TestHost::new();
    let text = "{ \"StartAt\" :\"A\",\n\n \"x-own\": 1.0, \"States\": {\"A\": {\"Type\": \"Succeed\"}}}\r\n";
    let first = import(&host, "order.asl.json", text).await;
    assert_eq!(first["document"]["text"], text, "byte for byte");
    assert_eq!(first["document"]["format"], "json");
    let second = import(&host, "/tmp/order.asl.json", text).await;
    let third = import(
        &host,
        "order.yaml",
        "StartAt: A\nStates:\n  A:\n    Type: Succeed\n",
    )
    .await;
    assert_eq!(third["document"]["format"], "yaml");
    assert_eq!(third["summary"]["states"], 1);
    let names: Vec<_> = [&first, &second, &third]
        .map(|w| w["summary"]["name"].clone())
        .to_vec();
    assert_eq!(names, ["order", "order 2", "order 3"]);
}

#[tokio::test]
async fn the_kind_is_told_by_the_tasks() {
    let host = TestHost::new();
    for (resource, kind) in [
        ("${AwmGenerate}", "chat"),
        ("${AwmIndex}", "document"),
        ("arn:aws:states:::lambda:invoke", "job"),
    ] {
        let text = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "End": true}}});
        let made = import(&host, "a.json", &text.to_string()).await;
        assert_eq!(made["summary"]["kind"], kind, "{resource}");
    }
}

async fn check(request: (&str, Value), expected: Expect) {
    let host = TestHost::new();
    import(&host, "taken.json", SUCCEED).await;
    let answer = host.ask(request.0, request.1).await;
    let seen = json!({"code": answer["code"], "message": answer["message"]});
    expected.assert_eq(&format!("{seen}"));
}

#[tokio::test]
async fn what_can_not_be_taken_in_is_told() {
    let large = "x".repeat(50 * 1024 * 1024);
    check(
        (
            "workflow_import",
            json!({"file_name": "big.json", "text": large}),
        ),
        expect![[
            r#"{"code":"AWM-3002","message":"the definition has 50 MiB; up to 8 MiB are taken in"}"#
        ]],
    )
    .await;
    check(
        (
            "workflow_import",
            json!({"file_name": "empty.json", "text": " \n"}),
        ),
        expect![[
            r#"{"code":"AWM-3001","message":"`empty.json` holds no state machine: it is empty"}"#
        ]],
    )
    .await;
    check(
        ("workflow_open_path", json!({"path": "/flows/photo.json"})),
        expect![[r#"{"code":"AWM-3001","message":"`/flows/photo.json` is not a text file"}"#]],
    )
    .await;
    check(
        ("workflow_open_path", json!({"path": "/flows/huge.json"})),
        expect![[
            r#"{"code":"AWM-3002","message":"the definition has 9 MiB; up to 8 MiB are taken in"}"#
        ]],
    )
    .await;
    check(
        ("workflow_create", json!({"name": " \n "})),
        expect![[r#"{"code":"AWM-1001","message":"the name is empty"}"#]],
    )
    .await;
    check(
        ("workflow_create", json!({"name": "a", "document": {"version": 2, "format": "json", "text": ""}})),
        expect![[r#"{"code":"AWM-1001","message":"the document was written by a newer version of the application"}"#]],
    )
    .await;
    check(
        ("workflow_get", json!({"id": "none"})),
        expect![[r#"{"code":"AWM-1003","message":"workflow `none` is not there"}"#]],
    )
    .await;
    check(
        ("template_open", json!({"id": "none"})),
        expect![[r#"{"code":"AWM-1003","message":"there is no template `none`"}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_save_from_an_old_revision_is_refused() {
    let host = TestHost::new();
    let made = host.ask("workflow_create", json!({"name": "Flow"})).await;
    assert_eq!(
        made["summary"]["problems"], 0,
        "an empty workflow can be run: {made}"
    );
    let id = made["summary"]["id"].clone();
    let save = |base: u64| json!({"id": id, "base_revision": base, "document": document(SUCCEED)});
    host.clock.advance(5);
    let saved = host.ask("workflow_save", save(1)).await;
    assert_eq!(saved["summary"]["revision"], 2);
    assert_eq!(saved["summary"]["edited_at"], crate::host::NOW + 5);
    let late = host.ask("workflow_save", save(1)).await;
    assert_eq!(late["code"], "AWM-1004");
    let stored = host.ask("workflow_get", json!({"id": id})).await;
    assert_eq!(stored["document"]["text"], SUCCEED);
}

#[tokio::test]
async fn a_deleted_workflow_comes_back_under_a_free_name() {
    let host = TestHost::new();
    let made = import(&host, "a.json", SUCCEED).await;
    let id = json!({"id": made["summary"]["id"]});
    host.ask("workflow_delete", id.clone()).await;
    assert_eq!(host.ask("workflow_list", Value::Null).await, json!([]));
    import(&host, "a.json", SUCCEED).await;
    let back = host.ask("workflow_restore", id.clone()).await;
    assert_eq!(back["name"], "a 2");
    let rename = json!({"id": back["id"], "name": "a"});
    assert_eq!(
        host.ask("workflow_rename", rename).await["name"],
        "a 2",
        "a name stays free of others'"
    );
}

#[tokio::test]
async fn a_template_comes_with_its_documents() {
    let host = TestHost::new();
    let templates = host.ask("template_list", Value::Null).await;
    let id = templates[0]["id"].clone();
    for name in ["", " 2"] {
        let made = host.ask("template_open", json!({"id": id})).await;
        let expected = format!("{}{name}", templates[0]["name"].as_str().unwrap());
        assert_eq!(made["summary"]["name"], expected);
        assert_eq!(made["summary"]["problems"], 0, "{made}");
        assert_ne!(made["document"]["sample_input"], Value::Null);
        let sources = host.ask("source_list", Value::Null).await;
        assert_eq!(
            sources.as_array().unwrap().len(),
            1,
            "opened twice, taken in once"
        );
        assert_eq!(sources[0]["name"], templates[0]["name"]);
        assert_eq!(sources[0]["documents"], 4);
    }
}
