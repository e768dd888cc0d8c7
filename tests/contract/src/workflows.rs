//! What any [`Workflows`] keeps to.

use awm_api::workflows::WorkflowKind;
use awm_ports::{StoreError, StoredWorkflow, Workflows};
use awm_tenancy::TenantId;
use serde_json::{Value, json};

/// Runs the suite on an empty store.
pub async fn workflows(store: &dyn Workflows) -> Result<(), StoreError> {
    revisions(store).await?;
    deletion(store).await
}

fn workflow(id: &str, edited_at: i64) -> StoredWorkflow {
    StoredWorkflow {
        id: id.into(),
        name: format!("Name of {id}"),
        kind: WorkflowKind::Chat,
        revision: 1,
        states: 3,
        problems: 1,
        edited_at,
        document: json!({"version": 1, "text": "{\"ö\": 1.0}", "z": 1, "a": [null]}),
    }
}

async fn revisions(store: &dyn Workflows) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store.create(&tenant, workflow("a", 1)).await?;
    store.create(&tenant, workflow("b", 2)).await?;
    assert_eq!(store.get(&tenant, "a").await?, workflow("a", 1));

    let edited = StoredWorkflow {
        edited_at: 3,
        document: json!({"version": 1, "text": "second"}),
        ..workflow("a", 1)
    };
    assert_eq!(store.save(&tenant, edited.clone(), 1).await?, 2);
    let stored = store.get(&tenant, "a").await?;
    assert_eq!((stored.revision, &stored.document), (2, &edited.document));
    let first = store.revision(&tenant, "a", 1).await?;
    assert_eq!(first, workflow("a", 1).document, "old revisions stay");

    let late = store.save(&tenant, edited, 1).await;
    assert!(
        matches!(
            &late,
            Err(StoreError::Conflict {
                base: 1,
                newest: 2,
                ..
            })
        ),
        "a save that began from an old revision is refused: {late:?}"
    );

    let ids: Vec<_> = store.list(&tenant).await?;
    assert!(ids.iter().all(|row| row.document == Value::Null));
    let ids: Vec<_> = ids.into_iter().map(|row| row.id).collect();
    assert_eq!(ids, ["a", "b"], "newest edit first");

    store.rename(&tenant, "b", "Other").await?;
    let renamed = store.get(&tenant, "b").await?;
    assert_eq!((renamed.name.as_str(), renamed.revision), ("Other", 1));
    Ok(())
}

async fn deletion(store: &dyn Workflows) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store.create(&tenant, workflow("gone", 9)).await?;
    store.delete(&tenant, "gone", 100).await?;
    let missing = |answer: Result<StoredWorkflow, StoreError>| {
        matches!(
            answer,
            Err(StoreError::NotFound {
                what: "workflow",
                ..
            })
        )
    };
    assert!(missing(store.get(&tenant, "gone").await));
    assert!(
        store
            .list(&tenant)
            .await?
            .iter()
            .all(|row| row.id != "gone")
    );
    assert!(store.save(&tenant, workflow("gone", 9), 1).await.is_err());
    assert!(store.rename(&tenant, "gone", "x").await.is_err());
    assert!(store.delete(&tenant, "gone", 101).await.is_err());

    assert_eq!(
        store.purge(&tenant, 100).await?,
        0,
        "deleted at 100 is not before 100"
    );
    store.restore(&tenant, "gone").await?;
    assert_eq!(store.get(&tenant, "gone").await?, workflow("gone", 9));

    store.delete(&tenant, "gone", 100).await?;
    assert_eq!(store.purge(&tenant, 101).await?, 1);
    assert!(store.restore(&tenant, "gone").await.is_err());
    assert!(store.revision(&tenant, "gone", 1).await.is_err());
    assert!(store.restore(&tenant, "never").await.is_err());
    Ok(())
}
