//! Folders, the files below them, and sums.

use super::new;
use awm_api::{
    Code,
    folders::SyncReport,
    knowledge::{DocumentList, DocumentState, Failure},
};
use awm_ports::{FolderChange, Library, NewDocument, NewFolder, NewPlace, StoreError};
use awm_tenancy::TenantId;

fn folder(id: &str, source: &str, path: &str, watch: bool) -> NewFolder {
    NewFolder {
        id: id.into(),
        source_id: source.into(),
        path: path.into(),
        watch,
    }
}

pub(super) async fn folders(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store.create_source(&tenant, "f", "Folders", 1).await?;
    let nowhere = store
        .put_folder(&tenant, folder("x", "nope", "/docs", false))
        .await;
    assert!(matches!(nowhere, Err(StoreError::NotFound { .. })));
    let made = store
        .put_folder(&tenant, folder("f1", "f", "/docs", true))
        .await?;
    assert!(made.listing && made.watch && made.synced_at.is_none());
    let report = SyncReport {
        added: 3,
        ..SyncReport::default()
    };
    let synced = store
        .change_folder(&tenant, "f1", FolderChange::Synced { report, at: 9 })
        .await?;
    assert_eq!(
        (synced.listing, synced.synced_at, synced.last),
        (false, Some(9), report)
    );
    let again = store
        .put_folder(&tenant, folder("f2", "f", "/docs", false))
        .await?;
    assert_eq!(
        (again.id.as_str(), again.watch, again.listing, again.last),
        ("f1", true, true, report),
        "a folder is remembered once, and stays watched"
    );
    let failure = Failure {
        code: Code::FolderGone,
        message: "gone".into(),
        help: "look".into(),
    };
    let trouble = store
        .change_folder(&tenant, "f1", FolderChange::Troubled(failure.clone()))
        .await?;
    assert_eq!((trouble.listing, trouble.trouble), (false, Some(failure)));
    let listing = store
        .change_folder(&tenant, "f1", FolderChange::Listing)
        .await?;
    assert_eq!((listing.listing, listing.trouble), (true, None));
    let off = store
        .change_folder(&tenant, "f1", FolderChange::Watch(false))
        .await?;
    assert!(!off.watch);
    store
        .put_folder(&tenant, folder("f0", "f", "/about", false))
        .await?;
    let paths: Vec<_> = store
        .folders(&tenant)
        .await?
        .into_iter()
        .map(|f| f.path)
        .collect();
    assert_eq!(paths, ["/about", "/docs"]);
    store.forget_folder(&tenant, "f0").await?;
    let unknown = store.forget_folder(&tenant, "f0").await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
    let unknown = store
        .change_folder(&tenant, "f0", FolderChange::Listing)
        .await;
    assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
    Ok(())
}

pub(super) async fn files(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for (id, path) in [
        ("w1", "/docs/a.md"),
        ("w2", "/docs/sub/b.PDF"),
        ("w3", "/docs%/c.md"),
        ("w4", "/docsx/d.md"),
        ("w5", "/docs/ü.md"),
    ] {
        let document = NewDocument {
            path: path.into(),
            ..new(id, "f", path.trim_start_matches('/'), "", 200)
        };
        assert!(store.enqueue(&tenant, document.clone()).await?);
        assert!(
            !store.enqueue(&tenant, document.clone()).await?,
            "the same length and time of change"
        );
        let longer = NewDocument {
            bytes: 11,
            ..document
        };
        assert!(store.enqueue(&tenant, longer).await?);
    }
    let below = async |path: &str| -> Result<Vec<String>, StoreError> {
        let known = store.files_below(&tenant, "f", path).await?;
        assert!(
            known
                .iter()
                .all(|file| file.bytes == 11 && file.modified_at == Some(5))
        );
        Ok(known.into_iter().map(|file| file.id).collect())
    };
    assert_eq!(below("/docs/").await?, ["w1", "w2", "w5"]);
    assert_eq!(below("/docs%/").await?, ["w3"]);
    assert!(
        store
            .files_below(&tenant, "nope", "/docs/")
            .await?
            .is_empty()
    );

    let place = |id: &str, path: &str, name: &str| NewPlace {
        id: id.into(),
        path: path.into(),
        name: name.into(),
        modified_at: Some(6),
    };
    let places = vec![
        place("w1", "/docs/sub/a.md", "docs/sub/a.md"),
        place("gone", "/docs/g.md", "docs/g.md"),
        place("w5", "/docs/d.md", "docsx/d.md"),
    ];
    store.move_files(&tenant, places, 201).await?;
    let row = store.document(&tenant, "w1").await?;
    assert_eq!(
        (row.name.as_str(), row.path.as_str(), row.modified_at),
        ("docs/sub/a.md", "/docs/sub/a.md", Some(6))
    );
    assert_eq!(
        store.document(&tenant, "w5").await?.name,
        "docsx/d.md (2)",
        "a name is never taken from another document"
    );

    let counts = store.summary(&tenant, Some("f")).await?;
    assert_eq!(counts.states, [(DocumentState::Queued, 5)]);
    assert_eq!(counts.kinds, [("md".to_owned(), 4), ("pdf".to_owned(), 1)]);
    let pdf = DocumentList {
        source_id: Some("f".into()),
        kind: Some("pdf".into()),
        text: "SUB".into(),
        ..DocumentList::default()
    };
    let page = store.documents(&tenant, &pdf).await?;
    assert_eq!((page.total, page.items.len()), (1, 1));
    let umlaut = DocumentList {
        text: "SUB/B".into(),
        ..DocumentList::default()
    };
    assert_eq!(store.documents(&tenant, &umlaut).await?.total, 1);
    let source = store.sources(&tenant).await?;
    let source = source
        .iter()
        .find(|source| source.id == "f")
        .map(|s| (s.documents, s.waiting));
    assert_eq!(source, Some((5, 5)));

    // Another tenant has none of it.
    let other = TenantId::of_profile("0123456789abcdefghjkmnpqrs");
    assert!(other.is_ok());
    if let Ok(other) = other {
        assert!(store.folders(&other).await?.is_empty());
        assert!(store.files_below(&other, "f", "/docs/").await?.is_empty());
        assert_eq!(store.summary(&other, Some("f")).await?.kinds, []);
        assert_eq!(store.remove_all(&other, &["w1".into()]).await?, 0);
        assert_eq!(
            store
                .requeue_all(&other, &DocumentList::default(), 1)
                .await?,
            0
        );
        let places = vec![place("w1", "/stolen", "stolen")];
        store.move_files(&other, places, 1).await?;
        assert_eq!(store.document(&tenant, "w1").await?.path, "/docs/sub/a.md");
        let theirs = store
            .change_folder(&other, "f1", FolderChange::Watch(true))
            .await;
        assert!(matches!(theirs, Err(StoreError::NotFound { .. })));
    }
    store.delete_source(&tenant, "f").await?;
    assert!(
        store.folders(&tenant).await?.is_empty(),
        "folders go with their source"
    );
    Ok(())
}
