//! The embedded store under a twin that fails at commit n, for each n: what failed is told, nothing of it stays, and what the store
//! keeps in memory agrees with its file.
#![cfg(test)]

use awm_api::settings::Settings;
use awm_ports::{Library, ModelId, SearchQuery, SettingsStore, StoreError};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use futures::future::BoxFuture;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

type Suite = for<'a> fn(&'a Store) -> BoxFuture<'a, Result<(), StoreError>>;

#[tokio::test]
async fn workflows() {
    at_each_commit(|store| Box::pin(awm_contract::workflows(store))).await;
}

#[tokio::test]
async fn runs() {
    at_each_commit(|store| Box::pin(awm_contract::runs(store))).await;
}

#[tokio::test]
async fn chats() {
    at_each_commit(|store| Box::pin(awm_contract::chats(store))).await;
}

#[tokio::test]
async fn settings() {
    at_each_commit(|store| Box::pin(saved_settings(store))).await;
}

#[tokio::test]
async fn memory() {
    at_each_commit(|store| Box::pin(awm_contract::memory(store))).await;
}

#[tokio::test]
async fn library() {
    at_each_commit(|store| Box::pin(awm_contract::library(store))).await;
}

/// The suite of settings expects keys, which lie among the secrets and not in this store.
async fn saved_settings(store: &Store) -> Result<(), StoreError> {
    let tenant = TenantId::local();
    for name in ["first", "second", "third"] {
        let settings = Settings {
            tenant_name: name.into(),
            ..Settings::default()
        };
        SettingsStore::save(store, &tenant, &settings).await?;
        assert_eq!(SettingsStore::load(store, &tenant).await?, settings);
    }
    Ok(())
}

/// Runs the suite with its first commit failing, then with its second, until it needs fewer than that.
async fn at_each_commit(suite: Suite) {
    for failing in 1.. {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("awm.db");
        let store = Store::open(&path).unwrap();
        let commits = Arc::new(AtomicU64::new(0));
        fail_at(&store, &commits, failing).await;
        let outcome = suite(&store).await;
        let reached = commits.load(Ordering::SeqCst) >= failing;
        assert_eq!(
            outcome.is_err(),
            reached,
            "commit {failing} failed and nobody was told: {outcome:?}"
        );
        let anew = Store::open(&path).unwrap();
        holds_together(&anew, failing).await;
        agrees(&store, &anew).await;
        if !reached {
            assert!(failing > 1, "the suite writes nothing");
            return;
        }
    }
}

/// From the next write on: commit number `failing` is undone by SQLite instead.
async fn fail_at(store: &Store, commits: &Arc<AtomicU64>, failing: u64) {
    let commits = Arc::clone(commits);
    store
        .read(|_| Ok(()))
        .await
        .expect("an empty store can be read");
    let armed = Arc::clone(&commits);
    store
        .write(move |tx| {
            let mut own = true;
            tx.commit_hook(Some(move || {
                // The commit that sets the hook is not one of the suite's.
                if std::mem::take(&mut own) {
                    return false;
                }
                armed.fetch_add(1, Ordering::SeqCst) + 1 == failing
            }));
            Ok(())
        })
        .await
        .expect("the hook is set");
}

/// Nothing in the file is torn. Asked of a store opened anew: FTS5's check doesn't look whether another connection has written since
/// this one last searched, so that one which has searched before calls a sound table malformed.
async fn holds_together(store: &Store, failing: u64) {
    let (integrity, orphans, codes, vectors) = store
        .read(|connection| {
            let one = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
            let integrity: String =
                connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
            Ok((
                integrity,
                one("SELECT count(*) FROM pragma_foreign_key_check")?,
                one("SELECT count(*) FROM vectors v WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.number = v.passage)")?,
                one("SELECT count(*) FROM documents d WHERE d.passages <> (SELECT count(*) FROM passages p \
                     WHERE p.tenant = d.tenant AND p.document_id = d.id)")?,
            ))
        })
        .await
        .unwrap();

    assert_eq!(
        (integrity.as_str(), orphans, codes, vectors),
        ("ok", 0, 0, 0),
        "after commit {failing} failed"
    );
}

/// A store that is opened anew finds the same.
async fn agrees(store: &Store, anew: &Store) {
    let model = |sha256: &str| ModelId {
        name: "m".into(),
        sha256: sha256.into(),
        dimensions: 4,
    };
    for (sha256, numbers) in [("1", [1.0, 0.0, 0.0, 0.0]), ("2", [0.0, 0.6, 0.8, 0.0])] {
        let query = SearchQuery {
            text: "alpha beta returns".into(),
            language: "en".into(),
            vector: Some((model(sha256), numbers.to_vec())),
            sources: Vec::new(),
            top_k: 10,
            ..SearchQuery::default()
        };
        let live = Library::search(store, &TenantId::local(), query.clone()).await;
        let fresh = Library::search(anew, &TenantId::local(), query).await;
        assert_eq!(live.unwrap(), fresh.unwrap());
    }
}
