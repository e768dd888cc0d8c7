//! Brings a file to the newest version, or leaves it alone.

use crate::{Fault, error::from_sqlite, library::fill_search};
use awm_ports::StoreError;
use rusqlite::{Connection, TransactionBehavior};

/// In order; the file's `user_version` tells how many of them it has seen. Released ones never change.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_library.sql"),
    include_str!("../migrations/0002_workspace.sql"),
    include_str!("../migrations/0003_tenant.sql"),
    include_str!("../migrations/0004_questions.sql"),
    SEARCH,
    include_str!("../migrations/0006_connections.sql"),
    include_str!("../migrations/0007_crawls.sql"),
    include_str!("../migrations/0008_memory.sql"),
    include_str!("../migrations/0009_ledger.sql"),
];

/// Its tables are filled by code.
const SEARCH: &str = include_str!("../migrations/0005_search.sql");

/// Applies what the file has not seen yet, all in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = MIGRATIONS.len() as i64;
    let found = version(connection).map_err(from_sqlite)?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(from_sqlite)?;
    if found < known {
        apply(connection)?;
    }
    Ok(())
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn apply(connection: &mut Connection) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been here while this one waited.
    let found = usize::try_from(version(&transaction)?).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(found) {
        transaction.execute_batch(migration)?;
        if *migration == SEARCH {
            fill_search(&transaction)?;
        }
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    Ok(transaction.commit()?)
}
