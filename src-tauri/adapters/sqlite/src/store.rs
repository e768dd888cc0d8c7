//! One file, one writer, several readers.

use crate::{
    Fault,
    error::from_sqlite,
    library::{Codes, Frequencies},
    migrate::migrate,
};
use awm_ports::StoreError;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The embedded store. Cheap to share; all ports are implemented on it.
///
/// What a write acknowledged is on the disk: the journal is synchronised at every commit
/// (`synchronous = FULL`), so that not even a power cut takes it back.
pub struct Store {
    path: PathBuf,
    writer: Arc<Mutex<Connection>>,
    readers: Arc<Mutex<Vec<Connection>>>,
    pub(crate) codes: Arc<Codes>,
    pub(crate) frequencies: Arc<Frequencies>,
}

/// Readers that are kept open between reads.
const READERS: usize = 4;

impl Store {
    /// Opens the file, or makes it, and brings it to the newest version.
    ///
    /// A file of a newer version is left untouched (`Newer`), one that is no store gives `Damaged`.
    pub fn open(path: impl AsRef<Path>) -> Result<Arc<Self>, StoreError> {
        let path = path.as_ref().to_path_buf();
        let mut writer = connect(&path).map_err(from_sqlite)?;
        migrate(&mut writer)?;
        Ok(Arc::new(Self {
            path,
            writer: Arc::new(Mutex::new(writer)),
            readers: Arc::default(),
            codes: Arc::default(),
            frequencies: Arc::default(),
        }))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does `work` in one transaction, which is committed if it succeeds and undone if not. Writes wait for each other.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = Arc::clone(&self.writer);
        on_thread(move || {
            let mut connection = lock(&writer);
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = work(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        })
        .await
    }

    /// Like [`write`](Self::write), and overwrites with zeros what it replaces or deletes: for text that people were promised is
    /// gone once it is deleted.
    pub async fn write_clean<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = Arc::clone(&self.writer);
        on_thread(move || clean(&mut lock(&writer), work)).await
    }

    /// Like [`write_clean`](Self::write_clean), and empties the journal, which holds earlier pages, before it answers. A reader that
    /// is in the way for seconds leaves that to the next erasure.
    pub async fn erase<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = Arc::clone(&self.writer);
        on_thread(move || {
            let mut connection = lock(&writer);
            let answer = clean(&mut connection, work)?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(answer)
        })
        .await
    }

    /// Like [`write`](Self::write), but a power cut may take the work back until the next write is acknowledged: for steps that
    /// are taken again if they are not there. A process that is killed takes nothing back.
    pub(crate) async fn write_soon<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = Arc::clone(&self.writer);
        on_thread(move || {
            let mut connection = lock(&writer);
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            let answer = (|| {
                let transaction =
                    connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let answer = work(&transaction)?;
                transaction.commit()?;
                Ok(answer)
            })();
            connection.pragma_update(None, "synchronous", "FULL")?;
            answer
        })
        .await
    }

    /// Does `work` on a view of the store that no write changes meanwhile.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = Arc::clone(&self.readers);
        let path = self.path.clone();
        on_thread(move || {
            let kept = lock(&readers).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => connect(&path)?,
            };
            let transaction = connection.transaction()?;
            let answer = work(&transaction)?;
            transaction.finish()?;
            let mut kept = lock(&readers);
            if kept.len() < READERS {
                kept.push(connection);
            }
            Ok(answer)
        })
        .await
    }
}

fn clean<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    // Off again afterwards: documents come and go by the thousand, and are promised no such thing.
    connection.pragma_update(None, "secure_delete", true)?;
    let done = (|| {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = work(&transaction)?;
        transaction.commit()?;
        Ok(answer)
    })();
    connection.pragma_update(None, "secure_delete", false)?;
    done
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// SQLite blocks, so it gets a thread that may be blocked. Work that has begun is finished even when
/// the caller goes away, so a commit is never cut in half.
async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer.map_err(StoreError::from),
        Err(error) => Err(StoreError::Backend(Box::new(error))),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A panic of one piece of work leaves a connection whose transaction was undone: it can be used further.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
