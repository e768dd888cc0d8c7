//! Conversations: streamed, stored, failed, recovered.

use crate::host::{NOW, TestHost};
use awm_memory::MemoryRuns;
use futures::StreamExt;
use serde_json::{Value, json};
use std::sync::Arc;

/// Looks up, then answers, as the template does.
fn bot() -> Value {
    json!({"StartAt": "Look up", "States": {
        "Look up": {"Type": "Task", "Resource": "${AwmRetrieve}", "ResultPath": null, "Next": "Answer"},
        "Answer": {"Type": "Task", "Resource": "${AwmGenerate}", "End": true},
    }})
}

async fn session(host: &TestHost, definition: Value) -> Value {
    let workflow_id = host.import(definition).await;
    host.ask("chat_session_create", json!({"workflow_id": workflow_id}))
        .await
}

async fn send(host: &TestHost, session: &Value, text: &str) -> Vec<Value> {
    host.follow(
        "chat_send",
        json!({"session_id": session["id"], "text": text}),
    )
    .await
}

#[tokio::test]
async fn an_answer_streams_and_is_stored_whole() {
    let host = TestHost::new();
    let session = session(&host, bot()).await;
    let updates = send(&host, &session, "  When is\nlunch?  ").await;
    let kinds: Vec<_> = updates
        .iter()
        .map(|update| update["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["started", "step", "step", "text", "text", "text", "done"]
    );
    assert_eq!(updates[1]["state"], "Look up");
    assert_eq!(updates[2]["state"], "Answer");
    let text: String = updates
        .iter()
        .filter_map(|update| update["text"].as_str())
        .collect();
    let turn = &updates.last().unwrap()["turn"];
    assert_eq!(turn["answer"], text);
    assert_eq!(turn["citations"][0]["documentName"], "a.md");
    assert_eq!(
        (&turn["extractive"], &turn["refused"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(turn["asked_at"], NOW);
    assert_eq!(
        (&turn["first_word_ms"], &turn["total_ms"]),
        (&json!(0), &json!(0))
    );

    let transcript = host
        .ask("chat_session_get", json!({"id": session["id"]}))
        .await;
    assert_eq!(transcript["turns"], json!([turn]));
    assert_eq!(transcript["session"]["title"], "When is lunch?");
    assert_eq!(transcript["session"]["turns"], 1);
    let run = host.ask("run_get", json!({"id": turn["run_id"]})).await;
    assert_eq!(run["summary"]["source"], "chat");
    assert_eq!(
        run["input"],
        json!({"sessionId": session["id"], "message": "When is\nlunch?"})
    );
    send(&host, &session, "And dinner?").await;
    let transcript = host
        .ask("chat_session_get", json!({"id": session["id"]}))
        .await;
    assert_eq!(
        transcript["session"]["title"], "When is lunch?",
        "the first question stays"
    );
    assert_eq!(transcript["turns"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_run_that_fails_is_a_turn_with_an_error() {
    let host = TestHost::new();
    for (state, code) in [
        (
            json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:none", "End": true}),
            "AWM-5004",
        ),
        (
            json!({"Type": "Fail", "Error": "Awm.ModelUnreachable", "Cause": "nobody"}),
            "AWM-5001",
        ),
        (
            json!({"Type": "Pass", "Result": {"text": "no answer"}, "End": true}),
            "AWM-3003",
        ),
    ] {
        let session = session(&host, json!({"StartAt": "A", "States": {"A": state}})).await;
        let updates = send(&host, &session, "Hello?").await;
        let turn = &updates.last().unwrap()["turn"];
        assert_eq!(turn["error"]["code"], code, "{turn}");
        assert_eq!(turn["answer"], "");
        let transcript = host
            .ask("chat_session_get", json!({"id": session["id"]}))
            .await;
        assert_eq!(&transcript["turns"][0], turn);
    }
}

#[tokio::test]
async fn what_can_not_be_answered_is_refused_before_anything_is_stored() {
    let host = TestHost::new();
    let broken = session(
        &host,
        json!({"StartAt": "None", "States": {"A": {"Type": "Succeed"}}}),
    )
    .await;
    let fine = session(&host, bot()).await;
    for (id, text, code) in [
        (json!("none"), "Hello", "AWM-1003"),
        (fine["id"].clone(), "  ", "AWM-1001"),
        (broken["id"].clone(), "Hello", "AWM-3003"),
    ] {
        let request = json!({"session_id": id, "text": text});
        let answer = awm_commands::dispatch_stream(&host, "chat_send", request).await;
        let error = answer.err().expect("refused");
        assert_eq!(error.code.as_str(), code);
    }
    let transcript = host
        .ask("chat_session_get", json!({"id": broken["id"]}))
        .await;
    assert_eq!(transcript["turns"], json!([]));
}

#[tokio::test]
async fn an_answer_that_nobody_waits_for_is_stored_all_the_same() {
    let host = TestHost::new();
    let session = session(&host, bot()).await;
    let request = json!({"session_id": session["id"], "text": "When?"});
    let mut updates = awm_commands::dispatch_stream(&host, "chat_send", request)
        .await
        .unwrap();
    assert_eq!(updates.next().await.unwrap().unwrap()["kind"], "started");
    drop(updates);
    loop {
        tokio::task::yield_now().await;
        let transcript = host
            .ask("chat_session_get", json!({"id": session["id"]}))
            .await;
        if transcript["turns"][0]["answer"] == "At noon [1]" {
            break;
        }
    }
}

#[tokio::test]
async fn a_stopped_answer_says_so() {
    let host = TestHost::new();
    let waiting = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${AwmRecall}", "End": true}}});
    let session = session(&host, waiting).await;
    let request = json!({"session_id": session["id"], "text": "When?"});
    let mut updates = awm_commands::dispatch_stream(&host, "chat_send", request)
        .await
        .unwrap();
    let started = updates.next().await.unwrap().unwrap();
    assert_eq!(updates.next().await.unwrap().unwrap()["kind"], "step");
    host.ask("run_stop", json!({"id": started["turn"]["run_id"]}))
        .await;
    let rest: Vec<_> = updates.map(|update| update.unwrap()).collect().await;
    assert_eq!(rest.last().unwrap()["turn"]["error"]["code"], "AWM-1006");
}

#[tokio::test]
async fn a_turn_that_a_crash_cut_off_is_closed() {
    let runs = Arc::new(MemoryRuns::default());
    let host = TestHost::with_runs(runs);
    let waiting = json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${AwmRecall}", "End": true}}});
    let session = session(&host, waiting).await;
    let request = json!({"session_id": session["id"], "text": "When?"});
    let updates = awm_commands::dispatch_stream(&host, "chat_send", request)
        .await
        .unwrap();
    // The work is never polled again: as if the process had ended.
    assert_eq!(awm_commands::recover(&host).await.unwrap(), 1);
    drop(updates);
    let transcript = host
        .ask("chat_session_get", json!({"id": session["id"]}))
        .await;
    assert_eq!(transcript["turns"][0]["error"]["code"], "AWM-1006");
}
