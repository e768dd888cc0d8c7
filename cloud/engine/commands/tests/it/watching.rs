//! Watching a run that has ended, and one that a crash cut off.

use crate::host::TestHost;
use awm_api::runs::{RunEvent, RunSource, RunStatus, RunSummary};
use awm_commands::Host;
use awm_ports::{NewRun, RunEnd};
use serde_json::{Value, json};

fn event(id: u64) -> RunEvent {
    RunEvent {
        id,
        previous: id - 1,
        at: id as i64,
        kind: "PassStateEntered".into(),
        details: json!({}),
        visit: None,
    }
}

async fn stored(host: &TestHost, events: u64, ended: bool) {
    let (tenant, runs) = (host.tenant(), &host.ports().runs);
    let summary = RunSummary {
        id: "r".into(),
        workflow_id: "w".into(),
        workflow_name: "Flow".into(),
        revision: 1,
        status: RunStatus::Running,
        source: RunSource::Editor,
        started_at: 0,
        ended_at: None,
        events: 0,
        error: None,
        cause: None,
    };
    let run = NewRun {
        summary,
        document: json!({}),
        input: json!({}),
    };
    runs.create(tenant, run).await.unwrap();
    let events: Vec<_> = (1..=events).map(event).collect();
    runs.append(tenant, "r", &events).await.unwrap();
    if ended {
        let end = RunEnd {
            status: RunStatus::Succeeded,
            at: 9,
            output: Some(json!({"n": 1})),
            error: None,
            cause: None,
        };
        runs.finish(tenant, "r", &[], end).await.unwrap();
    }
}

#[tokio::test]
async fn an_ended_run_is_told_from_the_store() {
    let host = TestHost::new();
    stored(&host, 1203, true).await;
    for (after, expected) in [(0, 1203), (1000, 203), (1203, 0), (9999, 0)] {
        let told = host
            .follow("run_watch", json!({"id": "r", "after": after}))
            .await;
        let (last, events) = told.split_last().unwrap();
        assert_eq!(events.len(), expected, "after {after}");
        for (update, id) in events.iter().zip(after + 1..) {
            assert_eq!(
                update["event"]["id"], id,
                "in order, none twice, none left out"
            );
        }
        assert_eq!(last["kind"], "summary");
        assert_eq!(last["summary"]["status"], "SUCCEEDED");
        assert_eq!(last["output"], json!({"n": 1}));
    }
}

#[tokio::test]
async fn a_run_that_is_not_there_is_an_answer_and_no_item() {
    let host = TestHost::new();
    let answer = awm_commands::dispatch_stream(&host, "run_watch", json!({"id": "r"})).await;
    let error = answer.err().expect("there is no such run");
    assert_eq!(
        serde_json::to_value(error).unwrap()["code"],
        Value::from("AWM-1003")
    );
}
