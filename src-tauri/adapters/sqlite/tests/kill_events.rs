//! A process that is killed while it appends loses nothing that was acknowledged.
#![cfg(test)]

use awm_api::runs::{RunEvent, RunSource, RunStatus, RunSummary};
use awm_ports::{NewRun, Runs};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

/// The child: appends until it is killed, and acknowledges each event on its standard output.
const CHILD: &str = "AWM_KILL_EVENTS_STORE";

#[tokio::test]
async fn child() {
    let Ok(path) = std::env::var(CHILD) else {
        // The test below starts this one again with the variable set.
        return;
    };
    let store = Store::open(path).unwrap();
    let tenant = TenantId::local();
    let first = store.summary(&tenant, "r").await.unwrap().events + 1;
    for id in first.. {
        let event = RunEvent {
            id,
            previous: id - 1,
            at: id as i64,
            kind: "PassStateEntered".into(),
            details: json!({"filling": "x".repeat(300)}),
            visit: None,
        };
        store.append(&tenant, "r", &[event]).await.unwrap();
        writeln!(std::io::stdout(), "stored {id}").unwrap();
    }
}

#[tokio::test]
async fn every_acknowledged_event_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("awm.db");
    let tenant = TenantId::local();
    let summary = RunSummary {
        id: "r".into(),
        workflow_id: "w".into(),
        workflow_name: "w".into(),
        revision: 1,
        status: RunStatus::Running,
        source: RunSource::Cli,
        started_at: 0,
        ended_at: None,
        events: 0,
        error: None,
        cause: None,
    };
    let run = NewRun {
        summary,
        document: Value::Null,
        input: Value::Null,
    };
    Store::open(&path)
        .unwrap()
        .create(&tenant, run)
        .await
        .unwrap();

    let mut acknowledged = 0;
    for round in 0u64..20 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // The moment differs from round to round: after so many acknowledgements, at any point of the next append.
        let mut wanted = 1 + (round * 7) % 23;
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in lines.by_ref() {
            if let Some((_, id)) = line.unwrap().rsplit_once("stored ") {
                acknowledged = id.trim().parse().unwrap();
                wanted -= 1;
                if wanted == 0 {
                    break;
                }
            }
        }
        child.kill().unwrap();
        for line in lines.map_while(Result::ok) {
            if let Some((_, id)) = line.rsplit_once("stored ") {
                acknowledged = id.trim().parse().unwrap_or(acknowledged);
            }
        }
        child.wait().unwrap();

        let store = Store::open(&path).unwrap();
        let events = store.events(&tenant, "r", 0, u32::MAX).await.unwrap();
        let row = store.summary(&tenant, "r").await.unwrap();
        assert!(
            events.len() as u64 >= acknowledged,
            "round {round}: an acknowledged event is gone"
        );
        assert_eq!(
            events.len() as u64,
            row.events,
            "round {round}: the row counts its events"
        );
        assert!(
            events.iter().zip(1..).all(|(event, id)| event.id == id),
            "no gap"
        );
    }
    assert!(acknowledged >= 20, "the children did work");
}
