//! Settings and conversations.

use crate::host::TestHost;
use serde_json::{Value, json};

#[tokio::test]
async fn a_key_goes_in_and_never_comes_out() {
    let host = TestHost::new();
    let mut settings = host.ask("settings_get", Value::Null).await;
    assert_eq!(settings["models"], json!([]));
    settings["models"] = json!([{
        "kind": "open_ai_compatible", "base_url": " https://models.example/v1/ ", "name": "small",
        "api_key": "sk-secret",
    }]);
    let saved = host
        .ask("settings_save", json!({"settings": settings}))
        .await;
    assert_eq!(
        saved["models"],
        json!([{"kind": "open_ai_compatible", "base_url": "https://models.example/v1", "name": "small", "has_key": true}])
    );
    let read = host.ask("settings_get", Value::Null).await;
    assert!(!read.to_string().contains("sk-secret"));
    let again = host.ask("settings_save", json!({"settings": read})).await;
    assert_eq!(
        again["models"][0]["has_key"], true,
        "saving what was read keeps the key"
    );
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let host = TestHost::new();
    let settings = host.ask("settings_get", Value::Null).await;
    for (field, value) in [
        ("tenant_name", json!("  ")),
        ("accent_hue", json!(360)),
        ("memory_minutes", json!(0)),
        (
            "models",
            json!([{"kind": "ollama", "base_url": "file:///etc/passwd", "name": "x"}]),
        ),
        (
            "models",
            json!([{"kind": "ollama", "base_url": "http://", "name": "x"}]),
        ),
        (
            "models",
            json!([{"kind": "ollama", "base_url": "http://localhost:11434", "name": " "}]),
        ),
        (
            "models",
            json!([{"kind": "ollama", "base_url": "http://a", "name": "x"}, {"kind": "ollama", "base_url": "http://b", "name": "x"}]),
        ),
        (
            "models",
            json!([{"kind": "ollama", "base_url": "http://a", "name": "x", "price_in": -1.0}]),
        ),
        ("chat_retention_days", json!(0)),
        ("theme", json!("pink")),
    ] {
        let mut changed = settings.clone();
        changed[field] = value;
        let answer = host
            .ask("settings_save", json!({"settings": changed}))
            .await;
        assert_eq!(answer["code"], "AWM-1001", "{field}: {answer}");
    }
    assert_eq!(host.ask("settings_get", Value::Null).await, settings);
}

#[tokio::test]
async fn a_conversation_belongs_to_a_workflow() {
    let host = TestHost::new();
    let missing = host
        .ask("chat_session_create", json!({"workflow_id": "none"}))
        .await;
    assert_eq!(missing["code"], "AWM-1003");
    let made = host.ask("workflow_create", json!({"name": "Bot"})).await;
    let request = json!({"workflow_id": made["summary"]["id"]});
    let session = host.ask("chat_session_create", request).await;
    assert_eq!(session["workflow_name"], "Bot");
    let id = json!({"id": session["id"]});
    let transcript = host.ask("chat_session_get", id.clone()).await;
    assert_eq!(transcript, json!({"session": session, "turns": []}));
    assert_eq!(host.ask("chat_session_delete", id.clone()).await, session);
    assert_eq!(host.ask("chat_session_get", id).await["code"], "AWM-1003");
}

#[tokio::test]
async fn a_model_is_tested_with_the_key_of_its_address_only() {
    let host = TestHost::new();
    let model =
        |url: &str, name: &str| json!({"model": {"kind": "ollama", "base_url": url, "name": name}});
    let mut settings = host.ask("settings_get", Value::Null).await;
    settings["models"] =
        json!([{"kind": "ollama", "base_url": "http://here", "name": "a", "api_key": "key"}]);
    host.ask("settings_save", json!({"settings": settings}))
        .await;
    let here = host.ask("model_test", model("http://here/", "other")).await;
    assert_eq!(here["answer"], "yes key");
    let there = host.ask("model_test", model("http://there", "other")).await;
    assert_eq!(there["answer"], "yes");
    let gone = host.ask("model_test", model("http://here", "gone")).await;
    assert_eq!(gone["code"], "AWM-5001");
    let silent = host.ask("model_test", model("http://here", "silent")).await;
    assert_eq!(silent["code"], "AWM-5002");
}
