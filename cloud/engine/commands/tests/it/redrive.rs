//! Runs that are redriven, and those that can't be.

use crate::host::TestHost;
use awm_memory::MemoryRuns;
use serde_json::{Value, json};
use std::sync::Arc;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn document(resource: &str) -> Value {
    let definition = json!({ "StartAt": "First", "States": {
        "First": { "Type": "Task", "Resource": "${AwmGenerate}", "ResultPath": "$.first", "Next": "Second" },
        "Second": { "Type": "Task", "Resource": resource, "End": true },
    } });
    json!({ "version": 1, "format": "json", "text": definition.to_string() })
}

async fn start(host: &TestHost, resource: &str) -> Value {
    let request =
        json!({ "name": "two.json", "document": document(resource), "input": { "n": 1 } });
    host.ask("run_document", request).await["id"].clone()
}

async fn last(host: &TestHost, id: &Value) -> Value {
    let updates = host.follow("run_watch", json!({ "id": id })).await;
    updates.last().unwrap().clone()
}

#[tokio::test]
async fn a_failed_run_goes_on_in_itself() {
    let host = TestHost::new();
    let id = start(&host, "${AwmNothing}").await;
    let failed = last(&host, &id).await;
    assert_eq!(failed["summary"]["status"], "FAILED", "{failed}");
    let again =
        json!({ "id": id, "mocks": { "/States/Second": { "kind": "return", "value": "mended" } } });
    let answer = host.ask("run_redrive", again).await;
    assert_eq!(answer["status"], "RUNNING", "{answer}");
    assert_eq!(answer["id"], id);
    let end = last(&host, &id).await;
    assert_eq!(end["summary"]["status"], "SUCCEEDED", "{end}");
    assert_eq!(end["output"], "mended");
    assert_eq!(end["summary"].get("error"), None);
    let done = host.tasks.done.lock().unwrap().clone();
    assert_eq!(done, ["First", "Second"], "what was done is not done again");
    let run = host.ask("run_get", json!({ "id": id })).await;
    let events = run["events"].as_array().unwrap();
    let ids: Vec<u64> = events
        .iter()
        .map(|event| event["id"].as_u64().unwrap())
        .collect();
    assert_eq!(
        ids,
        (1..=ids.len() as u64).collect::<Vec<_>>(),
        "one history"
    );
    let redriven = events
        .iter()
        .find(|event| event["kind"] == "ExecutionRedriven")
        .unwrap();
    assert_eq!(redriven["details"], json!({ "redriveCount": 1 }));
}

#[tokio::test]
async fn what_can_not_be_redriven_is_refused_with_the_reason() {
    let host = TestHost::new();
    let succeeded = start(&host, "${AwmGenerate}").await;
    last(&host, &succeeded).await;
    let running = start(&host, "${AwmRecall}").await;
    let failed = start(&host, "${AwmNothing}").await;
    last(&host, &failed).await;
    for (id, why) in [(&succeeded, "it succeeded"), (&running, "it goes on")] {
        let answer = host.ask("run_redrive", json!({ "id": id })).await;
        assert_eq!(answer["code"], "AWM-1001", "{answer}");
        assert!(
            answer["message"].as_str().unwrap().ends_with(why),
            "{answer}"
        );
    }
    assert_eq!(
        host.ask("run_redrive", json!({ "id": "none" })).await["code"],
        "AWM-1003"
    );
    host.clock.advance(14 * DAY_MS + 1);
    let answer = host.ask("run_redrive", json!({ "id": failed })).await;
    let message = answer["message"].as_str().unwrap();
    assert!(
        message.ends_with("it ended more than 14 days ago"),
        "{answer}"
    );
    host.clock.advance(-1);
    let answer = host.ask("run_redrive", json!({ "id": failed })).await;
    assert_eq!(answer["status"], "RUNNING", "the last moment: {answer}");
}

#[tokio::test]
async fn a_run_that_a_crash_cut_off_goes_on() {
    let runs = Arc::new(MemoryRuns::default());
    let first = TestHost::with_runs(runs.clone());
    let id = start(&first, "${AwmRecall}").await;
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert_eq!(first.tasks.done.lock().unwrap().len(), 2);
    let second = TestHost::with_runs(runs);
    awm_commands::recover(&second).await.unwrap();
    second.tasks.go_on.notify_one();
    second.ask("run_redrive", json!({ "id": id })).await;
    let end = last(&second, &id).await;
    assert_eq!(end["summary"]["status"], "SUCCEEDED", "{end}");
    assert_eq!(*second.tasks.done.lock().unwrap(), ["Second"]);
}

#[tokio::test]
async fn a_stop_tells_its_error_and_cause() {
    let host = TestHost::new();
    let id = start(&host, "${AwmRecall}").await;
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    let stop = json!({ "id": id, "error": "Enough", "cause": "it took too long" });
    let stopped = host.ask("run_stop", stop).await;
    assert_eq!(stopped["status"], "ABORTED");
    assert_eq!(stopped["error"], "Enough");
    assert_eq!(stopped["cause"], "it took too long");
    let run = host.ask("run_get", json!({ "id": id })).await;
    let end = run["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        end["details"],
        json!({ "error": "Enough", "cause": "it took too long" })
    );
}
