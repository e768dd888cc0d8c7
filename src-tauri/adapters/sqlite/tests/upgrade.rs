//! A file of an older version: what it holds is found after the upgrade.
#![cfg(test)]

use awm_ports::{Library, ModelId, SearchQuery};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use rusqlite::Connection;

/// The versions before the keyword tables held terms and the codes lay in segments.
const BEFORE: &[&str] = &[
    include_str!("../migrations/0001_library.sql"),
    include_str!("../migrations/0002_workspace.sql"),
    include_str!("../migrations/0003_tenant.sql"),
    include_str!("../migrations/0004_questions.sql"),
];

#[tokio::test]
async fn keywords_and_codes_are_filled_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("awm.db");
    let tenant = TenantId::local();
    let old = Connection::open(&path).unwrap();
    for migration in BEFORE {
        old.execute_batch(migration).unwrap();
    }
    old.execute(
        "INSERT INTO sources VALUES (?1, 's', 'Old', 1)",
        [tenant.as_str()],
    )
    .unwrap();
    old.execute(
        "INSERT INTO documents (tenant, id, source_id, name, path, bytes, hash, state, passages, embedded, queued_at, changed_at, batch) \
         VALUES (?1, 'd', 's', 'old.md', '/old.md', 1, 'h', 'indexed', 2, 2, 1, 1, 1)",
        [tenant.as_str()],
    )
    .unwrap();
    old.execute("INSERT INTO models VALUES (1, 1, 'm', 'x', 64)", [])
        .unwrap();
    for (number, text, language, sign) in [
        (1_i64, "Valves are checked", "en", 1_i8),
        (2, "退货政策", "cjk", -1),
    ] {
        old.execute(
            "INSERT INTO passages VALUES (?1, ?2, 'd-' || (?1 - 1), 'd', ?1 - 1, '[]', NULL, 0, 1, ?3, ?4)",
            (number, tenant.as_str(), text, language),
        )
        .unwrap();
        old.execute(
            "INSERT INTO vectors VALUES (?1, 1, 0.001, ?2)",
            (number, vec![(125 * sign) as u8; 64]),
        )
        .unwrap();
        old.execute(
            "INSERT INTO codes VALUES (?1, 1, ?2)",
            (number, vec![if sign > 0 { 255_u8 } else { 0 }; 8]),
        )
        .unwrap();
    }
    old.pragma_update(None, "user_version", BEFORE.len() as i64)
        .unwrap();
    drop(old);

    let store = Store::open(&path).unwrap();
    let found = async |query: SearchQuery| -> Vec<String> {
        let query = SearchQuery { top_k: 5, ..query };
        let hits = store.search(&tenant, query).await.unwrap();
        hits.into_iter().map(|hit| hit.passage.id).collect()
    };
    let words = |text: &str, language: &str| SearchQuery {
        text: text.into(),
        language: language.into(),
        ..SearchQuery::default()
    };
    assert_eq!(found(words("valve", "en")).await, ["d-0"]);
    assert_eq!(found(words("政策", "cjk")).await, ["d-1"]);
    let model = ModelId {
        name: "m".into(),
        sha256: "x".into(),
        dimensions: 64,
    };
    let meaning = |exact| SearchQuery {
        vector: Some((model.clone(), vec![0.125; 64])),
        exact,
        ..words("", "en")
    };
    assert_eq!(found(meaning(false)).await, ["d-0"]);
    assert_eq!(found(meaning(true)).await, ["d-0"]);
    let by_source = SearchQuery {
        sources: vec!["Old".into()],
        ..words("valve", "en")
    };
    assert_eq!(
        found(by_source).await,
        ["d-0"],
        "the ranges of passages are there"
    );
}
