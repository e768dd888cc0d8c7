//! Two tenants in one store, with the same ids: neither sees, changes or deletes what is the other's.

use awm_api::{
    chat::ChatSession,
    knowledge::{DocumentList, DocumentState},
    runs::{RunEvent, RunList, RunSource, RunStatus, RunSummary},
    settings::Settings,
    workflows::WorkflowKind,
};
use awm_ports::{
    Chats, Forgotten, Library, Memory, MemoryTurn, ModelId, NewDocument, NewPassage, NewRun, Runs,
    SearchQuery, SettingsStore, StoreError, StoredWorkflow, Workflows,
};
use awm_tenancy::{InvalidTenantId, TenantId};
use serde_json::json;

/// Every port that keeps something, on empty stores.
pub async fn tenants(
    workflows: &dyn Workflows,
    runs: &dyn Runs,
    chats: &dyn Chats,
    settings: &dyn SettingsStore,
    memory: &dyn Memory,
    library: &dyn Library,
) -> Result<(), StoreError> {
    let both = Both::new().map_err(|error| StoreError::Backend(Box::new(error)))?;
    in_workflows(workflows, &both).await?;
    in_runs(runs, &both).await?;
    in_chats(chats, &both).await?;
    in_settings(settings, &both).await?;
    in_memory(memory, &both).await?;
    in_library(library, &both).await
}

/// `other` is one letter away, so that no pattern and no beginning of an id tells them apart by chance.
struct Both {
    one: TenantId,
    other: TenantId,
}

impl Both {
    fn new() -> Result<Self, InvalidTenantId> {
        Ok(Self {
            one: TenantId::of_profile("acme0000000000000000000000")?,
            other: TenantId::of_profile("acme0000000000000000000001")?,
        })
    }
}

fn absent<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(
        matches!(&answer, Err(StoreError::NotFound { .. })),
        "another tenant's thing is as one that isn't there: {answer:?}"
    );
}

async fn in_workflows(store: &dyn Workflows, both: &Both) -> Result<(), StoreError> {
    let Both { one, other } = both;
    let workflow = |name: &str| StoredWorkflow {
        id: "w".into(),
        name: name.into(),
        kind: WorkflowKind::Job,
        revision: 1,
        states: 1,
        problems: 0,
        edited_at: 1,
        document: json!({"of": name}),
    };
    store.create(one, workflow("one")).await?;
    absent(store.get(other, "w").await);
    absent(store.revision(other, "w", 1).await);
    absent(store.save(other, workflow("stolen"), 1).await);
    absent(store.rename(other, "w", "stolen").await);
    absent(store.delete(other, "w", 2).await);
    assert!(store.list(other).await?.is_empty());
    store.create(other, workflow("other")).await?;
    for (tenant, name) in [(one, "one"), (other, "other")] {
        assert_eq!(store.get(tenant, "w").await?.name, name);
    }
    store.delete(other, "w", 2).await?;
    store.purge(other, 100).await?;
    assert_eq!(store.get(one, "w").await?.name, "one");
    Ok(())
}

async fn in_runs(store: &dyn Runs, both: &Both) -> Result<(), StoreError> {
    let Both { one, other } = both;
    let run = NewRun {
        summary: RunSummary {
            id: "r".into(),
            workflow_id: "w".into(),
            workflow_name: "one".into(),
            revision: 1,
            status: RunStatus::Running,
            source: RunSource::Editor,
            started_at: 1,
            ended_at: None,
            events: 0,
            error: None,
            cause: None,
        },
        document: json!({}),
        input: json!("one"),
    };
    store.create(one, run).await?;
    absent(store.summary(other, "r").await);
    absent(store.get(other, "r").await);
    absent(store.reopen(other, "r").await);
    let event = RunEvent {
        id: 1,
        previous: 0,
        at: 1,
        kind: "ExecutionStarted".into(),
        details: json!({}),
        visit: None,
    };
    absent(store.append(other, "r", &[event]).await);
    assert!(
        store
            .list(other, &RunList::default())
            .await?
            .items
            .is_empty()
    );
    assert!(store.unfinished(other).await?.is_empty());
    assert!(store.latest(other).await?.is_empty());
    assert_eq!(store.unfinished(one).await?.len(), 1);
    Ok(())
}

async fn in_chats(store: &dyn Chats, both: &Both) -> Result<(), StoreError> {
    let Both { one, other } = both;
    let session = ChatSession {
        id: "s".into(),
        workflow_id: "w".into(),
        workflow_name: "one".into(),
        title: "one".into(),
        turns: 0,
        changed_at: 1,
    };
    store.put_session(one, &session).await?;
    absent(store.session(other, "s").await);
    absent(store.delete_session(other, "s").await);
    assert!(store.sessions(other).await?.is_empty());
    assert_eq!(store.sessions(one).await?.len(), 1);
    Ok(())
}

async fn in_settings(store: &dyn SettingsStore, both: &Both) -> Result<(), StoreError> {
    let Both { one, other } = both;
    let settings = Settings {
        tenant_name: "one".into(),
        ..Settings::default()
    };
    store.save(one, &settings).await?;
    assert_eq!(store.load(other).await?, Settings::default());
    store.save(other, &Settings::default()).await?;
    assert_eq!(store.load(one).await?.tenant_name, "one");
    Ok(())
}

async fn in_memory(store: &dyn Memory, both: &Both) -> Result<(), StoreError> {
    let Both { one, other } = both;
    let turn = MemoryTurn {
        role: "user".into(),
        text: "one".into(),
        at: 1,
        expires_at: 100,
    };
    store.remember(one, "s", turn).await?;
    assert!(store.recall(other, "s", 9, 2).await?.is_empty());
    assert_eq!(store.forget(other, "s", None).await?, Forgotten::default());
    assert_eq!(store.purge(other, 1_000).await?, Forgotten::default());
    assert_eq!(store.recall(one, "s", 9, 2).await?.len(), 1);
    Ok(())
}

async fn in_library(store: &dyn Library, both: &Both) -> Result<(), StoreError> {
    let Both { one, other } = both;
    let model = ModelId {
        name: "m".into(),
        sha256: "1".into(),
        dimensions: 4,
    };
    let document = |tenant: &str| NewDocument {
        id: "d".into(),
        source_id: "s".into(),
        name: "a.md".into(),
        path: format!("/{tenant}/a.md"),
        bytes: 9,
        hash: "h".into(),
        modified_at: None,
        at: 1,
    };
    store.create_source(one, "s", "Handbook", 1).await?;
    absent(store.enqueue(other, document("other")).await);
    absent(store.rename_source(other, "s", "stolen").await);
    store.enqueue(one, document("one")).await?;
    assert!(
        store.claim(other, 2).await?.is_none(),
        "a worker takes nothing of another tenant"
    );
    store.claim(one, 2).await?;
    assert_eq!(store.recover(other).await?, 0);
    let passages = vec![NewPassage {
        headings: Vec::new(),
        page: None,
        start: 0,
        end: 9,
        text: "zebrafish".into(),
        language: "en".into(),
    }];
    absent(
        store
            .put_text(
                other,
                "d",
                "text/plain",
                None,
                "stolen",
                passages.clone(),
                3,
            )
            .await,
    );
    store
        .put_text(one, "d", "text/plain", None, "zebrafish", passages, 3)
        .await?;
    assert!(store.unembedded(other, &model, 9).await?.is_empty());
    let vector = || vec![("d-0".to_owned(), vec![1.0, 0.0, 0.0, 0.0])];
    store.put_vectors(other, &model, vector(), 4).await?;
    assert_eq!(
        store.document(one, "d").await?.state,
        DocumentState::Embedding,
        "another tenant's vectors are not taken for one's own"
    );
    store.put_vectors(one, &model, vector(), 4).await?;

    let query = |vector| SearchQuery {
        text: "zebrafish".into(),
        language: "en".into(),
        vector,
        sources: Vec::new(),
        top_k: 10,
        ..SearchQuery::default()
    };
    let meaning = Some((model.clone(), vec![1.0, 0.0, 0.0, 0.0]));
    for vector in [None, meaning.clone()] {
        assert!(store.search(other, query(vector.clone())).await?.is_empty());
        assert_eq!(store.search(one, query(vector)).await?.len(), 1);
    }
    for named in ["s", "Handbook"] {
        let named = SearchQuery {
            sources: vec![named.into()],
            ..query(meaning.clone())
        };
        assert!(store.search(other, named).await?.is_empty());
    }
    absent(store.document(other, "d").await);
    absent(store.document_text(other, "d").await);
    absent(store.remove(other, "d").await);
    absent(store.requeue(other, "d", 5).await);
    absent(store.delete_source(other, "s").await);
    let rows = store.documents(other, &DocumentList::default()).await?;
    assert_eq!(rows.total, 0);
    assert!(store.sources(other).await?.is_empty());
    assert_eq!(store.counts(other).await?.keyword_passages, 0);
    assert_eq!(store.cancel_queued(other).await?, 0);

    // The same ids and names are free for the other.
    store.create_source(other, "s", "Handbook", 6).await?;
    store.rename_source(other, "s", "Rules").await?;
    for (tenant, name) in [(one, "Handbook"), (other, "Rules")] {
        let sources = store.sources(tenant).await?;
        assert_eq!(
            sources
                .iter()
                .map(|source| &source.name)
                .collect::<Vec<_>>(),
            [name]
        );
    }
    store.enqueue(other, document("other")).await?;
    store.remove(other, "d").await?;
    store.delete_source(other, "s").await?;
    assert_eq!(store.search(one, query(None)).await?.len(), 1);
    Ok(())
}
