//! The same bytes are read once, and nothing that refers to them is lost.

use super::{absent, found, model, new, passage, query};
use awm_api::{
    Code,
    knowledge::{Document, DocumentList, DocumentState, Failure},
};
use awm_ports::{Adopted, FileFacts, Library, NewContent, NewDocument, StoreError};
use awm_tenancy::TenantId;

fn facts(hash: &str) -> FileFacts {
    FileFacts {
        bytes: 10,
        hash: hash.into(),
        modified_at: Some(5),
    }
}

fn content(text: &str) -> NewContent {
    NewContent {
        media_type: "text/plain".into(),
        text: text.into(),
        note: Some("a note".into()),
        passages: vec![passage(0, text, "en")],
        ..NewContent::default()
    }
}

/// Queues a file whose bytes are not known yet, claims it and tells its bytes.
async fn begin(
    store: &dyn Library,
    id: &str,
    source: &str,
    hash: &str,
    at: i64,
) -> Result<Adopted, StoreError> {
    let tenant = TenantId::local();
    let document = NewDocument {
        path: format!("/{source}/{id}.txt"),
        modified_at: Some(at),
        ..new(id, source, &format!("{id}.txt"), "", at)
    };
    assert!(store.enqueue(&tenant, document).await?);
    let claimed = store.claim(&tenant, at).await?.map(|row| row.id);
    assert_eq!(claimed.as_deref(), Some(id));
    store.adopt(&tenant, id, &facts(hash), at).await
}

fn done(adopted: Adopted) -> Result<Document, StoreError> {
    match adopted {
        Adopted::Done(row) => Ok(row),
        Adopted::Extract(row) => Err(absent(&format!("what `{}` holds already", row.id))),
    }
}

fn refers(row: &Document) -> Option<&str> {
    row.duplicate_of.as_ref().map(|of| of.id.as_str())
}

pub(super) async fn the_same_bytes(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    store.create_source(&tenant, "b1", "Bytes", 1).await?;
    store.create_source(&tenant, "b2", "Bytes too", 1).await?;
    let first = begin(store, "one", "b1", "h", 100).await?;
    assert!(matches!(&first, Adopted::Extract(row) if row.hash == "h" && row.attempts == 1));
    let row = done(begin(store, "two", "b1", "h", 101).await?)?;
    assert_eq!(
        (row.state, refers(&row)),
        (DocumentState::Duplicate, Some("one")),
        "one that is just being read is not read twice"
    );
    let row = store
        .put_content(&tenant, "one", content("zebra crossing"), 102)
        .await?;
    assert_eq!(
        (row.state, row.note.as_deref(), row.extracted_at),
        (DocumentState::Embedding, Some("a note"), Some(102))
    );
    store
        .put_vectors(
            &tenant,
            &model("1"),
            vec![("one-0".into(), vec![1.0, 0.0, 0.0, 0.0])],
            103,
        )
        .await?;

    let row = done(begin(store, "three", "b2", "h", 104).await?)?;
    assert_eq!(
        (row.state, row.passages, row.embedded, refers(&row)),
        (DocumentState::Indexed, 1, 1, None),
        "another source has its own, without reading or embedding again"
    );
    let mut ids = found(store, query("zebra", "en")).await?;
    ids.sort();
    assert_eq!(ids, ["one-0", "three-0"]);
    store.remove(&tenant, "three").await?;

    // Touched, its bytes as they were: nothing is done again.
    let row = done(begin(store, "one", "b1", "h", 105).await?)?;
    assert_eq!((row.state, row.embedded), (DocumentState::Indexed, 1));
    // Other bytes, the same text: its passages and vectors stand, and what holds the old bytes takes over nothing less.
    assert!(matches!(
        begin(store, "one", "b1", "h2", 106).await?,
        Adopted::Extract(_)
    ));
    let row = store.document(&tenant, "two").await?;
    assert_eq!(
        (row.state, row.passages, row.embedded, refers(&row)),
        (DocumentState::Indexed, 1, 1, None),
        "the duplicate of the old bytes holds them now"
    );
    store
        .put_content(&tenant, "one", content("a zebra of its own"), 107)
        .await?;
    store
        .put_vectors(
            &tenant,
            &model("1"),
            vec![("one-0".into(), vec![1.0, 0.0, 0.0, 0.0])],
            108,
        )
        .await?;
    assert!(matches!(
        begin(store, "one", "b1", "h3", 109).await?,
        Adopted::Extract(_)
    ));
    let row = store
        .put_content(&tenant, "one", content("a zebra of its own"), 110)
        .await?;
    assert_eq!(
        (row.state, row.embedded),
        (DocumentState::Indexed, 1),
        "a text that is as it was keeps its vectors"
    );
    assert_eq!(store.counts(&tenant).await?.vector_passages, 2);
    for id in ["one", "two"] {
        store.remove(&tenant, id).await?;
    }
    Ok(())
}

pub(super) async fn what_refers(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for (id, at) in [("x1", 120), ("x2", 121), ("x3", 122)] {
        begin(store, id, "b1", "x", at).await?;
    }
    store
        .put_content(&tenant, "x1", content("quokka"), 123)
        .await?;
    store
        .put_vectors(
            &tenant,
            &model("1"),
            vec![("x1-0".into(), vec![1.0, 0.0, 0.0, 0.0])],
            124,
        )
        .await?;
    assert_eq!(
        store.remove(&tenant, "x2").await?.state,
        DocumentState::Duplicate
    );
    assert_eq!(
        found(store, query("quokka", "en")).await?,
        ["x1-0"],
        "a reference goes alone"
    );
    store.remove(&tenant, "x1").await?;
    let row = store.document(&tenant, "x3").await?;
    assert_eq!(
        (row.state, row.embedded, refers(&row)),
        (DocumentState::Indexed, 1, None)
    );
    assert_eq!(
        found(store, query("quokka", "en")).await?,
        ["x3-0"],
        "the last one keeps it"
    );
    assert_eq!(store.document_text(&tenant, "x3").await?.text, "quokka");
    store.remove(&tenant, "x3").await?;

    // Before its text was read: who referred to it is read in its place.
    begin(store, "y1", "b1", "y", 130).await?;
    begin(store, "y2", "b1", "y", 131).await?;
    store.remove(&tenant, "y1").await?;
    assert_eq!(
        store.document(&tenant, "y2").await?.state,
        DocumentState::Queued
    );
    assert_eq!(store.cancel_queued(&tenant).await?, 1);

    let failure = |code| Failure {
        code,
        message: "broken".into(),
        help: "mend it".into(),
    };
    // The same bytes are as broken elsewhere.
    begin(store, "z1", "b1", "z", 140).await?;
    begin(store, "z2", "b1", "z", 141).await?;
    store
        .fail(&tenant, "z1", failure(Code::FileCorrupt), 142)
        .await?;
    let row = store.document(&tenant, "z2").await?;
    assert_eq!((row.state, refers(&row)), (DocumentState::Failed, None));
    let filter = DocumentList {
        kind: Some("TXT".into()),
        source_id: Some("b1".into()),
        ..DocumentList::default()
    };
    let other = DocumentList {
        kind: Some("pdf".into()),
        ..filter.clone()
    };
    assert_eq!(store.requeue_all(&tenant, &other, 143).await?, 0);
    assert_eq!(store.requeue_all(&tenant, &filter, 143).await?, 2);
    // A file that is gone says nothing of its copies.
    assert_eq!(
        store.claim(&tenant, 144).await?.map(|row| row.id),
        Some("z1".into())
    );
    store.adopt(&tenant, "z1", &facts("z"), 144).await?;
    store.claim(&tenant, 144).await?;
    store.adopt(&tenant, "z2", &facts("z"), 144).await?;
    store
        .put_content(&tenant, "z1", content("numbat"), 145)
        .await?;
    let touched = NewDocument {
        path: "/b1/z1.txt".into(),
        modified_at: Some(999),
        ..new("zz", "b1", "z1.txt", "", 146)
    };
    assert!(store.enqueue(&tenant, touched).await?);
    store.claim(&tenant, 147).await?;
    store
        .fail(&tenant, "z1", failure(Code::FileVanished), 148)
        .await?;
    let row = store.document(&tenant, "z2").await?;
    assert_eq!((row.state, row.passages), (DocumentState::Embedding, 1));
    assert_eq!(found(store, query("numbat", "en")).await?, ["z2-0"]);
    for id in ["z1", "z2"] {
        store.remove(&tenant, id).await?;
    }
    Ok(())
}

pub(super) async fn visits_come_first(store: &dyn Library) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for (id, at) in [("v1", 160), ("v2", 161), ("v3", 162)] {
        begin(store, id, "b1", id, at).await?;
        store.put_content(&tenant, id, content(id), at).await?;
    }
    let order = async || -> Result<Vec<String>, StoreError> {
        let missing = store.unembedded(&tenant, &model("1"), 99).await?;
        let ids = missing.into_iter().map(|passage| passage.document_id);
        Ok(ids.filter(|id| id.starts_with('v')).collect())
    };
    assert_eq!(order().await?, ["v3", "v2", "v1"]);
    store
        .visit(&tenant, &[("v1".into(), 2), ("gone".into(), 1)])
        .await?;
    assert_eq!(order().await?, ["v1", "v3", "v2"]);
    assert_eq!(store.document(&tenant, "v1").await?.visits, 2);
    let ids: Vec<String> = ["v1", "v2", "v3", "gone"].map(String::from).into();
    assert_eq!(store.remove_all(&tenant, &ids).await?, 3);
    Ok(())
}
