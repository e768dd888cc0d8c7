//! Runs: stored before shown, watched without gap, stopped, recovered.

use crate::{host::TestHost, world::FullRuns};
use awm_commands::Host;
use awm_memory::MemoryRuns;
use futures::StreamExt;
use serde_json::{Value, json};
use std::sync::{Arc, atomic::AtomicU64};

fn task(resource: &str) -> Value {
    json!({"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": resource, "End": true}}})
}

async fn start(host: &TestHost, definition: Value) -> String {
    let workflow_id = host.import(definition).await;
    let run = host
        .ask(
            "run_start",
            json!({"workflow_id": workflow_id, "input": {"n": 1}}),
        )
        .await;
    assert_eq!(run["status"], "RUNNING", "{run}");
    run["id"].as_str().unwrap().to_owned()
}

fn ids(updates: &[Value]) -> Vec<u64> {
    let events = updates.iter().filter(|update| update["kind"] == "event");
    events
        .map(|update| update["event"]["id"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn every_watcher_sees_every_event_once_whenever_it_comes() {
    let host = TestHost::new();
    let states: Value = (0..60)
        .map(|n| {
            (
                format!("S{n}"),
                json!({"Type": "Pass", "Next": format!("S{}", n + 1)}),
            )
        })
        .chain([(
            "S60".to_owned(),
            json!({"Type": "Task", "Resource": "${AwmRecall}", "Next": "Last"}),
        )])
        .chain([(
            "Last".to_owned(),
            json!({"Type": "Task", "Resource": "${AwmGenerate}", "End": true}),
        )])
        .collect::<serde_json::Map<_, _>>()
        .into();
    let id = start(&host, json!({"StartAt": "S0", "States": states})).await;
    let watch = |after: u64| {
        let host = host.clone();
        let request = json!({"id": id, "after": after});
        tokio::spawn(async move { host.follow("run_watch", request).await })
    };
    let mut watchers = vec![(0, watch(0)), (7, watch(7))];
    for turn in 0..40 {
        tokio::task::yield_now().await;
        if turn % 8 == 0 {
            watchers.push((0, watch(0)));
        }
    }
    host.tasks.go_on.notify_one();
    let mut all = None;
    for (after, watcher) in watchers {
        let updates = watcher.await.unwrap();
        let seen = ids(&updates);
        let last = *seen.last().unwrap();
        assert_eq!(
            seen,
            (after + 1..=last).collect::<Vec<_>>(),
            "in order, once, from {after}"
        );
        assert_eq!(*all.get_or_insert(last), last, "each sees the end");
        let end = updates.last().unwrap();
        assert_eq!(end["summary"]["status"], "SUCCEEDED");
        assert_eq!(end["output"]["answer"], "At noon [1]");
    }
    let run = host.ask("run_get", json!({"id": id})).await;
    assert_eq!(run["events"].as_array().unwrap().len() as u64, all.unwrap());
    assert_eq!(
        run["events"].as_array().unwrap().last().unwrap()["kind"],
        "ExecutionSucceeded"
    );
    assert_eq!(run["output"]["answer"], "At noon [1]");
}

#[tokio::test]
async fn text_comes_after_the_event_it_belongs_to_and_is_not_stored() {
    let host = TestHost::new();
    let id = start(&host, task("${AwmGenerate}")).await;
    let updates = host.follow("run_watch", json!({"id": id})).await;
    let entered = updates
        .iter()
        .position(|update| update["event"]["kind"] == "TaskStateEntered")
        .unwrap();
    let texts: Vec<_> = updates
        .iter()
        .enumerate()
        .filter(|(_, u)| u["kind"] == "progress")
        .collect();
    assert_eq!(
        texts
            .iter()
            .map(|(_, u)| u["text"].as_str().unwrap())
            .collect::<String>(),
        "At noon [1]"
    );
    assert!(texts.iter().all(|(at, _)| *at > entered));
    assert_eq!(texts[0].1["visit"], updates[entered]["event"]["id"]);
    let run = host.ask("run_get", json!({"id": id})).await;
    assert!(!run["events"].to_string().contains("progress"));
}

#[tokio::test]
async fn a_stopped_run_ends_as_aborted_and_stays_so() {
    let host = TestHost::new();
    let id = start(&host, task("${AwmRecall}")).await;
    let watcher = {
        let (host, request) = (host.clone(), json!({"id": id}));
        tokio::spawn(async move { host.follow("run_watch", request).await })
    };
    tokio::task::yield_now().await;
    let stopped = host.ask("run_stop", json!({"id": id})).await;
    assert_eq!(stopped["status"], "ABORTED", "{stopped}");
    let updates = watcher.await.unwrap();
    assert_eq!(updates.last().unwrap()["summary"], stopped);
    let last = &updates[updates.len() - 2];
    assert_eq!(last["event"]["kind"], "ExecutionAborted");
    assert_eq!(
        host.ask("run_stop", json!({"id": id})).await,
        stopped,
        "once is enough"
    );
    assert_eq!(
        host.ask("run_stop", json!({"id": "none"})).await["code"],
        "AWM-1003"
    );
}

#[tokio::test]
async fn a_definition_with_errors_is_kept_and_not_run() {
    let host = TestHost::new();
    let broken = json!({"StartAt": "None", "States": {
        "A": {"Type": "Pass", "Next": "Gone"}, "B": {"Type": "Task", "End": true},
    }});
    let workflow_id = host.import(broken).await;
    let answer = host
        .ask(
            "run_start",
            json!({"workflow_id": workflow_id, "input": {}}),
        )
        .await;
    assert_eq!(answer["code"], "AWM-3003");
    assert!(
        answer["path"].as_array().unwrap().len() >= 3,
        "all at once: {answer}"
    );
    assert!(
        answer["path"][0].as_str().unwrap().starts_with("1:"),
        "with line and column: {answer}"
    );
    let runs = host.ask("run_list", Value::Null).await;
    assert_eq!(runs["total"], 0);
}

#[tokio::test]
async fn mocks_of_the_request_stand_in_for_those_of_the_document() {
    let host = TestHost::new();
    let mut document = json!({"version": 1, "format": "json", "text": task("arn:aws:lambda:us-east-1:123456789012:function:none").to_string()});
    document["mocks"] = json!({"/States/Ask": {"kind": "return", "value": "own"}});
    for (mocks, status, output) in [
        (Value::Null, "SUCCEEDED", json!("own")),
        (
            json!({"/States/Ask": {"kind": "return", "value": [1]}}),
            "SUCCEEDED",
            json!([1]),
        ),
        (
            json!({"/States/Ask": {"kind": "fail", "error": "Boom"}}),
            "FAILED",
            Value::Null,
        ),
        (json!({}), "FAILED", Value::Null),
    ] {
        let request = json!({"name": "file.json", "document": document, "input": {}, "mocks": mocks, "source": "cli"});
        let run = host.ask("run_document", request).await;
        let updates = host.follow("run_watch", json!({"id": run["id"]})).await;
        let end = updates.last().unwrap();
        assert_eq!(end["summary"]["status"], status, "{end}");
        assert_eq!(end["output"], output);
        assert_eq!(end["summary"]["workflow_name"], "file.json");
    }
}

#[tokio::test]
async fn a_broken_task_ends_its_run_and_nothing_else() {
    let host = TestHost::new();
    let id = start(&host, task("${AwmEmbed}")).await;
    let updates = host.follow("run_watch", json!({"id": id})).await;
    let end = updates.last().unwrap();
    assert_eq!(end["summary"]["status"], "FAILED");
    assert_eq!(end["summary"]["error"], "Awm.Internal");
    let next = start(&host, task("${AwmGenerate}")).await;
    let updates = host.follow("run_watch", json!({"id": next})).await;
    assert_eq!(updates.last().unwrap()["summary"]["status"], "SUCCEEDED");
}

/// Whichever write is the first that finds the disk full: nothing is shown that is not stored, and no task is done whose
/// cause was not stored.
#[tokio::test]
async fn a_full_disk_ends_the_run_and_is_told() {
    for fail_at in 1..=6 {
        let runs = Arc::new(FullRuns {
            inner: MemoryRuns::default(),
            writes: AtomicU64::new(0),
            fail_at,
        });
        let host = TestHost::with_runs(runs.clone());
        let workflow_id = host.import(task("${AwmGenerate}")).await;
        let run = host
            .ask(
                "run_start",
                json!({"workflow_id": workflow_id, "input": {}}),
            )
            .await;
        if fail_at == 1 {
            assert_eq!(run["code"], "AWM-2003", "not even begun");
            assert!(host.tasks.done.lock().unwrap().is_empty());
            continue;
        }
        let request = json!({"id": run["id"]});
        let watched = awm_commands::dispatch_stream(&host, "run_watch", request.clone())
            .await
            .unwrap();
        let updates: Vec<_> = watched.collect().await;
        let stored = host.ask("run_get", request).await;
        let shown: Vec<_> = updates
            .iter()
            .filter_map(|update| update.as_ref().ok())
            .filter(|update| update["kind"] == "event")
            .map(|update| update["event"].clone())
            .collect();
        assert_eq!(
            Value::Array(shown),
            stored["events"],
            "shown is what is stored"
        );
        match updates.last().unwrap() {
            Ok(end) => assert_eq!(
                end["summary"]["status"], "SUCCEEDED",
                "at {fail_at} there was room"
            ),
            Err(error) => assert_eq!(error.code, awm_api::Code::DiskFull),
        }
    }
}

#[tokio::test]
async fn a_run_that_a_crash_cut_off_is_ended_at_the_next_start() {
    let runs = Arc::new(MemoryRuns::default());
    let first = TestHost::with_runs(runs.clone());
    let id = start(&first, task("${AwmRecall}")).await;
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    // Another process over the same store: there the run is not live.
    let second = TestHost::with_runs(runs);
    assert_eq!(awm_commands::recover(&second).await.unwrap(), 1);
    let run = second.ask("run_get", json!({"id": id})).await;
    assert_eq!(run["summary"]["status"], "ABORTED");
    assert_eq!(
        run["summary"]["cause"],
        "the application ended while the run went on"
    );
    let events = run["events"].as_array().unwrap();
    let last = events.last().unwrap();
    assert_eq!(last["kind"], "ExecutionAborted");
    assert_eq!(last["id"], events.len() as u64);
    assert_eq!(awm_commands::recover(&second).await.unwrap(), 0);
    assert!(
        second
            .ports()
            .runs
            .unfinished(second.tenant())
            .await
            .unwrap()
            .is_empty()
    );
}
