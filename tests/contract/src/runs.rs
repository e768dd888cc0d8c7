//! What any [`Runs`] keeps to.

use awm_api::{
    PageRequest, Sort,
    runs::{RunEvent, RunList, RunSource, RunStatus, RunSummary},
};
use awm_ports::{NewRun, RunEnd, Runs, RunsDeleted, StoreError};
use awm_tenancy::TenantId;
use serde_json::{Value, json};

/// Runs the suite on an empty store.
pub async fn runs(store: &dyn Runs) -> Result<(), StoreError> {
    events(store).await?;
    lists(store).await?;
    reopened(store).await?;
    deleted(store).await
}

async fn deleted(store: &dyn Runs) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for id in ["gone", "stays"] {
        store.create(&tenant, new_run(id, "deleted", 1)).await?;
        store.append(&tenant, id, &[event(1), event(2)]).await?;
    }
    let ids = ["gone".to_owned(), "never was".to_owned()];
    let other = TenantId::of_profile("other000000000000000000000").unwrap_or(TenantId::local());
    assert_eq!(
        store.delete(&other, &ids).await?,
        RunsDeleted::default(),
        "another tenant's runs stay"
    );
    let deleted = store.delete(&tenant, &ids).await?;
    assert_eq!(deleted, RunsDeleted { runs: 1, events: 2 });
    assert!(store.events(&tenant, "gone", 0, 9).await.is_err());
    assert!(store.get(&tenant, "gone").await.is_err());
    assert_eq!(store.events(&tenant, "stays", 0, 9).await?.len(), 2);
    assert_eq!(store.delete(&tenant, &["stays".to_owned()]).await?.runs, 1);
    Ok(())
}

async fn reopened(store: &dyn Runs) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let other = |id| new_run(id, "reopened", 1);
    store.create(&tenant, other("again")).await?;
    let answer = store.reopen(&tenant, "again").await;
    assert!(
        matches!(&answer, Err(StoreError::Conflict { .. })),
        "a run that goes on is not reopened: {answer:?}"
    );
    let failed = end(RunStatus::Failed);
    store.finish(&tenant, "again", &[event(1)], failed).await?;
    let row = store.reopen(&tenant, "again").await?;
    assert_eq!(row.status, RunStatus::Running);
    assert_eq!((row.ended_at, row.error, row.cause), (None, None, None));
    assert_eq!(row.events, 1, "what happened stays");
    store.append(&tenant, "again", &[event(2)]).await?;
    let well = end(RunStatus::Succeeded);
    store.finish(&tenant, "again", &[event(3)], well).await?;
    let answer = store.reopen(&tenant, "again").await;
    assert!(
        matches!(&answer, Err(StoreError::Conflict { .. })),
        "a run that succeeded is not reopened: {answer:?}"
    );
    let answer = store.reopen(&tenant, "none").await;
    assert!(
        matches!(&answer, Err(StoreError::NotFound { .. })),
        "{answer:?}"
    );
    Ok(())
}

fn new_run(id: &str, workflow: &str, started_at: i64) -> NewRun {
    NewRun {
        summary: RunSummary {
            id: id.into(),
            workflow_id: workflow.into(),
            workflow_name: format!("Workflow {workflow}"),
            revision: 4,
            status: RunStatus::Running,
            source: RunSource::Editor,
            started_at,
            ended_at: None,
            events: 0,
            error: None,
            cause: None,
        },
        document: json!({"text": "{}"}),
        input: json!({"z": 1, "a": [1.5, null, "ö"]}),
    }
}

fn event(id: u64) -> RunEvent {
    RunEvent {
        id,
        previous: id.saturating_sub(1),
        at: 10,
        kind: "PassStateEntered".into(),
        details: json!({"name": "Ask"}),
        visit: None,
    }
}

fn end(status: RunStatus) -> RunEnd {
    let failed = status == RunStatus::Failed;
    RunEnd {
        status,
        at: 50,
        output: (!failed).then(|| json!({"answer": null})),
        error: failed.then(|| "Awm.ModelUnreachable".to_owned()),
        cause: failed.then(|| "nobody there".to_owned()),
    }
}

async fn events(store: &dyn Runs) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store.create(&tenant, new_run("r", "w", 1)).await?;
    store.append(&tenant, "r", &[event(1), event(2)]).await?;
    store.append(&tenant, "r", &[]).await?;
    for wrong in [vec![event(2)], vec![event(4)], vec![event(3), event(5)]] {
        let answer = store.append(&tenant, "r", &wrong).await;
        assert!(
            matches!(&answer, Err(StoreError::Conflict { newest: 2, .. })),
            "ids go on without a gap: {answer:?}"
        );
    }
    assert_eq!(store.events(&tenant, "r", 0, 1).await?, [event(1)]);
    assert_eq!(
        store.events(&tenant, "r", 1, 9).await?,
        [event(2)],
        "all or none"
    );
    assert_eq!(store.events(&tenant, "r", 2, 9).await?, []);
    assert_eq!(store.summary(&tenant, "r").await?.events, 2);
    let unfinished = store.unfinished(&tenant).await?;
    assert_eq!(unfinished.len(), 1);

    let row = store
        .finish(&tenant, "r", &[event(3)], end(RunStatus::Succeeded))
        .await?;
    assert_eq!(
        (row.status, row.ended_at, row.events),
        (RunStatus::Succeeded, Some(50), 3)
    );
    let (summary, document, input, output) = store.get(&tenant, "r").await?;
    assert_eq!(summary, row);
    assert_eq!(document, json!({"text": "{}"}));
    assert_eq!(
        input.to_string(),
        r#"{"z":1,"a":[1.5,null,"ö"]}"#,
        "order stays"
    );
    assert_eq!(output, Some(json!({"answer": null})));
    assert!(
        store.append(&tenant, "r", &[event(4)]).await.is_err(),
        "an ended run takes no more"
    );
    assert!(
        store
            .finish(&tenant, "r", &[], end(RunStatus::Failed))
            .await
            .is_err()
    );
    assert_eq!(store.unfinished(&tenant).await?, []);

    store.create(&tenant, new_run("null", "w", 1)).await?;
    let null = RunEnd {
        output: Some(Value::Null),
        ..end(RunStatus::Succeeded)
    };
    store.finish(&tenant, "null", &[], null).await?;
    assert_eq!(
        store.get(&tenant, "null").await?.3,
        Some(Value::Null),
        "null is an output"
    );

    for answer in [
        store.summary(&tenant, "no").await.map(drop),
        store.get(&tenant, "no").await.map(drop),
        store.events(&tenant, "no", 0, 1).await.map(drop),
        store.append(&tenant, "no", &[event(1)]).await,
        store
            .finish(&tenant, "no", &[], end(RunStatus::Failed))
            .await
            .map(drop),
    ] {
        assert!(matches!(
            answer,
            Err(StoreError::NotFound { what: "run", .. })
        ));
    }
    Ok(())
}

async fn lists(store: &dyn Runs) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for (id, workflow, started_at) in [("a1", "a", 1_001), ("a2", "a", 1_002), ("b1", "b", 1_003)] {
        store
            .create(&tenant, new_run(id, workflow, started_at))
            .await?;
    }
    store.append(&tenant, "a2", &[event(1)]).await?;
    store
        .finish(&tenant, "a1", &[], end(RunStatus::Failed))
        .await?;
    let latest = store.latest(&tenant).await?;
    let mut latest: Vec<_> = latest.into_iter().map(|run| run.id).collect();
    latest.retain(|id| id.starts_with(['a', 'b']));
    assert_eq!(latest, ["b1", "a2"]);

    let since = RunList {
        since: Some(1_000),
        ..RunList::default()
    };
    let by = |by: &str, descending| PageRequest {
        sort: Some(Sort {
            by: by.into(),
            descending,
        }),
        ..PageRequest::default()
    };
    for (filter, expected) in [
        (since.clone(), "b1 a2 a1"),
        (
            RunList {
                workflow_id: Some("a".into()),
                ..since.clone()
            },
            "a2 a1",
        ),
        (
            RunList {
                status: Some(RunStatus::Failed),
                ..since.clone()
            },
            "a1",
        ),
        (
            RunList {
                source: Some(RunSource::Chat),
                ..since.clone()
            },
            "",
        ),
        (
            RunList {
                since: Some(1_002),
                ..since.clone()
            },
            "b1 a2",
        ),
        (
            RunList {
                text: "MODELUNREACH".into(),
                ..since.clone()
            },
            "a1",
        ),
        (
            RunList {
                text: "workflow B".into(),
                ..since.clone()
            },
            "b1",
        ),
        (
            RunList {
                text: "100%".into(),
                ..since.clone()
            },
            "",
        ),
        (
            RunList {
                page: by("started_at", false),
                ..since.clone()
            },
            "a1 a2 b1",
        ),
        (
            RunList {
                page: by("events", true),
                ..since.clone()
            },
            "a2 b1 a1",
        ),
        (
            RunList {
                page: by("workflow_name", false),
                ..since.clone()
            },
            "a2 a1 b1",
        ),
        (
            RunList {
                page: by("id; DROP TABLE runs", false),
                ..since.clone()
            },
            "b1 a2 a1",
        ),
    ] {
        let page = store.list(&tenant, &filter).await?;
        let ids: Vec<_> = page.items.iter().map(|run| run.id.as_str()).collect();
        assert_eq!(ids.join(" "), expected, "{filter:?}");
        assert_eq!((page.total, page.next), (ids.len() as u64, None));
    }

    let page = |offset| RunList {
        page: PageRequest {
            offset,
            limit: 2,
            sort: None,
        },
        ..since.clone()
    };
    let first = store.list(&tenant, &page(0)).await?;
    assert_eq!(
        (first.items.len(), first.total, first.next),
        (2, 3, Some(2))
    );
    let last = store.list(&tenant, &page(2)).await?;
    assert_eq!((last.items.len(), last.total, last.next), (1, 3, None));
    let beyond = store.list(&tenant, &page(u64::MAX)).await?;
    assert_eq!(
        (beyond.items.len(), beyond.total, beyond.next),
        (0, 3, None)
    );
    Ok(())
}
