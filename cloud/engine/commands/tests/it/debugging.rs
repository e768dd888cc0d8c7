//! Sessions over the table.

use crate::host::TestHost;
use serde_json::{Value, json};

fn start() -> Value {
    let definition = json!({ "StartAt": "Ask", "States": {
        "Ask": { "Type": "Task", "Resource": "${AwmGenerate}", "ResultSelector": { "answer.$": "$.answer" }, "Next": "Last" },
        "Last": { "Type": "Wait", "Seconds": 3600, "Next": "Nothing" },
        "Nothing": { "Type": "Task", "Resource": "${AwmNothing}", "End": true },
    } });
    json!({
        "document": { "version": 1, "format": "json", "text": definition.to_string() },
        "name": "ask.json",
        "input": { "n": 1 },
        "breakpoints": [
            { "kind": "result", "state": "/States/Ask" },
            { "kind": "error", "name": "Awm.ServiceFailed" },
        ],
    })
}

async fn act(host: &TestHost, id: &Value, action: Value) -> Value {
    let request = json!({ "id": id, "action": action });
    host.ask("debug_command", request).await
}

#[tokio::test]
async fn a_run_is_held_changed_and_taken_back() {
    let host = TestHost::new();
    let begun = host.ask("debug_start", start()).await;
    assert_eq!(begun["status"], "held", "{begun}");
    assert_eq!(begun["reason"], json!({ "kind": "start" }));
    let id = &begun["id"];
    let line = &begun["threads"][0];
    assert_eq!(line["place"], "entering");
    assert_eq!(
        line["data"]["arguments"],
        json!({ "n": 1 }),
        "what the task would get"
    );
    assert!(
        host.tasks.done.lock().unwrap().is_empty(),
        "nothing is done for that"
    );

    let held = act(&host, id, json!({ "kind": "continue" })).await;
    assert_eq!(
        held["reason"],
        json!({ "kind": "breakpoint", "id": 1 }),
        "{held}"
    );
    assert_eq!(
        held["threads"][0]["answer"]["value"]["answer"],
        "At noon [1]"
    );
    let request = json!({ "id": id, "expression": "$states.result.answer & '!'" });
    let value = host.ask("debug_evaluate", request).await;
    assert_eq!(value["value"], "At noon [1]!");
    let value = json!({ "kind": "set_result", "value": { "answer": "changed" } });
    act(&host, id, value).await;

    let held = act(&host, id, json!({ "kind": "continue" })).await;
    assert_eq!(held["reason"]["kind"], "error", "{held}");
    assert_eq!(held["reason"]["error"], "Awm.ServiceFailed");
    assert_eq!(held["threads"][0]["input"], json!({ "answer": "changed" }));
    let value = json!({ "kind": "set_result", "value": "mended" });
    act(&host, id, value).await;
    let end = act(&host, id, json!({ "kind": "continue" })).await;
    assert_eq!(end["status"], "ended", "{end}");
    assert_eq!(
        end["outcome"],
        json!({ "status": "SUCCEEDED", "output": "mended" })
    );

    let back = act(&host, id, json!({ "kind": "back", "states": 1 })).await;
    assert_eq!(
        (&back["status"], &back["rewound"]),
        (&json!("held"), &json!(1))
    );
    let later = json!({ "id": id, "after": back["newest"] });
    assert_eq!(host.ask("debug_state", later).await["events"], json!([]));
    assert_eq!(
        host.ask("debug_stop", json!({ "id": id })).await,
        json!({ "stopped": true })
    );
    assert_eq!(
        host.ask("debug_stop", json!({ "id": id })).await,
        json!({ "stopped": false })
    );
    assert_eq!(
        host.ask("debug_state", json!({ "id": id })).await["code"],
        "AWM-1003"
    );
    let runs = host.ask("run_list", Value::Null).await;
    assert_eq!(runs["total"], 0, "nothing of it is stored");
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let host = TestHost::new();
    for (change, code) in [
        (json!({ "document": null }), "AWM-1001"),
        (
            json!({ "workflow_id": "none", "document": null }),
            "AWM-1003",
        ),
        (json!({ "workflow_id": "none" }), "AWM-1001"),
        (json!({ "start_at": "/States/Nowhere" }), "AWM-1001"),
        (
            json!({ "breakpoints": [{ "kind": "nowhere" }] }),
            "AWM-1001",
        ),
        (
            json!({ "document": { "version": 1, "format": "json", "text": "{}" } }),
            "AWM-3003",
        ),
    ] {
        let mut request = start();
        request
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let answer = host.ask("debug_start", request).await;
        assert_eq!(answer["code"], code, "{change}: {answer}");
    }
    let begun = host.ask("debug_start", start()).await;
    for action in [
        json!({ "kind": "run_to", "state": "/States/Nowhere" }),
        json!({ "kind": "select", "thread": 77 }),
        json!({ "kind": "go_to", "event": 99 }),
        json!({ "kind": "fly" }),
    ] {
        let answer = act(&host, &begun["id"], action.clone()).await;
        assert_eq!(answer["code"], "AWM-1001", "{action}: {answer}");
    }
}

#[tokio::test]
async fn a_session_is_ended_while_it_goes() {
    let host = TestHost::new();
    let mut request = start();
    let text = request["document"]["text"]
        .as_str()
        .unwrap()
        .replace("AwmGenerate", "AwmRecall");
    request["document"]["text"] = json!(text);
    let id = host.ask("debug_start", request).await["id"].clone();
    let going = {
        let (host, id) = (host.clone(), id.clone());
        tokio::spawn(async move { act(&host, &id, json!({ "kind": "continue" })).await })
    };
    while host.tasks.done.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let looked = host.ask("debug_state", json!({ "id": id })).await;
    assert_eq!(looked["status"], "running");
    host.ask("debug_stop", json!({ "id": id })).await;
    let answer = going.await.unwrap();
    assert_eq!(answer["message"], "the session is over", "{answer}");
}

#[tokio::test]
async fn sessions_are_few() {
    let host = TestHost::new();
    let mut ids = Vec::new();
    for _ in 0..17 {
        ids.push(host.ask("debug_start", start()).await["id"].clone());
        // The first one is asked again and again.
        host.ask("debug_state", json!({ "id": ids[0] })).await;
    }
    let gone = host.ask("debug_state", json!({ "id": ids[1] })).await;
    assert_eq!(
        gone["code"], "AWM-1003",
        "the one that was asked least lately made room"
    );
    for id in [&ids[0], &ids[2], &ids[16]] {
        assert_eq!(
            host.ask("debug_state", json!({ "id": id })).await["status"],
            "held"
        );
    }
}
