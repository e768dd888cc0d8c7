//! The file itself: made, reopened, newer, damaged, busy.
#![cfg(test)]

use awm_ports::StoreError;
use awm_sqlite::Store;
use rusqlite::Connection;

#[tokio::test]
async fn keeps_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("awm.db");
    let store = Store::open(&path).unwrap();
    store
        .write(|tx| {
            tx.execute("INSERT INTO sources VALUES ('t', 's', 'Handbook', 1)", [])?;
            Ok(())
        })
        .await
        .unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    let name: String = store
        .read(|connection| {
            Ok(connection.query_row("SELECT name FROM sources", [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(name, "Handbook");
}

#[tokio::test]
async fn undoes_a_write_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db")).unwrap();
    let answer: Result<(), _> = store
        .write(|tx| {
            tx.execute("INSERT INTO sources VALUES ('t', 's', 'n', 1)", [])?;
            Err(StoreError::Busy.into())
        })
        .await;
    assert!(matches!(answer, Err(StoreError::Busy)));
    let rows: i64 = store
        .read(|c| Ok(c.query_row("SELECT count(*) FROM sources", [], |row| row.get(0))?))
        .await
        .unwrap();
    assert_eq!(rows, 0);
}

#[test]
fn leaves_a_newer_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("awm.db");
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    let before = std::fs::read(&path).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(
        matches!(error, StoreError::Newer { found: 999, .. }),
        "{error}"
    );
    assert_eq!(before, std::fs::read(&path).unwrap());
}

#[test]
fn tells_a_file_that_is_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("awm.db");
    std::fs::write(&path, "not a store ".repeat(1000)).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

#[tokio::test]
async fn an_older_file_keeps_its_documents_under_the_tenant_s_proper_id() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("awm.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .unwrap();
    for migration in [
        include_str!("../migrations/0001_library.sql"),
        include_str!("../migrations/0002_workspace.sql"),
        "INSERT INTO sources VALUES ('local0000000000000000000000', 's', 'Handbook', 1);
         INSERT INTO documents (tenant, id, source_id, name, path, bytes, hash, state, queued_at, changed_at, batch)
             VALUES ('local0000000000000000000000', 'd', 's', 'a.md', '/a.md', 1, 'h', 'indexed', 1, 1, 1);
         INSERT INTO texts VALUES ('local0000000000000000000000', 'd', 'Returns are free.');",
    ] {
        connection.execute_batch(migration).unwrap();
    }
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);

    let store = Store::open(&path).unwrap();
    let local = awm_tenancy::TenantId::local();
    let text = awm_ports::Library::document_text(&*store, &local, "d")
        .await
        .unwrap();
    assert_eq!(text.text, "Returns are free.");
}
