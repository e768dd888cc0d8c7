//! What SQLite says, in the store's terms.

use awm_ports::StoreError;
use rusqlite::ErrorCode;

/// What work on a connection can end with: SQLite's own error or the store's.
#[derive(Debug)]
pub enum Fault {
    /// SQLite failed.
    Sql(rusqlite::Error),
    /// The work found that it can't be done.
    Store(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(StoreError::Damaged(format!(
            "a row holds JSON that can't be read: {error}"
        )))
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error,
            Fault::Sql(error) => from_sqlite(error),
        }
    }
}

/// SQLite grows its shared index by allocating disk space, and names the failure by this extended code.
const IOERR_SHMSIZE: i32 = 10 | (19 << 8);

/// The store's error for one of SQLite's.
pub(crate) fn from_sqlite(error: rusqlite::Error) -> StoreError {
    let Some(found) = error.sqlite_error().copied() else {
        return StoreError::Backend(Box::new(error));
    };
    match found.code {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Damaged(error.to_string())
        }
        _ if found.extended_code == IOERR_SHMSIZE => StoreError::Full,
        _ => StoreError::Backend(Box::new(error)),
    }
}
