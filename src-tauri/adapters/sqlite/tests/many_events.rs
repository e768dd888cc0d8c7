//! A run with as many events as Step Functions allows stays quick.
#![cfg(test)]

use awm_api::runs::{RunEvent, RunSource, RunStatus, RunSummary};
use awm_ports::{NewRun, Runs};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn middle(took: &[Duration]) -> Duration {
    let mut took = took.to_vec();
    took.sort();
    took[took.len() / 2]
}

#[tokio::test]
async fn twenty_five_thousand_events_are_appended_and_read_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db")).unwrap();
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
    store.create(&tenant, run).await.unwrap();
    let event = |id| RunEvent {
        id,
        previous: id - 1,
        at: 0,
        kind: "PassStateEntered".into(),
        details: json!({"name": "Ask", "input": "{\"n\": 1}"}),
        visit: None,
    };
    let began = Instant::now();
    let mut took = Vec::new();
    for batch in 0..500 {
        let events: Vec<_> = (batch * 50 + 1..=batch * 50 + 50).map(event).collect();
        let began = Instant::now();
        store.append(&tenant, "r", &events).await.unwrap();
        took.push(began.elapsed());
    }
    let (first, last) = (middle(&took[..100]), middle(&took[400..]));
    println!("50 events are appended in {first:?} at first and in {last:?} in the end");
    // A loaded machine may make it somewhat longer; work that grew with the history would take nine times as long.
    assert!(last < first * 4, "{first:?} became {last:?}");
    let (mut after, mut parts) = (0, 0);
    loop {
        let part = store.events(&tenant, "r", after, 500).await.unwrap();
        let Some(last) = part.last() else { break };
        after = last.id;
        parts += 1;
    }
    assert_eq!((after, parts), (25_000, 50));
    // Far above what it takes (two seconds on one slow core): it fails when the work grows with the run's length.
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
}
