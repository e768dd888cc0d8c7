//! What is stored of workflows, runs, conversations and settings: a difference here means that a migration is due.
#![cfg(test)]

use awm_api::{
    runs::{RunEvent, RunSource, RunStatus, RunSummary, Visit},
    settings::{Model, ModelKind, Settings},
    workflows::WorkflowKind,
};
use awm_ports::{
    Memory as _, MemoryTurn, NewRun, RunEnd, Runs as _, SettingsStore, StoredWorkflow, Workflows,
};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use std::sync::Arc;

fn open() -> (tempfile::TempDir, Arc<Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db")).unwrap();
    (folder, store)
}

/// All rows of a table as objects.
async fn rows(store: &Store, table: &'static str) -> Value {
    store
        .read(move |db| {
            let mut query = db.prepare(&format!("SELECT * FROM {table}"))?;
            let names: Vec<String> = query.column_names().iter().map(|n| n.to_string()).collect();
            let mut found = Vec::new();
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let fields = names.iter().enumerate().map(|(i, name)| {
                    let value = match row.get_ref(i).unwrap() {
                        ValueRef::Integer(n) => json!(n),
                        ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
                        _ => Value::Null,
                    };
                    (name.clone(), value)
                });
                found.push(Value::Object(fields.collect()));
            }
            Ok(Value::Array(found))
        })
        .await
        .unwrap()
}

fn run() -> NewRun {
    NewRun {
        summary: RunSummary {
            id: "r1".into(),
            workflow_id: "w1".into(),
            workflow_name: "Support bot".into(),
            revision: 2,
            status: RunStatus::Running,
            source: RunSource::Editor,
            started_at: 1_000,
            ended_at: None,
            events: 0,
            error: None,
            cause: None,
        },
        document: json!({"version": 1, "format": "json", "text": "{}"}),
        input: json!({"b": 1, "a": 2.5}),
    }
}

fn event(id: u64) -> RunEvent {
    RunEvent {
        id,
        previous: id - 1,
        at: 1_000 + id as i64,
        kind: "PassStateEntered".into(),
        details: json!({"name": "Ask", "input": "{}"}),
        visit: Some(Visit {
            id,
            state: "/States/Ask".into(),
            name: "Ask".into(),
            within: vec![0, 2],
            data: None,
        }),
    }
}

#[tokio::test]
async fn a_workflow_is_stored_as_a_row_and_a_document_per_revision() {
    let (_folder, store) = open();
    let tenant = TenantId::local();
    let workflow = StoredWorkflow {
        id: "w1".into(),
        name: "Support bot".into(),
        kind: WorkflowKind::Chat,
        revision: 1,
        states: 3,
        problems: 0,
        edited_at: 1_000,
        document: json!({"version": 1, "format": "json", "text": "{ }"}),
    };
    Workflows::create(&*store, &tenant, workflow.clone())
        .await
        .unwrap();
    Workflows::save(&*store, &tenant, workflow, 1)
        .await
        .unwrap();
    insta::assert_json_snapshot!(rows(&store, "workflows").await);
    insta::assert_json_snapshot!(rows(&store, "workflow_revisions").await);
}

#[tokio::test]
async fn a_run_is_stored_as_a_row_and_a_row_per_event() {
    let (_folder, store) = open();
    let tenant = TenantId::local();
    awm_ports::Runs::create(&*store, &tenant, run())
        .await
        .unwrap();
    store.append(&tenant, "r1", &[event(1)]).await.unwrap();
    let end = RunEnd {
        status: RunStatus::Failed,
        at: 2_000,
        output: None,
        error: Some("States.TaskFailed".into()),
        cause: Some("no".into()),
    };
    store.finish(&tenant, "r1", &[event(2)], end).await.unwrap();
    insta::assert_json_snapshot!(rows(&store, "runs").await);
    insta::assert_json_snapshot!(rows(&store, "run_events").await);
}

#[tokio::test]
async fn memory_is_stored_with_its_end() {
    let (_folder, store) = open();
    let turn = MemoryTurn {
        role: "user".into(),
        text: "Hello".into(),
        at: 1_000,
        expires_at: 61_000,
    };
    store
        .remember(&TenantId::local(), "s1", turn)
        .await
        .unwrap();
    insta::assert_json_snapshot!(rows(&store, "memory_turns").await);
}

#[tokio::test]
async fn the_models_key_is_nowhere() {
    let (folder, store) = open();
    let tenant = TenantId::local();
    let settings = Settings {
        models: vec![Model {
            kind: ModelKind::OpenAiCompatible,
            base_url: "https://models.example/v1".into(),
            name: "small".into(),
            api_key: Some("sk-0123456789abcdef".into()),
            ..Model::default()
        }],
        ..Settings::default()
    };
    SettingsStore::save(&*store, &tenant, &settings)
        .await
        .unwrap();
    insta::assert_json_snapshot!(rows(&store, "settings").await);

    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(7).any(|part| part == b"sk-0123");
        assert!(!found, "{}", path.display());
    }
}

#[tokio::test]
async fn a_store_of_the_first_version_gets_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("awm.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(include_str!("../migrations/0001_library.sql"))
        .unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
    db.execute("INSERT INTO sources VALUES ('t', 's', 'Handbook', 1)", [])
        .unwrap();
    drop(db);

    let store = Store::open(&path).unwrap();
    awm_ports::Runs::create(&*store, &TenantId::local(), run())
        .await
        .unwrap();
    let sources = rows(&store, "sources").await;
    assert_eq!(sources[0]["name"], "Handbook", "what was there stays");
}
