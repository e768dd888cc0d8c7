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
