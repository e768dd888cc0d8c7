//! Sources, the queue and its rows.

use super::{found, new, passage, query};
use awm_api::{
    Code, PageRequest, Sort,
    knowledge::{DocumentList, DocumentState, Failure},
};
use awm_ports::{KEPT, Library, NewDocument, StoreError};
use awm_tenancy::TenantId;

pub(super) async fn sources(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    assert!(store.sources(&tenant).await?.is_empty());
    let first = store.create_source(&tenant, "s1", "Handbook", 1).await?;
    assert_eq!((first.id.as_str(), first.documents), ("s1", 0));
    let same = store.create_source(&tenant, "s9", "Handbook", 2).await?;
    assert_eq!(same.id, "s1", "a name is taken once");
    store.create_source(&tenant, "s2", "archive", 1).await?;
    let names: Vec<_> = store
        .sources(&tenant)
        .await?
        .into_iter()
        .map(|s| s.name)
        .collect();
    assert_eq!(names, ["archive", "Handbook"]);
    assert_eq!(
        store.rename_source(&tenant, "s2", "Archive").await?.name,
        "Archive"
    );
    let taken = store.rename_source(&tenant, "s2", "Handbook").await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })));
    let unknown = store.rename_source(&tenant, "nope", "x").await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
    Ok(())
}

pub(super) async fn queue(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let nowhere = store.enqueue(&tenant, new("x", "nope", "a", "h", 1)).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound { .. })));
    assert!(
        store
            .enqueue(&tenant, new("a", "s1", "a.md", "h1", 10))
            .await?
    );
    assert!(
        !store
            .enqueue(&tenant, new("x", "s1", "a.md", "h1", 11))
            .await?,
        "the same content at the same path"
    );
    let batch = vec![
        new("b", "s1", "b.md", "h2", 12),
        new("c", "s1", "c.md", "h3", 13),
    ];
    assert_eq!(store.enqueue_all(&tenant, batch).await?, [true, true]);

    let claimed = store
        .claim(&tenant, 20)
        .await?
        .map(|d| (d.id, d.state, d.path));
    assert_eq!(
        claimed,
        Some(("a".into(), DocumentState::Extracting, "/docs/a.md".into())),
        "the oldest first"
    );
    let counts = store.counts(&tenant).await?;
    assert_eq!((counts.total, counts.done, counts.failed), (3, 0, 0));
    assert_eq!(store.recover(&tenant).await?, 1);
    assert_eq!(
        store.claim(&tenant, 21).await?.map(|d| d.id),
        Some("a".into())
    );

    let failure = Failure {
        code: Code::FileCorrupt,
        message: "broken".into(),
        help: "mend it".into(),
    };
    let failed = store.fail(&tenant, "a", failure.clone(), 22).await?;
    assert_eq!(
        (failed.state, failed.failure),
        (DocumentState::Failed, Some(failure))
    );
    let counts = store.counts(&tenant).await?;
    assert_eq!((counts.total, counts.done, counts.failed), (3, 1, 1));
    assert!(
        store
            .enqueue(&tenant, new("x", "s1", "a.md", "h1", 23))
            .await?,
        "a failed one is tried again"
    );
    assert_eq!(store.document(&tenant, "a").await?.failure, None);

    assert_eq!(store.cancel_queued(&tenant).await?, 3);
    assert_eq!(store.claim(&tenant, 24).await?, None);
    assert!(
        store
            .enqueue(&tenant, new("a", "s1", "a.md", "h1", 30))
            .await?
    );
    assert_eq!(
        store.counts(&tenant).await?.total,
        1,
        "an empty queue begins a new batch"
    );
    store.cancel_queued(&tenant).await?;
    Ok(())
}

pub(super) async fn same_names(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    let at = |id: &str, path: &str, hash: &str| NewDocument {
        path: path.into(),
        ..new(id, "s2", "report.md", hash, 40)
    };
    assert!(
        store
            .enqueue(&tenant, at("n1", "/x/report.md", "h1"))
            .await?
    );
    assert!(
        !store
            .enqueue(&tenant, at("n2", "/y/report.md", "h1"))
            .await?,
        "the same name and content"
    );
    assert!(
        store
            .enqueue(&tenant, at("n3", "/y/report.md", "h2"))
            .await?
    );
    assert_eq!(
        store.document(&tenant, "n3").await?.name,
        "report.md (2)",
        "another file of the same name"
    );
    assert!(
        store
            .enqueue(&tenant, at("n4", "/y/report.md", "h3"))
            .await?
    );
    assert_eq!(
        store.document(&tenant, "n3").await?.state,
        DocumentState::Queued,
        "changed content takes its row"
    );

    let upload = |id: &str, hash: &str| NewDocument {
        path: format!("{KEPT}{hash}"),
        ..new(id, "s2", "upload.md", hash, 41)
    };
    assert!(store.enqueue(&tenant, upload("u1", "aa")).await?);
    assert!(
        store.enqueue(&tenant, upload("u2", "bb")).await?,
        "a newer upload takes the row"
    );
    assert_eq!(
        store.document(&tenant, "u1").await?.path,
        "",
        "where it is kept is not shown"
    );
    assert!(matches!(
        store.document(&tenant, "u2").await,
        Err(StoreError::NotFound { .. })
    ));
    let claimed: Vec<_> = [
        store.claim(&tenant, 42).await?,
        store.claim(&tenant, 42).await?,
        store.claim(&tenant, 42).await?,
    ]
    .into_iter()
    .flatten()
    .map(|d| d.path)
    .collect();
    assert!(claimed.contains(&format!("{KEPT}bb")), "{claimed:?}");
    for id in ["n1", "n3", "u1"] {
        store.remove(&tenant, id).await?;
    }
    Ok(())
}

pub(super) async fn lists(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for (id, name, bytes) in [
        ("d1", "B one.pdf", 30),
        ("d2", "a two.pdf", 10),
        ("d3", "c 100%.md", 20),
    ] {
        let document = NewDocument {
            bytes,
            ..new(id, "s2", name, id, 90)
        };
        store.enqueue(&tenant, document).await?;
    }
    let list = |text: &str, by: &str, descending: bool, offset: u64, limit: u32| DocumentList {
        source_id: Some("s2".into()),
        state: None,
        kind: None,
        text: text.into(),
        page: PageRequest {
            offset,
            limit,
            sort: Some(Sort {
                by: by.into(),
                descending,
            }),
        },
    };
    for (filter, expected, next) in [
        (list("", "name", false, 0, 10), "d2 d1 d3", None),
        (list("", "bytes", true, 0, 2), "d1 d3", Some(2)),
        (list("", "bytes", true, 2, 2), "d2", None),
        (list("PDF", "name", false, 0, 10), "d2 d1", None),
        (list("%", "name", false, 0, 10), "d3", None),
        (
            list("", "name; DROP TABLE documents", false, 0, 10),
            "d2 d1 d3",
            None,
        ),
        (list("", "name", false, 99, 10), "", None),
    ] {
        let page = store.documents(&tenant, &filter).await?;
        let ids: Vec<_> = page.items.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(
            (ids.join(" ").as_str(), page.next),
            (expected, next),
            "{filter:?}"
        );
    }
    let queued = DocumentList {
        state: Some(DocumentState::Queued),
        ..DocumentList::default()
    };
    assert_eq!(store.documents(&tenant, &queued).await?.total, 3);
    let states = store.states(&tenant).await?;
    assert!(states.contains(&(DocumentState::Queued, 3)), "{states:?}");
    Ok(())
}

pub(super) async fn removal(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store
        .put_text(
            &tenant,
            "d1",
            "text/plain",
            None,
            "gamma",
            vec![passage(0, "gamma", "en")],
            95,
        )
        .await?;
    assert_eq!(store.delete_source(&tenant, "s2").await?, (3, 1));
    assert!(found(store, query("gamma", "en")).await?.is_empty());
    for answer in [
        store.document(&tenant, "d1").await.map(drop),
        store.document_text(&tenant, "d1").await.map(drop),
        store.remove(&tenant, "d1").await.map(drop),
        store.requeue(&tenant, "d1", 1).await.map(drop),
        store
            .put_text(&tenant, "d1", "text/plain", None, "", Vec::new(), 1)
            .await
            .map(drop),
        store.delete_source(&tenant, "s2").await.map(drop),
    ] {
        assert!(
            matches!(answer, Err(StoreError::NotFound { .. })),
            "{answer:?}"
        );
    }
    Ok(())
}
