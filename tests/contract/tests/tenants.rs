//! No adapter gives one tenant what is another's.
#![cfg(test)]

use awm_memory::{
    MemoryChats, MemoryLibrary, MemoryMemory, MemoryRuns, MemorySettings, MemoryWorkflows,
};
use awm_ports::StoreError;
use awm_sqlite::Store;

#[tokio::test]
async fn in_memory() -> Result<(), StoreError> {
    awm_contract::tenants(
        &MemoryWorkflows::default(),
        &MemoryRuns::default(),
        &MemoryChats::default(),
        &MemorySettings::default(),
        &MemoryMemory::default(),
        &MemoryLibrary::default(),
    )
    .await
}

#[tokio::test]
async fn in_the_embedded_store() -> Result<(), StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("awm.db"))?;
    awm_contract::tenants(&*store, &*store, &*store, &*store, &*store, &*store).await
}
